"""Mine the abstracts of `ranking` by the pipeline's own stages, resumably: a shard that stands is not made again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.common import shared_dir
from benchmarks.ranking_data import write_shards
from genemine.config import Settings, load_settings
from genemine.link.build import build
from genemine.pipeline.copies import find_copies
from genemine.pipeline.curated import build_curated
from genemine.pipeline.mine import find_batches
from genemine.pipeline.stages import STAGES
from genemine.pipeline.tabulate import MineReport, tabulate
from genemine.pipeline.workers import cores, map_in_order


def prepare(folder: Path, step: int) -> tuple[Settings, dict[str, int]]:
    """Write raw shards, the lexicon of all vocabularies and the curated pairs into a folder; what stands there stays."""
    data = shared_dir() / "data"
    counts = write_shards(data, folder / "data" / "raw", step)
    lexicon, curated = folder / "lexicon", folder / "curated.parquet"
    if not (lexicon / "lexicon.json").is_file():
        build(data / "vocab", lexicon)
    settings = load_settings(data_dir=folder / "data", link__lexicon=str(lexicon), curated__file=str(curated))
    if not curated.is_file():
        build_curated(data / "curated", curated, settings)
    return settings, counts


def mine(settings: Settings) -> MineReport:
    """Clean, annotate and relate every shard, a process for each core; then make the tables."""
    batches = find_batches(settings)
    todo = [batch for batch in batches if not all(stage.is_made(batch, settings) for stage in STAGES)]
    print(f"{len(todo)} of {len(batches)} shards to make", flush=True)
    if todo:
        made = map_in_order(partial(worker, settings), todo, min(cores(), len(todo)), "run it again")
        for done, _ in enumerate(made, start=1):
            if done % 10 == 0:
                print(f"{done} of {len(todo)}", flush=True)
    find_copies(batches, settings)
    return tabulate(batches, settings)


def worker(settings: Settings) -> Callable[[str], str]:
    """What a process does with a batch."""

    def make(batch: str) -> str:
        for stage in STAGES:
            stage(batch, settings)
        return batch

    return make
