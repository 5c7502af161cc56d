"""Run trainings side by side, one processor each: for networks of this size two of them do more in an hour than one on two."""

from __future__ import annotations

import multiprocessing
import os
import queue as queues
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from genemine.errors import GenemineError

Report = Callable[[int, int], None]
POLL_SECONDS = 0.5
# Before the first import of a library that makes threads of its own; they would only stand in each other's way.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}


def run_jobs(
    work: Callable[[Any, Report], Any],
    jobs: Mapping[str, Any],
    progress: Callable[[str, int, int], None],
    workers: int | None = None,
) -> dict[str, Any]:
    """Call ``work(job, report)`` for every job, each in a process of its own, and give the answers by the jobs' names.

    Args:
        work: a function of a module; its job and its answer must be picklable.
        jobs: by name.
        progress: told the job's name and what the job reports (steps done, steps in all).
        workers: processes at once; None: one a processor.

    Raises:
        GenemineError: what a job raised, or a process was killed.
    """
    context = multiprocessing.get_context("spawn")
    n = min(workers or os.cpu_count() or 1, max(len(jobs), 1))
    with context.Manager() as manager, ProcessPoolExecutor(n, mp_context=context, initializer=_one_thread) as pool:
        told = manager.Queue()
        futures = {name: pool.submit(_call, work, name, job, told) for name, job in jobs.items()}
        _follow(list(futures.values()), told, progress)
        try:
            return {name: future.result() for name, future in futures.items()}
        except BrokenProcessPool as error:
            raise GenemineError(
                "a training process was killed (out of memory?); give the same command again: it goes on from the last checkpoint"
            ) from error


def _follow(futures: list[Future[Any]], told: Any, progress: Callable[[str, int, int], None]) -> None:
    waiting = True
    while waiting:
        waiting = bool(wait(futures, POLL_SECONDS).not_done)
        try:
            while True:
                progress(*told.get_nowait())
        except queues.Empty:
            pass


def _one_thread() -> None:
    os.environ.update(ONE_THREAD)


def _call(work: Callable[[Any, Report], Any], name: str, job: Any, told: Any) -> Any:
    return work(job, lambda done, total: told.put((name, done, total)))
