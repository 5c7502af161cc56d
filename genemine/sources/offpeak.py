"""When NCBI wants large jobs: at weekends, or from nine in the evening to five in the morning, US Eastern time.

Source: A General Introduction to the E-utilities (NBK25497), "Frequency, Timing and Registration of E-utility URL Requests".
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# a job of more requests than this is a large one
LARGE_JOB = 100
FIRST_HOUR, LAST_HOUR = 5, 21  # from five to nine NCBI is busy
SATURDAY = 5


def off_peak_advice(n_requests: int, moment: datetime) -> str:
    """What to tell a user before a large job in US working hours; "" where there is nothing to say.

    Args:
        n_requests: how many requests the job needs.
        moment: when it begins, with its time zone.
    """
    there = moment.astimezone(_eastern())
    if n_requests <= LARGE_JOB or there.weekday() >= SATURDAY or not FIRST_HOUR <= there.hour < LAST_HOUR:
        return ""
    quiet = there.replace(hour=LAST_HOUR, minute=0, second=0, microsecond=0)
    return (
        f"advice: this job needs about {n_requests:,} requests, and on the US East coast it is {there:%A, %H:%M}: NCBI asks "
        f"for jobs of more than {LARGE_JOB} on weekends or from 21:00 to 05:00 there (from {quiet.astimezone(UTC):%H:%M} UTC); "
        "it goes on all the same"
    )


def _eastern() -> tzinfo:
    try:
        return ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        # a machine without a time zone database: winter time, at most an hour wrong
        return timezone(timedelta(hours=-5))
