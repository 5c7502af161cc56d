"""``genemine config``: every setting, its value, where it comes from and what it means."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from genemine.config import STAGES, Resolved, resolve_settings
from genemine.config.environment import every_setting, variables_of
from genemine.config.explain import helps, origin_of, value_of
from genemine.errors import ConfigError


def config(
    table: Annotated[
        str | None, typer.Argument(metavar="[TABLE]", help="Only one table, such as link.", show_default=False)
    ] = None,
    changed: Annotated[bool, typer.Option("--changed", help="Only what is not as it comes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of lines for people.")] = False,
    data_dir: Annotated[
        Path | None, typer.Option(help="The data folder, with raw/ and processed/ in it.  \\[default: data]")
    ] = None,
    settings: Annotated[Path | None, typer.Option("--settings", help="A TOML file of settings; see docs/settings.md.")] = None,
) -> None:
    """Show every setting: its value, where it comes from, and what it means.

    An option or flow parameter goes before the environment (GENEMINE_<TABLE>_<NAME>), that before the TOML file, that before the
    default. Secrets are never shown, only whether they are set.
    """
    if table is not None and table not in STAGES:
        raise ConfigError(f"there is no table '{table}' of settings; known: {', '.join(STAGES)}")
    resolved = resolve_settings(settings, os.environ, data_dir=data_dir)
    names = [name for name in every_setting() if table is None or name.startswith(f"{table}.")]
    if changed:
        names = [name for name in names if name in resolved.origins]
    if as_json:
        typer.echo(json.dumps([_entry(resolved, name) for name in names], indent=2, ensure_ascii=False))
    else:
        _show(resolved, names)


def _entry(resolved: Resolved, name: str) -> dict[str, object]:
    return {
        "setting": name,
        "value": value_of(resolved.settings, name),
        "origin": origin_of(resolved, name),
        "variables": list(variables_of(name)),
        "help": helps().get(name, ""),
    }


def _show(resolved: Resolved, names: list[str]) -> None:
    """Print a table; where it is piped, a line a setting with tabs between its parts."""
    console = Console(highlight=False)
    rows = [(name, _told(value_of(resolved.settings, name)), origin_of(resolved, name), helps().get(name, "")) for name in names]
    if not console.is_terminal:
        for row in rows:
            typer.echo("\t".join(row))
        return
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading, width in (("setting", None), ("value", 44), ("from", 32), ("what", None)):
        shown.add_column(heading, overflow="fold", max_width=width, no_wrap=heading == "setting")
    for name, value, origin, meaning in rows:
        style = "" if origin == "default" else "bold"
        shown.add_row(Text(name, style), Text(value, style), Text(origin, "dim" if not style else "cyan"), Text(meaning, "dim"))
    console.print(shown)


def _told(value: object) -> str:
    """A value as a settings file writes it; nothing is a dash."""
    return "-" if value in (None, "") else json.dumps(value, ensure_ascii=False)
