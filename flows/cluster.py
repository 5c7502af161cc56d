"""Where the tasks of the stages run: in the flow's own process, or on a Dask cluster (``[scale]``, docs/scaling.md).

A task gets the name of a shard and the settings, and leaves a file; so a worker that dies takes nothing with it: Dask gives its
shards to another worker, which finds either a whole file or none.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from prefect import Task
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from genemine import __version__
from genemine.config import DASK, Settings
from genemine.errors import ConfigError, WorkerError
from genemine.pipeline.stages import Stage
from genemine.pipeline.workers import ONE_THREAD, cores, environment
from genemine.records import StepReport

log = logging.getLogger("genemine.flows.cluster")

PATIENCE = 30  # seconds that a scheduler and its first worker may take to answer
# (stage, its task, batches) -> the report of each batch, in their order
Run = Callable[[Stage, "Task[..., StepReport]", Sequence[str]], Iterator[StepReport]]


@contextmanager
def tasks_of(settings: Settings) -> Iterator[Run]:
    """Give what runs a stage's task for each batch while the block lasts; a cluster is only started when there is work for it.

    Raises:
        ConfigError: Dask is asked for and not installed, no scheduler answers, or its workers cannot do this work.
        WorkerError: a shard ended every worker that took it.
    """

    def here(_: Stage, work: "Task[..., StepReport]", batches: Sequence[str]) -> Iterator[StepReport]:
        return (work(batch, settings) for batch in batches)

    if settings.scale.executor != DASK:
        yield here
        return
    with ExitStack() as stack:
        runner: Any = None

        def run(stage: Stage, work: "Task[..., StepReport]", batches: Sequence[str]) -> Iterator[StepReport]:
            nonlocal runner
            if settings.scale.dask_address and stage.opens_ledger:  # its workers may be other machines
                yield from here(stage, work, batches)
                return
            if batches and runner is None:
                runner = stack.enter_context(_dask(settings))
            futures = [runner.submit(work, {"batch": batch, "settings": _shippable(settings)}) for batch in batches]
            for batch, future in zip(batches, futures, strict=True):
                yield _result(batch, future)

        yield run


def _shippable(settings: Settings) -> Settings:
    """The settings as workers get them: a path that means the same in any folder, and no secret."""
    return replace(settings, data_dir=settings.data_dir.resolve(), entrez=replace(settings.entrez, api_key=""))


def _result(batch: str, future: Any) -> StepReport:
    import distributed

    try:
        report: StepReport = future.result()
    except distributed.scheduler.KilledWorker as error:
        raise WorkerError(
            f"{batch}: every worker that took this shard died (perhaps out of memory); what was made is kept: give the workers "
            "more memory or take fewer (scale.workers), and run again"
        ) from error
    return report


@contextmanager
def _dask(settings: Settings) -> Iterator[Any]:
    """Prefect's task runner on the cluster of the settings."""
    try:
        from prefect_dask import DaskTaskRunner
    except ImportError as error:
        raise ConfigError(
            "setting 'scale.executor' is 'dask', and prefect-dask is not installed; call: pip install 'genemine[dask]', "
            'or set scale.executor = "process"'
        ) from error
    api = str(get_client(sync_client=True).api_url)
    with _cluster(settings) as address:
        _check(address, settings)
        # a worker without the address would start a Prefect server of its own
        with temporary_settings({PREFECT_API_URL: api}), DaskTaskRunner(address=address) as runner:
            yield runner


@contextmanager
def _cluster(settings: Settings) -> Iterator[str]:
    """The scheduler's address: the given one, or that of a cluster on this machine for the time of the block."""
    if settings.scale.dask_address:
        yield settings.scale.dask_address
        return
    with local_cluster(settings.scale.workers or cores()) as address:
        yield address


@contextmanager
def local_cluster(n_workers: int) -> Iterator[str]:
    """Start a scheduler and its workers on this machine, seen by nobody else; gives the scheduler's address."""
    import dask
    import distributed

    logging.getLogger("distributed").setLevel(logging.ERROR)  # its INFO lines would bury those of the flow
    # No limit of memory: what the tasks make lies on disk, and Dask would end a worker that merely loads its models.
    options = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "memory_limit": None, "silence_logs": logging.ERROR}
    # Dask has workers give memory back at every 64 KiB: arrays that come and go would cost a tenth of the time in page faults.
    before = dask.config.get("distributed.nanny.pre-spawn-environ")
    spawned = {name: value for name, value in before.items() if not name.startswith("MALLOC_")}
    # workers take over our environment, those too that take the place of a dead one
    with (
        dask.config.set({"distributed.nanny.pre-spawn-environ": spawned}),
        environment({**ONE_THREAD, "DASK_LOGGING__DISTRIBUTED": "error", "TF_CPP_MIN_LOG_LEVEL": "3"}),
        distributed.LocalCluster(n_workers=n_workers, threads_per_worker=1, **options) as cluster,
    ):
        yield str(cluster.scheduler_address)


def _check(address: str, settings: Settings) -> None:
    """Refuse a cluster that would fail at every shard, before any is given to it.

    Raises:
        ConfigError: nobody answers, or a worker is of another version, of several threads or sees other data.
    """
    import distributed

    try:
        with distributed.Client(address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=PATIENCE)
            seen = client.run(_sight, settings.data_dir.resolve())
            threads = {name: worker["nthreads"] for name, worker in client.scheduler_info(n_workers=-1)["workers"].items()}
    except (OSError, TimeoutError, ValueError) as error:
        raise ConfigError(
            f"setting 'scale.dask_address' is {address!r}, and no scheduler with a worker answers there within {PATIENCE} s "
            "(docs/scaling.md tells how to start them); or leave it empty for a cluster on this machine"
        ) from error
    except ImportError as error:
        raise ConfigError(
            f"a worker of {address} misses a package ({error}); start it in the flow's folder and environment"
        ) from error
    for worker, (version, sees_data) in seen.items():
        if version != __version__:
            raise ConfigError(f"worker {worker} has genemine {version}, the flow has {__version__}; install the same on both")
        if not sees_data:
            raise ConfigError(f"worker {worker} does not see {settings.data_dir.resolve()}; put the data where all workers have it")
        if threads.get(worker, 1) != 1:
            raise ConfigError(f"worker {worker} has {threads[worker]} threads; start workers of one thread each (--nthreads 1)")
    log.info("cluster: %d workers at %s", len(seen), address)


def _sight(data_dir: Path) -> tuple[str, bool]:
    """On a worker: its version of genemine, and whether it sees the data."""
    return __version__, (data_dir / "raw").is_dir()
