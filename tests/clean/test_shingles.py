"""Similarity is exact, keys propose nearly every pair that is alike, and next to none that is not."""

from __future__ import annotations

import random

import numpy as np
import pytest

from genemine.clean.shingles import MIN_SHARED, N_HASHES, Banding, band_keys, jaccard, shingles, words
from genemine.config import CopySettings

SETTINGS = CopySettings()
FIRST_KEYS = [5885151261351206561, -4567995644635035346, -2970651410191831778]


def test_words_are_folded_runs_of_letters_and_digits() -> None:
    assert words("TNF-α, in Crohn’s disease (p<0.05)") == ["tnf", "alpha", "in", "crohn", "s", "disease", "p", "0", "05"]
    assert words("Étude\u00a0d\u2019une BRCA1") == words("etude d'une brca1")
    assert words(" -- ") == []


def test_shingles_are_runs_of_words() -> None:
    assert shingles("One two THREE four.", 3) == {"one two three", "two three four"}
    assert shingles("One two", 3) == {"one two"}
    assert shingles("", 3) == frozenset()


def test_similarity_is_the_share_of_shingles_in_common() -> None:
    assert jaccard(shingles("a b c d", 3), shingles("a b c e", 3)) == 1 / 3
    assert jaccard(shingles("a b c", 3), shingles("A. B. C.", 3)) == 1.0
    assert jaccard(shingles("", 3), shingles("", 3)) == 0.0


@pytest.mark.parametrize(
    ("similarity", "missed"), [(0.6, 0.005), (0.7, 0.005), (0.8, 0.005), (0.9, 0.005), (1.0, 0.0), (0.5, 0.03)]
)
def test_bands_are_as_long_as_the_similarity_allows(similarity: float, missed: float) -> None:
    cut = Banding.of(similarity)
    assert cut.bands * cut.rows <= N_HASHES
    assert cut.missed(similarity) <= missed
    if similarity > 0.6:
        assert Banding(N_HASHES // (cut.rows + 1), cut.rows + 1).missed(similarity) > 0.005 or cut.rows == 25


def test_the_default_banding() -> None:
    cut = Banding.of(0.8)
    assert cut == Banding(bands=25, rows=5)
    assert cut.missed(0.8) == pytest.approx(0.00064, abs=1e-5)
    assert 1 - cut.missed(0.3) < 0.002


def test_short_texts_have_no_keys() -> None:
    long = " ".join(f"word{number}" for number in range(22))
    keys = band_keys([long, long.rsplit(" ", 1)[0], "again and again " * 50, ""], SETTINGS)
    assert [len(key) for key in keys] == [25, 0, 0, 0]
    assert [key.dtype for key in keys] == [np.int64] * 4
    assert band_keys([], SETTINGS) == []


def test_keys_are_the_same_on_every_machine_and_day() -> None:
    """They are stored: should a library change its hashes, this fails and ``VERSION`` has to change."""
    (keys,) = band_keys([" ".join(f"word{number}" for number in range(30))], SETTINGS)
    assert keys[:3].tolist() == FIRST_KEYS
    assert len(set(keys.tolist())) == 25


def test_texts_that_are_alike_share_keys_and_others_do_not() -> None:
    rng = random.Random(7)
    pairs = [_pair(rng, n_changed) for n_changed in [7] * 200 + [40] * 200]
    keys = band_keys([text for pair in pairs for text in pair], SETTINGS)
    shared = [len(np.intersect1d(one, other)) >= MIN_SHARED for one, other in zip(keys[::2], keys[1::2], strict=True)]
    similar = [jaccard(*(shingles(text, 3) for text in pair)) for pair in pairs]
    assert all(0.8 <= value < 0.9 for value in similar[:200])
    assert all(value < 0.4 for value in similar[200:])
    assert sum(shared[:200]) >= 199
    assert sum(shared[200:]) <= 4


def _pair(rng: random.Random, n_changed: int) -> tuple[str, str]:
    """A text of 200 words, and the same with some words replaced, spread evenly."""
    text = [f"w{rng.randrange(10**6)}" for _ in range(200)]
    changed = list(text)
    for place in range(0, 200, 200 // n_changed)[:n_changed]:
        changed[place] = f"x{rng.randrange(10**6)}"
    return " ".join(text), " ".join(changed)
