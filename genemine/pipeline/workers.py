"""Work shared among processes: items in, results out in the order of the items.

Each worker is a fresh Python that makes its function once (a tagger takes half a second) and then gets one item at a time. A worker
that dies ends the work with an error that says so; Ctrl-C ends the workers with the program.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from genemine.errors import GenemineError, WorkerError

Item = TypeVar("Item")
Result = TypeVar("Result")

# Each worker fills a core by itself; two threads in each would only wait for each other.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1"}

SELDOM = 200_000  # new objects after which garbage is looked for; Python's own is 700


def cores() -> int:
    """Count the processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_in_order(
    make: Callable[[], Callable[[Item], Result]], items: Iterable[Item], n_workers: int, mend: str
) -> Iterator[Result]:
    """Yield ``make()(item)`` for each item, in their order, computed by ``n_workers`` processes.

    Args:
        make: makes the function in each worker; a module's function or a ``partial`` of one. Its GenemineErrors are raised here.
        items: are pickled on their way to a worker, as the results are on theirs back.
        n_workers: at least 1.
        mend: ends the message about a worker that died: what a user can do.

    Raises:
        WorkerError: a worker died, was killed, or its function failed otherwise than by a GenemineError.
    """
    workers: list[_Worker] = []
    try:
        workers = _start(make, n_workers)
        yield from _results(workers, iter(enumerate(items)), mend)
    finally:
        for worker in workers:
            worker.stop()


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    item: int = -1  # number of the item at work, -1 for none

    def give(self, number: int, item: Any, mend: str) -> None:
        self.item = number
        try:
            self.pipe.send(item)
        except OSError as error:
            raise self._died(mend) from error

    def take(self, mend: str) -> tuple[int, Any]:
        try:
            failed, result = self.pipe.recv()
        except (EOFError, OSError) as error:
            raise self._died(mend) from error
        if isinstance(result, GenemineError):
            raise result
        if failed:
            raise WorkerError(f"a worker process failed: {result}; please report this, it is a fault of genemine")
        number, self.item = self.item, -1
        return number, result

    def _died(self, mend: str) -> WorkerError:
        self.process.join(1)
        code = self.process.exitcode
        how = "ended" if code is None or code >= 0 else f"was killed by signal {-code}"
        return WorkerError(f"a worker process {how} before its work was done (perhaps out of memory); {mend}")

    def stop(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join()


def _results(workers: list[_Worker], items: Iterator[tuple[int, Any]], mend: str) -> Iterator[Any]:
    done: dict[int, Any] = {}
    awaited, more = 0, True
    while True:
        for worker in workers:
            # one at a time and only to the idle: a send never meets a send from the other side, which would hold up both
            if more and worker.item < 0 and (given := next(items, None)) is not None:
                worker.give(*given, mend)
            elif worker.item < 0:
                more = False
        busy = {worker.pipe: worker for worker in workers if worker.item >= 0}
        if not busy:
            break
        for pipe in wait(list(busy)):
            number, result = busy[pipe].take(mend)  # type: ignore[index]  # wait gives back what it was given
            done[number] = result
        while awaited in done:
            yield done.pop(awaited)
            awaited += 1


def _start(make: Callable[[], Any], n_workers: int) -> list[_Worker]:
    context = multiprocessing.get_context("spawn")  # a fork would take over the locks of our threads
    workers = []
    with environment(ONE_THREAD), _interrupts_ignored():
        for _ in range(n_workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, make), daemon=True)
            process.start()
            theirs.close()  # so that the death of the worker closes the pipe
            workers.append(_Worker(process, ours))
    return workers


def _work(pipe: Connection, make: Callable[[], Callable[[Any], Any]]) -> None:
    """What a worker does: until the pipe is closed, answer each item with (failed, result)."""
    function: Callable[[Any], Any] | None = None
    while True:
        try:
            item = pipe.recv()
        except (EOFError, OSError):
            return
        answer: tuple[bool, Any]
        try:
            if function is None:
                function = make()
                # What was loaded stays for good, and what an item leaves behind holds no cycles worth looking for so often.
                gc.freeze()
                gc.set_threshold(SELDOM)
            answer = (False, function(item))
        except GenemineError as error:
            answer = (True, error)
        except Exception as error:  # the parent tells it
            answer = (True, f"{type(error).__name__}: {error}")
        try:
            pipe.send(answer)
        except OSError:
            return


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for garbage in cycles 300 times less often while the block lasts.

    What a shard leaves behind holds none worth looking for, and each look goes through everything that was loaded: a tenth of the
    time that sentences, mentions and links take.
    """
    before = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def environment(variables: dict[str, str]) -> Iterator[None]:
    """Set environment variables for processes that are started meanwhile; those that the user has set stay."""
    added = {name: value for name, value in variables.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Let processes that are started meanwhile ignore Ctrl-C, which the terminal sends to them too; the parent ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
