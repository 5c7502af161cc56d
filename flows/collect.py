"""The flow that fetches the records of a query."""

from datetime import date

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.forms import DataDir, Query, SettingsFile, Since, Until
from flows.settings import settings_from
from genemine.config import Settings
from genemine.pipeline import collect as step
from genemine.pipeline.collect import CollectReport


# No retry here: single requests are retried with growing waits by the client itself, and a run that stopped resumes.
@task(name="collect", task_run_name="collect", cache_policy=NO_CACHE)
def collect_records(query: str, since: date | None, until: date | None, settings: Settings) -> CollectReport:
    """Fetch the records of a query that entered PubMed between two days."""
    return step.collect(query, since, until, settings)


@flow(name="collect", log_prints=True)
def collect(
    query: Query,
    since: Since = None,
    until: Until = None,
    data_dir: DataDir = "data",
    settings_file: SettingsFile = "",
) -> CollectReport:
    """Fetch the records of a PubMed query into data/raw.

    Args:
        query: Use field tags such as [tiab] for gene symbols.
        since: First day that records entered PubMed; empty for no limit.
        until: Last day; today if left empty.
        data_dir: The data folder on the worker's machine, with raw/ and processed/ in it.
        settings_file: A TOML file of settings on the worker's machine; empty for none.
    """
    return collect_records(query, since, until, settings_from(data_dir, settings_file))
