"""``genemine prune``: shows what of the processed data nobody needs any more, and removes it when told to."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genemine.cli.progress import bar
from genemine.config import load_settings

if TYPE_CHECKING:
    from genemine.pipeline.prune import Prunable, PrunePlan

_SHOWN = 3  # examples of a kind of which there may be thousands


def prune(
    yes: Annotated[bool, typer.Option("--yes", help="Remove what is shown; without it nothing is changed.")] = False,
    keep_runs: Annotated[
        int | None, typer.Option(help="Keep so many of the newest runs, before retention.keep_runs.", min=1)
    ] = None,
    keep_days: Annotated[
        int | None, typer.Option(help="Keep runs younger than so many days, before retention.keep_days.", min=0)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of lines for people.")] = False,
    data_dir: Annotated[
        Path | None, typer.Option(help="The data folder, with raw/ and processed/ in it.  \\[default: data]")
    ] = None,
    settings: Annotated[Path | None, typer.Option("--settings", help="A TOML file of settings; see docs/settings.md.")] = None,
) -> None:
    """Show what may go below data/processed, and how much space that is; with --yes remove it.

    Old runs; shards whose raw shard is gone, or that the next mining would make again with these settings; what killed runs left.
    Never data/raw, verdicts, the tables in use, a run that waits to be released or that a person released, nor a run with a
    file named keep in its folder.
    """
    from genemine.pipeline.prune import find
    from genemine.pipeline.prune import prune as remove

    chosen = load_settings(settings, os.environ, data_dir=data_dir, retention__keep_runs=keep_runs, retention__keep_days=keep_days)
    plan, n_removed = find(chosen), 0
    if not as_json:
        _show(plan)
    if yes and plan.items:
        with bar("Removing", "items") as progress:
            n_removed = remove(plan, progress)
    if as_json:
        typer.echo(json.dumps(_document(plan, n_removed), indent=2, ensure_ascii=False))
    elif yes:
        typer.echo(f"Removed: {n_removed:,}")
    elif plan.items:
        typer.echo("Nothing was changed; the same command with --yes removes this")


def _show(plan: PrunePlan) -> None:
    from genemine.pipeline.prune import KINDS, RUN

    for kind in KINDS:
        items = [item for item in plan.items if item.kind == kind]
        if items:
            typer.echo(f"{len(items):,} {kind}{'s' if len(items) > 1 else ''}, {_size(sum(item.n_bytes for item in items))}")
        shown = items if kind == RUN else items[:_SHOWN]
        for item in shown:
            typer.echo(f"    {item.path.relative_to(plan.data_dir)}  {_size(item.n_bytes)}  {item.why}")
        if len(items) > len(shown):
            typer.echo(f"    and {len(items) - len(shown):,} more (--json lists all)")
    for run, why in plan.kept_runs:
        typer.echo(f"stays: {run}  {why}")
    typer.echo(f"To remove: {_size(plan.n_bytes)}" if plan.items else "There is nothing to remove")


def _document(plan: PrunePlan, n_removed: int) -> dict[str, object]:
    return {
        "data_dir": str(plan.data_dir),
        "removed": n_removed,
        "bytes": plan.n_bytes,
        "items": [_entry(plan, item) for item in plan.items],
        "kept_runs": [{"run": run, "why": why} for run, why in plan.kept_runs],
    }


def _entry(plan: PrunePlan, item: Prunable) -> dict[str, object]:
    return {"kind": item.kind, "path": str(item.path.relative_to(plan.data_dir)), "bytes": item.n_bytes, "why": item.why}


def _size(n_bytes: int) -> str:
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= scale:
            return f"{n_bytes / scale:.1f} {unit}"
    return f"{n_bytes} B"
