"""Every PMID of an answer of any size, complete by count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genemine.config import EntrezSettings
from genemine.errors import SourceError
from genemine.sample.index import Index, StoredRecord
from genemine.sample.server import serving
from genemine.sources.entrez import EntrezClient
from genemine.sources.entrez_answers import SearchPage
from genemine.sources.entrez_search import Found, Slice, Window, search


class Unpaced:
    """A limiter that never waits."""

    def wait(self) -> float:
        return 0.0


@dataclass
class PubMed:
    """A service that holds PMIDs and gives the first ``limit`` of an answer; ``newcomers`` appear after the first request."""

    pmids: set[int]
    limit: int
    newcomers: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    dates: list[Mapping[str, str] | None] = field(default_factory=list)

    def search_page(self, term: str, *, retstart: int = 0, retmax: int = 0, dates: Mapping[str, str] | None = None) -> SearchPage:
        self.asked.append(term)
        self.dates.append(dates)
        limits = re.fullmatch(r"\(x\) AND (\d+):(\d+)\[UID\]", term)
        low, high = (int(limits[1]), int(limits[2])) if limits else (0, 2**40)
        hits = sorted((pmid for pmid in self.pmids if low <= pmid <= high), reverse=True)
        assert retstart + retmax <= self.limit
        self.pmids, self.newcomers = self.pmids | self.newcomers, set()
        return SearchPage(len(hits), tuple(map(str, hits[retstart : retstart + retmax])))


@settings(deadline=None)
@given(st.sets(st.integers(1, 2**31 - 1), max_size=120), st.integers(1, 10), st.integers(1, 12))
def test_every_pmid_is_found_once_in_ascending_order(pmids: set[int], limit: int, page: int) -> None:
    found = search(PubMed(pmids, limit), "x", Window(), page_size=page, max_hits=limit)
    assert found.pmids == tuple(map(str, sorted(pmids)))
    assert sum(part.n_found for part in found.slices) == len(pmids)
    assert all(0 < part.n_found <= limit for part in found.slices)


def test_an_answer_within_the_limit_is_one_slice_and_takes_a_request_a_page() -> None:
    service = PubMed({5, 7, 99000001}, 10)
    for page_size, n_requests in ((10, 1), (2, 2), (1, 3)):
        service.asked.clear()
        found = search(service, "x", Window(), page_size=page_size, max_hits=10)
        assert found == Found(("5", "7", "99000001"), (Slice("x", 3),))
        assert len(service.asked) == n_requests


def test_a_hundred_thousand_hits_take_few_requests() -> None:
    service = PubMed(set(range(30_000_000, 42_000_000, 120)), 9_999)
    assert len(search(service, "x", Window(), page_size=9_998).pmids) == 100_000
    assert len(service.asked) < 60


def test_a_hundred_thousand_hits_of_a_server(tmp_path: Path) -> None:
    """Over HTTP, from the loopback server, which gives no more than 9,999 of one term."""
    index = Index(folder=tmp_path)
    for pmid in range(30_000_000, 42_000_000, 120):
        index.records[pmid] = StoredRecord(pmid, 1, b"", {"TITL": "cancer"}, {"EDAT": (20260301,)}, ("", ""))
    index.finish()
    with serving(index, rate_limit=False) as url:
        client = EntrezClient(EntrezSettings(base_url=url), limiter=Unpaced())  # type: ignore[arg-type]
        found = search(client, "cancer[ti]", Window("edat"), page_size=9_998)
    assert found.pmids == tuple(map(str, sorted(index.records)))
    assert client.requests < 60


def test_records_that_come_in_while_asking_are_found_by_asking_again() -> None:
    service = PubMed(set(range(1, 30)), 10, newcomers={1000})
    assert len(search(service, "x", Window(), page_size=10, max_hits=10).pmids) == 30


def test_a_record_that_comes_into_one_slice_does_not_push_one_out_of_another() -> None:
    """The left half is counted with a newcomer, so the right half is reckoned one too small: the sum is right, and one is lost."""

    @dataclass
    class Growing(PubMed):
        def search_page(self, term: str, **options: object) -> SearchPage:
            if term == f"(x) AND 1:{2**30}[UID]":
                self.pmids = self.pmids | {9}
            return super().search_page(term, **options)  # type: ignore[arg-type]

    for right in ({2**30 + 1, 2**30 + 2}, {2**30 + 1}):
        service = Growing({1, 2, 3, 4, *right}, 4)
        found = search(service, "x", Window(), page_size=4, max_hits=4)
        assert found.pmids == tuple(map(str, sorted({1, 2, 3, 4, 9, *right})))


def test_answers_that_never_add_up_are_an_error_and_not_a_gap() -> None:
    class Lying(PubMed):
        def search_page(self, term: str, **kwargs: object) -> SearchPage:
            page = super().search_page(term, **kwargs)  # type: ignore[arg-type]
            return page if term == "x" else SearchPage(page.count, page.ids[1:])

    with pytest.raises(SourceError, match=r"esearch: its answers hold \d+ different PMIDs, its count says 30; nothing was fetched"):
        search(Lying(set(range(1, 31)), 10), "x", Window(), page_size=10, max_hits=10)


def test_windows_as_parameters() -> None:
    day = date(2026, 1, 2)
    assert Window().params() == {}
    assert Window("mdat", day, day).params() == {"datetype": "mdat", "mindate": "2026/01/02", "maxdate": "2026/01/02"}
    assert Window("edat", day).params() == {"datetype": "edat", "mindate": "2026/01/02", "maxdate": "3000/12/31"}
    assert Window("edat", None, day).params() == {"datetype": "edat", "mindate": "1800/01/01", "maxdate": "2026/01/02"}
    service = PubMed({1}, 5)
    search(service, "x", Window("pdat", day), page_size=5)
    assert service.dates == [Window("pdat", day).params()]
