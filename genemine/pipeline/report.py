"""The report of a run: written into its folder beside the tables, and made anew when asked."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genemine.config import ReportSettings, Settings
from genemine.errors import StorageError
from genemine.resources import bundle_folder
from genemine.storage.files import write_whole
from genemine.storage.layout import Layout
from genemine.storage.manifest import MANIFEST, is_held, latest_run, read_manifest
from genemine.storage.shards import file_sha256

log = logging.getLogger(__name__)

REPORT = "report.html"


def add_report(folder: Path, manifest: Mapping[str, Any], layout: Layout, settings: ReportSettings) -> Path:
    """Write report.html into the folder of a run, published or not.

    Args:
        folder: holds the run's tables.
        manifest: what is or will be its run.json.
        layout: the data folder, for the run before this one.
        settings: how much of the run is shown.

    Raises:
        StorageError: a table is missing or damaged, or the folder cannot be written.
    """
    from genemine.report.page import report_page

    before = previous_run(layout, str(manifest["run_id"]))
    # as it will be read back: lists for tuples, so that a run compares with the one before
    written = json.loads(json.dumps(manifest))
    page = report_page(folder, written, (before, read_manifest(before)) if before else None, settings, reliability(written))
    path = folder / REPORT
    write_whole(path, page.encode())
    log.info("report: %s, %.1f MB", path.name, path.stat().st_size / 1e6)
    return path


def reliability(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What training recorded of the reliability of a run's pair classifier; empty where another one lies in its place by now."""
    chosen = manifest.get("settings", {}).get("relate", {}).get("bundle", "")
    config = (Path(chosen) if chosen else bundle_folder("relations")) / "config.json"
    if not config.is_file() or file_sha256(config) != manifest["models"]["relations"]["sha256"]:
        return []
    recorded: list[dict[str, Any]] = json.loads(config.read_text("utf-8"))["model"].get("training", {}).get("reliability", [])
    return recorded


def rebuild_report(run_id: str | None, settings: Settings) -> Path:
    """Make the report of a run anew, with today's templates and settings.

    Args:
        run_id: the run; None or "latest" take the newest complete one.
        settings: where the runs are, and how much is shown.

    Raises:
        StorageError: there is no such run, or it is incomplete.
    """
    layout = Layout(settings.data_dir)
    layout.require()
    folder = find_run(run_id, layout)
    return add_report(folder, read_manifest(folder), layout, settings.report)


def find_run(run_id: str | None, layout: Layout) -> Path:
    """The folder of a complete run; its id may be shortened as long as it names one.

    Raises:
        StorageError: there is none, or several begin so.
    """
    if run_id in (None, "latest"):
        if newest := latest_run(layout):
            return newest
        raise StorageError(f"{layout.processed}: no complete run yet; `genemine mine` makes one")
    runs = complete_runs(layout)
    found = [run for run in runs if run.name.startswith(str(run_id))]
    if len(found) == 1:
        return found[0]
    known = ", ".join(run.name for run in (found or runs)[-5:]) or "none"
    what = f"{len(found)} runs begin so" if found else "no such complete run"
    raise StorageError(f"{layout.runs}: {run_id!r}: {what}; choose one of {known}")


def complete_runs(layout: Layout) -> list[Path]:
    """The folders of all complete runs, oldest first: their ids begin with their time."""
    return sorted(path.parent for path in layout.runs.glob(f"[!.]*/{MANIFEST}"))


def previous_run(layout: Layout, run_id: str) -> Path | None:
    """The newest complete run before one whose tables are not held back; None where there is none.

    Raises:
        StorageError: a manifest is damaged.
    """
    before = (run for run in reversed(complete_runs(layout)) if run.name < run_id)
    return next((run for run in before if not is_held(read_manifest(run))), None)
