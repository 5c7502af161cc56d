"""Rows of bulk files come out the same in whatever order the files are loaded."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from genemine.errors import StorageError
from genemine.storage.bulk_rows import RowsPut, put_rows
from genemine.storage.ledger import Batch, Kept, Ledger

N1, N2, N3 = (f"pubmed26n000{number}" for number in (1, 2, 3))
# what each file holds, and what it asks to delete: 1 stays, 2 is revised, 3 is deleted, 4 is deleted and brought back, 5 is new
CONTENT: dict[str, tuple[dict[str, str], list[str]]] = {
    N1: ({"1": "a1", "2": "a2", "3": "a3", "4": "a4"}, []),
    N2: ({"2": "b2"}, ["3", "4", "99"]),
    N3: ({"4": "c4", "5": "c5"}, []),
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "l.sqlite") as opened:
        yield opened


def batch(name: str, day: str = "", source: str = "bulk") -> Batch:
    return Batch(source, name, "", 1, "2026-02-01T00:00:00+00:00", (), day or f"2026-01-0{name[-1]}")


def put(ledger: Ledger, name: str) -> RowsPut:
    digests, deleted = CONTENT[name]
    return put_rows(ledger, batch(name), digests, deleted)


def rows(ledger: Ledger) -> dict[str, tuple[str, str]]:
    return {pmid: (name, digest) for pmid, name, digest in ledger.rows("SELECT pmid, batch, digest FROM pmids ORDER BY pmid")}


@pytest.mark.parametrize("order", list(itertools.permutations([N1, N2, N3])))
def test_the_order_of_loading_does_not_matter(ledger: Ledger, order: tuple[str, ...]) -> None:
    for name in order:
        put(ledger, name)
    assert rows(ledger) == {"1": (N1, "a1"), "2": (N2, "b2"), "4": (N3, "c4"), "5": (N3, "c5")}


def test_what_came_of_a_file_is_counted(ledger: Ledger) -> None:
    assert put(ledger, N2) == RowsPut(1, 0, 0)
    assert put(ledger, N1) == RowsPut(1, 3, 0)
    assert put(ledger, N3) == RowsPut(2, 0, 0)
    assert put(ledger, N2) == RowsPut(1, 0, 0)


def test_loading_a_file_again_changes_nothing(ledger: Ledger) -> None:
    for name in CONTENT:
        put(ledger, name)
    before = rows(ledger)
    for name in CONTENT:
        put(ledger, name)
    assert rows(ledger) == before
    assert [one.name for one in ledger.batches()] == [N1, N2, N3]


def test_a_re_issued_file_takes_the_place_of_the_first_issue(ledger: Ledger) -> None:
    for name in CONTENT:
        put(ledger, name)
    assert put_rows(ledger, batch(N2, "2026-01-09"), {"2": "again", "6": "new"}, ["3"]) == RowsPut(2, 0, 0, 2)
    put_rows(ledger, batch(N2, "2026-01-09"), {"2": "again", "6": "new"}, [])
    assert rows(ledger) == {"1": (N1, "a1"), "2": (N2, "again"), "6": (N2, "new"), "4": (N3, "c4"), "5": (N3, "c5")}
    assert ledger.rows("SELECT * FROM deletions") == []


def test_a_deletion_strikes_out_records_of_every_source_that_are_no_younger(ledger: Ledger) -> None:
    ledger.add("entrez", batch("e1", "2026-01-02", "entrez"), [Kept(pmid, "e1", "d", "2026-01-31") for pmid in ("3", "7")])
    ledger.add("entrez", batch("e2", "2026-01-03", "entrez"), [Kept("4", "e2", "d", "2026-01-03")])
    assert put(ledger, N2) == RowsPut(1, 0, 0)
    held = {(kept.source, pmid) for pmid, kept in ledger.kept_in(("entrez", "bulk"), ["2", "3", "4", "7"]).items()}
    # issued on one day: bulk comes before entrez, so what was fetched on that day stands
    assert held == {("bulk", "2"), ("entrez", "3"), ("entrez", "4"), ("entrez", "7")}


def test_a_deletion_of_a_later_day_strikes_out_what_was_fetched(ledger: Ledger) -> None:
    ledger.add("entrez", batch("e1", "2026-01-01", "entrez"), [Kept(pmid, "e1", "d", "2026-01-31") for pmid in ("3", "7")])
    assert put(ledger, N2) == RowsPut(1, 0, 1)
    assert ledger.kept("entrez", ["3", "7"]).keys() == {"7"}


def test_a_record_and_its_deletion_in_one_file_leave_nothing(ledger: Ledger) -> None:
    assert put_rows(ledger, batch(N1), {"1": "a", "2": "b"}, ["1"]) == RowsPut(1, 0, 0)
    assert rows(ledger) == {"2": (N1, "b")}


def test_nothing_is_noted_of_a_file_that_cannot_be_noted_whole(ledger: Ledger) -> None:
    put(ledger, N1)
    before = rows(ledger)
    with pytest.raises(StorageError, match="NOT NULL"):
        put_rows(ledger, batch(N2), {"1": "new", "8": None}, [])  # type: ignore[dict-item]
    assert rows(ledger) == before
    assert [one.name for one in ledger.batches()] == [N1]
