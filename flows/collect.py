"""The flow that fetches the records of a query."""

import logging
import os
from datetime import date
from pathlib import Path
from typing import Annotated

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from genemine.config import Settings, load_settings
from genemine.pipeline import collect as step
from genemine.pipeline.collect import CollectReport

# Bounds are checked when the form is sent.
Query = Annotated[str, Field(min_length=1)]


def settings_from(data_dir: str, settings_file: str, source: str | None = None) -> Settings:
    """The settings of a flow run: the form's, then the file's, then the worker's environment."""
    # Prefect shows the lines of genemine's loggers (PREFECT_LOGGING_EXTRA_LOGGERS); the root logger's level would hide them.
    logging.getLogger("genemine").setLevel(logging.INFO)
    return load_settings(Path(settings_file) if settings_file else None, os.environ, data_dir=data_dir, entrez__source=source)


# No retry here: single requests are retried with growing waits by the client itself, and a run that stopped resumes.
@task(name="collect", cache_policy=NO_CACHE)
def collect_records(query: str, since: date | None, until: date | None, settings: Settings) -> CollectReport:
    """Fetch the records of a query that entered PubMed between two days."""
    return step.collect(query, since, until, settings)


@flow(name="collect", log_prints=True)
def collect(
    query: Query,
    since: date | None = None,
    until: date | None = None,
    data_dir: str = "data",
    settings_file: str = "",
) -> CollectReport:
    """Fetch the records of a PubMed query into data/raw.

    Args:
        query: A PubMed query; use field tags such as [tiab] for gene symbols.
        since: First day that records entered PubMed.
        until: Last day; today if left empty.
        data_dir: The data folder on the worker's machine.
        settings_file: A TOML file of settings on the worker's machine.
    """
    return collect_records(query, since, until, settings_from(data_dir, settings_file))
