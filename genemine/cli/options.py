"""The options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[Path | None, typer.Option(help="The data folder, with raw/ and processed/ in it.  \\[default: data]")]
SettingsFile = Annotated[Path | None, typer.Option("--settings", help="A TOML file of settings; see docs/settings.md.")]
Mirror = Annotated[
    str | None,
    typer.Option(metavar="URL", help="A server's folder that holds all files by their names.  \\[default: their homes]"),
]
