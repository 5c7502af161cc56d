"""Mine the abstracts of `ranking` by the pipeline's own stages, resumably: a shard that stands is not made again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    for stage in STAGES:
        todo = stage.pending(batches, settings)
        print(f"{stage.name}: {len(todo)} of {len(batches)} shards to make", flush=True)
        workers = min(cores(), len(todo))
        for done, _ in enumerate(
            map_in_order(partial(worker, settings, stage.name), todo, workers, "run it again") if todo else ()
        ):
            if done % 10 == 9:
                print(f"{stage.name}: {done + 1} of {len(todo)}", flush=True)
    find_copies(batches, settings)
    return tabulate(batches, settings)


def worker(settings: Settings, stage_name: str) -> Callable[[str], Sequence[str]]:
    """What a process does with a batch."""
    stage = next(stage for stage in STAGES if stage.name == stage_name)

    def make(batch: str) -> Sequence[str]:
        stage(batch, settings)
        return [batch]

    return make
