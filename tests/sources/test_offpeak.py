"""Large jobs in US working hours are advised against; small ones, nights and weekends are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfoNotFoundError

import pytest

from genemine.sources import offpeak
from genemine.sources.offpeak import off_peak_advice


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "busy"),
    [
        ("2026-11-23 18:07", True),  # Monday, 13:07 in winter time
        ("2026-11-23 09:59", False),  # 04:59
        ("2026-11-23 10:00", True),  # 05:00
        ("2026-11-24 01:59", True),  # Monday, 20:59
        ("2026-11-24 02:00", False),  # Monday, 21:00
        ("2026-07-06 09:00", True),  # Monday, 05:00 in summer time
        ("2026-07-06 08:59", False),
        ("2026-11-28 04:59", False),  # Friday, 23:59
        ("2026-11-28 18:00", False),  # Saturday
        ("2026-11-29 18:00", False),  # Sunday
        ("2026-11-30 04:59", False),  # Sunday, 23:59 there, Monday in UTC
    ],
)
def test_busy_hours_are_those_of_the_us_east_coast(moment: str, busy: bool) -> None:
    assert bool(off_peak_advice(101, utc(moment))) is busy
    assert off_peak_advice(100, utc(moment)) == ""


def test_the_advice_tells_what_when_and_where() -> None:
    here = datetime(2026, 7, 6, 20, 30, tzinfo=timezone(timedelta(hours=2)))
    assert off_peak_advice(1234, here) == (
        "advice: this job needs about 1,234 requests, and on the US East coast it is Monday, 14:30: NCBI asks for jobs of more "
        "than 100 on weekends or from 21:00 to 05:00 there (from 01:00 UTC); it goes on all the same"
    )


def test_a_machine_without_time_zones_counts_in_winter_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(offpeak, "ZoneInfo", none)
    assert off_peak_advice(101, utc("2026-11-23 10:00"))
    assert not off_peak_advice(101, utc("2026-11-23 09:59"))
