"""``genemine prune``: looks first, removes when told to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from genemine.storage.layout import Layout

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def old_run(tmp_path: Path) -> Path:
    layout = Layout(tmp_path / "data")
    layout.prepare()
    for run_id, day in (("20200101T000000Z-0123abcd", "2020-01-01"), ("20200201T000000Z-0123abcd", "2020-02-01")):
        layout.run(run_id).mkdir()
        (layout.run(run_id) / "run.json").write_text(json.dumps({"run_id": run_id, "started": f"{day}T00:00:00+00:00"}))
    layout.set_latest("20200201T000000Z-0123abcd")
    return layout.run("20200101T000000Z-0123abcd")


def test_only_yes_removes(run: Run, old_run: Path) -> None:
    status, out, _ = run("prune", "--keep-runs", "1")
    assert status == 0
    assert out.startswith("1 run, ")
    assert "    processed/runs/20200101T000000Z-0123abcd  " in out
    assert "stays: 20200201T000000Z-0123abcd  latest\n" in out
    assert out.endswith("Nothing was changed; the same command with --yes removes this\n")
    assert old_run.exists()
    status, out, _ = run("prune", "--keep-runs", "1", "--yes")
    assert (status, out.splitlines()[-1]) == (0, "Removed: 1")
    assert not old_run.exists()
    assert run("prune", "--keep-runs", "1")[1].endswith("There is nothing to remove\n")


def test_json_lists_all(run: Run, old_run: Path) -> None:
    told = json.loads(run("prune", "--keep-runs", "1", "--json")[1])
    assert told["removed"] == 0
    assert [(item["kind"], item["path"]) for item in told["items"]] == [("run", "processed/runs/20200101T000000Z-0123abcd")]
    assert told["bytes"] == sum(path.stat().st_size for path in old_run.iterdir())


def test_no_data_folder_is_told(run: Run) -> None:
    status, _, err = run("prune", "--data-dir", "nowhere")
    assert status == 2
    assert "nowhere: no data folder" in err
