"""How runs end, without Prefect's engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import states
from flows.states import alone, ended, lateness
from genemine.errors import BusyError, HeldBackError, SourceError, StorageError
from genemine.pipeline.mine import MineReport

DUE = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
REPORT = MineReport("20261123T184731Z-67349aee", Path("runs"), False, {"articles": 1234, "associations": 56})


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "check_files", lambda folder: None)


def test_new_tables_are_completed_with_their_counts(whole: None) -> None:
    state = ended(REPORT, "9 records fetched, new or revised.")
    assert (state.name, state.data) == ("Completed", REPORT)
    assert state.message == "9 records fetched, new or revised. Run 20261123T184731Z-67349aee: 1,234 articles, 56 associations."


def test_a_night_without_news_says_so(whole: None) -> None:
    state = ended(replace(REPORT, reused=True), "No record is new or revised.")
    assert (state.name, state.is_completed()) == ("Nothing new", True)
    assert state.message == "No record is new or revised. The tables of run 20261123T184731Z-67349aee stand."


def test_tables_held_back_fail_with_the_reason_and_what_to_do(whole: None) -> None:
    state = ended(replace(REPORT, held=("associations: 40% are gone", "made by other means")))
    assert (state.name, state.is_failed(), type(state.data)) == ("Held back", True, HeldBackError)
    assert "associations: 40% are gone. made by other means. Look at the artifact 'gate'" in state.message
    assert "genemine release 20261123T184731Z-67349aee" in state.message


def test_a_file_that_was_not_read_to_its_end_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(folder: Path) -> None:
        raise SourceError("b1.xml: cut off (byte 9)")

    monkeypatch.setattr(states, "check_files", broken)
    state = ended(REPORT)
    assert (state.name, state.is_completed(), state.message) == ("Completed with gaps", True, "b1.xml: cut off (byte 9)")


def test_a_run_beside_another_is_cancelled_and_other_errors_are_raised() -> None:
    def busy() -> None:
        raise BusyError("data/raw: held by process 7 on host, collecting since 2026-11-23 07:00:00 UTC")

    def full() -> None:
        raise StorageError("disk full")

    state = alone(busy)
    assert (state.name, state.is_cancelled()) == ("Overlapping", True)
    assert "held by process 7 on host, collecting" in state.message
    with pytest.raises(StorageError, match="disk full"):
        alone(full)


@pytest.mark.parametrize(
    ("hours_late", "limit", "late"), [(0, 6, False), (6, 6, False), (6.5, 6, True), (100, 0, False), (-1, 6, False)]
)
def test_a_night_is_late_after_the_hours_that_are_allowed(hours_late: float, limit: int, late: bool) -> None:
    said = lateness(DUE, DUE + timedelta(hours=hours_late), limit)
    assert bool(said) == late
    assert not late or said.startswith("It was due at 2026-11-23 07:00 UTC and starts 6 hours later, more than the 6 allowed")


def test_a_run_without_a_time_of_its_own_is_never_late() -> None:
    assert lateness(None, DUE, 6) == ""
