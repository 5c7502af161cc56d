from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from genemine.errors import StorageError
from genemine.storage.layout import Layout
from genemine.storage.manifest import complete_run, later_runs, latest_run, read_manifest, standing_run, start_run

NOW = datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC)


def test_a_run_is_invisible_until_complete_and_in_use_when_latest_points_to_it(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    run = start_run(layout, "abcdef0123456789", NOW)
    assert run.run_id == "20261123T020005Z-abcdef01"
    assert not run.folder.exists()
    folder = complete_run(run, {"run_id": run.run_id})
    assert latest_run(layout) is None
    assert later_runs(layout) == [folder]
    layout.set_latest(run.run_id)
    assert latest_run(layout) == folder.resolve()
    assert later_runs(layout) == []
    assert read_manifest(folder) == {"run_id": "20261123T020005Z-abcdef01"}
    assert [p.name for p in layout.runs.iterdir()] == ["20261123T020005Z-abcdef01"]


def test_the_run_made_from_the_same_is_found_in_use_or_after_it(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    made = [
        complete_run(start_run(layout, letter * 64, NOW + timedelta(days=day)), {"fingerprint": letter * 64})
        for day, letter in enumerate("abc")
    ]
    assert standing_run(layout, "b" * 64) == made[1]
    layout.set_latest(made[1].name)
    assert [standing_run(layout, letter * 64) for letter in "abc"] == [None, made[1].resolve(), made[2]]


def test_a_draft_left_by_a_killed_run_is_replaced(tmp_path: Path) -> None:
    (start_run(Layout(tmp_path), "a" * 64, NOW).draft / "articles.csv").write_text("half")
    assert list(start_run(Layout(tmp_path), "a" * 64, NOW).draft.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "processed").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="cannot be written"):
        start_run(Layout(tmp_path), "a" * 64, NOW)


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(StorageError, match=r"run\.json: not a readable manifest"):
        read_manifest(tmp_path)
