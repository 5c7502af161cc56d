"""The flow that runs every night: collect what is new or revised, then mine it."""

from datetime import date

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.forms import AS_SET, HOLD, DataDir, FirstDays, LateHours, Query, SettingsFile, Source, Today, Unlike, Use
from flows.mine import mine_shards
from flows.settings import settings_from
from flows.states import alone, ended, too_late
from genemine.config import Settings
from genemine.pipeline import collect as step
from genemine.pipeline import prune as tidy
from genemine.pipeline.collect import CollectReport
from genemine.pipeline.mine import MineReport


# No retry here: single requests are retried with growing waits by the client itself, and a run that stopped resumes.
@task(name="collect-new", task_run_name="collect-new", cache_policy=NO_CACHE)
def collect_new(query: str, settings: Settings, today: date | None, first_days: int) -> CollectReport:
    """Fetch what entered PubMed or was revised since the last complete night."""
    return step.collect_new(query, settings, today=today, first_days=first_days)


prune = task(name="prune", cache_policy=NO_CACHE)(tidy.prune_all)


@flow(name="nightly", log_prints=True)
def nightly(
    query: Query,
    first_days: FirstDays = 30,
    use: Use = AS_SET,
    unlike: Unlike = HOLD,
    max_late_hours: LateHours = 6,
    today: Today = None,
    source: Source = "entrez",
    data_dir: DataDir = "data",
    settings_file: SettingsFile = "",
) -> MineReport:
    """Collect what is new or revised since the last night, then make the tables.

    Args:
        query: Use field tags such as [tiab] for gene symbols. Each query has its own memory of nights.
        first_days: How many days back the first night of a query reaches; 0 for all that PubMed has.
        use: From which score on a sentence counts; 'high_precision' for few wrong rows, 'high_recall' for few missed ones.
        unlike: What becomes of tables that the quality gate finds too unlike those in use.
        max_late_hours: Cancels a run of the schedule that starts so late, as the next night makes up for it; 0 for no limit.
        today: The night to run for; empty means today.
        source: The folder below data/raw to collect into; another one keeps another server's records apart.
        data_dir: The data folder on the worker's machine, with raw/ and processed/ in it.
        settings_file: A TOML file of settings on the worker's machine; empty for none.
    """
    if late := too_late(max_late_hours):
        return late
    settings = settings_from(data_dir, settings_file, source, use, unlike)

    def work() -> MineReport:
        collected = collect_new(query, settings, today, first_days)
        told = f"{collected.fetched:,} records fetched, new or revised." if collected.fetched else "No record is new or revised."
        report = mine_shards(settings)
        if settings.retention.nightly:
            prune(settings)
        return ended(report, told)

    return alone(work)
