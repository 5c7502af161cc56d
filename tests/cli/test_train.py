"""``genemine train tagger`` on a user's own data: every form, every fault by file and line, and a bundle that works."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
GENES = ("BRCA1", "TP53", "KRAS", "EGFR", "MYC")


def pubtator(n: int) -> str:
    blocks = []
    for pmid in range(1, n + 1):
        gene = GENES[pmid % 5]
        blocks.append(f"{pmid}|t|We link {gene} to gout {pmid}.\n{pmid}|a|\n{pmid}\t8\t{8 + len(gene)}\t{gene}\tGene\n")
    return "\n".join(blocks)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("train.tsv", "BRCA1\tB-Gene\nand\n", "train.tsv:2: 'and' is not 'token<TAB>tag'; write one token and its tag"),
        ("train.pubtator", "1|t|A\n1\t0\tx\tA\tGene\n", "train.pubtator:2: '1\\t0\\tx\\tA\\tGene' is no mention; needed are"),
        ("train.xml", "<collection>\n<document>\n</doc>", "train.xml:3: not well-formed XML"),
        ("train.xml", "<collection>\n<document/></collection>", "train.xml:2: a document without <id>; give each document its own"),
        ("train.json", '{\n"documents": [,]}', "train.json:2: not JSON (Expecting value, column 15); write the file anew"),
        ("train.json", '{"documents": [{"id": "9", "passages": [{"text": "A"}]}]}', "document 9: a passage: 'offset' is None"),
        ("train.tsv", "gout\tB-Virus\n", "no mention of a gene or disease is tagged; what is marked are Virus"),
        ("train.tsv", "BRCA1\tGene\n", "train.tsv:1: 'Gene' is no IOB2 tag; use O, B-TYPE"),
        ("train.tsv", "x\tO\nna\udce9ve\tO\n", "train.tsv:2: not UTF-8 at byte 6; save the file as UTF-8"),
        ("train.tsv", "BRCA1\tB-Gene\n.\tO\n", "train.tsv: one document, and no development part; give more documents"),
        ("train.pubtator", "1|t|A\n1\t70\t75\tBRCA1\tGene\n", "train.pubtator:2: document 1: 'BRCA1' does not stand at 70-75"),
        ("train.txt.gz", "no gzip", "train.txt.gz:1: 'no gzip' begins a document; it must begin with 'PMID|t|title'"),
    ],
)  # fmt: skip
def test_a_fault_in_own_data_names_file_and_line(run: Run, tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    status, _, error = run("train", "tagger", "--data", "mine")
    assert status == 2
    assert message in error


def test_data_that_are_not_there_are_told(run: Run, tmp_path: Path) -> None:
    status, _, error = run("train", "tagger", "--data", "nowhere")
    assert status == 2
    assert "nowhere: no such corpus; docs/training.md tells what has to be in it" in error
    (tmp_path / "corpus.zip").write_bytes(b"PK")
    status, _, error = run("train", "tagger", "--data", "corpus.zip")
    assert status == 2
    assert "corpus.zip: form cannot be told from its name; end it in .tsv, .pubtator" in error


def test_a_folder_without_a_corpus_is_told_with_what_is_in_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    status, _, error = run("train", "tagger", "--data", "mine")
    assert status == 2
    assert "mine: no corpus in it (there is nothing); name the file to learn from train.tsv, train.pubtator" in error
    (tmp_path / "mine" / "corpus.docx").write_text("")
    status, _, error = run("train", "tagger", "--data", "mine")
    assert status == 2
    assert "mine: no corpus in it (there is corpus.docx); name the file" in error


def test_a_place_that_cannot_be_written_is_told_before_training(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.tsv").write_text("BRCA1\tB-Gene\n\nTP53\tB-Gene\n", encoding="utf-8")
    (tmp_path / "file").write_text("in the way")
    status, _, error = run("train", "tagger", "--data", "mine.tsv", "--out", "file", "--seed", "5")
    assert status == 2
    assert "file: bundles cannot be written there (File exists); choose another folder with --out" in error
    status, _, error = run("train", "tagger", "--data", "mine.tsv", "--seed", "-1")
    assert status == 2
    assert "setting 'train.seed' is -1; it must lie between 0 and 4294967295" in error


def test_help_names_the_forms(run: Run) -> None:
    out = " ".join(run("train", "tagger", "--help")[1].replace("│", "").split())
    for form in ("train.tsv", "train.pubtator", "train.xml", "train.json", "one document in ten is held back"):
        assert form in out


@pytest.mark.slow
def test_one_command_makes_a_bundle_of_own_data(run: Run, tmp_path: Path) -> None:
    """Forty sentences in one PubTator file; the bundle finds the genes that it was taught."""
    (tmp_path / "mine.pubtator").write_text(pubtator(40), encoding="utf-8")
    status, out, _ = run("train", "tagger", "--data", "mine.pubtator", "--out", "models", "--epochs", "60")
    assert status == 0
    assert "corpus: train mine.pubtator: 40 sentences, 40 Gene" in out
    assert "devel: no file, so 4 documents (4 sentences) of mine.pubtator are held back (seed 20261123)" in out
    scored = run("evaluate", "tagger", "--corpus", "mine.pubtator", "--format", "pubtator", "--type", "Gene",
                 "--bundle", "models/tagger", "--json")[1]  # fmt: skip
    assert json.loads(scored)["recall"] > 0.9
