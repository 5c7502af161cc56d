"""Where the gene, the disease and the classifier's attention stand in a sentence of evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from genemine.tables.schema import LIST_SEPARATOR

_PART = re.compile(r"(\d+)-(\d+):(\d+(?:\.\d+)?)")


def span(sentence: str, text: str, start: Any, end: Any) -> tuple[int, int]:
    """The place of a name in its sentence.

    Args:
        sentence: the sentence.
        text: the name as written, looked for where no offsets are given (tables of older versions have none).
        start, end: characters within the sentence, end exclusive; None or not a number where unknown.

    Returns:
        (start, end), or (0, 0) where the sentence does not hold the name.
    """
    if start is not None and end is not None and start == start and 0 <= start < end <= len(sentence):  # noqa: PLR0124 (NaN)
        return int(start), int(end)
    if not text:
        return 0, 0
    # a whole word first: the gene AR is not the middle of "carcinoma"
    found = re.search(rf"(?<!\w){re.escape(text)}(?!\w)", sentence)
    at = found.start() if found else sentence.find(text)
    return (at, at + len(text)) if at >= 0 else (0, 0)


def attention(cell: Any, length: int) -> list[int]:
    """Read a cell such as ``0-5:12|9-17:40`` as [start, end, percent, ...]; what lies outside of the sentence is left out.

    Args:
        cell: the cell of the table, None or empty where nothing is known.
        length: characters of the sentence.
    """
    if not isinstance(cell, str) or not cell:
        return []
    flat: list[int] = []
    for item in cell.split(LIST_SEPARATOR):
        if match := _PART.fullmatch(item):
            start, end, percent = int(match[1]), int(match[2]), round(float(match[3]))
            if start < end <= length and percent > 0:
                flat += [start, end, percent]
    return flat


def number(items: Sequence[Any]) -> tuple[list[Any], list[int]]:
    """Give each different item a number by first occurrence: the items once, and the numbers in their place."""
    places: dict[Any, int] = {}
    numbers = [places.setdefault(item, len(places)) for item in items]
    return list(places), numbers
