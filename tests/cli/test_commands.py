"""Each command does what its help says, from the command line to the files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]

IOB = "BRCA1\tB-Gene\nmutations\tO\ncause\tO\nbreast\tB-Disease\ncancer\tI-Disease\n.\tO\n"


def test_a_query_becomes_tables_and_others_too_unlike_them_wait_for_a_person(run: Run, server: str, tmp_path: Path) -> None:
    status, out, _ = run("run", "--query", "BRCA1[tiab] OR BRCA2[tiab]", "--since", "2024-01-01")
    assert status == 0
    assert "records match, 0 on disk already" in out
    assert "BRCA1 - Breast Neoplasms" in out
    latest = tmp_path / "data" / "processed" / "latest"
    first = latest.resolve().name
    assert (latest / "associations.csv").is_file()
    (tmp_path / "strict.toml").write_text("[relate]\nmin_score = 0.9\n[gate]\nmin_articles = 1\nmin_rows = 1\n")
    status, out, err = run("mine", "--settings", "strict.toml")
    held = out.split("Run ")[1].split()[0]
    assert status == 3
    assert "Held back: these tables are too unlike those in use, so latest stays as it is. - " in err
    assert f"genemine release {held}" in err
    assert latest.resolve().name == first
    status, out, _ = run("release", held, "--by", "Ada", "--why", "stricter")
    assert (status, out) == (0, f"run {held} is in use now\n")
    assert latest.resolve().name == held
    status, _, err = run("release", "20260101T000000Z-00000000")
    assert status == 2
    assert f"no run '20260101T000000Z-00000000'; the newest there: {first}, {held}" in err


def test_collecting_again_fetches_nothing(run: Run, server: str) -> None:
    first = run("collect", "--query", "CFTR[tiab]")[1]
    second = run("collect", "--query", "CFTR[tiab]")[1]
    assert "0 fetched" not in first
    assert " 0 fetched into 0 raw shards" in second


def test_annotated_pubtator_keeps_the_offsets_of_its_input(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("1|t|BRCA1 in patients with breast cancer.\n1|a|BRCA1 mutations cause breast cancer.\n")
    status, out, _ = run("annotate", "in.txt", "out.txt", "--format", "pubtator", "--scores")
    assert status == 0
    assert "1 documents" in out
    lines = (tmp_path / "out.txt").read_text().splitlines()
    assert lines[:2] == ["1|t|BRCA1 in patients with breast cancer.", "1|a|BRCA1 mutations cause breast cancer."]
    text = "BRCA1 in patients with breast cancer. BRCA1 mutations cause breast cancer."
    rows = [line.split("\t") for line in lines[2:] if line]
    assert [(text[int(r[1]) : int(r[2])], r[4], r[5]) for r in rows] == [
        ("BRCA1", "Gene", "672"),
        ("breast cancer", "Disease", "MESH:D001943"),
        ("BRCA1", "Gene", "672"),
        ("breast cancer", "Disease", "MESH:D001943"),
    ]
    assert all(r[6].startswith("score=0.") for r in rows)


@pytest.mark.parametrize("type_", ["Gene", "Disease"])
def test_a_tagger_is_scored_as_json(run: Run, tmp_path: Path, type_: str) -> None:
    (tmp_path / "gold.tsv").write_text(IOB)
    status, out, _ = run("evaluate", "tagger", "--corpus", "gold.tsv", "--format", "iob", "--type", type_, "--json")
    figures = json.loads(out)
    assert status == 0
    assert (figures["tp"], figures["fp"], figures["fn"]) == (1, 0, 0)
    assert figures["precision"] == figures["recall"] == figures["f1"] == 1.0


def test_pubtator_gold_is_scored_by_characters(run: Run, tmp_path: Path) -> None:
    gold = "1|t|Women with breast cancer carried BRCA1 mutations.\n1|a|\n1\t11\t24\tbreast cancer\tDisease\tD001943\n"
    (tmp_path / "gold.txt").write_text(gold)
    out = run("evaluate", "tagger", "--corpus", "gold.txt", "--format", "pubtator", "--type", "Disease", "--json")[1]
    assert (json.loads(out)["tp"], json.loads(out)["gold"]) == (1, 1)


def test_pairs_are_scored_beside_the_baselines(run: Run, tmp_path: Path) -> None:
    lines = [
        f"Variant {n} of @GENE$ was associated with @DISEASE$ .\t1\nWe typed @GENE$ {n} and saw @DISEASE$ .\t0" for n in range(10)
    ]
    (tmp_path / "gold.tsv").write_text("\n".join(lines) + "\n")
    out = run("evaluate", "relations", "--corpus", "gold.tsv", "--train", "gold.tsv", "--json")[1]
    figures = json.loads(out)
    assert (figures["n"], figures["n_positive"]) == (20, 10)
    assert figures["always_yes_f1"] == pytest.approx(2 / 3)
    assert figures["logreg_f1"] == 1.0
    assert {"precision", "recall", "f1", "auprc", "mcc"} <= set(figures)


def test_the_version_is_told(run: Run) -> None:
    assert run("--version")[1].startswith("genemine 0.1.0")
