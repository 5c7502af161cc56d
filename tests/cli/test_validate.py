"""``genemine validate`` and ``genemine quarantine``: what is printed, as lines and as JSON, and the exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from genemine.storage.layout import Layout

Run = Callable[..., tuple[int, str, str]]

BROKEN = (
    "<PubmedArticle><MedlineCitation><Article><ArticleTitle>No [number]</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
)


@pytest.fixture
def collected(run: Run, server: str, tmp_path: Path) -> Layout:
    """The data folder of a small query, and the server still there."""
    assert run("collect", "--query", "CFTR[tiab]")[0] == 0
    return Layout(tmp_path / "data")


@pytest.fixture
def quarantined(run: Run, tmp_path: Path) -> Layout:
    """A data folder whose one file holds a broken record, cleaned."""
    from genemine.config import load_settings
    from genemine.pipeline.stages import CLEAN

    layout = Layout(tmp_path / "data")
    path = layout.raw_file("mine", "a.xml")
    path.parent.mkdir(parents=True)
    path.write_text(f"<PubmedArticleSet>{BROKEN}</PubmedArticleSet>")
    CLEAN("mine/a.xml", load_settings(data_dir=layout.data_dir))
    return layout


def test_a_sound_folder_ends_with_status_0(run: Run, collected: Layout) -> None:
    status, out, _ = run("validate", "--seed", "7")
    lines = out.splitlines()
    assert status == 0
    assert lines[-1].startswith("PASS  All is well: ")
    assert "counts          'CFTR[tiab]': PubMed lists " in out
    assert "fetched again, as on disk (seed 7)" in out
    assert "not checked  tables          no tables were made yet; so not checked: tables, up to date, in no table," in out
    assert " " * 29 + "  → run `genemine mine`" in lines


def test_a_damaged_folder_ends_with_status_1_and_its_lines_first(run: Run, collected: Layout) -> None:
    path = collected.raw_files()[0]
    path.write_bytes(path.read_bytes()[:-9])
    status, out, _ = run("validate", "--offline")
    lines = out.splitlines()
    assert status == 1
    assert lines[0] == "FAIL         whole           1 raw file cannot be read to the end"
    assert lines[1].strip().startswith(f"· sample/{path.name}" if path.parent.name == "sample" else "· entrez/")
    assert lines[2].strip().startswith("→ move the file away and run `genemine collect`")
    assert lines[-1].startswith("FAIL  Something is wrong: ")


def test_the_report_as_json_says_the_same(run: Run, collected: Layout) -> None:
    status, out, _ = run("validate", "--json", "--offline", "--sample", "3")
    report = json.loads(out)
    assert status == 0
    assert (report["verdict"], report["sample"]) == ("PASS", 3)
    assert report["counts"] == {
        "PASS": len([line for line in report["lines"] if line["verdict"] == "PASS"]),
        "WARN": 0,
        "FAIL": 0,
    } | {"not checked": len([line for line in report["lines"] if line["verdict"] == "not checked"])}
    assert {tuple(line) for line in report["lines"]} == {("check", "verdict", "what", "examples", "mend")}


def test_no_data_folder_is_told_with_status_2(run: Run, tmp_path: Path) -> None:
    for command in (("validate",), ("quarantine", "list"), ("quarantine", "retry"), ("quarantine", "show", "1")):
        status, _, error = run(*command)
        assert status == 2
        assert "collect first, or give the folder with --data-dir" in error
    assert not (tmp_path / "data").exists()


def test_quarantine_lists_shows_and_tries_again(run: Run, quarantined: Layout) -> None:
    status, out, _ = run("quarantine", "list")
    assert status == 0
    assert out.splitlines()[0] == "id\tsource\tPMID\treason\tdetail\tbytes\tsince"
    assert out.splitlines()[1].split("\t")[:4] == ["1", "mine/a.xml", "?", "no PMID"]
    assert "1 in quarantine: 1 no PMID" in out
    (entry,) = json.loads(run("quarantine", "list", "--json")[1])
    assert (entry["id"], entry["size"]) == (1, len(BROKEN))
    assert run("quarantine", "show", "1")[1] == BROKEN
    status, out, _ = run("quarantine", "retry")
    assert status == 0
    assert "0 mended, 1 still broken, 0 not reached" in out
    retried = json.loads(run("quarantine", "retry", "--json")[1])
    assert retried["counts"] == {"mended": 0, "still broken": 1, "not reached": 0}
    assert [one["state"] for one in retried["entries"]] == ["still broken"]


def test_quarantine_writes_the_bytes_to_a_file(run: Run, quarantined: Layout, tmp_path: Path) -> None:
    assert run("quarantine", "show", "1", "--out", "one.xml")[1] == f"one.xml: {len(BROKEN):,} bytes\n"
    assert (tmp_path / "one.xml").read_text() == BROKEN


def test_an_empty_quarantine_is_told(run: Run, collected: Layout) -> None:
    assert "quarantine is empty: every record could be read" in run("quarantine", "list")[1]
    assert "quarantine is empty: nothing to try" in run("quarantine", "retry")[1]
