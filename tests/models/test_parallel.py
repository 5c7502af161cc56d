"""Jobs run in processes of their own: answers by name, progress told, faults and deaths passed on."""

from __future__ import annotations

import functools
import operator
import os

import pytest

from genemine.errors import GenemineError
from genemine.models.parallel import ONE_THREAD, run_jobs

# ``operator.call(job, report)`` calls ``job(report)``: jobs of the standard library can be sent to another process.
ANSWER = callable
TELL = operator.methodcaller("__call__", 3, 7)
FAIL = functools.partial(isinstance, 3)
DIE = functools.partial(min, 1, key=os._exit)


def test_answers_and_progress_come_back_by_name():
    told: list[tuple[str, int, int]] = []
    answers = run_jobs(operator.call, {"one": ANSWER, "two": TELL}, lambda *tick: told.append(tick))
    assert answers == {"one": True, "two": None}
    assert told == [("two", 3, 7)]


def test_what_a_job_raises_is_raised():
    with pytest.raises(TypeError, match="isinstance"):
        run_jobs(operator.call, {"one": FAIL}, print)


def test_a_killed_process_is_told_and_nothing_hangs():
    with pytest.raises(GenemineError, match=r"was killed.*same command again"):
        run_jobs(operator.call, {"one": DIE}, print, workers=1)


def test_processes_have_one_thread(monkeypatch: pytest.MonkeyPatch):
    for name in ONE_THREAD:
        monkeypatch.delenv(name, raising=False)
    read = functools.partial(os.getenv, next(iter(ONE_THREAD)))
    assert run_jobs(operator.call, {"one": read}, print) == {"one": "1"}
    assert not set(ONE_THREAD) & set(os.environ)
