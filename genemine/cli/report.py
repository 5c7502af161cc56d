"""``genemine report``: the page of a run, made anew and opened."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from genemine.config import load_settings


def report(
    run: Annotated[str | None, typer.Argument(metavar="RUN", help="A run id, or its beginning.  \\[default: the newest]")] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the page in the browser of this machine.")] = False,
    most: Annotated[
        int | None,
        typer.Option("--rows", help="Show so many associations, the best ones.  \\[default: 10000]", show_default=False),
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="The data folder, with raw/ and processed/ in it.  \\[default: data]")
    ] = None,
    settings: Annotated[Path | None, typer.Option("--settings", help="A TOML file of settings; see docs/settings.md.")] = None,
) -> None:
    """Make the report of a run anew and tell where it is; every run has one, this renews it.

    report.html is one file that needs no server and no network: open it from the disk, mail it, print it. It shows the associations
    with the sentences behind them, what is new since the run before, and what was left out and why. See docs/report.md
    """
    from genemine.pipeline.report import rebuild_report

    path = rebuild_report(run, load_settings(settings, os.environ, data_dir=data_dir, report__max_associations=most))
    typer.echo(str(path))
    if show and not webbrowser.open(path.resolve().as_uri()):
        typer.echo("no browser could be started here; open the file above in one", err=True)
