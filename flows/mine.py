"""The flow that makes tables from what was collected."""

import logging
from datetime import date

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows.cluster import tasks_of
from flows.collect import Query, collect_records, settings_from
from genemine.config import Settings
from genemine.pipeline import mine as step
from genemine.pipeline import stages
from genemine.pipeline.mine import MineReport
from genemine.pipeline.summary import markdown

log = logging.getLogger("genemine.flows.mine")

# NO_CACHE: shards carry their own fingerprints, and Prefect would keep the inputs, settings among them.
STAGES = [(stage, task(name=stage.name, retries=2, cache_policy=NO_CACHE)(stage.__call__)) for stage in stages.STAGES]
find_copies = task(name="copies", retries=2, cache_policy=NO_CACHE)(step.find_copies)
tabulate = task(name="tabulate", retries=2, cache_policy=NO_CACHE)(step.tabulate)


def mine_shards(settings: Settings) -> MineReport:
    """Run each stage over each shard that needs it, then make the tables and show them as an artifact of the run."""
    batches = step.find_batches(settings)
    with tasks_of(settings) as run:
        for stage, work in STAGES:
            # a task for what is new only: five thousand tasks that do nothing would take Prefect minutes
            reports = list(run(stage, work, stage.pending(batches, settings)))
            log.info("%s", stage.line(reports, len(batches)))
    find_copies(batches, settings)
    report = tabulate(batches, settings)
    create_markdown_artifact(key="associations", markdown=markdown(report.folder), description=f"Run {report.run_id}")
    return report


@flow(name="mine", log_prints=True)
def mine(data_dir: str = "data", settings_file: str = "") -> MineReport:
    """Make tables from everything in data/raw; only what is new or changed is worked on.

    Args:
        data_dir: The data folder on the worker's machine.
        settings_file: A TOML file of settings on the worker's machine.
    """
    return mine_shards(settings_from(data_dir, settings_file))


@flow(name="mine-query", log_prints=True)
def mine_query(
    query: Query,
    since: date | None = None,
    until: date | None = None,
    data_dir: str = "data",
    settings_file: str = "",
) -> MineReport:
    """Fetch the records of a PubMed query and make tables from everything collected.

    Args:
        query: A PubMed query; use field tags such as [tiab] for gene symbols.
        since: First day that records entered PubMed.
        until: Last day; today if left empty.
        data_dir: The data folder on the worker's machine.
        settings_file: A TOML file of settings on the worker's machine.
    """
    settings = settings_from(data_dir, settings_file)
    collect_records(query, since, until, settings)
    return mine_shards(settings)
