"""What is on disk beside what the ledger says, as joins; and the small questions that go with it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genemine.errors import StorageError
from genemine.records import Deletion
from genemine.storage import survey as survey_module
from genemine.storage.layout import Layout
from genemine.storage.ledger import Batch, Kept, Ledger
from genemine.storage.lock import held, holder
from genemine.storage.manifest import complete_run, forget_fingerprint, latest_run, read_manifest, start_run
from genemine.storage.quarantine import Caught, add_to_quarantine, count_by_reason, entries, read_entry
from genemine.storage.shards import check_shard, write_shard
from genemine.storage.survey import Survey


def test_rows_are_there_for_the_next_question_however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey_module, "_AT_ONCE", 3)
    with Survey() as survey:
        for n in range(10):
            survey.add("deletions", [("a/b", str(n))])
        assert survey.rows("SELECT count(*), max(pmid) FROM deletions") == [(10, "9")]
        assert survey.count_and_some("SELECT pmid FROM deletions WHERE pmid > ?", ("3",), 2) == (6, ("4", "5"))
        assert survey.count_and_some("SELECT pmid FROM deletions WHERE pmid = 'x'") == (0, ())


def test_the_ledger_is_taken_over(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger, Survey() as survey:
        ledger.add("entrez", Batch("entrez", "b", "abc", 2, "2026-01-01", ()), [Kept(p, "b", "", "2026-01-01") for p in ("1", "2")])
        survey.add_ledger(ledger)
        assert survey.rows("SELECT * FROM known") == [("entrez/b", "entrez", "abc", 2)]
        assert survey.rows("SELECT * FROM kept ORDER BY pmid") == [("entrez", "1", "entrez/b"), ("entrez", "2", "entrez/b")]


def test_files_of_a_run_are_mined_or_outdated(tmp_path: Path) -> None:
    with Survey() as survey:
        survey.add("files", [("a/same", "f", "1", "", 0), ("a/other", "f", "x", "", 0), ("a/cut", "f", "3", "cut off", 0)])
        survey.add_run({"a/same": "1", "a/other": "2", "a/cut": "3", "own/gone.xml": "4"}, Layout(tmp_path))
        assert survey.rows("SELECT batch FROM mined") == [("a/same",)]
        assert survey.rows("SELECT * FROM outdated ORDER BY batch") == [
            ("a/cut", "cut.xml.gz"),
            ("a/other", "other.xml.gz"),
            ("own/gone.xml", "gone.xml"),
        ]


def test_tables_in_folders_with_odd_names_are_read_and_damaged_ones_named(tmp_path: Path) -> None:
    folder = tmp_path / "it's [a] folder?*"
    folder.mkdir()
    pq.write_table(pa.table({"pmid": ["1"]}), folder / "articles.parquet")
    with Survey() as survey:
        survey.add_tables(folder, ["articles"])
        assert survey.rows("SELECT pmid FROM run_articles") == [("1",)]
        (folder / "dropped.parquet").write_bytes(b"PAR1 and no more")
        with pytest.raises(StorageError, match=r"dropped\.parquet"):
            survey.add_tables(folder, ["dropped"])


def test_a_shard_is_read_through(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_shard(path, [Deletion(str(n)) for n in range(2000)], Deletion, "x")
    assert check_shard(path) == 2000
    data = bytearray(path.read_bytes())
    data[200] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(StorageError, match=r"a\.parquet: shard cannot be read"):
        check_shard(path)


def test_the_holder_of_a_lock_is_told_and_nobody_else(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    with held(tmp_path, "collecting"):
        assert "collecting since" in str(holder(tmp_path))
    assert holder(tmp_path) is None


def test_whoever_only_looks_makes_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no ledger: nothing was collected here"):
        Ledger.existing(tmp_path / "ledger.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_run_whose_fingerprint_is_forgotten_is_otherwise_as_it_was(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    forget_fingerprint(layout)  # no run, nothing to forget
    run = start_run(layout, "abcdef0123")
    complete_run(run, {"run_id": run.run_id, "fingerprint": "abcdef0123", "counts": {"articles": 1}})
    layout.set_latest(run.run_id)
    forget_fingerprint(layout)
    folder = latest_run(layout)
    assert folder is not None
    assert read_manifest(folder) == {"run_id": run.run_id, "fingerprint": "", "counts": {"articles": 1}}


def test_entries_of_quarantine_are_listed_without_their_bytes_and_counted(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        caught = [Caught("a/b", "1", "no PMID", "x", b"1234"), Caught("a/b", "2", "torn"), Caught("a/c", "3", "torn", "", b"5")]
        add_to_quarantine(ledger, caught)
        assert [(one.id, one.source, one.pmid, one.reason, one.detail, one.size) for one in entries(ledger)] == [
            (1, "a/b", "1", "no PMID", "x", 4),
            (2, "a/b", "2", "torn", "", 0),
            (3, "a/c", "3", "torn", "", 1),
        ]
        assert count_by_reason(ledger) == {"torn": 2, "no PMID": 1}
        assert read_entry(ledger, 3).raw == b"5"
