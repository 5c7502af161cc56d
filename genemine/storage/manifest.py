"""Runs: a folder for each, ``run.json`` in it, and ``latest`` pointing to the newest one that passed the gate.

A run is written under a temporary name and renamed when everything is in it, so a folder without the leading dot is complete.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from genemine.errors import StorageError
from genemine.storage.files import cannot_write, write_whole
from genemine.storage.layout import Layout

MANIFEST = "run.json"
HELD, SET_ASIDE = "held back", "set aside"  # verdicts of the gate on a run whose tables are not in use


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is being written: its id, the folder to write into, and the folder it will be."""

    run_id: str
    draft: Path
    folder: Path


def start_run(layout: Layout, fingerprint: str, now: datetime | None = None) -> Run:
    """Make the draft folder of a new run.

    Args:
        layout: the data folder.
        fingerprint: hex digest of everything that the run's result depends on; its head ends the run id.
        now: the time of the run; None takes the clock's.

    Raises:
        StorageError: the folder cannot be written.
    """
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    run_id = f"{stamp}-{fingerprint[:8]}"
    draft = layout.runs / f".{run_id}.draft"
    try:
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(parents=True)
    except OSError as error:
        raise cannot_write(draft, error) from error
    return Run(run_id=run_id, draft=draft, folder=layout.run(run_id))


def complete_run(run: Run, manifest: Mapping[str, Any]) -> Path:
    """Write ``run.json`` and give the run its final name; ``latest`` stays where it is (:meth:`Layout.set_latest` moves it).

    Raises:
        StorageError: the folder cannot be written.
    """
    write_manifest(run.draft, manifest)
    try:
        if run.folder.exists():  # the same result within the same second
            shutil.rmtree(run.folder)
        run.draft.rename(run.folder)
    except OSError as error:
        raise cannot_write(run.folder, error) from error
    return run.folder


def publish_run(layout: Layout, run: Run, manifest: Mapping[str, Any]) -> Path:
    """Complete a run and point ``latest`` to it without asking the gate.

    Raises:
        StorageError: the folder cannot be written.
    """
    folder = complete_run(run, manifest)
    layout.set_latest(run.run_id)
    return folder


def latest_run(layout: Layout) -> Path | None:
    """The newest run whose tables are in use, or None before the first."""
    return layout.latest.resolve() if (layout.latest / MANIFEST).is_file() else None


def later_runs(layout: Layout) -> list[Path]:
    """Complete runs newer than the one in use, oldest first: held back, or on their way."""
    latest = latest_run(layout)
    found = (folder for folder in layout.runs.glob("[!.]*") if (folder / MANIFEST).is_file())
    return sorted(folder for folder in found if latest is None or folder.name > latest.name)


def standing_run(layout: Layout, fingerprint: str) -> Path | None:
    """The run in use, or a later one, that was made from what this fingerprint stands for; None if there is none.

    Raises:
        StorageError: a manifest is damaged.
    """
    latest = latest_run(layout)
    for folder in [*reversed(later_runs(layout)), *([latest] if latest else [])]:
        if read_manifest(folder)["fingerprint"] == fingerprint:
            return folder
    return None


def is_held(manifest: Mapping[str, Any]) -> bool:
    """True where a run's tables wait for a person (:mod:`genemine.pipeline.publish`)."""
    return manifest.get("gate", {}).get("verdict") in (HELD, SET_ASIDE)


def forget_fingerprint(layout: Layout) -> None:
    """Let the next mining make tables even if nothing seems to have changed: what the newest runs were made from no longer counts.

    Raises:
        StorageError: a run's manifest cannot be read or written.
    """
    latest = latest_run(layout)
    for folder in [*([latest] if latest else []), *later_runs(layout)]:
        write_manifest(folder, read_manifest(folder) | {"fingerprint": ""})


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write a run's ``run.json``, whole or not at all.

    Raises:
        StorageError: it cannot be written.
    """
    write_whole(folder / MANIFEST, f"{json.dumps(manifest, indent=2, ensure_ascii=False)}\n".encode())


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a run's ``run.json``.

    Raises:
        StorageError: it is missing or damaged.
    """
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StorageError(f"{path}: not a readable manifest ({error}); mine again") from error
    return manifest
