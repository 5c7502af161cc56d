"""Requests start as far apart as the service asks, counted over all processes; no test waits."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genemine.sources.limiter import RateLimiter, budget_scope


class Clock:
    """Time that passes only by sleeping; several limiters may share it, as processes share the wall clock."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def limiter(folder: Path, clock: Clock, per_second: float = 3.0, scope: str = "host") -> RateLimiter:
    return RateLimiter(scope, per_second, folder=folder, clock=clock.time, sleep=clock.sleep)


def test_the_first_request_starts_at_once_and_the_next_are_spaced(tmp_path: Path) -> None:
    clock = Clock()
    one = limiter(tmp_path, clock)
    assert [round(one.wait(), 3) for _ in range(4)] == [0.0, 0.367, 0.367, 0.367]
    clock.sleep(5)
    assert one.wait() == 0.0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0, 1)), min_size=8, max_size=40))
def test_no_second_holds_more_starts_than_allowed(tmp_path_factory: pytest.TempPathFactory, turns: list[tuple[int, float]]) -> None:
    """Three processes, in any order and with any pauses."""
    clock = Clock()
    folder = tmp_path_factory.mktemp("budget")
    processes = [limiter(folder, clock) for _ in range(3)]
    starts = []
    for who, pause in turns:
        clock.sleep(pause)
        processes[who].wait()
        starts.append(clock.now)
    assert all(later - earlier >= 1.0 for earlier, later in zip(starts, starts[3:], strict=False))


def test_scopes_have_budgets_of_their_own(tmp_path: Path) -> None:
    clock = Clock()
    assert limiter(tmp_path, clock, scope="a").wait() == limiter(tmp_path, clock, scope="b").wait() == 0.0
    assert limiter(tmp_path, clock, scope="a").wait() > 0


def test_the_scope_is_the_host_or_the_key_and_never_shows_the_key(tmp_path: Path) -> None:
    url = "https://me:pw@eutils.ncbi.nlm.nih.gov/entrez/eutils/"
    assert budget_scope(url, "") == "eutils.ncbi.nlm.nih.gov"
    assert budget_scope(url, "0123456789") != budget_scope(url, "")
    limiter(tmp_path, Clock(), scope=budget_scope(url, "0123456789")).wait()
    assert "0123456789" not in "".join(path.name + path.read_text() for path in tmp_path.iterdir())


@pytest.mark.parametrize("state", ["", "no JSON", "[1]", '{"a": []}', '{"a": 1e300}'])
def test_a_damaged_or_absurd_state_delays_nobody(tmp_path: Path, state: str) -> None:
    (tmp_path / "starts.json").write_text(state)
    clock = Clock()
    assert limiter(tmp_path, clock).wait() == 0.0
    assert limiter(tmp_path, clock).wait() > 0


def test_a_clock_that_was_set_back_delays_nobody_for_long(tmp_path: Path) -> None:
    limiter(tmp_path, Clock(1_000_000.0)).wait()
    assert limiter(tmp_path, Clock(999_000.0)).wait() == 0.0


def test_services_not_asked_for_an_hour_are_forgotten(tmp_path: Path) -> None:
    clock = Clock()
    limiter(tmp_path, clock, scope="a").wait()
    clock.sleep(3601)
    limiter(tmp_path, clock, scope="b").wait()
    assert len(json.loads((tmp_path / "starts.json").read_text())) == 1


def test_a_link_planted_in_the_shared_folder_is_not_followed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "budget"
    limiter(folder, Clock()).wait()
    path = folder / "starts.json"
    path.unlink()
    (tmp_path / "mine").write_text("precious")
    path.symlink_to(tmp_path / "mine")
    limiter(folder, Clock()).wait()
    assert (tmp_path / "mine").read_text() == "precious"
    assert "cannot be shared" in caplog.text


def test_without_a_place_to_share_one_process_still_keeps_to_the_limit(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    one = limiter(tmp_path / "file" / "below", Clock())
    assert [round(one.wait(), 3) for _ in range(3)] == [0.0, 0.367, 0.367]
    assert "cannot be shared with other processes (Not a directory)" in caplog.text


OTHER_PROCESS = """
import sys
from pathlib import Path
from genemine.sources.limiter import RateLimiter
slept = []
one = RateLimiter("host", 10.0, folder=Path(sys.argv[1]), clock=lambda: 1_000_000.0, sleep=slept.append)
for _ in range(20):
    one.wait()
print(*slept)
"""


def test_processes_share_one_budget(tmp_path: Path) -> None:
    """In two processes the clock stands still at the same moment, so only the shared file keeps their starts apart."""
    command = [sys.executable, "-c", OTHER_PROCESS, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    starts = sorted(float(slept) for process in running for slept in process.communicate()[0].split())
    assert len(starts) == 39  # the very first starts at once
    assert {round(later - earlier, 2) for earlier, later in pairwise(starts)} == {0.11}
