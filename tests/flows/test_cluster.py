"""The stages on a Dask cluster: the same bytes, whatever happens to a worker."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import distributed
import pytest

from flows import cluster, mine
from genemine.config import Settings, load_settings
from genemine.errors import ConfigError
from genemine.pipeline.collect import collect
from genemine.pipeline.mine import mine as mine_here
from genemine.pipeline.sample import SAMPLE_QUERY, serving
from genemine.pipeline.stages import ANNOTATE
from genemine.storage.shards import file_sha256

N_SHARDS = 4
# Runs on one worker: the first shard that it annotates ends it in the middle, without a chance to say so.
ARM = """
import os, pathlib
from genemine.pipeline import stages

def die(*arguments):
    pathlib.Path({note!r}).write_text("killed")
    os.kill(os.getpid(), 9)

stages.annotate = die
"""
LOADED = "__import__('genemine.pipeline.models', fromlist=['tagger']).tagger.cache_info().misses"


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    folder = tmp_path / "one"
    with serving() as url:
        chosen = load_settings(data_dir=folder, entrez__source="sample", entrez__base_url=url, entrez__batch_size=25)
        collect(SAMPLE_QUERY, None, None, chosen)
    assert len(list((folder / "raw" / "sample").iterdir())) == N_SHARDS
    return folder


def made(folder: Path) -> dict[str, str]:
    """The hashes of all shards and tables by their names; a run's report and its like tell the time of the run."""
    files = [path for path in (folder / "processed").rglob("*") if path.suffix in (".parquet", ".csv") and path.is_file()]
    return {f"{'run' if 'runs' in path.parts else path.parent.name}/{path.name}": file_sha256(path) for path in files}


def test_the_tables_are_the_same_to_the_byte_though_a_worker_is_killed(
    prefect: None, collected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, note = tmp_path / "other", tmp_path / "note"
    shutil.copytree(collected, other)
    here = mine_here(load_settings(data_dir=collected, entrez__source="sample"))
    start, loads = cluster.local_cluster, []

    @contextmanager
    def armed(n_workers: int) -> Iterator[str]:
        with start(n_workers) as address, distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(2)
            victim = sorted(client.scheduler_info(n_workers=-1)["workers"])[0]
            client.run(exec, ARM.format(note=str(note)), {}, workers=[victim])
            yield address
            loads.extend(client.run(eval, LOADED).values())

    monkeypatch.setattr(cluster, "local_cluster", armed)
    (tmp_path / "settings.toml").write_text("[entrez]\nsource = 'sample'\n[scale]\nexecutor = 'dask'\nworkers = 2\n")
    there = mine.mine(data_dir=str(other), settings_file=str(tmp_path / "settings.toml"))
    assert note.read_text() == "killed"
    assert there.counts == here.counts
    assert made(other) == made(collected)
    assert len(made(other)) > 8 * N_SHARDS
    assert sum(loads) >= 1
    assert max(loads) == 1, "a worker loads its models once"


def test_without_the_extra_the_mend_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "prefect_dask", None)
    settings = load_settings(data_dir=tmp_path, scale__executor="dask")
    with (
        cluster.tasks_of(settings) as run,
        pytest.raises(ConfigError, match=r"not installed; call: pip install 'genemine\[dask\]'"),
    ):
        list(run(ANNOTATE, mine.tabulate, ["entrez/b1"]))


def test_a_night_without_work_starts_no_cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cluster, "local_cluster", None)
    with cluster.tasks_of(load_settings(data_dir=tmp_path, scale__executor="dask")) as run:
        assert list(run(ANNOTATE, mine.tabulate, [])) == []


def test_a_cluster_that_cannot_do_the_work_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(
        ConfigError, match=r"'scale.dask_address' is 'tcp://127\.0\.0\.1:1', and no scheduler with a worker answers"
    ):
        cluster._check("tcp://127.0.0.1:1", Settings(data_dir=tmp_path))
    monkeypatch.setattr(cluster, "PATIENCE", 30)
    # with an address: without one Dask asks for the way to another machine
    options = {"host": "127.0.0.1", "protocol": "tcp", "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, **options) as two:
        with pytest.raises(ConfigError, match=rf"does not see {tmp_path}; put the data where all workers have it"):
            cluster._check(two.scheduler_address, Settings(data_dir=tmp_path))
        (tmp_path / "raw").mkdir()
        with pytest.raises(ConfigError, match=r"has 2 threads; start workers of one thread each \(--nthreads 1\)"):
            cluster._check(two.scheduler_address, Settings(data_dir=tmp_path))
        monkeypatch.setattr(cluster, "__version__", "0.0.1")
        monkeypatch.setattr(cluster, "_sight", lambda data_dir: ("0.0.2", True))
        with pytest.raises(ConfigError, match=r"has genemine 0\.0\.2, the flow has 0\.0\.1; install the same on both"):
            cluster._check(two.scheduler_address, Settings(data_dir=tmp_path))
