"""The flow that runs every night: collect what is new or revised, then mine it."""

from datetime import date
from typing import Annotated

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from flows.collect import Query, settings_from
from flows.mine import mine_shards
from genemine.config import Settings
from genemine.pipeline import collect as step
from genemine.pipeline import prune as tidy
from genemine.pipeline.collect import CollectReport
from genemine.pipeline.mine import MineReport


# No retry here: single requests are retried with growing waits by the client itself, and a run that stopped resumes.
@task(name="collect-new", cache_policy=NO_CACHE)
def collect_new(query: str, settings: Settings, today: date | None, first_days: int) -> CollectReport:
    """Fetch what entered PubMed or was revised since the last complete night."""
    return step.collect_new(query, settings, today=today, first_days=first_days)


prune = task(name="prune", cache_policy=NO_CACHE)(tidy.prune_all)


@flow(name="nightly", log_prints=True)
def nightly(
    query: Query,
    first_days: Annotated[int, Field(ge=0, le=36_500)] = 30,
    data_dir: str = "data",
    settings_file: str = "",
    source: str = "entrez",
    today: date | None = None,
) -> MineReport:
    """Collect what is new or revised since the last night, then make the tables.

    Args:
        query: A PubMed query; use field tags such as [tiab] for gene symbols. Each query has its own memory of nights.
        first_days: How many days back the first night of a query reaches; 0 for all that PubMed has.
        data_dir: The data folder on the worker's machine.
        settings_file: A TOML file of settings on the worker's machine.
        source: The folder below data/raw to collect into; another one keeps another server's records apart.
        today: The night to run for; empty means today.
    """
    settings = settings_from(data_dir, settings_file, source)
    collect_new(query, settings, today, first_days)
    report = mine_shards(settings)
    if settings.retention.nightly:
        prune(settings)
    return report
