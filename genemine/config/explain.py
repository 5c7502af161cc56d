"""What each setting means: the comment beside its field in :mod:`genemine.config.stages`, which is written down nowhere else."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from genemine.config.environment import every_setting
from genemine.config.load import CHOICES, Resolved
from genemine.config.stages import STAGES, Settings

HIDDEN = "(set, not shown)"
_FIELD = re.compile(r"^    (\w+): .*?  # (.+)$", re.MULTILINE)
_USER_IN_URL = re.compile(r"(?<=//)[^/@\s]+@")


@cache
def helps() -> dict[str, str]:
    """What each setting means: "table.name" -> one line; "data_dir" too."""
    told = {"data_dir": dict(_FIELD.findall(inspect.getsource(Settings)))["data_dir"]}
    for stage in STAGES:
        settings = getattr(Settings(), stage)
        told |= {f"{stage}.{name}": text for name, text in _FIELD.findall(inspect.getsource(type(settings)))}
    return {name: _with_choices(name, told[name]) for name in every_setting() if name in told}


def value_of(settings: Settings, name: str) -> Any:
    """The value of "table.name"; of a secret only whether it is set."""
    stage, _, field = name.rpartition(".")
    holder = getattr(settings, stage) if stage else settings
    value = getattr(holder, field)
    if field in {one.name for one in fields(holder) if not one.repr}:  # a secret is what its dataclass does not print
        return HIDDEN if value else ""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, str):
        return _USER_IN_URL.sub("***@", value)
    return list(value) if isinstance(value, tuple) else value


def origin_of(resolved: Resolved, name: str) -> str:
    """Where "table.name" comes from: "default", a file, an environment variable, or "option"."""
    return resolved.origins.get(name, "default")


def toml_page() -> str:
    """All settings with their defaults as a TOML file, each with what it means; docs/settings.md shows it."""
    defaults = Settings()
    lines = [f"data_dir = {_toml(value_of(defaults, 'data_dir'))}  # {helps()['data_dir']}"]
    for stage in STAGES:
        lines += ["", f"[{stage}]"]
        for name in (one for one in every_setting() if one.startswith(f"{stage}.")):
            value, short = value_of(defaults, name), name.removeprefix(f"{stage}.")
            # TOML has no word for nothing: such a setting is shown as a comment
            told = f"# {short} =" if value is None else f"{short} = {_toml(value)}"
            lines.append(f"{told}  # {helps().get(name, '')}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "[" + ", ".join(map(_toml, value)) + "]" if isinstance(value, list) else repr(value)


def _with_choices(name: str, text: str) -> str:
    return f"{text}: {', '.join(CHOICES[name])}" if name in CHOICES else text
