"""One mining of a data folder in a process of its own: alone, or as the flow on a Dask cluster of two workers."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

SETTINGS = '[scale]\nexecutor = "dask"\nworkers = 2\n'


def alone(folder: Path) -> dict[str, float]:
    """Mine on one core, without Prefect; gives seconds by step and in all, the loading of the models on its own."""
    from genemine.config import load_settings
    from genemine.pipeline.mine import mine
    from genemine.pipeline.models import linker, pair_classifier, tagger

    # DuckDB and the search for copies would take all cores: one process is compared, so that it gets one
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    settings = load_settings(data_dir=folder)
    starts: dict[str, float] = {}
    start = time.monotonic()
    tagger(settings.annotate)
    pair_classifier(settings.relate)
    linker(settings.link)
    loaded = time.monotonic()

    def note(stage: str, *_: int) -> None:
        starts.setdefault(stage, time.monotonic())

    mine(settings, note)
    end = time.monotonic()
    times = [*starts.values(), end]
    steps = {stage: times[at + 1] - began for at, (stage, began) in enumerate(starts.items())}
    return {**steps, "load": loaded - start, "all": end - start}


def on_cluster(folder: Path) -> dict[str, float]:
    """Mine by the flow, on a cluster that begins and ends with it; gives its seconds, all starts among them."""
    (folder / "settings.toml").write_text(SETTINGS)
    from flows.mine import mine

    start = time.monotonic()
    mine(data_dir=str(folder), settings_file=str(folder / "settings.toml"))
    return {"all": time.monotonic() - start}


if __name__ == "__main__":
    how, where = sys.argv[1], Path(sys.argv[2])
    print(json.dumps(alone(where) if how == "alone" else on_cluster(where)), flush=True)
