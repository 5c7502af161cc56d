"""``genemine validate``: is what is on disk what PubMed has, and are the tables what is on disk?"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from genemine.cli.progress import stages
from genemine.config import load_settings

if TYPE_CHECKING:
    from genemine.pipeline.validate_report import Line, ValidationReport

_COLOURS = {"PASS": "green", "WARN": "bold yellow", "FAIL": "bold white on red", "not checked": "dim"}


def validate(
    data_dir: Annotated[
        Path | None, typer.Option(help="The data folder, with raw/ and processed/ in it.  \\[default: data]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of lines for people.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Ask PubMed nothing; those checks are told as not checked.")] = False,
    sample: Annotated[int, typer.Option(help="How many records to fetch again and compare; 0 for none.", min=0, max=10_000)] = 20,
    seed: Annotated[
        int | None, typer.Option(help="Chooses the records to fetch again.  \\[default: the day, 20261123]", show_default=False)
    ] = None,
    settings: Annotated[Path | None, typer.Option("--settings", help="A TOML file of settings; see docs/settings.md.")] = None,
) -> None:
    """Check everything that was collected and mined, line by line: PASS, WARN, FAIL or not checked.

    Files against ledger and hashes, PMIDs against PubMed, nights without a gap, tables against files and models.
    It only looks: nothing is changed. Exit status 1 if any line says FAIL. What each line means: docs/validate.md
    """
    from genemine.pipeline.validate import validate as look

    chosen = load_settings(settings, os.environ, data_dir=data_dir)
    with stages("") as progress:
        report = look(chosen, sample=sample, seed=seed, offline=offline, progress=progress)
    if as_json:
        typer.echo(json.dumps(report.as_dict(), indent=2, ensure_ascii=False))
    else:
        show(report, Console(highlight=False))
    if report.failed:
        raise typer.Exit(1)


def show(report: ValidationReport, console: Console) -> None:
    """Print a report, the worst first and the verdict last, next to the prompt; plain lines where it is piped."""
    if console.is_terminal:
        table = Table.grid(padding=(0, 2))
        for _ in range(2):
            table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for line in report.worst_first():
            table.add_row(Text(f" {line.verdict.value} ", style=_COLOURS[line.verdict.value]), line.check, _told(line))
        console.print(table)
        console.print()
        console.print(Text(f" {report.verdict.value} ", style=_COLOURS[report.verdict.value]), _summary(report), soft_wrap=True)
        return
    for line in report.worst_first():
        first, *more = _told(line).plain.splitlines()
        typer.echo(f"{line.verdict.value:<13}{line.check:<16}{first}")
        for text in more:
            typer.echo(" " * 29 + text)
    typer.echo(f"\n{report.verdict.value}  {_summary(report)}")


def _told(line: Line) -> Text:
    """What was found; for what is not as it should be with examples and what to do, a line each."""
    told = Text(line.what)
    for example in line.examples:
        told.append(f"\n  · {example}", style="dim")
    if line.mend and line.verdict.value != "PASS":
        told.append(f"\n  → {line.mend}", style="cyan")
    return told


def _summary(report: ValidationReport) -> str:
    counts = ", ".join(f"{n} {verdict}" for verdict, n in report.counts.items() if n)
    words = {"PASS": "All is well", "WARN": "Nothing is broken; look at the warnings", "FAIL": "Something is wrong"}
    return f"{words[report.verdict.value]}: {counts} ({report.data_dir}, {report.day}, {report.seconds:.1f} s)"
