"""Batches count in the order in which they were issued."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from genemine.storage.ledger import Batch, Ledger
from genemine.storage.order import ordered, series_place


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "l.sqlite") as opened:
        yield opened


def issue(ledger: Ledger, days: dict[str, str]) -> None:
    for batch, day in days.items():
        source, name = batch.split("/")
        ledger.add(source, Batch(source, name, "", 1, f"{day}T00:00:00+00:00", ()), [])


def test_batches_come_by_day_then_source_then_name(ledger: Ledger) -> None:
    days = {"entrez/9-a": "2026-11-02", "bulk/x": "2026-11-02", "entrez/10-a": "2026-11-02", "entrez/11-a": "2026-11-01"}
    issue(ledger, days)
    assert ordered(sorted(days), ledger) == ["entrez/11-a", "bulk/x", "entrez/9-a", "entrez/10-a"]


def test_files_without_a_row_come_first_numbers_by_value(ledger: Ledger) -> None:
    issue(ledger, {"entrez/1": "1999-01-01"})
    mine = ["own/b10.xml", "entrez/1", "own/b9.xml", "own/b2", "also/c"]
    assert ordered(mine, ledger) == ["also/c", "own/b2", "own/b9.xml", "own/b10.xml", "entrez/1"]


def test_a_numbered_series_keeps_its_order_whatever_its_days(ledger: Ledger) -> None:
    """n0002 was copied without its time and n0010 was issued again: their neighbours stay where they are."""
    days = {
        "bulk/pubmed26n0001": "2026-01-10",
        "bulk/pubmed26n0002": "2026-05-05",
        "bulk/pubmed26n0010": "2026-01-12",
        "bulk/pubmed27n0001": "2026-01-09",
        "entrez/5": "2026-02-01",
        "entrez/6": "2026-06-01",
    }
    issue(ledger, days)
    assert ordered(sorted(days), ledger) == [
        "bulk/pubmed26n0001",
        "entrez/5",
        "bulk/pubmed26n0002",
        "bulk/pubmed26n0010",
        "bulk/pubmed27n0001",
        "entrez/6",
    ]


def test_the_same_series_in_two_folders_is_two_series(ledger: Ledger) -> None:
    issue(ledger, {"bulk/pubmed26n0009": "2026-01-10", "bulk/pubmed26n0010": "2026-01-11"})
    batches = ["bulk/pubmed26n0010", "bulk/pubmed26n0009", "own/pubmed26n0011.xml", "own/pubmed26n0010"]
    assert ordered(batches, ledger) == [
        "own/pubmed26n0010",
        "own/pubmed26n0011.xml",
        "bulk/pubmed26n0009",
        "bulk/pubmed26n0010",
    ]


def test_a_file_of_a_series_without_a_row_stays_in_its_place(ledger: Ledger) -> None:
    issue(ledger, {"bulk/pubmed26n0001": "2026-01-10", "bulk/pubmed26n0003": "2026-01-12"})
    batches = ["bulk/pubmed26n0003", "bulk/pubmed26n0002", "bulk/pubmed26n0001"]
    assert ordered(batches, ledger) == batches[::-1]


def test_numbers_beyond_9999_and_the_year_decide_by_value(ledger: Ledger) -> None:
    batches = ["bulk/pubmed26n10000", "bulk/pubmed26n9999", "bulk/pubmed27n0001"]
    assert ordered(batches, ledger) == ["bulk/pubmed26n9999", "bulk/pubmed26n10000", "bulk/pubmed27n0001"]
    assert series_place("pubmed26n0001") == ("pubmed", 26, 1)
    assert series_place("b1.xml") is None
    assert series_place("00000123-0123456789abcdef") is None


def test_five_thousand_batches_are_ordered_at_once(ledger: Ledger) -> None:
    bulk = {f"bulk/pubmed26n{n:04}": f"2026-{n // 250 + 1:02}-10" for n in range(1, 2501)}
    entrez = {f"entrez/{n:08}-{n * 7919:016x}": f"2026-{n % 12 + 1:02}-11" for n in range(1, 2501)}
    with ledger.transaction():
        issue(ledger, {**bulk, **entrez})
    batches = [*bulk, *entrez]
    random.Random(1).shuffle(batches)
    started = time.monotonic()
    found = ordered(batches, ledger)
    assert time.monotonic() - started < 0.5
    assert [batch for batch in found if batch in bulk] == list(bulk)
    assert sorted(found) == sorted(batches)
