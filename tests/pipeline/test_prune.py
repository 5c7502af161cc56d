"""What goes, what stays, and that whoever is killed in the middle leaves nothing that looks whole and is not."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from genemine.config import Settings, load_settings
from genemine.errors import StorageError
from genemine.pipeline import prune as module
from genemine.pipeline.prune import find, prune, prune_all
from genemine.pipeline.stages import Stage
from genemine.records import Deletion
from genemine.storage.layout import Layout
from genemine.storage.lock import held
from genemine.storage.manifest import latest_run
from genemine.storage.shards import write_shard

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Made = Callable[[str, Settings], str]


def run(layout: Layout, days_old: int, gate: Mapping[str, Any] | None = None) -> str:
    started = NOW - timedelta(days=days_old)
    run_id = f"{started:%Y%m%dT%H%M%SZ}-0123abcd"
    folder = layout.run(run_id)
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"run_id": run_id, "started": started.isoformat(), "gate": gate or {}}))
    (folder / "associations.csv").write_text("x" * 1000)
    return run_id


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A data folder with two raw shards and no shard of a stage."""
    found = Layout(tmp_path)
    (tmp_path / "raw" / "entrez").mkdir(parents=True)
    for name in ("b1", "b2"):
        found.raw_file("entrez", name).write_bytes(b"raw")
    found.prepare()
    return found


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two stages whose shards need no model; those of the second are made of the first's."""
    chain = [
        Stage(name, target, Deletion, lambda batch, settings, name=name: f"{name} {settings.train.seed}", lambda *_: {})
        for name, target in (("clean", "articles"), ("relate", "relations"))
    ]
    monkeypatch.setattr(module, "STAGES", chain)


def shard(layout: Layout, stage: str, batch: str, made_from: str) -> Path:
    path = layout.shard(stage, batch)
    write_shard(path, [], Deletion, made_from)
    return path


def old(path: Path, days: float = 2) -> None:
    then = time.time() - days * 86_400
    for each in (path, *path.rglob("*")):
        os.utime(each, (then, then))


def test_runs_go_that_neither_number_nor_age_keeps(layout: Layout, stages: None) -> None:
    ids = {days: run(layout, days) for days in (400, 300, 200, 50, 10, 1)}
    layout.set_latest(ids[1])
    plan = find(load_settings(data_dir=layout.data_dir, retention__keep_runs=2, retention__keep_days=100), NOW)
    assert [(item.path.name, item.why) for item in plan.items] == [
        (ids[200], "200 days old"), (ids[300], "300 days old"), (ids[400], "400 days old"),
    ]  # fmt: skip
    assert plan.kept_runs == (
        (ids[1], "latest"), (ids[10], "one of the newest 2"), (ids[50], "younger than 100 days"),
    )  # fmt: skip
    assert plan.n_bytes == sum(path.stat().st_size for days in (200, 300, 400) for path in layout.run(ids[days]).iterdir())
    assert len(list(layout.runs.iterdir())) == 6, "looking changes nothing"
    assert prune(plan) == 3
    assert sorted(path.name for path in layout.runs.iterdir()) == sorted(ids[days] for days in (50, 10, 1))


def test_a_run_in_use_waiting_released_or_marked_stays(layout: Layout, stages: None) -> None:
    released = run(layout, 500, {"verdict": "released", "release": {"by": "ann", "at": "2025-06-01", "why": "checked"}})
    marked, in_use, waiting = run(layout, 450), run(layout, 400), run(layout, 300, {"verdict": "held back"})
    (layout.run(marked) / "keep").touch()
    layout.set_latest(in_use)
    gone = run(layout, 600)
    plan = find(load_settings(data_dir=layout.data_dir, retention__keep_runs=1, retention__keep_days=0), NOW)
    assert [item.path.name for item in plan.items] == [gone]
    assert plan.kept_runs == (
        (waiting, "newer than latest"), (in_use, "latest"), (marked, "a file 'keep' is in it"), (released, "released by a person"),
    )  # fmt: skip


def test_a_run_that_was_put_in_use_after_looking_stays(layout: Layout, stages: None) -> None:
    older = run(layout, 500)
    layout.set_latest(run(layout, 1))
    plan = find(load_settings(data_dir=layout.data_dir, retention__keep_runs=1), NOW)
    layout.set_latest(older)
    assert prune(plan) == 0
    assert latest_run(layout) == layout.run(older).resolve()


def test_shards_without_a_raw_shard_go(layout: Layout, stages: None) -> None:
    for stage, made_from in (("articles", "clean 20261123"), ("relations", "relate 20261123"), ("copies", "x")):
        shard(layout, stage, "entrez/b1", made_from)
        shard(layout, stage, "entrez/b9", made_from)
    plan = find(Settings(data_dir=layout.data_dir), NOW)
    assert [(item.kind, item.path) for item in plan.items] == [
        ("orphan", layout.shard(stage, "entrez/b9")) for stage in ("articles", "relations", "copies")
    ]
    prune(plan)
    assert [path.name for path in layout.processed.rglob("*.parquet")] == ["entrez.b1.parquet"] * 3
    shutil.rmtree(layout.raw / "entrez")
    assert find(Settings(data_dir=layout.data_dir), NOW).items == (), "a disk that is not there is no reason to remove all"


def test_shards_that_would_be_made_again_go_with_what_was_made_of_them(layout: Layout, stages: None) -> None:
    for batch in ("entrez/b1", "entrez/b2"):
        for stage, made_from in (("articles", "clean 20261123"), ("dropped", "clean 20261123"), ("relations", "relate 20261123")):
            shard(layout, stage, batch, made_from)
    shard(layout, "articles", "entrez/b2", "clean 7")
    plan = find(Settings(data_dir=layout.data_dir), NOW)
    assert [(item.kind, item.path) for item in plan.items] == [
        ("stale shard", layout.shard(stage, "entrez/b2")) for stage in ("articles", "dropped", "relations")
    ]


def test_drafts_and_temporary_files_go_when_nobody_writes_to_them(layout: Layout, stages: None) -> None:
    draft, part = layout.runs / ".20261030T000000Z-0123abcd.draft", layout.processed / "articles" / "entrez.b1.parquet.77.part"
    draft.mkdir()
    (draft / "associations.csv.77.part").write_text("half")
    part.parent.mkdir()
    part.write_text("half")
    now = datetime.now(UTC)
    assert find(Settings(data_dir=layout.data_dir), now).items == ()
    old(draft)
    old(part)
    plan = find(Settings(data_dir=layout.data_dir), now)
    assert [(item.kind, item.path, item.n_bytes) for item in plan.items] == [("leftover", part, 4), ("leftover", draft, 4)]
    prune(plan)
    assert not draft.exists()
    assert not part.exists()


def test_killed_in_the_middle_of_a_run_leaves_no_half_of_it(layout: Layout, stages: None, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = run(layout, 500)
    layout.set_latest(run(layout, 1))
    settings = load_settings(data_dir=layout.data_dir, retention__keep_runs=1)

    def killed(path: Path) -> None:
        (path / "associations.csv").unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module.shutil, "rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            prune(find(settings, NOW))
    assert not layout.run(gone).exists()
    plan = find(settings, NOW)
    assert [(item.kind, item.path.name) for item in plan.items] == [("leftover", f".{gone}.gone")]
    assert prune(plan) == 1
    assert find(settings, NOW).items == ()


def test_the_nightly_step_does_both_and_counts(layout: Layout, stages: None) -> None:
    run(layout, 500)
    layout.set_latest(run(layout, 1))
    report = prune_all(load_settings(data_dir=layout.data_dir, retention__keep_runs=1))
    assert report.counts["run"] == 1
    assert report.counts["bytes"] > 1000
    assert [path.name for path in layout.runs.iterdir()] == [latest_run(layout).name]  # type: ignore[union-attr]


def test_what_is_gone_already_is_no_fault_and_one_prunes_at_a_time(layout: Layout, stages: None) -> None:
    gone = run(layout, 500)
    layout.set_latest(run(layout, 1))
    plan = find(load_settings(data_dir=layout.data_dir, retention__keep_runs=1), NOW)
    with held(layout.processed, "pruning"), pytest.raises(StorageError, match=r"processed: held by process \d+ .*, pruning since"):
        prune(plan)
    shutil.rmtree(layout.run(gone))
    assert prune(plan) == 0
