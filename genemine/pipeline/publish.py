"""A run takes its place: compared with the run in use, then in use itself, or held back until a person releases it.

What the gate found stands in the run's ``run.json`` under ``gate``; so does who released it, when and why. A run is complete in
``runs/`` whatever the gate says, and only ``latest`` tells which tables are in use. A run that is held back is never made again,
and is never the one that others are compared with; each mining compares it anew, by the bounds of the day.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from genemine.config import Settings
from genemine.errors import StorageError
from genemine.pipeline.gate import differences, judge
from genemine.pipeline.tabulate import MineReport
from genemine.pipeline.validate_report import Line, Verdict, warned
from genemine.storage.layout import Layout
from genemine.storage.manifest import HELD, MANIFEST, SET_ASIDE, is_held, latest_run, read_manifest, write_manifest
from genemine.storage.query import add_shards, duck
from genemine.tables.compare import COMPARED, compare

log = logging.getLogger(__name__)

FIRST, OFF, PASSED, RELEASED = "first", "off", "passed", "released"  # the other two: storage/manifest.py


def publish(report: MineReport, settings: Settings) -> MineReport:
    """Compare a run with the one in use and let it take its place, or say in ``held`` why it does not.

    Raises:
        StorageError: a table cannot be read, or ``run.json`` or ``latest`` cannot be written.
    """
    layout = Layout(settings.data_dir)
    latest = latest_run(layout)
    if latest == report.folder.resolve():
        return report
    manifest = read_manifest(report.folder)
    if manifest.get("gate", {}).get("verdict") not in (RELEASED, SET_ASIDE):
        manifest["gate"] = _gate(report.folder, latest, settings)
        write_manifest(report.folder, manifest)
    if is_held(manifest):
        why = held_for(manifest)
        log.warning("gate: run %s is held back, latest stays: %s", report.run_id, "; ".join(why))
        return replace(report, held=why)
    layout.set_latest(report.run_id)
    log.info("gate: run %s is in use (%s)", report.run_id, manifest["gate"]["verdict"])
    return report


def release(run_id: str, settings: Settings, by: str, why: str, *, force: bool = False) -> str:
    """Let a run that is held back take its place all the same; gives a line that says what was done.

    Args:
        run_id: the name of its folder in ``runs/``.
        settings: for the data folder.
        by: who releases it.
        why: the reason, for those who come after.
        force: also where the run is older than the one in use, which is then set aside: no mining puts it back by itself.

    Raises:
        StorageError: there is no such run, it is older than the one in use, or the folder cannot be written.
    """
    layout = Layout(settings.data_dir)
    layout.require()
    folder, latest = _existing(layout, run_id), latest_run(layout)
    if latest is not None and latest.name == run_id:
        return f"run {run_id} is in use already"
    note = {"by": by, "at": datetime.now(UTC).isoformat(timespec="seconds"), "why": why}
    older = latest is not None and run_id < latest.name
    if older and not force:
        raise StorageError(f"{folder}: older than run {latest.name if latest else ''}, which is in use; --force goes back to it")
    _record(folder, RELEASED, note)
    layout.set_latest(run_id)
    if older and latest is not None:
        _record(latest, SET_ASIDE, note)
    log.info("gate: run %s is in use, released by %s: %s", run_id, by, why)
    return f"run {run_id} is in use now" + (f"; run {latest.name} was set aside" if older and latest else "")


def held_for(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Why a run is held back, a sentence each; what differs between the two runs comes last."""
    gate = manifest.get("gate", {})
    if gate.get("verdict") == SET_ASIDE:
        note = gate["release"]
        return (f"set aside by {note['by']} on {note['at'][:10]}: {note['why']}",)
    reasons = [f"{line['check']}: {line['what']}" for line in gate.get("lines", []) if line["verdict"] == Verdict.FAIL]
    differs = gate.get("differs", [])
    return (*reasons, *([f"made by other means than the run before: {'; '.join(differs)}"] if reasons and differs else []))


def _gate(folder: Path, latest: Path | None, settings: Settings) -> dict[str, Any]:
    """Judge a run; the first one passes, as there is nothing better to keep."""
    judged = datetime.now(UTC).isoformat(timespec="seconds")
    if latest is None or not settings.gate.enabled:
        return {"verdict": FIRST if latest is None else OFF, "judged": judged, "lines": []}
    before, after = read_manifest(latest), read_manifest(folder)
    lines = [*_compared(latest, folder, settings), *_validated(folder, settings)]
    return {
        "verdict": HELD if any(line.verdict is Verdict.FAIL for line in lines) else PASSED,
        "compared_with": before["run_id"],
        "judged": judged,
        "differs": list(differences(before, after)),
        "lines": [{"check": one.check, "verdict": one.verdict.value, "what": one.what, "mend": one.mend} for one in lines],
    }


def _compared(latest: Path, folder: Path, settings: Settings) -> Sequence[Line]:
    """The lines of the gate; tables in use that cannot be read keep nothing back."""
    manifests = before, after = read_manifest(latest), read_manifest(folder)
    try:
        with duck("tables of the two runs", folder) as connection:
            for side, run in (("before", latest), ("after", folder)):
                for name in COMPARED:
                    add_shards(connection, f"{side}_{name}", [(run / f"{name}.parquet", 0)])
            compared = compare(connection)
    except StorageError as error:
        return [warned("tables in use", f"not compared: {error}", "look at the tables yourself")]
    copies_before, copies_after = (int(manifest["counts"].get("copies", 0)) for manifest in manifests)
    return judge(compared, (before["tables"], after["tables"]), (copies_before, copies_after), settings.gate)


def _validated(folder: Path, settings: Settings) -> list[Line]:
    """What `genemine validate` finds wrong in the tables."""
    from genemine.pipeline.validate import OF_TABLES, validate  # it looks at runs that are held back, and so imports this file

    if not settings.gate.validate:
        return []
    report = validate(settings, sample=0, offline=True, run=folder, checks=OF_TABLES)
    asked = [line for line in report.lines if line.verdict in (Verdict.PASS, Verdict.FAIL)]
    return [replace(line, check=f"validate: {line.check}") for line in asked]


def _existing(layout: Layout, run_id: str) -> Path:
    names = sorted(path.parent.name for path in layout.runs.glob(f"[!.]*/{MANIFEST}"))
    if run_id not in names:
        there = ", ".join(names[-5:]) or "none"
        raise StorageError(f"{layout.runs}: no run {run_id!r}; the newest there: {there}")
    return layout.run(run_id)


def _record(folder: Path, verdict: str, note: Mapping[str, str]) -> None:
    manifest = read_manifest(folder)
    write_manifest(folder, manifest | {"gate": manifest.get("gate", {}) | {"verdict": verdict, "release": dict(note)}})
