"""Runs: a folder for each, ``run.json`` in it, and ``latest`` pointing to the newest complete one.

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


def publish_run(layout: Layout, run: Run, manifest: Mapping[str, Any]) -> Path:
    """Write ``run.json``, give the run its final name and point ``latest`` to it.

    Raises:
        StorageError: the folder cannot be written.
    """
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    write_whole(run.draft / MANIFEST, f"{text}\n".encode())
    try:
        if run.folder.exists():  # the same result within the same second
            shutil.rmtree(run.folder)
        run.draft.rename(run.folder)
    except OSError as error:
        raise cannot_write(run.folder, error) from error
    layout.set_latest(run.run_id)
    return run.folder


def latest_run(layout: Layout) -> Path | None:
    """The newest complete run, or None before the first."""
    return layout.latest.resolve() if (layout.latest / MANIFEST).is_file() else None


def forget_fingerprint(layout: Layout) -> None:
    """Let the next mining make tables even if nothing seems to have changed: what the newest run was made from no longer counts.

    Raises:
        StorageError: the run's manifest cannot be read or written.
    """
    folder = latest_run(layout)
    if folder is not None:
        manifest = read_manifest(folder) | {"fingerprint": ""}
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
