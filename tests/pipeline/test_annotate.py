"""A file is annotated: offsets are those of the input, the output is there whole or not at all."""

from __future__ import annotations

import gzip
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from genemine.annotate.lexicon_tagger import LexiconTagger
from genemine.config import AnnotateSettings, Settings
from genemine.errors import RecordError, SourceError, StorageError
from genemine.evaluate.spans import SpanScores, score_spans
from genemine.pipeline import annotate as annotate_module
from genemine.pipeline.annotate import annotate_documents, annotate_file, identifier, read_documents
from genemine.records import Link, Mention, TokenSpan
from genemine.sources.pubtator import gold_spans, read_pubtator, write_pubtator

TAGGER = LexiconTagger(
    [("TP53", "Gene"), ("ATM", "Gene"), ("BRCA1/2", "Gene"), ("glioma", "Disease"), ("breast cancer", "Disease")], name="names"
)
PUBTATOR = """7|t|TP53 in  glioma
7|a|𝛃\tof breast cancer (ATM).  BRCA1/2
7\t0\t4\tOld\tChemical\tX
7\tCID\tA\tB

8|t|Nothing
8|a|

"""


class FakeLinker:
    """Knows some identifiers and leaves one mention without."""

    known: ClassVar = {
        "TP53": ["hgnc:11998"],
        "BRCA1/2": ["hgnc:1100", "hgnc:1101"],
        "breast cancer": ["mesh:D001943", "omim:114480"],
        "glioma": ["omim:137800"],
    }
    xrefs: ClassVar = {"hgnc:11998": ("ncbigene:7157",), "hgnc:1100": ("ncbigene:672",), "hgnc:1101": ("ncbigene:675",)}

    def link(self, text: str, mentions: Sequence[Mention], short_forms: Mapping[str, str] | None = None) -> list[Link]:
        assert all(text[m.start : m.end] == m.text for m in mentions)
        return [Link(m, curie, xrefs=self.xrefs.get(curie, ())) for m in mentions for curie in self.known.get(m.text, [""])]


def _annotate(source: Path, target: Path, **options: object) -> object:
    return annotate_file(source, target, Settings(), **({"with_scores": False, "tagger": TAGGER} | options))  # type: ignore[arg-type]


def test_pubtator_in_pubtator_out(tmp_path: Path) -> None:
    (tmp_path / "in").write_text(PUBTATOR, encoding="utf-8")
    told: list[tuple[int, int]] = []
    report = _annotate(
        tmp_path / "in", tmp_path / "out", with_scores=True, linker=FakeLinker(), progress=lambda *done: told.append(done)
    )
    assert (tmp_path / "out").read_text(encoding="utf-8") == (
        "7|t|TP53 in  glioma\n7|a|𝛃\tof breast cancer (ATM).  BRCA1/2\n"
        "7\t0\t4\tTP53\tGene\t7157\tscore=1.0000\n"
        "7\t9\t15\tglioma\tDisease\tOMIM:137800\tscore=1.0000\n"
        "7\t21\t34\tbreast cancer\tDisease\tMESH:D001943|OMIM:114480\tscore=1.0000\n"
        "7\t36\t39\tATM\tGene\t-\tscore=1.0000\n"
        "7\t43\t50\tBRCA1/2\tGene\t672;675\tscore=1.0000\n\n"
        "8|t|Nothing\n8|a|\n\n"
    )
    assert report.counts == {"documents": 2, "sentences": 4, "mentions": 5, "linked": 4}  # type: ignore[attr-defined]
    assert told == [(2, 2)]
    assert all(document.misplaced() == () for document in read_pubtator(tmp_path / "out"))


def test_plain_text_keeps_its_offsets(tmp_path: Path) -> None:
    """Blank lines, wrapped names, tabs and Windows line ends do not move anything."""
    text = "TP53\r\n\n\tThe breast\ncancer of 𝛃  TP53.\n\nglioma\n"
    (tmp_path / "my text.txt").write_bytes(text.encode())
    _annotate(tmp_path / "my text.txt", tmp_path / "out.gz")
    (document,) = read_pubtator(tmp_path / "out.gz")
    assert gzip.decompress((tmp_path / "out.gz").read_bytes()).startswith(b"my_text|t|TP53 \n")
    assert document.misplaced() == ()
    assert [(m.text, text[m.start : m.end]) for m in document.mentions] == [
        ("TP53", "TP53"),
        ("breast cancer", "breast\ncancer"),
        ("TP53", "TP53"),
        ("glioma", "glioma"),
    ]
    assert [m.identifier for m in document.mentions] == ["-"] * 4


def test_real_documents_keep_text_and_offsets(shared: Path, tmp_path: Path) -> None:
    source = shared / "data" / "normalised" / "gnormplus" / "GNormPlus_Train.PubTator"
    _annotate(source, tmp_path / "out")
    given, written = list(read_pubtator(source)), list(read_pubtator(tmp_path / "out"))
    assert [(d.pmid, d.text) for d in written] == [(d.pmid, d.text) for d in given]
    assert sum(len(d.mentions) for d in written) > 40
    assert [d.pmid for d in written if d.misplaced()] == []


def test_found_spans_are_scored_against_gold_characters(tmp_path: Path) -> None:
    """The way of `genemine evaluate tagger --format pubtator`: a token cut elsewhere than the gold mention counts as wrong."""
    (tmp_path / "gold").write_text(
        "1|t|ATM in glioma\n1|a|xTP53 TP53\n1\t0\t3\tATM\tGene\n1\t15\t19\tTP53\tGene\n1\t20\t24\tTP53\tGene\n"
    )
    pairs = list(annotate_documents(read_documents(tmp_path / "gold"), TAGGER, Settings().annotate))
    gold = [gold_spans(document, "Gene") for document, _ in pairs]
    found = [{(m.start, m.end) for m in article.mentions if m.type == "Gene"} for _, article in pairs]
    assert score_spans(gold, found) == SpanScores(tp=2, fp=0, fn=1)


def test_several_identifiers_are_joined() -> None:
    gene, disease = Mention("1", 0, 1, "x", "Gene"), Mention("1", 0, 1, "x", "Disease")
    assert identifier([Link(gene, "ncbigene:1"), Link(gene, "hgnc:2"), Link(gene, "ncbigene:1")]) == "1;HGNC:2"
    assert identifier([Link(disease, "mesh:C1"), Link(disease)]) == "MESH:C1"
    assert identifier([Link(disease, reason="no match")]) == "-"


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"", SourceError, "in: no text in it"),
        (b" \n\n", SourceError, "in: no text in it"),
        (b"a\0b", SourceError, "in: not a text file"),
        (b"1|t|A\n1|a|B\nbroken\n", RecordError, "in:3: 'broken' does not belong to 1"),
        (b"1|a|A\n", RecordError, r"in:1: .*must begin with 'PMID\|t\|title'"),
        (b"\xff\xfe", SourceError, "in:1: not UTF-8"),
    ],
)
def test_bad_input_leaves_no_output(tmp_path: Path, content: bytes, error: type[Exception], message: str) -> None:
    (tmp_path / "in").write_bytes(content)
    with pytest.raises(error, match=message):
        _annotate(tmp_path / "in", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_missing_input(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="missing: cannot be read"):
        _annotate(tmp_path / "missing", tmp_path / "out")


def test_an_output_that_cannot_be_written_is_told_before_any_tagging(tmp_path: Path) -> None:
    class NeverTagger:
        name = "never"

        def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[object]]:
            raise AssertionError("tagged before the output was opened")

    (tmp_path / "in").write_text(PUBTATOR, encoding="utf-8")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match=r"out: cannot be written .*; make its folder writable or name another output file"):
        _annotate(tmp_path / "in", tmp_path / "file" / "out", tagger=NeverTagger())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "in").write_text(PUBTATOR, encoding="utf-8")
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    with pytest.raises(StorageError, match="Permission denied"):
        _annotate(tmp_path / "in", folder / "out")


def test_the_output_may_replace_the_input(tmp_path: Path) -> None:
    path = tmp_path / "both"
    path.write_text(PUBTATOR, encoding="utf-8")
    _annotate(path, path)
    once = path.read_text(encoding="utf-8")
    _annotate(path, path)
    assert path.read_text(encoding="utf-8") == once == write_pubtator(read_pubtator(path))


def test_the_output_is_the_same_for_any_number_of_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in other chunks, which are other company for each document."""
    texts = [
        f"{n}|t|TP53 in glioma {n}\n{n}|a|Loss of BRCA1{' and of ATM' * (n % 5)} causes breast cancer (BC). No more.\n"
        for n in range(30)
    ]
    (tmp_path / "in").write_text("\n".join(texts), encoding="utf-8")
    outputs = []
    for workers, chars in ((1, 100_000), (1, 1), (2, 300)):
        monkeypatch.setattr(annotate_module, "CHUNK_CHARS", chars)
        settings = Settings(annotate=AnnotateSettings(workers=workers))
        report = annotate_file(tmp_path / "in", tmp_path / "out", settings, with_scores=True)
        outputs.append((report.counts, (tmp_path / "out").read_bytes()))
    assert outputs[0][0]["mentions"] > 60
    assert outputs[1] == outputs[0]
    assert outputs[2] == outputs[0]


class StumblingTagger:
    """Fails on one word."""

    name = "stumbles"

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[TokenSpan]]:
        if any("stone" in sentence for sentence in sentences):
            raise ValueError("a stone")
        return TAGGER.tag(sentences)


def test_a_document_that_cannot_be_tagged_stops_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "in").write_text("1|t|TP53\n1|a|\n\n2|t|ATM stone\n2|a|\n\n3|t|ATM\n3|a|\n", encoding="utf-8")
    report = _annotate(tmp_path / "in", tmp_path / "out", tagger=StumblingTagger())
    assert report.counts == {"documents": 3, "sentences": 2, "mentions": 2, "linked": 0, "failed": 1}  # type: ignore[attr-defined]
    assert [len(d.mentions) for d in read_pubtator(tmp_path / "out")] == [1, 0, 1]
    assert "PMID 2: left without mentions (ValueError: a stone)" in caplog.text
