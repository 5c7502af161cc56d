"""``genemine report`` makes the page anew and tells where it is."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from benchmarks.report_data import Corpus, make_run
from genemine.storage.layout import Layout


def test_the_page_is_made_and_opened(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = Layout(tmp_path / "data")
    make_run(layout.run("20261129T020000Z-00000001"), Corpus(5))
    layout.raw.mkdir()
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    status, out, err = run("report", "20261129", "--open", "--rows", "4")
    page = layout.run("20261129T020000Z-00000001") / "report.html"
    assert (status, out.strip(), err) == (0, str(page.relative_to(tmp_path)), "")
    assert opened == [page.as_uri()]
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_an_unknown_run_is_an_error_that_names_the_known_ones(run, tmp_path: Path) -> None:
    layout = Layout(tmp_path / "data")
    layout.run("20261129T020000Z-00000001").mkdir(parents=True)
    (layout.run("20261129T020000Z-00000001") / "run.json").write_text("{}")
    layout.raw.mkdir()
    status, _, err = run("report", "2025")
    assert status == 2
    assert "'2025': no such complete run; choose one of 20261129T020000Z-00000001" in err
