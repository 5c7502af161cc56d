"""The flows that make tables from what was collected, with a query before them or not."""

import logging

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.cluster import tasks_of
from flows.collect import collect_records
from flows.forms import AS_SET, HOLD, DataDir, Query, SettingsFile, Since, Unlike, Until, Use
from flows.settings import settings_from
from flows.show import counted, show
from flows.states import alone, ended
from genemine.config import Settings
from genemine.pipeline import mine as step
from genemine.pipeline import stages
from genemine.pipeline.mine import MineReport
from genemine.pipeline.publish import publish as step_publish

log = logging.getLogger("genemine.flows.mine")

# NO_CACHE: shards carry their own fingerprints, and Prefect would keep the inputs, settings among them.
STAGES = [
    (stage, task(name=stage.name, task_run_name=f"{stage.name} {{batch}}", retries=2, cache_policy=NO_CACHE)(stage.__call__))
    for stage in stages.STAGES
]
find_copies = task(name="copies", task_run_name="copies", retries=2, cache_policy=NO_CACHE)(step.find_copies)
tabulate = task(name="tabulate", task_run_name="tabulate", retries=2, cache_policy=NO_CACHE)(step.tabulate)
publish = task(name="gate", task_run_name="gate", retries=2, cache_policy=NO_CACHE)(step_publish)


def mine_shards(settings: Settings) -> MineReport:
    """Run each stage over each shard that needs it, make the tables, ask the gate, and show it all in the UI."""
    with step.mining(settings) as batches, tasks_of(settings) as run:
        for stage, work in STAGES:
            # a task for what is new only: five thousand tasks that do nothing would take Prefect minutes
            todo = stage.pending(batches, settings)
            reports = list(counted(stage.name, run(stage, work, todo), len(todo)))
            log.info("%s", stage.line(reports, len(batches)))
        find_copies(batches, settings)
        report = publish(tabulate(batches, settings), settings)
    show(report)
    return report


@flow(name="mine", log_prints=True)
def mine(use: Use = AS_SET, unlike: Unlike = HOLD, data_dir: DataDir = "data", settings_file: SettingsFile = "") -> MineReport:
    """Make tables from everything in data/raw; only what is new or changed is worked on.

    Args:
        use: From which score on a sentence counts; 'high_precision' for few wrong rows, 'high_recall' for few missed ones.
        unlike: What becomes of tables that the quality gate finds too unlike those in use.
        data_dir: The data folder on the worker's machine, with raw/ and processed/ in it.
        settings_file: A TOML file of settings on the worker's machine; empty for none.
    """
    settings = settings_from(data_dir, settings_file, use=use, unlike=unlike)
    return alone(lambda: ended(mine_shards(settings)))


@flow(name="mine-query", log_prints=True)
def mine_query(
    query: Query,
    since: Since = None,
    until: Until = None,
    use: Use = AS_SET,
    unlike: Unlike = HOLD,
    data_dir: DataDir = "data",
    settings_file: SettingsFile = "",
) -> MineReport:
    """Fetch the records of a PubMed query and make tables from everything collected.

    Args:
        query: Use field tags such as [tiab] for gene symbols.
        since: First day that records entered PubMed; empty for no limit.
        until: Last day; today if left empty.
        use: From which score on a sentence counts; 'high_precision' for few wrong rows, 'high_recall' for few missed ones.
        unlike: What becomes of tables that the quality gate finds too unlike those in use.
        data_dir: The data folder on the worker's machine, with raw/ and processed/ in it.
        settings_file: A TOML file of settings on the worker's machine; empty for none.
    """
    settings = settings_from(data_dir, settings_file, use=use, unlike=unlike)

    def work() -> MineReport:
        collected = collect_records(query, since, until, settings)
        return ended(mine_shards(settings), f"{collected.found:,} records match, {collected.fetched:,} fetched.")

    return alone(work)
