"""The settings of a flow run: the form's, then the worker's environment, then the file's; secrets also from a block."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prefect.blocks.system import Secret
from prefect.context import FlowRunContext

from flows.forms import AS_SET, HOLD
from genemine.config import Settings, load_settings

# variable of the environment -> Prefect Secret block that stands in for it
BLOCKS = {"NCBI_API_KEY": "ncbi-api-key"}


def settings_from(data_dir: str, settings_file: str, source: str | None = None, use: str = AS_SET, unlike: str = HOLD) -> Settings:
    """Read the settings of a flow run.

    Args:
        data_dir: the data folder on the worker's machine.
        settings_file: a TOML file there; empty for none.
        source: the folder below data/raw to collect into; None as the settings say.
        use: a threshold for associations, or AS_SET.
        unlike: HOLD for the gate as the settings have it, else it is off for this run.

    Raises:
        ConfigError: the file or a value is wrong.
    """
    # Prefect shows the lines of genemine's loggers (PREFECT_LOGGING_EXTRA_LOGGERS); the root logger's level would hide them.
    logging.getLogger("genemine").setLevel(logging.INFO)
    chosen: dict[str, Any] = {"data_dir": data_dir, "entrez__source": source}
    chosen |= {"relate__use": None if use == AS_SET else use, "gate__enabled": None if unlike == HOLD else False}
    return load_settings(Path(settings_file) if settings_file else None, with_secrets(os.environ), **chosen)


def with_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, and for each secret that it lacks the block of that name if there is one; only inside a flow run."""
    found = dict(environ)
    if FlowRunContext.get() is None:
        return found
    for variable, block in BLOCKS.items():
        if not found.get(variable) and (secret := _block(block)):
            found[variable] = secret
    return found


def _block(name: str) -> str:
    try:
        return str(Secret.load(name).get())  # type: ignore[union-attr]  # a coroutine only inside an event loop
    except ValueError:  # no such block
        return ""
