"""Work shared among processes: order, errors, deaths; nothing ever hangs."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial

import pytest

from genemine.errors import BundleError, WorkerError
from genemine.pipeline.workers import map_in_order, seldom_collected

MEND = "use one worker"
# Made from text: a test's own functions are in no module that another process could import.
DOUBLE = partial(eval, "lambda n: 2 * n")
SLOW = partial(eval, "lambda n: (__import__('time').sleep(n % 3 / 50), 2 * n)[1]")
FATAL = partial(eval, "lambda n: __import__('os').kill(__import__('os').getpid(), 9) if n == 3 else n")
LEAVING = partial(eval, "lambda n: __import__('os')._exit(3) if n == 3 else n")
FAILING = partial(eval, "lambda n: 1 // (n - 3)")
MISSING = partial(eval, "__import__('genemine.models.bundle', fromlist=['']).read_bundle(__import__('pathlib').Path('/none'), 'x')")
ENDLESS = "partial(eval, \"lambda n: __import__('time').sleep(60)\")"


def test_results_come_in_the_order_of_the_items():
    """Also where the first takes longest, and where there are more workers than items."""
    assert list(map_in_order(SLOW, range(11, 0, -1), 3, MEND)) == list(range(22, 0, -2))
    assert list(map_in_order(DOUBLE, [1], 2, MEND)) == [2]
    assert list(map_in_order(DOUBLE, [], 2, MEND)) == []


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (FATAL, r"a worker process was killed by signal 9 before its work was done .*; use one worker"),
        (LEAVING, r"a worker process ended before its work was done .*; use one worker"),
        (FAILING, r"a worker process failed: ZeroDivisionError: .*; please report this"),
    ],
)
def test_a_worker_that_dies_or_fails_is_told(make: object, message: str):
    with pytest.raises(WorkerError, match=message):
        list(map_in_order(make, [1, 2, 3, 4, 5, 6], 2, MEND))  # type: ignore[arg-type]


def test_errors_that_a_user_can_mend_come_through():
    with pytest.raises(BundleError, match=r"^/none: no such bundle"):
        list(map_in_order(MISSING, [1, 2, 3], 2, MEND))


def test_workers_end_when_nobody_wants_more():
    results = map_in_order(DOUBLE, range(1, 50), 2, MEND)
    assert next(results) == 2
    results.close()  # type: ignore[attr-defined]
    children = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True).stdout
    assert "spawn_main" not in children


def test_ctrl_c_ends_all_at_once():
    """The terminal sends the signal to the whole group; the workers print nothing and are gone with the parent."""
    code = (
        # a test run in the background of a shell has the signal ignored, and so have its children
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from functools import partial\n"
        "from genemine.pipeline.workers import map_in_order\n"
        "print('ready', flush=True)\n"
        f"list(map_in_order({ENDLESS}, range(9), 2, 'x'))\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(1.0)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert told.count("Traceback") == told.count("KeyboardInterrupt") == 1
    for _ in range(50):  # Python's own helper process ends a moment later
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a process outlived the program")


def test_garbage_is_looked_for_seldom_while_a_shard_is_made_and_as_before_after_it() -> None:
    before = gc.get_threshold()
    with suppress(ZeroDivisionError), seldom_collected():
        assert gc.get_threshold()[0] > before[0]
        1 / 0  # noqa: B018
    assert gc.get_threshold() == before
