"""Dates of a query: a year, a month or a day as the span of days it stands for."""

from __future__ import annotations

import calendar
import re

_DATE = re.compile(r"(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?")


def first_day(text: str) -> int | None:
    """The first day (yyyymmdd) of a year, month or day such as 2024, 2024/02 or 2024/02/29; None for what is no date."""
    return _day(text, last=False)


def last_day(text: str) -> int | None:
    """The last day (yyyymmdd) of a year, month or day; None for what is no date."""
    return _day(text, last=True)


def _day(text: str, last: bool) -> int | None:
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year = int(match[1])
    month = int(match[2]) if match[2] else (12 if last else 1)
    if year == 0 or not 1 <= month <= 12:
        return None
    length = calendar.monthrange(year, month)[1]
    day = int(match[3]) if match[3] else (length if last else 1)
    return year * 10_000 + month * 100 + day if 1 <= day <= length else None


def slashed(day: int) -> str:
    """Write yyyymmdd as PubMed does: 2024/02/29."""
    return f"{day // 10_000:04d}/{day // 100 % 100:02d}/{day % 100:02d}"
