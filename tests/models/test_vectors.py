"""Unlabelled texts of every form are read, held-out sentences left out, vectors learnt, written and read back."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest

from genemine.errors import SourceError
from genemine.models.corpus_files import CORPORA, HELD_OUT_DOCUMENTS
from genemine.models.leaks import HeldOut
from genemine.models.texts import sentences_of, unlabelled_texts
from genemine.models.vectors import VectorSettings, WordVectors, build_vectors, load_vectors, save_vectors, write_sentences

TEST_SENTENCE = "Germline mutations of the tyrosine kinase receptor gene cause a rare inherited syndrome ."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    texts = tmp_path / "abstracts"
    for name in ("jsonl", "csv", "qa", "tar"):
        (texts / name).mkdir(parents=True)
    records = [{"title": "One title", "text": "brca <dig> is a gene <cit> . p53 too.", "abstract": ""}]
    (texts / "jsonl" / "a.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, records)).encode()))
    table = io.StringIO()
    writer = csv.DictWriter(table, ["title", "abstract"])
    writer.writeheader()
    writer.writerow({"title": "T", "abstract": f"First, one. {TEST_SENTENCE} Last."})
    (texts / "csv" / "a.csv.gz").write_bytes(gzip.compress(table.getvalue().encode()))
    asked = {"1": {"QUESTION": "Why?", "CONTEXTS": ["So.", "Thus."], "LONG_ANSWER": "Yes."}}
    (texts / "qa" / "a.json.gz").write_bytes(gzip.compress(json.dumps(asked).encode()))
    with tarfile.open(texts / "tar" / "a.tar.gz", "w:gz") as archive:
        for name, text in (("text/1.txt", "Tarred text."), ("labels/1.txt", "< label"), ("text/1.ann", "T1")):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    for folder, name in (*((c.folder, c.documents) for c in CORPORA if c.documents), *HELD_OUT_DOCUMENTS):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / name).write_text("", encoding="utf-8")
    for corpus in CORPORA:
        if corpus.documents:
            continue
        folder = tmp_path / corpus.folder
        folder.mkdir(parents=True)
        for part, words in (("train", "Alpha"), ("devel", "beta"), ("test", TEST_SENTENCE)):
            (folder / f"{part}.tsv").write_text("".join(f"{word}\tO\n" for word in words.split()), encoding="utf-8")
    return tmp_path


def test_texts_of_every_form_are_read_in_order_of_their_files(data: Path):
    assert list(unlabelled_texts(data / "abstracts")) == [
        ("csv", f"T\nFirst, one. {TEST_SENTENCE} Last."),
        ("jsonl", "One title\nbrca <dig> is a gene <cit> . p53 too."),
        ("qa", "Why?\nSo.\nThus.\nYes."),
        ("tar", "Tarred text."),
    ]


def test_marks_are_resolved_and_sentences_cut():
    assert sentences_of("brca <dig> is <cit> . It is!\n\nA b. c") == ["brca  0  is   .", "It is!", "A b.", "c"]


def test_folded_sentences_are_written_without_the_held_out_one(data: Path, tmp_path: Path):
    guard = HeldOut()
    guard.add(TEST_SENTENCE)
    counts = write_sentences(data, tmp_path / "out.txt", guard)
    lines = (tmp_path / "out.txt").read_text(encoding="utf-8").splitlines()
    assert lines[:5] == ["t", "first , one .", "last .", "one title", "brca 0 is a gene ."]
    assert lines[-10:] == ["alpha", "beta"] * 5
    assert (counts["sentences"], counts["dropped_sentences"]) == (len(lines), 1)
    assert "tyrosine" not in " ".join(lines)


def test_vectors_are_learnt_and_come_back_with_how_they_were_made(data: Path, tmp_path: Path):
    ticks: list[tuple[int, int]] = []
    settings = VectorSettings(size=4, min_count=1, epochs=2, workers=1)
    counts = build_vectors(data, tmp_path / "v.npz", settings, lambda *tick: ticks.append(tick))
    vectors = load_vectors(tmp_path / "v.npz")
    assert ticks == [(1, 2), (2, 2)]
    assert vectors.vectors.shape == (counts["words"], 4)
    assert {"brca", "p00", "alpha"} < set(vectors.words)
    assert vectors.about["dropped_sentences"] == 1
    assert (vectors.about["size"], vectors.about["seed"]) == (4, settings.seed)


def test_bad_texts_and_vectors_are_named(tmp_path: Path):
    with pytest.raises(SourceError, match="no texts"):
        list(unlabelled_texts(tmp_path))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"{"))
    with pytest.raises(SourceError, match=r"a\.jsonl\.gz: cannot be read"):
        list(unlabelled_texts(tmp_path))
    (tmp_path / "v.npz").write_bytes(b"no zip")
    with pytest.raises(SourceError, match=r"v\.npz: word vectors cannot be read"):
        load_vectors(tmp_path / "v.npz")
    save_vectors(WordVectors(("a",), np.ones((1, 2), np.float16)), tmp_path / "v.npz")
    assert load_vectors(tmp_path / "v.npz").words == ("a",)
