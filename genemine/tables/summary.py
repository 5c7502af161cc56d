"""The few rows that a summary shows, read back from a run's tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from genemine.tables.files import read_table

DENIED = "denied"


@dataclass(frozen=True, slots=True)
class TopAssociation:
    """One association as a summary shows it."""

    gene: str
    disease: str
    score: float
    n_articles: int
    pmid: str
    sentence: str


def top_associations(folder: Path, n: int) -> list[TopAssociation]:
    """The ``n`` first rows of a run's associations table, which is sorted best first; pairs that are only denied are none.

    Raises:
        StorageError: the run has no such table.
    """
    frame = read_table(folder, "associations").head(n)
    frame = frame[frame["direction"] != DENIED]
    columns = ("gene_name", "disease_name", "score", "n_articles", "best_pmid", "best_sentence")
    rows = zip(*(frame[column].tolist() for column in columns), strict=True)
    return [TopAssociation(*row) for row in rows]


def articles_by_year(folder: Path) -> dict[int, int]:
    """How many articles of a run are of which year; those without a year are left out.

    Raises:
        StorageError: the run has no such table.
    """
    years = read_table(folder, "articles", ["year"])["year"].dropna()
    return dict(Counter(int(year) for year in years.tolist()))


def dropped_for(folder: Path, reasons: Collection[str]) -> list[tuple[str, str, str]]:
    """The (source, reason, detail) of a run's dropped records that were dropped for one of ``reasons``.

    Raises:
        StorageError: the run has no such table.
    """
    frame = read_table(folder, "dropped")
    rows = zip(*(frame[column].tolist() for column in ("source", "reason", "detail")), strict=True)
    return [row for row in rows if row[1] in reasons]
