"""Settings of environment variables: ``GENEMINE_<TABLE>_<NAME>`` for each one, and five short names.

``GENEMINE_LINK_MIN_SCORE=0.7`` is ``[link] min_score = 0.7``. Text becomes what the setting is: a number, true or false, or a list
with commas between its parts. An empty variable counts as not given.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

from genemine.config.stages import STAGES, Settings
from genemine.errors import ConfigError

# Names that NCBI's own programs use, and those of what is set most; the long name of the same setting goes before.
SHORT_NAMES = {
    "NCBI_EMAIL": "entrez.email",
    "NCBI_API_KEY": "entrez.api_key",
    "GENEMINE_EUTILS_URL": "entrez.base_url",
    "GENEMINE_BULK_URL": "bulk.base_url",
    "GENEMINE_DATA_DIR": "data_dir",
}
_PREFIX = "GENEMINE_"
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def from_environment(environ: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    """Read what the environment sets.

    Args:
        environ: variables; those of other programs are passed over.

    Returns:
        "table.name" (or "data_dir") -> (value, variable).

    Raises:
        ConfigError: a variable names no setting of its table, or its text is not of the setting's type.
    """
    found: dict[str, tuple[Any, str]] = {}
    for variable, name in SHORT_NAMES.items():
        if environ.get(variable):
            found[name] = (environ[variable], variable)
    for variable, text in environ.items():
        stage = _stage_of(variable)
        if not stage or not text or variable in SHORT_NAMES:
            continue
        kinds = get_type_hints(type(getattr(Settings(), stage)))
        name = variable.removeprefix(f"{_PREFIX}{stage.upper()}_").lower()
        if name not in kinds:
            raise ConfigError(
                f"environment variable {variable}: '{stage}' has no setting '{name}'; known: {', '.join(kinds)}; "
                "correct its name or unset it"
            )
        found[f"{stage}.{name}"] = (_parsed(variable, text, kinds[name]), variable)
    return found


def variables_of(name: str) -> tuple[str, ...]:
    """The variables that set "table.name", the one that goes before first."""
    long = _PREFIX + name.upper().replace(".", "_")
    short = tuple(variable for variable, named in SHORT_NAMES.items() if named == name and variable != long)
    return (long, *short)


def every_setting() -> list[str]:
    """All settings, as "table.name", in the order of the dataclasses; the data folder first."""
    defaults = Settings()
    return ["data_dir", *(f"{stage}.{field.name}" for stage in STAGES for field in dataclasses.fields(getattr(defaults, stage)))]


def _stage_of(variable: str) -> str:
    for stage in STAGES:
        if variable.startswith(f"{_PREFIX}{stage.upper()}_"):
            return stage
    return ""


def _parsed(variable: str, text: str, kind: Any) -> Any:
    readers: dict[Any, tuple[Callable[[str], Any], str]] = {
        bool: (lambda word: _WORDS[word.strip().lower()], "true or false"),
        int: (int, "a whole number"),
        float: (_number, "a number"),
        float | None: (_number, "a number"),
        tuple[str, ...]: (lambda words: [word.strip() for word in words.split(",") if word.strip()], "texts with commas between"),
    }
    read, needed = readers.get(kind, (str, "text"))
    try:
        return read(text)
    except (KeyError, ValueError) as error:
        raise ConfigError(f"environment variable {variable} is {text!r}; {needed} is needed; correct or unset it") from error


def _number(text: str) -> float:
    return int(text) if text.strip().lstrip("+-").isdigit() else float(text)
