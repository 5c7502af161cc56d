"""Read settings: defaults, a TOML file, the environment, a call's own; one precedence for the command line and the flows."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from genemine.config.stages import STAGES, USES, Settings
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
    "train.seed": (0, 2**32 - 1),
    "train.epochs": (1, None),
    "train.patience": (1, None),
    "train.batch_size": (1, None),
    "train.learning_rate": (1e-8, 1),
}


def load_settings(path: Path | None = None, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read settings: defaults, then the TOML file, then the environment, then ``overrides``.

    Args:
        path: a TOML file with a table per stage (``[entrez]``, ``[link]``, ...) and ``data_dir`` at its top; None for none.
        environ: read for NCBI_EMAIL, NCBI_API_KEY, GENEMINE_EUTILS_URL, GENEMINE_BULK_URL, GENEMINE_DATA_DIR; None: nothing.
        overrides: ``data_dir=...`` or ``stage__field=value``; None values are ignored.

    Raises:
        ConfigError: the file is missing or no TOML, or a name, type or range is wrong.
    """
    values: dict[str, dict[str, Any]] = {stage: {} for stage in STAGES}
    top: dict[str, Any] = {}
    if path is not None:
        _read_toml(path, values, top)
    env = environ or {}
    for variable, stage, name in (
        ("NCBI_EMAIL", "entrez", "email"),
        ("NCBI_API_KEY", "entrez", "api_key"),
        ("GENEMINE_EUTILS_URL", "entrez", "base_url"),
        ("GENEMINE_BULK_URL", "bulk", "base_url"),
    ):
        if env.get(variable):
            values[stage][name] = env[variable]
    if env.get("GENEMINE_DATA_DIR"):
        top["data_dir"] = env["GENEMINE_DATA_DIR"]
    for key, value in overrides.items():
        if value is None:
            continue
        stage, _, name = key.partition("__")
        (values[stage] if name else top)[name or key] = value
    for stage in ("entrez", "bulk"):
        base = str(values[stage].get("base_url", ""))
        if base and not base.endswith("/"):
            values[stage]["base_url"] = base + "/"
    defaults = Settings()
    data_dir = Path(top.get("data_dir", defaults.data_dir))
    if not values["link"].get("lexicon") and (built_lexicon(data_dir) / "lexicon.json").is_file():
        values["link"]["lexicon"] = str(built_lexicon(data_dir))
    stages = {stage: _build(stage, getattr(defaults, stage), values[stage]) for stage in STAGES}
    return Settings(data_dir=data_dir, **stages)


def built_lexicon(data_dir: Path) -> Path:
    """Where ``genemine vocab build`` puts the lexicon that serves by itself."""
    return data_dir / "lexicon"


def _read_toml(path: Path, values: dict[str, dict[str, Any]], top: dict[str, Any]) -> None:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: settings file cannot be read ({error.strerror}); check the path given to --settings") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML ({error}); see docs/settings.md for an example") from error
    for name, value in read.items():
        if name == "data_dir":
            top[name] = value
        elif name in values and isinstance(value, dict):
            values[name].update(value)
        else:
            raise ConfigError(f"{path}: unknown setting '{name}'; known tables: {', '.join(STAGES)}; known at the top: data_dir")


def _build(stage: str, default: Any, given: Mapping[str, Any]) -> Any:
    fields = {f.name: getattr(default, f.name) for f in dataclasses.fields(default)}
    for name, value in given.items():
        if name not in fields:
            raise ConfigError(f"unknown setting '{stage}.{name}'; known: {', '.join(fields)}")
        fields[name] = _checked(f"{stage}.{name}", value, fields[name])
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
    elif name == "relate.use" and value not in USES:
        raise ConfigError(f"setting 'relate.use' is {value!r}; it must be one of {', '.join(USES)}")
    return value


def _language_codes(codes: Sequence[str]) -> tuple[str, ...]:
    """Catch "en" and "english", which would drop every article."""
    for code in codes:
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            told = 'MEDLINE\'s codes have three letters, such as "eng" or "fre"'
            raise ConfigError(f"setting 'clean.languages' holds {code!r}; {told}")
    return tuple(codes)
