"""Dates as PubMed writes them: years, seasons, free text, month names."""

from __future__ import annotations

import re

from lxml import etree

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_PRINTED = ("Year", "Season", "Month", "Day")


def printed_date(element: etree._Element | None) -> str:
    """Give the date as printed: ``2018 Nov 20``, ``1998 Dec-1999 Jan``, ``2010 Spring``; "" for none."""
    if element is None:
        return ""
    words = {child.tag: " ".join((child.text or "").split()) for child in element}
    return words.get("MedlineDate") or " ".join(words[name] for name in _PRINTED if words.get(name))


def leading_year(printed: str) -> int | None:
    """Give the first year named in a printed date; None where there is none."""
    found = _YEAR.search(printed)
    return int(found.group()) if found else None


def iso_date(element: etree._Element | None) -> str:
    """Give Year, Month and Day as ``2019-03-08``, as far as they are there; "" without a year.

    ISO dates sort as text, so the larger one is the newer one.
    """
    if element is None:
        return ""
    words = {part.tag: (part.text or "").strip() for part in element}
    year = words.get("Year", "")
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        return ""
    parts = [year]
    for name, largest in (("Month", 12), ("Day", 31)):
        number = _number(words.get(name, ""))
        if not 1 <= number <= largest:
            break
        parts.append(f"{number:02d}")
    return "-".join(parts)


def _number(word: str) -> int:
    """Read a month or day, by number or by name; 0 for neither."""
    if word.isascii() and word.isdigit() and len(word) <= 2:
        return int(word)
    name = word[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else 0
