"""All PMIDs of a query, however many: ESearch gives the first 9,999, so larger answers are cut by ranges of PMIDs.

Cutting by dates does not always end (one day can hold more than 10,000 records); halving ``lo:hi[UID]`` does. The result is
complete by count: as many different PMIDs as the service says it has.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from genemine.errors import SourceError
from genemine.sources.entrez_answers import SearchPage

log = logging.getLogger(__name__)

# "ESearch can only retrieve the first 9,999 records matching the query" (answer of the service to a larger retstart)
MAX_HITS = 9_999
# PubMed's newest PMIDs have 8 digits (2026); 31 bits leave room and cost a request for each empty half
LAST_UID = 2**31 - 1
# new records can come in while a query is being asked; then it is asked again, so many times
MAX_ROUNDS = 3


@dataclass(frozen=True)
class Window:
    """Days by which a search is limited, both included; ``field`` is "edat" (entered), "mdat" (revised) or "pdat" (printed)."""

    field: str = "edat"
    since: date | None = None
    until: date | None = None

    def params(self) -> dict[str, str]:
        """The window as esearch wants it; no dates, no parameters."""
        if self.since is None and self.until is None:
            return {}
        first = self.since or date(1800, 1, 1)
        last = self.until or date(3000, 12, 31)  # as PubMed's own "to the present" is spelled
        return {"datetype": self.field, "mindate": f"{first:%Y/%m/%d}", "maxdate": f"{last:%Y/%m/%d}"}


@dataclass(frozen=True)
class Slice:
    """A part of a search that fits into ESearch's limit: its term and how many records it held."""

    term: str
    n_found: int


@dataclass(frozen=True)
class Found:
    """The whole answer to a search; ``pmids`` ascend."""

    pmids: tuple[str, ...]
    slices: tuple[Slice, ...]
    unknown_phrases: tuple[str, ...] = ()


class Searcher(Protocol):
    """What can be asked for one page; :class:`genemine.sources.entrez.EntrezClient` is one."""

    def search_page(self, term: str, *, retstart: int = 0, retmax: int = 0, dates: Mapping[str, str] | None = None) -> SearchPage:
        """Ask for ``retmax`` PMIDs from ``retstart`` on, and the count of all."""


def search(searcher: Searcher, term: str, window: Window, *, page_size: int, max_hits: int = MAX_HITS) -> Found:
    """Ask for every PMID that matches.

    Args:
        searcher: the service.
        term: the query, with balanced brackets.
        window: the days to look at.
        page_size: PMIDs an answer.
        max_hits: most that the service gives for one term.

    Raises:
        QueryError: the query cannot be understood.
        SourceError: the service fails, or its answers do not add up to its own count.
    """
    dates = window.params()
    for _ in range(MAX_ROUNDS):
        total = searcher.search_page(term, retmax=min(page_size, max_hits), dates=dates)
        try:
            parts = list(_parts(_Asked(searcher, dates, page_size, max_hits), term, total))
            pmids = {pmid for _, ids in parts for pmid in ids}
            if len(pmids) != total.count:
                raise _Disagreement(f"its answers hold {len(pmids):,} different PMIDs, its count says {total.count:,}")
            # a half reckoned empty was not asked: a record could have come into the other half and hidden the one in there
            if len(parts) > 1 and (now := searcher.search_page(term, dates=dates).count) != total.count:
                raise _Disagreement(f"it had {total.count:,} PMIDs, now it has {now:,}")
            slices = tuple(Slice(part, len(ids)) for part, ids in parts)
            return Found(tuple(sorted(pmids, key=_number)), slices, total.unknown_phrases)
        except _Disagreement as disagreement:
            what = str(disagreement)
            log.warning("esearch: %s; asking again", what)
    raise SourceError(f"esearch: {what}; nothing was fetched: run again later")


class _Disagreement(Exception):  # noqa: N818  a verdict on one round, caught above
    """Two answers do not fit together: records came or went while the slices were asked."""


@dataclass(frozen=True)
class _Asked:
    searcher: Searcher
    dates: dict[str, str]
    page_size: int
    max_hits: int

    def count(self, term: str) -> int:
        return self.searcher.search_page(term, dates=self.dates).count

    def pages(self, term: str, count: int, first: int = 0) -> Iterator[str]:
        for start in range(first, count, self.page_size):
            page = self.searcher.search_page(term, retstart=start, retmax=min(self.page_size, count - start), dates=self.dates)
            # or a record could come into one slice and push one out of the next, and the sum would still be right
            if page.count != count:
                raise _Disagreement(f"a slice of {count:,} PMIDs now has {page.count:,}")
            yield from page.ids


def _parts(asked: _Asked, term: str, first: SearchPage) -> Iterator[tuple[str, list[str]]]:
    if first.count > asked.max_hits:
        yield from _halves(asked, term, 1, LAST_UID, first.count)
    elif first.count:
        yield term, [*first.ids, *asked.pages(term, first.count, len(first.ids))]


def _halves(asked: _Asked, term: str, low: int, high: int, count: int) -> Iterator[tuple[str, list[str]]]:
    """The parts of ``low:high[UID]``, which holds ``count`` records."""
    if count <= 0:
        return
    if count <= asked.max_hits or low == high:
        part = _between(term, low, high)
        yield part, list(asked.pages(part, count))
        return
    middle = (low + high) // 2
    left = asked.count(_between(term, low, middle))
    yield from _halves(asked, term, low, middle, left)
    # not asked but reckoned: its pages tell whether it was right
    yield from _halves(asked, term, middle + 1, high, count - left)


def _between(term: str, low: int, high: int) -> str:
    return f"({term}) AND {low}:{high}[UID]"


def _number(pmid: str) -> tuple[int, str]:
    return (int(pmid) if pmid.isdigit() else LAST_UID, pmid)
