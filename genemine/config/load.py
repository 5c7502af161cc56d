"""Read settings: defaults, a TOML file, the environment, a call's own; one precedence for the command line and the flows."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genemine.config.environment import from_environment
from genemine.config.stages import EXECUTORS, NO_CURATED, STAGES, STANCES, USES, Settings
from genemine.errors import ConfigError

# settings name -> (lowest, highest) that makes sense; None is open
RANGES: dict[str, tuple[float | None, float | None]] = {
    "entrez.batch_size": (1, 10_000),
    "entrez.page_size": (1, 9_998),
    "entrez.connect_timeout": (0.1, None),
    "entrez.read_timeout": (0.1, None),
    "entrez.max_tries": (1, 100),
    "entrez.overlap_days": (0, 3650),
    "bulk.connect_timeout": (0.1, None),
    "bulk.read_timeout": (0.1, None),
    "bulk.max_tries": (1, 100),
    "vocab.connect_timeout": (0.1, None),
    "vocab.read_timeout": (0.1, None),
    "vocab.max_tries": (1, 100),
    "curated.connect_timeout": (0.1, None),
    "curated.read_timeout": (0.1, None),
    "curated.max_tries": (1, 100),
    "clean.min_digest_chars": (1, None),
    "copies.min_similarity": (0.5, 1),
    "copies.shingle_words": (1, 10),
    "copies.min_shingles": (1, None),
    "annotate.batch_size": (1, 4096),
    "annotate.workers": (0, 256),
    "annotate.min_score": (0, 1),
    "link.min_score": (0, 1),
    "relate.batch_size": (1, 4096),
    "relate.min_score": (0, 1),
    "relate.max_pairs_per_sentence": (1, None),
    "report.max_associations": (1, 100_000),
    "report.max_sentences": (1, 1_000),
    "scale.workers": (0, 256),
    "retention.keep_runs": (1, None),
    "retention.keep_days": (0, 36_500),
    "gate.min_articles": (0, None),
    "gate.min_rows": (0, None),
    "gate.max_gone": (0, 1),
    "gate.max_fall": (0, 1),
    "gate.max_change": (0, None),
    "gate.max_drift": (0, None),
    "gate.max_copies": (0, 1),
    "gate.max_times": (1, None),
    "train.seed": (0, 2**32 - 1),
    "train.epochs": (1, None),
    "train.patience": (1, None),
    "train.batch_size": (1, None),
    "train.learning_rate": (1e-8, 1),
}

# settings name -> the words that it may be
CHOICES: dict[str, tuple[str, ...]] = {"relate.use": USES, "relate.stance": STANCES, "scale.executor": EXECUTORS}

OPTION = "option"  # where a setting comes from that an option of the command line or a parameter of a flow gave


@dataclass(frozen=True)
class Resolved:
    """Settings, and where each comes from: "table.name" -> a file, a variable or OPTION; what is not in it is a default."""

    settings: Settings
    origins: Mapping[str, str]


def load_settings(path: Path | None = None, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read settings: defaults, then the TOML file, then the environment, then ``overrides``.

    Args:
        path: a TOML file with a table per stage (``[entrez]``, ``[link]``, ...) and ``data_dir`` at its top; None for none.
        environ: read for GENEMINE_<TABLE>_<NAME> and the short names of :mod:`genemine.config.environment`; None: nothing.
        overrides: ``data_dir=...`` or ``stage__field=value``, from options and flow parameters; None values are ignored.

    Raises:
        ConfigError: the file is missing or no TOML, or a name, type or range is wrong.
    """
    return resolve_settings(path, environ, **overrides).settings


def resolve_settings(path: Path | None = None, environ: Mapping[str, str] | None = None, **overrides: Any) -> Resolved:
    """Read settings as :func:`load_settings` does, and tell where each comes from.

    Raises:
        ConfigError: as there.
    """
    given: dict[str, tuple[Any, str]] = {} if path is None else _from_toml(path)
    given |= from_environment(environ or {})
    given |= {key.replace("__", ".", 1): (value, OPTION) for key, value in overrides.items() if value is not None}
    for name in ("entrez.base_url", "bulk.base_url"):
        if name in given and (base := str(given[name][0])) and not base.endswith("/"):
            given[name] = (base + "/", given[name][1])
    defaults = Settings()
    data_dir = Path(given.pop("data_dir")[0]) if (where := given.get("data_dir")) else defaults.data_dir
    built = built_lexicon(data_dir) / "lexicon.json"
    if not given.get("link.lexicon", ("", ""))[0] and built.is_file():
        given["link.lexicon"] = (str(built.parent), str(built))
    file, origin = given.get("curated.file", ("", ""))
    if not file and (known := built_curated(data_dir)).is_file():
        given["curated.file"] = (str(known), str(known))
    elif file == NO_CURATED:
        given["curated.file"] = ("", origin)
    stages = {stage: _build(stage, getattr(defaults, stage), given) for stage in STAGES}
    origins = {name: origin for name, (_, origin) in given.items()} | ({"data_dir": where[1]} if where else {})
    return Resolved(Settings(data_dir=data_dir, **stages), origins)


def built_lexicon(data_dir: Path) -> Path:
    """Where ``genemine vocab build`` puts the lexicon that serves by itself."""
    return data_dir / "lexicon"


def built_curated(data_dir: Path) -> Path:
    """The file that ``genemine curated build`` makes, which serves by itself."""
    return data_dir / "curated.parquet"


def _from_toml(path: Path) -> dict[str, tuple[Any, str]]:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: settings file cannot be read ({error.strerror}); check the path given to --settings") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML ({error}); see docs/settings.md for an example") from error
    given: dict[str, tuple[Any, str]] = {}
    for name, value in read.items():
        if name == "data_dir":
            if not isinstance(value, str):
                raise ConfigError(f"{path}: setting 'data_dir' is {value!r}; text is needed")
            given[name] = (value, str(path))
        elif name in STAGES and isinstance(value, dict):
            given |= {f"{name}.{key}": (one, str(path)) for key, one in value.items()}
        else:
            raise ConfigError(f"{path}: unknown setting '{name}'; known tables: {', '.join(STAGES)}; known at the top: data_dir")
    return given


def _build(stage: str, default: Any, given: Mapping[str, tuple[Any, str]]) -> Any:
    fields = {f.name: getattr(default, f.name) for f in dataclasses.fields(default)}
    for full_name, (value, origin) in given.items():
        table, _, name = full_name.partition(".")
        if table != stage:
            continue
        try:
            if name not in fields:
                raise ConfigError(f"unknown setting '{full_name}'; known: {', '.join(fields)}")
            fields[name] = _checked(full_name, value, fields[name])
        except ConfigError as error:
            if origin == OPTION:
                raise
            raise ConfigError(f"{origin}: {error}") from error
    return type(default)(**fields)


def _checked(name: str, value: Any, default: Any) -> Any:
    low, high = RANGES.get(name, (None, None))
    if name in RANGES:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ConfigError(f"setting '{name}' is {value!r}; a number is needed")
        if isinstance(default, int) and not isinstance(value, int):
            raise ConfigError(f"setting '{name}' is {value!r}; a whole number is needed")
        if (low is not None and value < low) or (high is not None and value > high):
            raise ConfigError(
                f"setting '{name}' is {value!r}; it must lie between {low} and {'any size' if high is None else high}"
            )
    elif isinstance(default, bool):
        if not isinstance(value, bool):
            raise ConfigError(f"setting '{name}' is {value!r}; true or false is needed")
    elif isinstance(default, tuple):
        if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
            raise ConfigError(f'setting \'{name}\' is {value!r}; a list of texts is needed, such as ["eng", "fre"]')
        return _language_codes(value) if name == "clean.languages" else tuple(value)
    elif not isinstance(value, str):
        raise ConfigError(f"setting '{name}' is {value!r}; text is needed")
    elif name in CHOICES and value not in CHOICES[name]:
        raise ConfigError(f"setting '{name}' is {value!r}; it must be one of {', '.join(CHOICES[name])}")
    return value


def _language_codes(codes: Sequence[str]) -> tuple[str, ...]:
    """Catch "en" and "english", which would drop every article."""
    for code in codes:
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            told = 'MEDLINE\'s codes have three letters, such as "eng" or "fre"'
            raise ConfigError(f"setting 'clean.languages' holds {code!r}; {told}")
    return tuple(codes)
