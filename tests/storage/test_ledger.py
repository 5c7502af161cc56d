"""The ledger keeps what was asked and what is on disk, whole transactions at a time."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from genemine.errors import StorageError
from genemine.storage.ledger import Batch, Kept, Ledger
from genemine.storage.ledger_schema import VERSION
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
    with pytest.raises(StorageError, match=r"l\.sqlite: a ledger of version 99, this program reads 2"):
        Ledger(path)


def test_of_several_sources_the_newest_is_known(tmp_path: Path) -> None:
    bulk = [Kept("11", "pubmed26n0001", "b11", "2026-01-10"), Kept("12", "pubmed26n0001", "b12", "2026-11-23", "2026-11-22")]
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.add("bulk", None, [*bulk, Kept("13", "pubmed26n0001", "b13", "2026-01-10")])
        ledger.add("entrez", None, [KEPT[0], Kept("12", "b1", "d12", "2026-11-23", "2026-11-20")])
        newest = ledger.kept_in(("entrez", "bulk"), ["11", "12", "13", "14"])
        assert {pmid: (kept.source, kept.batch) for pmid, kept in newest.items()} == {
            "11": ("entrez", "b1"),
            "12": ("bulk", "pubmed26n0001"),
            "13": ("bulk", "pubmed26n0001"),
        }
        ledger.add("entrez", None, [Kept("12", "b1", "d12", "2026-11-23", "2026-11-22")])
        assert ledger.kept_in(("entrez", "bulk"), ["12"])["12"].source == "entrez"
        assert ledger.kept_in(("bulk", "entrez"), ["12"])["12"].source == "bulk"


def test_a_batch_is_issued_when_it_was_fetched_unless_it_says_otherwise(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.add("entrez", BATCH, [])
        ledger.add("bulk", replace(BATCH, source="bulk", issued="2026-01-10"), [])
        assert [(batch.source, batch.issued) for batch in ledger.batches()] == [("bulk", "2026-01-10"), ("entrez", "2026-11-23")]


def test_a_transaction_inside_another_is_part_of_it(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        with pytest.raises(StorageError, match="UNIQUE constraint failed"), ledger.transaction():
            add_and_fail(ledger)
        assert ledger.batches() == []
        with ledger.transaction():
            ledger.add("entrez", BATCH, KEPT)
            ledger.forget("entrez", "b1")
        assert ledger.batches() == []


def add_and_fail(ledger: Ledger) -> None:
    ledger.add("entrez", BATCH, KEPT)
    ledger.rows("INSERT INTO batches SELECT * FROM batches")


def test_a_ledger_of_version_1_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    make_version_1(path)
    for _ in range(2):
        with Ledger(path) as ledger:
            assert ledger.batches() == [BATCH]
            assert ledger.kept("entrez", ["11", "12"]) == {"11": KEPT[0], "12": KEPT[1]}
            assert watermark_of(ledger, "entrez", "x") == Watermark("entrez", "x", None, date(2026, 11, 23))
            assert ledger.rows("SELECT source, name, issued FROM batches") == [("entrez", "b1", "2026-11-23")]
            assert ledger.rows("SELECT count(*) FROM files") == ledger.rows("SELECT count(*) FROM deletions") == [(0,)]
            assert ledger.rows("PRAGMA user_version") == [(VERSION,)]
    fresh = tmp_path / "fresh.sqlite"
    Ledger(fresh).close()
    assert tables(path) == tables(fresh)


def test_a_migration_that_fails_leaves_version_1(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    make_version_1(path, "CREATE TABLE files (x)")
    with pytest.raises(StorageError, match="not a ledger, or damaged \\(table files already exists"):
        Ledger(path)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert len(connection.execute("SELECT * FROM batches").fetchone()) == 6
    connection.close()


def test_two_runs_may_make_the_ledger_at_once(tmp_path: Path) -> None:
    """Each opens the empty file before the other has made its tables."""
    path = tmp_path / "l.sqlite"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: opened(path), range(8)))
    assert made == [[]] * 8


def opened(path: Path) -> list[Batch]:
    with Ledger(path) as ledger:
        return ledger.batches()


def make_version_1(path: Path, more: str = "SELECT 1") -> None:
    """A ledger as the first release wrote it."""
    connection = sqlite3.connect(path)
    connection.executescript(
        f"""
        CREATE TABLE queries (id INTEGER PRIMARY KEY, source TEXT NOT NULL, term TEXT NOT NULL, field TEXT NOT NULL,
            since TEXT NOT NULL, until TEXT NOT NULL, asked_at TEXT NOT NULL, n_found INTEGER NOT NULL,
            complete INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE slices (query_id INTEGER NOT NULL REFERENCES queries, term TEXT NOT NULL, n_found INTEGER NOT NULL);
        CREATE TABLE batches (source TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, n_records INTEGER NOT NULL,
            fetched_at TEXT NOT NULL, asked TEXT NOT NULL, PRIMARY KEY (source, name));
        CREATE TABLE pmids (source TEXT NOT NULL, pmid TEXT NOT NULL, batch TEXT NOT NULL, digest TEXT NOT NULL,
            as_of TEXT NOT NULL, revised_on TEXT NOT NULL, PRIMARY KEY (source, pmid)) WITHOUT ROWID;
        CREATE INDEX pmids_batch ON pmids (source, batch);
        CREATE TABLE watermarks (source TEXT NOT NULL, term TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL,
            PRIMARY KEY (source, term));
        CREATE TABLE missing (source TEXT NOT NULL, term TEXT NOT NULL, pmid TEXT NOT NULL, reason TEXT NOT NULL,
            since TEXT NOT NULL, PRIMARY KEY (source, term, pmid));
        CREATE TABLE quarantine (id INTEGER PRIMARY KEY, source TEXT NOT NULL, pmid TEXT NOT NULL, reason TEXT NOT NULL,
            detail TEXT NOT NULL, raw BLOB NOT NULL, added_at TEXT NOT NULL, UNIQUE (source, pmid, reason, raw));
        INSERT INTO batches VALUES ('entrez', 'b1', '{BATCH.sha256}', 2, '{BATCH.fetched_at}', '11 12 13');
        INSERT INTO pmids VALUES ('entrez', '11', 'b1', 'd11', '2026-11-23', ''),
            ('entrez', '12', 'b1', 'd12', '2026-11-23', '2026-11-22');
        INSERT INTO watermarks VALUES ('entrez', 'x', '', '2026-11-23');
        {more};
        PRAGMA application_id = {0x67656E6D};
        PRAGMA user_version = 1;
        """
    )
    connection.close()


def tables(path: Path) -> set[tuple[str, str, str]]:
    """Table, column, type of each column in a ledger."""
    connection = sqlite3.connect(path)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = {(name, row[1], row[2]) for name in names for row in connection.execute(f"PRAGMA table_info({name})")}
    connection.close()
    return columns


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


def test_a_ledger_that_is_only_in_use_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "l.sqlite"
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, timeout, **options: connect(path, timeout=0, **options))
    with pytest.raises(StorageError, match=r"ledger cannot be opened \(database is locked\); free space.* or end the other run"):
        Ledger(path)
    other.close()
