"""The flow that loads PubMed's bulk files and mines them."""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.forms import AS_SET, HOLD, BulkKind, DataDir, FirstFile, LastFile, Mirror, SettingsFile, Unlike, Use
from flows.mine import mine_shards
from flows.settings import settings_from
from flows.states import alone, ended
from genemine.pipeline import bulk_load, bulk_pull
from genemine.pipeline.mine import MineReport

# No retries here: single requests are retried with growing waits, and a run that stopped resumes.
pull = task(name="bulk-pull", task_run_name="bulk-pull", cache_policy=NO_CACHE)(bulk_pull.pull)
load = task(name="bulk-load", task_run_name="bulk-load", cache_policy=NO_CACHE)(bulk_load.load)


@flow(name="bulk", log_prints=True)
def bulk(
    kind: BulkKind = "all",
    first: FirstFile = None,
    last: LastFile = None,
    use: Use = AS_SET,
    unlike: Unlike = HOLD,
    mirror: Mirror = "",
    data_dir: DataDir = "data",
    settings_file: SettingsFile = "",
) -> MineReport:
    """Fetch the bulk files that are new, load them, then make tables from everything in data/raw.

    What could be had is loaded and mined even if a file could not; the run then fails at its end and names that file.

    Args:
        kind: The yearly baseline, the daily updates, or all.
        first: Lowest number of a file, the 1334 of pubmed26n1334; empty for no limit.
        last: Highest number of a file; empty for no limit.
        use: From which score on a sentence counts; 'high_precision' for few wrong rows, 'high_recall' for few missed ones.
        unlike: What becomes of tables that the quality gate finds too unlike those in use.
        mirror: The folder to fetch into on the worker's machine; empty for raw/mirror in the data folder.
        data_dir: The data folder on the worker's machine, with raw/ and processed/ in it.
        settings_file: A TOML file of settings on the worker's machine; empty for none.
    """
    settings = settings_from(data_dir, settings_file, use=use, unlike=unlike)
    folder = Path(mirror) if mirror else None

    def work() -> MineReport:
        pulled = pull(settings, folder, kind, first, last)
        loaded = load(settings, folder)
        report = mine_shards(settings)
        pulled.check()
        loaded.check()
        return ended(report)

    return alone(work)
