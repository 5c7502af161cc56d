"""A user's own corpus: found in every form, read alike, cut where it has no devel part, and its faults told by file and line."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from genemine.errors import RecordError, SourceError
from genemine.models.corpora import DEVEL, TEST, TRAIN, Corpus, Example, Output, corpora_in, read_examples, training_examples
from genemine.models.corpus_files import own_parts, path_below, training_paths
from genemine.models.decode import spans_of
from genemine.models.own_corpus import own_notes, own_types, read_own, read_part

TITLE, ABSTRACT = "BRCA1 and gout", "TP53 is a gene of mice."
MENTIONS = ((0, "BRCA1", "GeneOrGeneProduct"), (10, "gout", "Modifier"), (15, "TP53", "Gene"), (33, "mice", "Species"))
BOTH = ("Gene", "Disease")


def pubtator(n: int) -> str:
    lines = []
    for pmid in range(1, n + 1):
        lines += [f"{pmid}|t|{TITLE}", f"{pmid}|a|{ABSTRACT}"]
        lines += [f"{pmid}\t{start}\t{start + len(words)}\t{words}\t{type_}" for start, words, type_ in MENTIONS]
        lines.append("")
    return "\n".join(lines)


def bioc_json(n: int) -> str:
    def passage(offset: int, text: str, chosen: tuple[int, ...]) -> dict[str, object]:
        annotations = [
            {"id": "a", "infons": {"type": type_}, "text": words, "locations": [{"offset": start, "length": len(words)}]}
            for start, words, type_ in (MENTIONS[i] for i in chosen)
        ]
        return {"offset": offset, "text": text, "annotations": annotations}

    passages = [passage(0, TITLE, (0, 1)), passage(len(TITLE) + 1, ABSTRACT, (2, 3))]
    return json.dumps({"documents": [{"id": str(pmid), "passages": passages} for pmid in range(1, n + 1)]})


def bioc_xml(n: int) -> str:
    def passage(offset: int, text: str, chosen: tuple[int, ...]) -> str:
        annotations = "".join(
            f'<annotation id="a"><infon key="type">{type_}</infon><location offset="{start}" length="{len(words)}"/>'
            f"<text>{words}</text></annotation>"
            for start, words, type_ in (MENTIONS[i] for i in chosen)
        )
        return f"<passage><offset>{offset}</offset><text>{text}</text>{annotations}</passage>"

    both = passage(0, TITLE, (0, 1)) + passage(len(TITLE) + 1, ABSTRACT, (2, 3))
    return "<collection>" + "".join(f"<document><id>{pmid}</id>{both}</document>\n" for pmid in range(1, n + 1)) + "</collection>"


def iob(n: int) -> str:
    block = [
        "-DOCSTART-\tO",
        "",
        "BRCA1\tB-GENE",
        "and\tO",
        "gout\tB-Disease",
        "",
        "TP53\tB-Gene",
        "is\tO",
        "a\tO",
        "gene\tO",
        "of\tO",
    ]
    return "\n".join([*block, "mice\tB-Species", ".\tO", ""] * n)


FORMS = {"pubtator": pubtator, "txt": pubtator, "json": bioc_json, "xml": bioc_xml, "tsv": iob}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_examples(tmp_path: Path, form: str):
    (tmp_path / f"train.{form}").write_text(FORMS[form](2), encoding="utf-8")
    (tmp_path / f"Dev.{form}.gz").write_bytes(gzip.compress(FORMS[form](1).encode()))
    corpora, outputs = corpora_in(tmp_path, seed=4)
    assert corpora == (Corpus("own", ".", BOTH, seed=4),)
    assert outputs == (Output("gene", "Gene", ("own",)), Output("disease", "Disease", ("own",)))
    pmid = "" if form == "tsv" else "1"
    assert read_examples(tmp_path, DEVEL, corpora, outputs) == [
        Example(("BRCA1", "and", "gout"), ((1, 0, 0), (0, 0, 1)), "own", pmid),
        Example(("TP53", "is", "a", "gene", "of", "mice", "."), ((1, 0, 0, 0, 0, 0, 0), (0,) * 7), "own", pmid),
    ]
    assert len(read_examples(tmp_path, TRAIN, corpora, outputs)) == 4
    assert read_examples(tmp_path, TEST, corpora, outputs) == []
    assert {path_below(path, tmp_path) for path in training_paths(tmp_path, corpora)} == {f"train.{form}", f"Dev.{form}.gz"}


@pytest.mark.parametrize("form", FORMS)
def test_one_file_alone_is_cut_by_document_with_the_seed(tmp_path: Path, form: str):
    path = tmp_path / f"mine.{form}"
    path.write_text(FORMS[form](20), encoding="utf-8")
    corpora, outputs = corpora_in(path, seed=1)
    train, devel = (read_own(path, part, BOTH, 1) for part in (TRAIN, DEVEL))
    assert (len(train), len(devel)) == (36, 4)
    if form != "tsv":
        pmids = [{sentence.pmid for sentence in part} for part in (train, devel)]
        assert pmids[0] | pmids[1] == {str(n) for n in range(1, 21)}
        assert not pmids[0] & pmids[1]
        seeds = {tuple(sentence.pmid for sentence in read_own(path, DEVEL, BOTH, seed)) for seed in range(8)}
        assert len(seeds) > 4
    assert read_own(path, DEVEL, BOTH, 1) == devel
    assert len(training_examples(path, [TRAIN, DEVEL], corpora, outputs)[0]) == 40
    assert [path_below(p, path) for p in training_paths(path, corpora)] == [path.name]
    assert own_notes(path, 1) == (
        f"train mine.{form}: 40 sentences, 40 Gene, 20 Disease; ignored: 20 Species",
        f"devel: no file, so 2 documents (4 sentences) of mine.{form} are held back (seed 1)",
    )


def test_neighbours_stay_together_where_a_token_file_tells_no_documents(tmp_path: Path):
    path = tmp_path / "mine.iob"
    path.write_text("".join(f"w{n}\tB-Gene\n\n" for n in range(200)), encoding="utf-8")
    held_back = [int(sentence.tokens[0][1:]) for sentence in read_own(path, DEVEL, ("Gene",), 3)]
    assert len(held_back) == 20
    assert Counter(n // 10 for n in held_back) == {n // 10: 10 for n in held_back}


def test_sentences_of_an_own_test_part_are_left_out(tmp_path: Path):
    (tmp_path / "train.pubtator").write_text(pubtator(3), encoding="utf-8")
    (tmp_path / "devel.tsv").write_text("TP53\tB-Gene\n", encoding="utf-8")
    (tmp_path / "test.tsv").write_text("brca1\tO\nAND\tO\nGout\tO\n", encoding="utf-8")
    corpora, outputs = corpora_in(tmp_path)
    kept, n_dropped = training_examples(tmp_path, [TRAIN], corpora, outputs)
    assert (len(kept), n_dropped) == (3, 3)
    assert {example.tokens[0] for example in kept} == {"TP53"}


def test_what_did_not_fit_is_told(tmp_path: Path):
    path = tmp_path / "mine.txt"
    wrong = pubtator(2).replace("1\t15\t19\tTP53", "1\t15\t19\tTP63").replace("2\t0\t5\tBRCA1", "2\t0\t4\tBRCA")
    path.write_text(wrong, encoding="utf-8")
    assert own_notes(path, 0)[0] == (
        "train mine.txt: 4 sentences, 3 Gene, 2 Disease; ignored: 2 Species; did not fit: 1 inside a token, 1 not found "
        "(those sentences are left out)"
    )


def test_only_the_types_that_are_marked_are_learnt(tmp_path: Path):
    path = tmp_path / "mine.json"
    path.write_text(bioc_json(2).replace("Modifier", "Chemical"), encoding="utf-8")
    assert own_types(path) == ("Gene",)
    assert corpora_in(path)[1] == (Output("gene", "Gene", ("own",)),)


def test_offsets_counted_in_another_way_are_told_by_file_line_and_document(tmp_path: Path):
    path = tmp_path / "mine.pubtator"
    path.write_text(pubtator(1).replace("1|a|", f"1|a|{'é' * 400} ").replace("1\t0\t5", "1\t400\t405"), encoding="utf-8")
    message = (
        r"mine\.pubtator:3: document 1: 'BRCA1' does not stand at 400-405 nor near, and so with 2 of 3 mentions; count characters"
    )
    with pytest.raises(RecordError, match=message):
        read_part(path, BOTH)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("train.tsv", "a b\n", r"train\.tsv:1: 'a b' is not 'token<TAB>tag'"),
        ("train.tsv", "BRCA1\tB\n", r"train\.tsv:1: 'B' is no IOB2 tag"),
        ("train.tsv", "x\tO\n", r"train\.tsv: no mention of a gene or disease is tagged; tag tokens B-Gene"),
        ("train.iob", "x\tB-Virus\n", r"train\.iob: no mention of a gene or disease is tagged; what is marked are Virus; tag"),
        ("train.txt", "1|t|T\n1|a|A\n1\tx\n", r"train\.txt:3: .* has 2 columns"),
        ("train.txt", "hello\n", r"train\.txt:1: 'hello' begins a document; it must begin with 'PMID\|t\|title'"),
        ("train.pubtator", "\n", r"train\.pubtator:1: no document in it"),
        ("train.xml", "<collection>\n<document>\n</collection>", r"train\.xml:3: not well-formed XML \(Opening and ending tag"),
        ("train.xml", "<collection/>", r"train\.xml:1: no document in it"),
        ("train.json", '{"documents": [\n}', r"train\.json:2: not JSON"),
        ("train.json", "[]", r"train\.json:1: no document in it"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, name: str, text: str, message: str):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match=message):
        corpora_in(tmp_path)


def test_files_that_leave_a_doubt_are_refused(tmp_path: Path):
    (tmp_path / "devel.tsv").write_text("TP53\tB-Gene\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"devel\.tsv but nothing to train on; name that file train\.tsv, train\.pubtator"):
        own_parts(tmp_path)
    (tmp_path / "train.tsv").write_text("TP53\tB-Gene\n", encoding="utf-8")
    assert own_parts(tmp_path) == {TRAIN: tmp_path / "train.tsv", DEVEL: tmp_path / "devel.tsv"}
    (tmp_path / "dev.xml").write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match=r"dev\.xml and devel\.tsv are both the devel part; leave one"):
        own_parts(tmp_path)
    (tmp_path / "corpus.doc").write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match=r"corpus\.doc: form cannot be told from its name; end it in \.tsv, \.pubtator"):
        corpora_in(tmp_path / "corpus.doc")


@pytest.mark.parametrize(
    ("devel", "message"),
    [
        ("x\tO\n", r"devel\.tsv: no Gene is marked, so it cannot judge; mark some, or remove it"),
        ("gout\tB-Disease\n", r"devel\.tsv: no Gene is marked"),
        ("", r"devel\.tsv: no Gene is marked"),
        (None, r"train\.tsv: no Gene is marked in the documents that are held back as devel \(seed 0\); give more documents"),
    ],
)
def test_a_devel_part_that_cannot_judge_is_refused(tmp_path: Path, devel: str | None, message: str):
    (tmp_path / "train.tsv").write_text("BRCA1\tB-Gene\n\n" + "x\tO\n\n" * 9, encoding="utf-8")
    if devel is not None:
        (tmp_path / "devel.tsv").write_text(devel, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        own_notes(tmp_path, 0)


def test_forgotten_lines_between_sentences_are_told_and_an_empty_test_part_harms_nothing(tmp_path: Path):
    (tmp_path / "devel.tsv").write_text("BRCA1\tB-Gene\n", encoding="utf-8")
    (tmp_path / "test.tsv").write_text("\n", encoding="utf-8")
    (tmp_path / "train.tsv").write_text("TP53\tB-Gene\n\n" + "x\tO\n" * 2000, encoding="utf-8")
    assert "test test.tsv: 0 sentences, no mention" in own_notes(tmp_path, 0)
    with (tmp_path / "train.tsv").open("a", encoding="utf-8") as lines:
        lines.write("x\tO\n")
    with pytest.raises(RecordError, match=r"train\.tsv:3: a sentence of 2001 tokens; put an empty line between sentences"):
        own_types(tmp_path)


def test_one_document_cannot_be_cut(tmp_path: Path):
    path = tmp_path / "mine.xml"
    path.write_text(bioc_xml(1), encoding="utf-8")
    with pytest.raises(
        SourceError, match=r"mine\.xml: one document, and no development part; give more documents, or a file devel\.xml"
    ):
        own_notes(path, 1)


def examples_of_the_docs() -> dict[str, str]:
    text = (Path(__file__).parents[2] / "docs" / "training.md").read_text(encoding="utf-8")
    found = re.findall(r"^`([\w/]*(?:mine|train)\.\w+)`[^\n]*:\n\n```\n(.*?)```$", text, flags=re.MULTILINE | re.DOTALL)
    return {Path(name).name: block for name, block in found}


@pytest.mark.parametrize("name", ["train.tsv", "mine.pubtator", "mine.xml", "mine.json"])
def test_the_examples_of_the_docs_are_what_they_say(tmp_path: Path, name: str):
    """docs/training.md shows one of each form; each is read, its mentions stand where it says."""
    path = tmp_path / name
    path.write_text(examples_of_the_docs()[name], encoding="utf-8")
    read = read_part(path, BOTH)
    words = {
        (" ".join(sentence.tokens[first:last]), type_)
        for document in read.documents
        for sentence in document
        for type_, row in sentence.labels.items()
        for first, last in spans_of(row)
    }
    both = {("BRCA1", "Gene"), ("breast cancer", "Disease")}
    assert (words, read.odd) == (both if name in ("train.tsv", "mine.pubtator") else {("BRCA1", "Gene")}, Counter())
