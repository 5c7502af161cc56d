"""Word vectors are learnt from tokenised sentences, written and read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genemine.errors import SourceError
from genemine.models.vectors import VectorSettings, WordVectors, build_vectors, load_vectors, save_vectors


def test_vectors_are_learnt_and_come_back_with_how_they_were_made(tmp_path: Path):
    texts = tmp_path / "texts.txt"
    texts.write_text("BRCA1 is Alpha\nTP53 is too\n", encoding="utf-8")
    ticks: list[tuple[int, int]] = []
    settings = VectorSettings(size=4, min_count=1, epochs=2, workers=1)
    counts = build_vectors(texts, tmp_path / "v.npz", settings, lambda *tick: ticks.append(tick))
    vectors = load_vectors(tmp_path / "v.npz")
    assert ticks == [(1, 2), (2, 2)]
    assert counts == {"sentences": 2, "tokens": 6, "words": 5}
    assert vectors.vectors.shape == (5, 4)
    assert set(vectors.words) == {"brca0", "is", "alpha", "tp00", "too"}
    assert (vectors.about["size"], vectors.about["seed"], vectors.about["tokens"]) == (4, settings.seed, 6)


def test_bad_vectors_are_named(tmp_path: Path):
    (tmp_path / "v.npz").write_bytes(b"no zip")
    with pytest.raises(SourceError, match=r"v\.npz: word vectors cannot be read"):
        load_vectors(tmp_path / "v.npz")
    (tmp_path / "v.npz").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(SourceError, match=r"v\.npz: word vectors cannot be read"):
        load_vectors(tmp_path / "v.npz")
    save_vectors(WordVectors(("a",), np.ones((1, 2), np.float16)), tmp_path / "v.npz")
    assert load_vectors(tmp_path / "v.npz").words == ("a",)
