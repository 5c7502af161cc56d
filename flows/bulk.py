"""The flow that loads PubMed's bulk files and mines them."""

from pathlib import Path
from typing import Annotated, Literal

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from flows.collect import settings_from
from flows.mine import mine_shards
from genemine.pipeline import bulk_load, bulk_pull
from genemine.pipeline.mine import MineReport

# No retries here: single requests are retried with growing waits, and a run that stopped resumes.
pull = task(name="bulk-pull", cache_policy=NO_CACHE)(bulk_pull.pull)
load = task(name="bulk-load", cache_policy=NO_CACHE)(bulk_load.load)

Number = Annotated[int | None, Field(ge=1)]


@flow(name="bulk", log_prints=True)
def bulk(
    kind: Literal["baseline", "updates", "all"] = "all",
    first: Number = None,
    last: Number = None,
    mirror: str = "",
    data_dir: str = "data",
    settings_file: str = "",
) -> MineReport:
    """Fetch the bulk files that are new, load them, then make tables from everything in data/raw.

    What could be had is loaded and mined even if a file could not; the run then fails at its end and names that file.

    Args:
        kind: Which files: the yearly baseline, the daily updates, or all.
        first: Lowest number of a file, the 1334 of pubmed26n1334; empty for no limit.
        last: Highest number of a file.
        mirror: The folder to fetch into on the worker's machine; empty for raw/mirror in the data folder.
        data_dir: The data folder on the worker's machine.
        settings_file: A TOML file of settings on the worker's machine.
    """
    settings = settings_from(data_dir, settings_file)
    folder = Path(mirror) if mirror else None
    pulled = pull(settings, folder, kind, first, last)
    loaded = load(settings, folder)
    report = mine_shards(settings)
    pulled.check()
    loaded.check()
    return report
