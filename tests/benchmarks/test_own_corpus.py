"""Stand-ins for a user's own corpus: cut by document, marked as their guideline marks, and never learnt from."""

from __future__ import annotations

from pathlib import Path

from benchmarks.own_corpus import StandIn, _cancers, mean, stand_ins
from genemine.evaluate.spans import SpanScores
from genemine.sources.pubtator import PubTatorDocument, PubTatorMention, read_pubtator


def test_a_cancer_in_two_pieces_reaches_from_the_first_to_the_last():
    lines = "T1\tCell 0 4\tcell\nT2\tCancer 10 16;20 26\tbreast cancer\nE1\tCancer:T2\nT3\tCancer 5 8\tALL\n"
    assert _cancers(lines) == (
        PubTatorMention(10, 26, "breast cancer", "Disease"),
        PubTatorMention(5, 8, "ALL", "Disease"),
    )


def test_parts_are_written_as_a_user_brings_them(tmp_path: Path):
    documents = [PubTatorDocument(str(n), "A gout.", "", (PubTatorMention(2, 6, "gout", "Disease"),)) for n in range(3)]
    corpus = StandIn("toy", "toy", ("Disease",), documents[:1], documents[1:2], documents[2:])
    folder = corpus.write(tmp_path / "data")
    assert sorted(path.name for path in folder.iterdir()) == ["devel.pubtator", "train.pubtator"]
    assert list(read_pubtator(folder / "train.pubtator")) == documents[:1]


def test_the_mean_weighs_types_alike():
    assert mean({"Gene": SpanScores(9, 1, 1), "Disease": SpanScores(1, 1, 1)}) == 0.7


def test_the_parts_share_no_document_and_hold_no_other_type(shared: Path):
    own, cancer = stand_ins(shared / "data", 50, 10, 200)
    assert [len(part) for part in (own.train, own.devel, own.test)] == [50, 10, 40]
    assert [len(part) for part in (cancer.train, cancer.devel)] == [50, 10]
    assert len(cancer.test) > 100
    for corpus in (own, cancer):
        every = [*corpus.train, *corpus.devel, *corpus.test]
        assert len({document.pmid for document in every}) == len(every)
        assert not any(document.misplaced() for document in every)
    assert {m.type for document in cancer.test for m in document.mentions} == {"Disease"}
