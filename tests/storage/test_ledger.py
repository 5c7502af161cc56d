"""The ledger keeps what was asked and what is on disk, whole transactions at a time."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from genemine.errors import StorageError
from genemine.storage.ledger import Batch, Kept, Ledger
from genemine.storage.progress import (
    Watermark,
    begin_query,
    finish_queries,
    missing_of,
    note_missing,
    watermark_of,
)
from genemine.storage.quarantine import Caught, add_to_quarantine, list_quarantine, release

BATCH = Batch("entrez", "b1", "ab" * 32, 2, "2026-11-23T02:00:00+00:00", ("11", "12", "13"))
KEPT = [Kept("11", "b1", "d11", "2026-11-23"), Kept("12", "b1", "d12", "2026-11-23", "2026-11-22")]


def test_batches_and_records_come_back_after_reopening(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.add("entrez", BATCH, KEPT)
    with Ledger(tmp_path / "l.sqlite") as ledger:
        assert ledger.batches() == ledger.batches("entrez") == [BATCH]
        assert ledger.kept("entrez", ["12", "11", "99"]) == {"11": KEPT[0], "12": KEPT[1]}
        assert ledger.kept("bulk", ["11"]) == {}
        assert ledger.batches("bulk") == []


def test_many_pmids_are_looked_up_at_once(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.add("entrez", None, [Kept(str(n), "b", "d", "2026-11-23") for n in range(50_000)])
        assert len(ledger.kept("entrez", map(str, range(25_000, 75_000)))) == 25_000


def test_a_forgotten_batch_takes_its_records_along(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.add("entrez", BATCH, [*KEPT, Kept("20", "b2", "d", "2026-11-23")])
        assert ledger.forget("entrez", "b1") == 2
        assert ledger.batches() == []
        assert list(ledger.kept("entrez", ["11", "12", "20"])) == ["20"]


def test_a_failure_inside_a_transaction_leaves_nothing_of_it(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        with pytest.raises(StorageError, match=r"l\.sqlite: ledger cannot be used \(NOT NULL constraint failed"):
            ledger.add("entrez", BATCH, [KEPT[0], Kept("12", None, "d", "x")])  # type: ignore[arg-type]
        assert ledger.batches() == []
        ledger.add("entrez", BATCH, KEPT)
        assert ledger.batches() == [BATCH]


def test_the_watermark_moves_with_complete_queries_and_never_back(tmp_path: Path) -> None:
    mark = Watermark("entrez", "x", date(2026, 10, 24), date(2026, 11, 23))
    with Ledger(tmp_path / "l.sqlite") as ledger:
        first = begin_query(ledger, "entrez", "x", {"datetype": "edat", "mindate": "2026/11/20"}, [("x", 7)], 7)
        second = begin_query(ledger, "entrez", "x", {}, [("(x) AND 1:5[UID]", 1), ("(x) AND 6:9[UID]", 2)], 3)
        assert watermark_of(ledger, "entrez", "x") is None
        finish_queries(ledger, [second], mark)
        finish_queries(ledger, [], Watermark("entrez", "x", None, date(2026, 11, 1)))
        assert watermark_of(ledger, "entrez", "x") == mark
        assert watermark_of(ledger, "sample", "x") is None
        assert ledger.rows("SELECT id, field, since, until, n_found, complete FROM queries ORDER BY id") == [
            (first, "edat", "2026/11/20", "", 7, 0),
            (second, "", "", "", 3, 1),
        ]
        assert ledger.rows("SELECT term, n_found FROM slices WHERE query_id = ?", (second,)) == [
            ("(x) AND 1:5[UID]", 1),
            ("(x) AND 6:9[UID]", 2),
        ]


def test_missing_records_are_remembered_until_they_come(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        note_missing(ledger, "entrez", "x", {"9": "not given", "10": "not given"})
        note_missing(ledger, "entrez", "y", {"10": "no XML"}, found=["9"])
        assert missing_of(ledger, "entrez", "x") == {"10": "not given"}
        assert missing_of(ledger, "entrez") == {"10": "no XML"}
        assert missing_of(ledger, "bulk") == {}


def test_quarantine_keeps_the_same_bytes_once(tmp_path: Path) -> None:
    caught = [Caught("entrez/b1", "11", "no title", "line 3", b"<x>\xff"), Caught("entrez/b2", "", "cut off", "", b"<y")]
    with Ledger(tmp_path / "l.sqlite") as ledger:
        assert add_to_quarantine(ledger, caught) == 2
        assert add_to_quarantine(ledger, caught) == 0
        listed = list_quarantine(ledger)
        assert [(one.source, one.pmid, one.reason, one.detail, one.raw) for one in listed] == [
            (one.source, one.pmid, one.reason, one.detail, one.raw) for one in caught
        ]
        assert list_quarantine(ledger, "entrez/b2") == listed[1:]
        release(ledger, [listed[0].id])
        assert list_quarantine(ledger) == listed[1:]


def test_a_ledger_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    Ledger(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StorageError, match=r"l\.sqlite: a ledger of version 99, this program reads 1"):
        Ledger(path)


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    foreign, text = tmp_path / "foreign.sqlite", tmp_path / "text.sqlite"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    text.write_text("no database" * 200)
    with pytest.raises(StorageError, match="SQLite file of another program"):
        Ledger(foreign)
    with pytest.raises(StorageError, match="not a ledger, or damaged"):
        Ledger(text)
    with pytest.raises(StorageError, match="ledger cannot be opened"):
        Ledger(tmp_path / "nowhere" / "l.sqlite")
