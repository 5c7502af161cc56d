"""PubTator files come back as they were, and broken ones are named."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.errors import RecordError, SourceError
from genemine.sources.pubtator import (
    PubTatorDocument,
    PubTatorMention,
    PubTatorRelation,
    gold_spans,
    is_pubtator,
    parse_pubtator,
    read_pubtator,
    read_text,
    write_pubtator,
)

TEXT = """99|t|TP53 in glioma
99|a|𝛃 of TP53 | loss.\x20
99\t0\t4\tTP53\tGene\t7157
99\t8\t14\tglioma\tSpecificDisease\t D005910
99\t15\t16\t𝛃\tOther
99\t20\t24\tTP53\tGene\t7157|1\tpart
99\tCID\tD1\tD2
99\tAssociation\t7157\tD005910\tNovel

"""
DOCUMENT = PubTatorDocument(
    "99",
    "TP53 in glioma",
    "𝛃 of TP53 | loss. ",
    (
        PubTatorMention(0, 4, "TP53", "Gene", "7157"),
        PubTatorMention(8, 14, "glioma", "SpecificDisease", " D005910"),
        PubTatorMention(15, 16, "𝛃", "Other"),
        PubTatorMention(20, 24, "TP53", "Gene", "7157|1", ("part",)),
    ),
    (PubTatorRelation("CID", ("D1", "D2")), PubTatorRelation("Association", ("7157", "D005910", "Novel"))),
)

# file -> documents, mentions, relations, mentions whose words do not stand at their offsets (as ../shared/data/README.md counts)
CORPORA = {
    "normalised/bc5cdr/CDR_DevelopmentSet.PubTator.txt.gz": (500, 9591, 1012, 0),
    "normalised/bc5cdr/CDR_TestSet.PubTator.txt.gz": (500, 9809, 1066, 0),
    "normalised/bc5cdr/CDR_TrainingSet.PubTator.txt.gz": (500, 9385, 1038, 0),
    "normalised/drugprot/DrugProt_Test.PubTator.gz": (750, 18339, 0, 0),
    "normalised/gnormplus/GNormPlus_Train.PubTator": (432, 5793, 0, 35),
    "normalised/ncbi-disease/NCBIdevelopset_corpus.txt": (100, 787, 0, 0),
    "normalised/ncbi-disease/NCBItestset_corpus.txt": (100, 960, 0, 0),
    "normalised/ncbi-disease/NCBItrainset_corpus.txt.gz": (593, 5145, 0, 1),
    "normalised/tmvar3/tmVar3_Train.PubTator": (342, 7957, 0, 21),
    "relations/BioRED/Dev.PubTator": (100, 3533, 1162, 0),
    "relations/BioRED/Train.PubTator.gz": (400, 13351, 4178, 0),
}


def test_a_document_is_read() -> None:
    assert list(parse_pubtator(TEXT, "x")) == [DOCUMENT]
    assert DOCUMENT.misplaced() == ()


def test_a_document_is_written_as_it_was_read() -> None:
    assert write_pubtator([DOCUMENT, DOCUMENT]) == TEXT * 2


@pytest.mark.parametrize("name", CORPORA)
def test_corpora_survive(shared: Path, name: str) -> None:
    """Every byte comes back, save for empty lines at the ends of a file (NCBI-disease begins with one and lacks the last)."""
    path = shared / "data" / name
    documents = list(read_pubtator(path))
    counts = (
        len(documents),
        sum(len(d.mentions) for d in documents),
        sum(len(d.relations) for d in documents),
        sum(len(d.misplaced()) for d in documents),
    )
    assert counts == CORPORA[name]
    assert write_pubtator(documents) == read_text(path).strip("\n") + "\n\n"


def test_scores_are_the_last_column() -> None:
    mentions = (
        PubTatorMention(0, 4, "TP53", "Gene", "7157", (), 0.98765),
        PubTatorMention(5, 7, "in", "Gene", None, (), 1.0),
        PubTatorMention(8, 14, "glioma", "Disease", "D1", ("part",), 0.5),
    )
    document = PubTatorDocument("9", "TP53 in glioma", "", mentions)
    written = write_pubtator([document], with_scores=True)
    assert written == (
        "9|t|TP53 in glioma\n9|a|\n9\t0\t4\tTP53\tGene\t7157\tscore=0.9877\n9\t5\t7\tin\tGene\t-\tscore=1.0000\n"
        "9\t8\t14\tglioma\tDisease\tD1\tpart\tscore=0.5000\n\n"
    )
    (read,) = parse_pubtator(written, "x")
    assert [m.score for m in read.mentions] == [0.9877, 1.0, 0.5]
    assert write_pubtator([read], with_scores=True) == written
    assert "score" not in write_pubtator([read])


@pytest.mark.parametrize(
    "text",
    [
        "1|t|A\r\n1|a|B\r\n1\t0\t1\tA\tGene\r\n",
        "1|t|A\n1|a|B\n1\t0\t1\tA\tGene",
        "\n\n1|t|A\n1|a|B\n1\t0\t1\tA\tGene\n \n\n",
    ],
)
def test_line_ends_and_empty_lines_do_not_matter(text: str) -> None:
    assert list(parse_pubtator(text, "x")) == [PubTatorDocument("1", "A", "B", (PubTatorMention(0, 1, "A", "Gene"),))]


def test_documents_need_no_empty_line_between_them() -> None:
    assert [d.pmid for d in parse_pubtator("1|t|A\n1|a|B\n2|t|C\n2|a|D\n", "x")] == ["1", "2"]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_keeps_its_length(title: str, abstract: str) -> None:
    """Line ends become blanks one for one, so that offsets hold; everything else stays."""
    (read,) = parse_pubtator(write_pubtator([PubTatorDocument("1", title, abstract)]), "x")
    assert (len(read.title), len(read.abstract)) == (len(title), len(abstract))
    blanked = str.maketrans("\r\n", "  ")
    assert (read.title, read.abstract) == (title.translate(blanked), abstract.translate(blanked))


def test_a_mention_that_is_not_where_it_is_said_to_be_is_kept_and_told() -> None:
    (document,) = parse_pubtator("1|t|TP53\n1|a|\n1\t1\t4\tTP5\tGene\n1\t0\t40\tTP53\tGene\n", "x")
    assert document.misplaced() == document.mentions


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1|a|B\n", r"x:1: '1\|a\|B' begins a document; it must begin with 'PMID\|t\|title'"),
        ("1\t0\t1\tA\tGene\n", "x:1: .* begins a document"),
        ("1|t|A\n2|a|B\n", "x:2: abstract of 2 after the title of 1"),
        ("1|t|A\n1|a|B\n2\t0\t1\tA\tGene\n", "x:3: .* does not belong to 1"),
        ("1|t|A\n1|a|B\nwhich goes on here\n", "x:3: .* does not belong to 1"),
        ("1|t|A\n1|a|B\n\n1\t0\t1\tA\tGene\n", "x:4: .* begins a document"),
        ("1|t|A\n1|a|B\n1\t0\t1\tA\n", "x:3: .* is no mention; needed are PMID, start, end"),
        ("1|t|A\n1|a|B\n1\t0\tx\tA\tGene\n", "x:3: .* is no mention"),
        ("1|t|A\n1|a|B\n1\t3\t3\tA\tGene\n", "x:3: .* is no mention"),
        ("1|t|A\n1|a|B\n1\t-1\t3\tA\tGene\n", "x:3: .* is no mention"),
        ("1|t|A\n1|a|B\n1\n", "x:3: '1' is no mention"),
        ("1|t|A\n1|a|B\n1\tCID\tD1\n", "x:3: .* has 3 columns; a relation needs"),
    ],
)
def test_broken_lines_are_named(text: str, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        list(parse_pubtator(text, "x"))


def test_files_are_told_by_content(tmp_path: Path) -> None:
    path = tmp_path / "packed.txt"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + TEXT.encode()))
    assert list(read_pubtator(path)) == [DOCUMENT]
    assert (is_pubtator("\n\n" + TEXT), is_pubtator("TP53 |t| in glioma"), is_pubtator("")) == (True, False, False)


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        list(read_pubtator(tmp_path / "missing"))
    (tmp_path / "latin").write_bytes(b"1|t|\xe9\n")
    with pytest.raises(SourceError, match="latin:1: not UTF-8 at byte 4; save the file as UTF-8"):
        list(read_pubtator(tmp_path / "latin"))
    (tmp_path / "cut").write_bytes(gzip.compress(TEXT.encode())[:-12])
    with pytest.raises(SourceError, match="cannot be read"):
        list(read_pubtator(tmp_path / "cut"))


def test_gold_spans_know_the_names_of_the_corpora() -> None:
    kinds = (
        "SpecificDisease DiseaseClass Modifier CompositeMention Disease DiseaseOrPhenotypicFeature Gene GeneOrGeneProduct Chemical"
    )
    document = PubTatorDocument("1", "", "", tuple(PubTatorMention(n, n + 1, "x", kind) for n, kind in enumerate(kinds.split())))
    assert gold_spans(document, "Disease") == {(n, n + 1) for n in range(6)}
    assert gold_spans(document, "Gene") == {(6, 7), (7, 8)}
