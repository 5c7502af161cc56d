"""``genemine release``: a person lets a run that the gate holds back take its place."""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from genemine.config import load_settings

HELD_STATUS = 3  # tables were made and are held back; 2 is an error that a user can mend


def release(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The run: the name of its folder in data/processed/runs.")],
    why: Annotated[str, typer.Option(help="The reason, for those who come after.")] = "no reason given",
    by: Annotated[str | None, typer.Option(help="Who releases it.  \\[default: the user of this machine]")] = None,
    force: Annotated[bool, typer.Option("--force", help="Also a run older than the one in use: go back to it.")] = False,
    data_dir: Annotated[
        Path | None, typer.Option(help="The data folder, with raw/ and processed/ in it.  \\[default: data]")
    ] = None,
    settings: Annotated[Path | None, typer.Option("--settings", help="A TOML file of settings; see docs/settings.md.")] = None,
) -> None:
    """Put the tables of a run in use that the quality gate holds back; latest points to them from then on.

    The gate compares each new run with the one in use (docs/operations.md). Who released it, when and why is kept in its run.json.
    """
    from genemine.pipeline.publish import release as let_pass

    chosen = load_settings(settings, os.environ, data_dir=data_dir)
    typer.echo(let_pass(run, chosen, by or _user(), why, force=force))


def notice(run_id: str, why: Sequence[str]) -> str:
    """Say that a run's tables are held back, why, and what to do."""
    reasons = "\n".join(f"  - {reason}" for reason in why)
    return (
        f"Held back: these tables are too unlike those in use, so latest stays as it is.\n{reasons}\n"
        f"Look at them. If they are right: genemine release {run_id} --why '...'; if not, mend the cause and mine again."
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"user {os.getuid()}"
