from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from genemine.errors import StorageError
from genemine.storage.layout import Layout
from genemine.storage.manifest import latest_run, publish_run, read_manifest, start_run

NOW = datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC)


def test_a_run_is_invisible_until_published_and_then_latest(tmp_path: Path) -> None:
    run = start_run(Layout(tmp_path), "abcdef0123456789", NOW)
    assert run.run_id == "20261123T020005Z-abcdef01"
    assert latest_run(Layout(tmp_path)) is None
    assert not run.folder.exists()
    folder = publish_run(Layout(tmp_path), run, {"run_id": run.run_id})
    assert latest_run(Layout(tmp_path)) == folder.resolve()
    assert read_manifest(folder) == {"run_id": "20261123T020005Z-abcdef01"}
    assert [p.name for p in Layout(tmp_path).runs.iterdir()] == ["20261123T020005Z-abcdef01"]


def test_latest_moves_to_the_newer_run(tmp_path: Path) -> None:
    publish_run(Layout(tmp_path), start_run(Layout(tmp_path), "a" * 64, NOW), {})
    second = publish_run(Layout(tmp_path), start_run(Layout(tmp_path), "b" * 64, NOW), {})
    assert latest_run(Layout(tmp_path)) == second.resolve()


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
