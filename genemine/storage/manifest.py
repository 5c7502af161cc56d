"""Runs: a folder for each, ``run.json`` in it, and ``latest`` pointing to the newest complete one.

A run is written under a temporary name and renamed when everything is in it, so a folder without the leading dot is complete.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from genemine.errors import StorageError

MANIFEST = "run.json"
LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is being written: its id, the folder to write into, and the folder it will be."""

    run_id: str
    draft: Path
    folder: Path


def start_run(runs: Path, fingerprint: str, now: datetime | None = None) -> Run:
    """Make the draft folder of a new run.

    Args:
        runs: the folder of all runs (data/processed/runs).
        fingerprint: hex digest of everything that the run's result depends on; its head ends the run id.
        now: the time of the run; None takes the clock's.

    Raises:
        StorageError: the folder cannot be written.
    """
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    run_id = f"{stamp}-{fingerprint[:8]}"
    draft = runs / f".{run_id}.draft"
    try:
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(parents=True)
    except OSError as error:
        raise StorageError(
            f"{runs}: no run can be written here ({error.strerror}); mend the rights or choose another --data"
        ) from error
    return Run(run_id=run_id, draft=draft, folder=runs / run_id)


def publish_run(run: Run, manifest: Mapping[str, Any]) -> Path:
    """Write ``run.json``, give the run its final name and point ``latest`` to it.

    Raises:
        StorageError: the folder cannot be written.
    """
    try:
        text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=False)
        (run.draft / MANIFEST).write_text(text + "\n", encoding="utf-8")
        if run.folder.exists():  # the same result within the same second
            shutil.rmtree(run.folder)
        run.draft.rename(run.folder)
        pointer = run.folder.parent.parent / LATEST
        temporary = pointer.with_name(f".{LATEST}.{os.getpid()}")
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(Path("runs") / run.run_id, target_is_directory=True)
        temporary.replace(pointer)
    except OSError as error:
        raise StorageError(f"{run.folder}: the run cannot be published ({error.strerror}); free the disk and mine again") from error
    return run.folder


def latest_run(processed: Path) -> Path | None:
    """The newest complete run, or None before the first."""
    pointer = processed / LATEST
    return pointer.resolve() if (pointer / MANIFEST).is_file() else None


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
