"""The order in which batches count: by the day they were issued.

The order decides which of two equal revisions of a record stands, and whether a deletion comes before or after a record. A batch's
day is ``issued`` of the ledger; of one day the sources come by name, then the batches by name, numbers in names by value. Two rules
more:

- a file without a row in the ledger (one that a user put into data/raw) comes before all that have one;
- the files of one numbered series (``pubmed26n0001``, ``pubmed26n0002``, then ``pubmed27n0001``) keep the order of their numbers,
  whatever their days say: a file counts as issued no earlier than those before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from genemine.storage.ledger import Ledger

# <series><year of two digits>n<number>, as NLM names the files of a year's baseline and their updates
_NUMBERED = re.compile(r"(?P<series>.*?)(?P<year>\d{2})n(?P<number>\d+)(?P<rest>\D*)")
_DIGITS = re.compile(r"(\d+)")

NaturalKey = tuple[tuple[int, str], ...]


def ordered(batches: Iterable[str], ledger: Ledger) -> list[str]:
    """Put batches ("source/name") in the order in which they count.

    Raises:
        StorageError: the ledger cannot be read.
    """
    days = {f"{source}/{name}": day for source, name, day in ledger.rows("SELECT source, name, issued FROM batches")}
    keyed: list[tuple[str, str, NaturalKey, str]] = []
    numbered: dict[tuple[str, str], list[tuple[tuple[int, int, str], str]]] = {}
    for batch in set(batches):
        source, _, name = batch.partition("/")
        place = series_place(name)
        if place is None:
            keyed.append((days.get(batch, ""), source, natural_key(name), batch))
        else:
            series, year, number = place
            numbered.setdefault((source, series), []).append(((year, number, name), batch))
    for (source, _), members in numbered.items():
        day = ""
        for (_, _, name), batch in sorted(members):
            day = max(day, days.get(batch, ""))
            keyed.append((day, source, natural_key(name), batch))
    return [batch for *_, batch in sorted(keyed)]


def series_place(name: str) -> tuple[str, int, int] | None:
    """Series, year and number of a numbered file: ``pubmed26n0001`` is ("pubmed", 26, 1); None for another name."""
    found = _NUMBERED.fullmatch(name)
    return None if found is None else (found["series"] + found["rest"], int(found["year"]), int(found["number"]))


def natural_key(name: str) -> NaturalKey:
    """Sorts names with the numbers in them by value: ``b2`` before ``b10``."""
    parts = _DIGITS.split(name)
    # every second part is a number; a name that begins with one has an empty part before it
    return tuple((int(part), "") if at % 2 else (0, part) for at, part in enumerate(parts))


def missing_numbers(names: Iterable[str]) -> tuple[str, ...]:
    """What is missing between the first and the last file of each year of a series: "pubmed26n0002", "pubmed26n0004-0009"."""
    years: dict[tuple[str, int], dict[int, str]] = {}
    for name in names:
        place = series_place(name)
        if place is not None:
            years.setdefault(place[:2], {})[place[2]] = name
    gaps: list[str] = []
    for _, members in sorted(years.items()):
        numbers = sorted(members)
        for before, after in pairwise(numbers):
            if after - before > 1:
                gaps.append(_gap(members[before], before + 1, after - 1))
    return tuple(gaps)


def _gap(neighbour: str, first: int, last: int) -> str:
    stem, _, digits = neighbour.rpartition("n")
    width = len(_DIGITS.findall(digits)[0])
    return f"{stem}n{first:0{width}}" + (f"-{last:0{width}}" if last > first else "")
