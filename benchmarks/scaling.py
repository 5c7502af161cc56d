"""How mining scales: two workers of a Dask cluster against one process, and the cost of an abstract in a large and a small corpus.

``dask_speedup`` is the time of one process on one core over that of the flow with a local cluster of two workers, from raw shards
to tables, start of Prefect and cluster and loading of models included. ``cost_ratio`` is the time per abstract of that one process
over that of one with a small corpus, loading not counted. ``same_tables`` is true where all tables and shards are the same to the
byte. Every process computes with one thread. ``--abstracts`` takes another size than 100,000, which takes half an hour.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.common import ROOT, emit, shared_dir
from benchmarks.scaling_data import PER_SHARD, texts, write_shards
from genemine.pipeline.workers import ONE_THREAD

FULL, SMALL = 100_000, 1_000
QUICK, QUICK_SMALL = 120, 60


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--abstracts", type=int, default=FULL, help="size of the large corpus (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} abstracts against {QUICK_SMALL}: only shows that it works")
    arguments = parser.parse_args()
    n_large, n_small = (QUICK, QUICK_SMALL) if arguments.quick else (arguments.abstracts, min(SMALL, arguments.abstracts // 2))
    with tempfile.TemporaryDirectory(prefix="genemine.scaling.") as name:
        emit(measure(Path(name), n_large, n_small))


def measure(work: Path, n_large: int, n_small: int) -> dict[str, object]:
    """Mine a small corpus alone, a large one alone and the same on a cluster."""
    chosen = texts(shared_dir() / "data", n_large)
    per_shard = min(PER_SHARD, max(1, n_large // 6))  # few abstracts are still several tasks
    for corpus, n_texts in (("small", n_small), ("large", n_large), ("cluster", n_large)):
        write_shards(chosen[:n_texts], work / corpus / "raw" / "abstracts", per_shard)
    small, large = (_mined("alone", work / corpus) for corpus in ("small", "large"))
    cluster = _mined("dask", work / "cluster")
    cost_small, cost_large = ((one["all"] - one["load"]) / n for one, n in ((small, n_small), (large, n_large)))
    steps = {name: round(seconds, 1) for name, seconds in large.items() if name not in ("all", "load")}
    return {
        "dask_speedup": round(large["all"] / cluster["all"], 2),
        "same_tables": _same(work / "large", work / "cluster"),
        "cost_ratio": round(cost_large / cost_small, 3),
        "abstracts": n_large,
        "abstracts_small": n_small,
        "seconds_one_process": round(large["all"], 1),
        "seconds_cluster": round(cluster["all"], 1),
        "steps_one_process": steps,
        "abstracts_per_s": round(n_large / cluster["all"], 1),
    }


def _mined(how: str, folder: Path) -> dict[str, float]:
    """Mine a folder in a process of its own; gives its seconds."""
    prefect = {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
        "PREFECT_API_REQUEST_TIMEOUT": "300",
        "DO_NOT_TRACK": "1",
    }
    environment = {**os.environ, **ONE_THREAD, **prefect}
    command = [sys.executable, "-m", "benchmarks.scaling_child", how, str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    seconds: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"{folder.name}, {how}: {seconds['all']:.1f} s", flush=True)
    return seconds


def _same(one: Path, other: Path) -> bool:
    """Compare all that was made, byte by byte, but what tells times and folders."""
    ours, theirs = _made(one), _made(other)
    differ = sorted({*ours} ^ {*theirs})
    differ += [name for name, path in ours.items() if name in theirs and not filecmp.cmp(path, theirs[name], shallow=False)]
    for name in differ[:10]:
        print(f"differs: {name}", flush=True)
    return bool(ours) and not differ


def _made(folder: Path) -> dict[str, Path]:
    """The shards and the tables of the run: name -> file."""
    processed = folder / "processed"
    files = [path for path in [*processed.rglob("*.parquet"), *processed.rglob("*.csv")] if "latest" not in path.parts]
    # the run's folder tells its time
    return {path.name if "runs" in path.parts else str(path.relative_to(processed)): path for path in files}


if __name__ == "__main__":
    main()
