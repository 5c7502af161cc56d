"""Remove what nobody needs any more below ``data/processed``: first :func:`find`, which only looks, then :func:`prune`.

All of it can be made again from ``data/raw``, which is never touched. What goes, and why:

- **runs** that are neither among the newest ``keep_runs`` nor younger than ``keep_days``. Never ``latest``, nor a run newer than it
  (it waits to be released), nor one that a person released or set aside, nor one with a file ``keep`` in its folder;
- **orphans**: shards whose raw shard is gone;
- **stale shards**: those that the next mining would make again with these settings;
- **leftovers** of killed writers: drafts and temporary files that nobody has written to for a day.

A run loses its name first and its files after, and a stage's first shard goes before those that belong to it, so that whoever is
killed in the middle leaves nothing that looks whole and is not.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from genemine.config import Settings
from genemine.pipeline.copies import JOINED, SIGNED
from genemine.pipeline.stages import ARTICLE_PAIRS, STAGES
from genemine.records import StepReport
from genemine.storage.files import TEMPORARY_SUFFIX, cannot_write
from genemine.storage.layout import Layout, batch_of
from genemine.storage.lock import held
from genemine.storage.manifest import MANIFEST, latest_run, read_manifest

log = logging.getLogger(__name__)

RUN, ORPHAN, STALE, LEFTOVER = "run", "orphan", "stale shard", "leftover"
KINDS = (RUN, ORPHAN, STALE, LEFTOVER)
KEEP = "keep"  # a file of this name in a run's folder keeps it, whatever is in it
GONE = ".gone"  # ends the name of a run that is being removed
LEFT_AFTER = timedelta(days=1)  # no writer pauses so long
_SHARDS_OF = {
    "articles": ("deletions", "dropped"),
    "relations": (ARTICLE_PAIRS,),
}  # written with the first, which says they are there


@dataclass(frozen=True)
class Prunable:
    """A file or folder that may go: of which kind, how large, and why."""

    kind: str
    path: Path
    n_bytes: int
    why: str


@dataclass(frozen=True)
class PrunePlan:
    """What would go, and which runs stay for what reason."""

    data_dir: Path
    items: tuple[Prunable, ...]
    kept_runs: tuple[tuple[str, str], ...]  # (run, why it stays)

    @property
    def n_bytes(self) -> int:
        """The space that would be free."""
        return sum(item.n_bytes for item in self.items)


def find(settings: Settings, now: datetime | None = None) -> PrunePlan:
    """Look for what may go; changes nothing.

    Args:
        settings: ``retention`` says how much is kept; the settings of the stages say which shards still count.
        now: the time; None takes the clock's.

    Raises:
        StorageError: there is no data folder, or a run's manifest is damaged.
        BundleError, VocabularyError: a model or the lexicon of the settings cannot be used.
    """
    layout, moment = Layout(settings.data_dir), now or datetime.now(UTC)
    layout.require()
    runs, kept = _runs(layout, settings, moment)
    items = [*runs, *_orphans(layout), *_stale(layout, settings), *_leftovers(layout, moment)]
    return PrunePlan(settings.data_dir, tuple(items), tuple(kept))


def prune(plan: PrunePlan, progress: Callable[[int, int], None] | None = None) -> int:
    """Remove what a plan names; gives the number of files and folders removed. What is gone already is no fault.

    Raises:
        StorageError: something cannot be removed, or another process works in the folder.
    """
    layout = Layout(plan.data_dir)
    latest = latest_run(layout)
    removed = 0
    with held(layout.processed, "pruning"):
        for done, item in enumerate(plan.items):
            if progress:
                progress(done, len(plan.items))
            if latest is not None and item.path.resolve() == latest:  # released since the plan was made
                continue
            removed += _remove(item)
    if progress:
        progress(len(plan.items), len(plan.items))
    return removed


def prune_all(settings: Settings) -> StepReport:
    """Find and remove in one go, for the nightly flow.

    Raises:
        StorageError, BundleError, VocabularyError: as :func:`find` and :func:`prune` do.
    """
    started = time.monotonic()
    plan = find(settings)
    prune(plan)
    counts = {kind: sum(item.kind == kind for item in plan.items) for kind in KINDS} | {"bytes": plan.n_bytes}
    log.info("prune: %s", ", ".join(f"{count:,} {name}" for name, count in counts.items()))
    return StepReport("prune", counts, time.monotonic() - started)


def _runs(layout: Layout, settings: Settings, now: datetime) -> tuple[list[Prunable], list[tuple[str, str]]]:
    latest, choice = latest_run(layout), settings.retention
    folders = sorted((path for path in layout.runs.glob("[!.]*") if (path / MANIFEST).is_file()), reverse=True)
    gone, kept = [], []
    for place, folder in enumerate(folders):
        manifest = read_manifest(folder)
        age = now - datetime.fromisoformat(manifest["started"])
        gate = manifest.get("gate", {})
        if latest is not None and folder.resolve() == latest:
            kept.append((folder.name, "latest"))
        elif latest is None or folder.name > latest.name:
            kept.append((folder.name, "newer than latest"))
        elif (folder / KEEP).exists():
            kept.append((folder.name, f"a file '{KEEP}' is in it"))
        elif "release" in gate:
            kept.append((folder.name, f"{gate.get('verdict', 'released')} by a person"))
        elif place < choice.keep_runs:
            kept.append((folder.name, f"one of the newest {choice.keep_runs}"))
        elif age < timedelta(days=choice.keep_days):
            kept.append((folder.name, f"younger than {choice.keep_days} days"))
        else:
            gone.append(Prunable(RUN, folder, _size(folder), f"{age.days} days old"))
    return gone, kept


def _orphans(layout: Layout) -> Iterator[Prunable]:
    batches = _batches(layout)
    if not batches:  # no raw shard at all is a disk that is not there, not a corpus that was given up
        return
    for stage in _shard_folders():
        wanted = {layout.shard(stage, batch) for batch in batches}
        for shard in layout.shards(stage):
            if shard not in wanted:
                yield Prunable(ORPHAN, shard, _size(shard), "its raw shard is gone")


def _stale(layout: Layout, settings: Settings) -> Iterator[Prunable]:
    made_again: set[str] = set()
    for stage in STAGES:
        for batch in _batches(layout):
            shard = layout.shard(stage.target, batch)
            if not shard.exists():
                continue
            # what is made from a shard that is made again is made again too
            if batch not in made_again and stage.is_made(batch, settings):
                continue
            made_again.add(batch)
            for name in (stage.target, *_SHARDS_OF.get(stage.target, ())):
                if (path := layout.shard(name, batch)).exists():
                    yield Prunable(STALE, path, _size(path), "made with other settings, models or by another version")


def _leftovers(layout: Layout, now: datetime) -> Iterator[Prunable]:
    found = [*layout.processed.rglob(f"*{TEMPORARY_SUFFIX}"), *layout.runs.glob(".*.draft"), *layout.runs.glob(f".*{GONE}")]
    for path in sorted(set(found)):
        if any(parent in found for parent in path.parents):
            continue
        idle = now - _touched(path)
        if path.suffix == GONE or idle > LEFT_AFTER:
            yield Prunable(LEFTOVER, path, _size(path), "of a run that was killed")


def _batches(layout: Layout) -> list[str]:
    return [f"{raw.parent.name}/{batch_of(raw)}" for raw in layout.raw_files()]


def _shard_folders() -> list[str]:
    return [*(name for stage in STAGES for name in (stage.target, *_SHARDS_OF.get(stage.target, ()))), SIGNED, JOINED]


def _touched(path: Path) -> datetime:
    """When anything in a file or folder was last written."""
    times = [each.lstat().st_mtime for each in (path, *(path.rglob("*") if path.is_dir() and not path.is_symlink() else ()))]
    return datetime.fromtimestamp(max(times), UTC)


def _size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    if path.is_dir() and not path.is_symlink():
        return sum(each.lstat().st_size for each in path.rglob("*") if each.is_file())
    return path.lstat().st_size


def _remove(item: Prunable) -> int:
    path = item.path
    try:
        if item.kind == RUN:
            path = item.path.with_name(f".{item.path.name}{GONE}")
            item.path.rename(path)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise cannot_write(item.path, error) from error
    return 1
