"""Unlabelled texts of every form are read, held-out sentences and documents left out, capitals given back."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

from genemine.errors import SourceError
from genemine.models.corpus_files import CORPORA, HELD_OUT_DOCUMENTS
from genemine.models.texts import sentences_of, unlabelled_texts
from genemine.models.unlabelled import read_symbols, write_texts

TEST_SENTENCE = "Germline mutations of the tyrosine kinase receptor gene cause a rare inherited syndrome ."
HELD_PMID = "4242"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    texts = tmp_path / "abstracts"
    for name in ("jsonl", "csv", "qa", "tar"):
        (texts / name).mkdir(parents=True)
    records = [
        {
            "title": "one title",
            "text": "brca <dig> is a gene <cit> . p53 too, the first of all genes in this text without a capital letter.",
            "abstract": "",
        }
    ]
    (texts / "jsonl" / "a.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, records)).encode()))
    table = io.StringIO()
    writer = csv.DictWriter(table, ["title", "abstract", "pubmedID"])
    writer.writeheader()
    writer.writerow({"title": "T", "abstract": f"First, one. {TEST_SENTENCE} Last.", "pubmedID": "7"})
    writer.writerow({"title": "Held", "abstract": "Out.", "pubmedID": HELD_PMID})
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
        (tmp_path / folder / name).write_text(
            f"{HELD_PMID}|t|Held\n{HELD_PMID}|a|Out.\n\n" if "Dev" in name else "", encoding="utf-8"
        )
    for corpus in CORPORA:
        if corpus.documents:
            continue
        folder = tmp_path / corpus.folder
        folder.mkdir(parents=True)
        for part, words in (("train", "Alpha"), ("devel", "beta"), ("test", TEST_SENTENCE)):
            (folder / f"{part}.tsv").write_text("".join(f"{word}\tO\n" for word in words.split()), encoding="utf-8")
    return tmp_path


def test_texts_of_every_form_are_read_in_order_of_their_files(data: Path):
    small = "p53 too, the first of all genes in this text without a capital letter."
    assert list(unlabelled_texts(data / "abstracts")) == [
        ("csv", f"T\nFirst, one. {TEST_SENTENCE} Last.", "7"),
        ("csv", "Held\nOut.", HELD_PMID),
        ("jsonl", f"one title\nbrca <dig> is a gene <cit> . {small}", ""),
        ("qa", "Why?\nSo.\nThus.\nYes.", "1"),
        ("tar", "Tarred text.", "1"),
    ]


def test_marks_are_resolved_and_sentences_cut():
    assert sentences_of("brca <dig> is <cit> . It is!\n\nA b. c") == ["brca  0  is   .", "It is!", "A b.", "c"]


def test_sentences_are_written_without_what_is_held_out(data: Path, tmp_path: Path):
    counts = write_texts(data, tmp_path / "out.txt")
    lines = (tmp_path / "out.txt").read_text(encoding="utf-8").splitlines()
    assert lines[:4] == ["T", "First , one .", "Last .", "Why ?"]
    assert lines[-3:] == [
        "One title",
        "Brca 0 is a gene .",
        "P53 too , the first of all genes in this text without a capital letter .",
    ]
    assert (counts.sentences, counts.recased_sentences, counts.dropped_sentences, counts.dropped_documents) == (len(lines), 3, 1, 1)
    assert counts.pmids == ("1", "7")
    assert counts.tokens == sum(len(line.split()) for line in lines)
    assert "tyrosine" not in " ".join(lines)


def test_symbols_of_the_vocabulary_write_the_genes(data: Path, tmp_path: Path):
    rows = [
        "9606\t672\tBRCA1\t-\tRNF53|IRIS\t-\t-\t-\t-\tprotein-coding\tA",
        "9606\t1\tLOC1\t-\tX9Z\t-\t-\t-\t-\tprotein-coding\tA",
    ]
    (data / "vocab").mkdir()
    (data / "vocab" / "Homo_sapiens.gene_info.gz").write_bytes(gzip.compress("\n".join(rows).encode()))
    assert read_symbols(data) == ["BRCA1", "RNF53", "IRIS"]
    write_texts(data, tmp_path / "out.txt")
    assert "BRCA1 is a gene ." in (tmp_path / "out.txt").read_text(encoding="utf-8").splitlines()


def test_bad_texts_are_named(tmp_path: Path):
    with pytest.raises(SourceError, match="no texts"):
        list(unlabelled_texts(tmp_path))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"{"))
    with pytest.raises(SourceError, match=r"a\.jsonl\.gz: cannot be read"):
        list(unlabelled_texts(tmp_path))
