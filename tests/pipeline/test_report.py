"""Which run a report is of, and which run it compares with."""

from __future__ import annotations

from pathlib import Path

import pytest

from genemine.errors import StorageError
from genemine.pipeline.report import find_run, previous_run, reliability
from genemine.resources import bundle_folder
from genemine.storage.layout import Layout
from genemine.storage.shards import file_sha256

RUNS = ("20261127T020000Z-aaaaaaaa", "20261128T020000Z-bbbbbbbb", "20261129T020000Z-cccccccc")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Three complete runs, a draft and a folder without a manifest."""
    layout = Layout(tmp_path)
    for name in (*RUNS, ".20261129T010000Z-dddddddd.draft"):
        layout.run(name).mkdir(parents=True)
        (layout.run(name) / "run.json").write_text("{}")
    layout.run("20261129T015959Z-eeeeeeee").mkdir()
    layout.set_latest(RUNS[2])
    return layout


def test_the_previous_run_is_the_newest_one_before_that_is_not_held_back(layout: Layout) -> None:
    assert [previous_run(layout, run) for run in RUNS] == [None, layout.run(RUNS[0]), layout.run(RUNS[1])]
    (layout.run(RUNS[1]) / "run.json").write_text('{"gate": {"verdict": "held back"}}')
    assert previous_run(layout, RUNS[2]) == layout.run(RUNS[0])


def test_a_run_is_found_by_the_beginning_of_its_id(layout: Layout) -> None:
    assert find_run(None, layout) == find_run("latest", layout) == layout.run(RUNS[2])
    assert find_run("20261128", layout) == layout.run(RUNS[1])
    with pytest.raises(StorageError, match=r"'202611': 3 runs begin so; choose one of 20261127T020000Z-aaaaaaaa, "):
        find_run("202611", layout)
    with pytest.raises(StorageError, match=r"'2025': no such complete run; choose one of 20261127T020000Z-aaaaaaaa, "):
        find_run("2025", layout)


def test_without_a_run_the_way_to_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no complete run yet; `genemine mine` makes one"):
        find_run(None, Layout(tmp_path))


def test_reliability_is_that_of_the_classifier_that_made_the_run(tmp_path: Path) -> None:
    """As training records it in the bundle; the shipped bundle has it."""
    config = bundle_folder("relations") / "config.json"
    manifest = {"settings": {"relate": {"bundle": ""}}, "models": {"relations": {"sha256": file_sha256(config)}}}
    bins = reliability(manifest)
    assert sum(one["n"] for one in bins) == 679  # BioRED's development part, as the model card says
    assert all(0 <= one["low"] <= one["mean_score"] <= one["high"] <= 1 for one in bins)
    assert reliability({"models": {"relations": {"sha256": "another"}}}) == []
    own = tmp_path / "config.json"
    own.write_text('{"model": {}}')
    manifest = {"settings": {"relate": {"bundle": str(tmp_path)}}, "models": {"relations": {"sha256": file_sha256(own)}}}
    assert reliability(manifest) == []
