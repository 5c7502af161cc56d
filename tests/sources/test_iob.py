"""Token files are read whole, and a broken line is named."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from genemine.errors import RecordError, SourceError
from genemine.sources.iob import TaggedSentence, read_iob

GOOD = "-DOCSTART-\tO\n\nBRCA1\tB-Gene\n-\tI-Gene\nnull\tO\n\n\nNo\tO\ngene\tO\n"
READ = [
    TaggedSentence(("BRCA1", "-", "null"), ("B-Gene", "I-Gene", "O")),
    TaggedSentence(("No", "gene"), ("O", "O")),
]


def test_plain_and_gzip_files_give_the_same_sentences(tmp_path: Path):
    plain, packed = tmp_path / "a.tsv", tmp_path / "a.tsv.gz"
    plain.write_text(GOOD, encoding="utf-8")
    packed.write_bytes(gzip.compress(GOOD.replace("\n", "\r\n").encode()))
    assert list(read_iob(plain)) == READ
    assert list(read_iob(packed)) == READ
    plain.write_bytes(GOOD.replace("\n", "\r").encode())  # line ends of old Macs
    assert list(read_iob(plain)) == READ


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A\tO\nB O\n", r"a\.tsv:2: 'B O' is not 'token<TAB>tag'"),
        ("A\tO\tx\n", r"a\.tsv:1: .* is not 'token<TAB>tag'"),
        ("A\tGene\n", r"a\.tsv:1: 'Gene' is no IOB2 tag; use O, B-TYPE"),
        ("A\tB-\n", r"a\.tsv:1: 'B-' is no IOB2 tag"),
        ("A\tO\n\nB\tI-Gene\n", r"a\.tsv:3: 'I-Gene' follows 'O'; in IOB2 a mention begins with B-Gene"),
        ("A\tB-Disease\nB\tI-Gene\n", r"a\.tsv:2: 'I-Gene' follows 'B-Disease'"),
    ],
)
def test_a_broken_line_is_named_with_file_line_and_cure(tmp_path: Path, text: str, message: str):
    path = tmp_path / "a.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match=message):
        list(read_iob(path))


def test_tags_that_name_no_type_get_the_one_that_is_asked_for(tmp_path: Path):
    path = tmp_path / "bare.tsv"
    path.write_text("IL\tB\n-\tI\n2\tI\n.\tO\n", encoding="utf-8")
    assert list(read_iob(path, "Gene")) == [TaggedSentence(("IL", "-", "2", "."), ("B-Gene", "I-Gene", "I-Gene", "O"))]
    with pytest.raises(RecordError, match=r"bare\.tsv:1: 'B' is no IOB2 tag"):
        list(read_iob(path))


def test_a_missing_cut_or_foreign_file_is_named(tmp_path: Path):
    with pytest.raises(SourceError, match=r"none\.tsv: token file cannot be read"):
        list(read_iob(tmp_path / "none.tsv"))
    cut = tmp_path / "cut.tsv.gz"
    cut.write_bytes(gzip.compress(GOOD.encode())[:-9])
    with pytest.raises(SourceError, match=r"cut\.tsv\.gz: token file cannot be read"):
        list(read_iob(cut))
    latin = tmp_path / "latin.tsv"
    latin.write_bytes("a\tO\nSjögren\tB-Disease\n".encode("latin-1"))
    with pytest.raises(SourceError, match=r"latin\.tsv:2: not UTF-8 at byte 6"):
        list(read_iob(latin))


def test_the_public_corpora_have_the_counts_that_their_list_states(shared: Path):
    """Sentences, tokens, mentions of NCBI-disease devel as in ../shared/data/README.md."""
    sentences = list(read_iob(shared / "data" / "ner" / "NCBI-disease-IOB" / "devel.tsv"))
    tags = [tag for sentence in sentences for tag in sentence.tags]
    assert (len(sentences), len(tags), tags.count("B-Disease")) == (923, 23_969, 787)
