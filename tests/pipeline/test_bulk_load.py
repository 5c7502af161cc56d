"""Bulk files become raw shards and rows, each once, whatever state the folder is in."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import shutil
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from genemine.config import Settings, load_settings
from genemine.errors import ConfigError, SourceError, StorageError
from genemine.pipeline import bulk_load
from genemine.pipeline.bulk_load import bulk_files, load
from genemine.pipeline.collect_resume import resume
from genemine.sample import records_folder
from genemine.sample.bulk_files import write_bulk_file, write_sample
from genemine.storage.files import TEMPORARY_SUFFIX
from genemine.storage.layout import Layout
from genemine.storage.ledger import Batch, Kept, Ledger
from genemine.storage.lock import held
from genemine.storage.shards import file_sha256
from tests.pipeline.killing import killed_at

DAY = datetime(2026, 1, 10, 14, 5, tzinfo=UTC)
NAMES = [f"sample26n000{number}" for number in (1, 2, 3, 4)]


def record(pmid: int, words: str = "") -> str:
    return f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article>{words}</Article></MedlineCitation></PubmedArticle>"


def xml(*records: str) -> bytes:
    return f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The embedded sample as bulk files."""
    write_sample(tmp_path / "bulk")
    return tmp_path / "bulk"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "data")


def in_step(settings: Settings) -> dict[str, int]:
    """Check files against rows and hashes; gives batch -> number of its PMIDs."""
    layout = Layout(settings.data_dir)
    assert list(settings.data_dir.rglob(f"*{TEMPORARY_SUFFIX}")) == []
    with Ledger(layout.ledger) as ledger:
        rows = {layout.raw_file(batch.source, batch.name): batch.sha256 for batch in ledger.batches()}
        counts = ledger.rows("SELECT batch, count(*) FROM pmids GROUP BY batch ORDER BY batch")
    assert rows == {path: file_sha256(path) for path in layout.raw_files()}
    return dict(counts)


def test_the_sample_is_loaded_with_revisions_and_deletions(folder: Path, settings: Settings) -> None:
    report = load(settings, folder)
    assert report.loaded == [f"{name}.xml.gz" for name in NAMES]
    assert (report.known, report.failed, report.reissued, report.gaps) == (0, {}, [], ())
    # 103 records, 3 of them older revisions, one deleted
    assert in_step(settings) == dict(zip(NAMES, (31, 33, 30, 5), strict=True))
    with Ledger(Layout(settings.data_dir).ledger) as ledger:
        assert [(batch.source, batch.name, batch.issued) for batch in ledger.batches()] == [
            ("bulk", name, f"2026-10-0{number}") for number, name in enumerate(NAMES, 1)
        ]
        assert ledger.kept("bulk", ["99000073"]) == {}
        assert ledger.kept("bulk", ["99000006"])["99000006"].batch == NAMES[3]


def test_what_is_loaded_is_not_loaded_again(folder: Path, settings: Settings) -> None:
    load(settings, folder)
    before = in_step(settings)
    report = load(settings, folder)
    assert (report.loaded, report.known) == ([], 4)
    assert in_step(settings) == before


def test_shards_are_links_with_the_time_of_the_file(folder: Path, settings: Settings) -> None:
    load(settings, folder)
    for path in folder.rglob("*.gz"):
        assert Layout(settings.data_dir).raw_file("bulk", path.name.removesuffix(".xml.gz")).samefile(path)


def test_without_hard_links_shards_are_copies(folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(bulk_load.os, "link", refuse)
    load(settings, folder)
    for path in folder.rglob("*.gz"):
        shard = Layout(settings.data_dir).raw_file("bulk", path.name.removesuffix(".xml.gz"))
        assert not shard.samefile(path)
        assert (shard.read_bytes(), shard.stat().st_mtime_ns) == (path.read_bytes(), path.stat().st_mtime_ns)
    assert load(settings, folder).known == 4
    for path in folder.rglob("*.gz"):
        os.utime(path)  # the time alone is no new issue
    assert load(settings, folder).known == 4


def test_a_linked_name_is_loaded_from_what_it_points_to(folder: Path, settings: Settings, tmp_path: Path) -> None:
    flat = tmp_path / "flat"
    flat.mkdir()
    for path in folder.rglob("*.gz"):
        (flat / path.name).symlink_to(path)
    assert len(load(settings, flat).loaded) == 4
    assert not any(path.is_symlink() for path in Layout(settings.data_dir).raw_files())


def test_files_are_found_in_both_folders_by_year_and_number(tmp_path: Path) -> None:
    for name in ("baseline/pubmed26n0010", "updatefiles/pubmed26n0100", "pubmed27n0001", "baseline/pubmed26n0009"):
        write_bulk_file(tmp_path / f"{name}.xml.gz", xml(), DAY)
    (tmp_path / "README.txt").touch()
    (tmp_path / "pubmed26n0001.xml.gz.download").touch()
    assert [path.name.removesuffix(".xml.gz") for path in bulk_files(tmp_path)] == [
        "pubmed26n0009",
        "pubmed26n0010",
        "pubmed26n0100",
        "pubmed27n0001",
    ]
    write_bulk_file(tmp_path / "pubmed26n0010.xml.gz", xml(), DAY)
    with pytest.raises(SourceError, match=r"pubmed26n0010\.xml\.gz: a file of that name is at .*; remove the older one"):
        bulk_files(tmp_path)


def test_a_folder_without_bulk_files_is_told(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"holds no bulk file such as pubmed26n0001\.xml\.gz; fetch them with `genemine bulk pull`"
    ):
        load(settings, tmp_path)
    with pytest.raises(SourceError, match=r"raw/mirror: cannot be read \(No such file or directory\); give a folder"):
        load(settings)


def cut_off(path: Path) -> None:
    replace(path, path.read_bytes()[:-500])


def flip(path: Path) -> None:
    content = path.read_bytes()
    replace(path, content[: len(content) // 2] + b"\0\0\0\0" + content[len(content) // 2 + 4 :])


def other_xml(path: Path) -> None:
    replace(path, gzip.compress(b"<eSearchResult><IdList><Id>1</Id></IdList></eSearchResult>"))


def html_page(path: Path) -> None:
    replace(path, b"<html><body>busy</body></html>")


def replace(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


@pytest.mark.parametrize("with_md5", [True, False])
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (cut_off, "file is cut off|file is damaged"),
        (flip, "file is damaged|file is cut off"),
        (other_xml, "holds no PubMed record"),
        (html_page, "is an HTML page"),
    ],
)
def test_a_damaged_file_is_not_loaded_and_stops_no_other(
    folder: Path, settings: Settings, spoil: object, why: str, with_md5: bool
) -> None:
    path = folder / "baseline" / "sample26n0002.xml.gz"
    good = path.read_bytes()
    spoil(path)  # type: ignore[operator]
    if not with_md5:
        path.with_name(f"{path.name}.md5").unlink()
    report = load(settings, folder)
    assert list(report.failed) == ["sample26n0002.xml.gz"]
    assert report.loaded == ["sample26n0001.xml.gz", "sample26n0003.xml.gz", "sample26n0004.xml.gz"]
    assert report.gaps == ("sample26n0002",)
    assert "missing: sample26n0002; what they hold is not in the tables" in report.summary()
    with pytest.raises(SourceError, match=rf"not loaded: .*sample26n0002\.xml\.gz: {'its MD5 is' if with_md5 else f'.*({why})'}"):
        report.check()
    assert sorted(in_step(settings)) == [NAMES[0], *NAMES[2:]]
    replace(path, good)
    later = load(settings, folder)
    later.check()
    assert (later.loaded, later.gaps) == (["sample26n0002.xml.gz"], ())
    assert sum(in_step(settings).values()) == 99


def test_a_gap_is_told_every_time_and_filled_later(folder: Path, settings: Settings, tmp_path: Path) -> None:
    shutil.move(folder / "baseline" / "sample26n0002.xml.gz", tmp_path)
    assert load(settings, folder).gaps == ("sample26n0002",)
    assert load(settings, folder).gaps == ("sample26n0002",)
    shutil.move(tmp_path / "sample26n0002.xml.gz", folder / "baseline")
    assert load(settings, folder).gaps == ()
    assert sum(in_step(settings).values()) == 99


def test_a_re_issued_file_takes_the_place_of_what_was_loaded(tmp_path: Path, settings: Settings) -> None:
    first, second = (tmp_path / f"pubmed26n000{number}.xml.gz" for number in (1, 2))
    write_bulk_file(first, xml(record(1), record(2), record(3)), DAY)
    write_bulk_file(second, xml(record(2, "revised")), DAY + timedelta(days=1))
    load(settings, tmp_path)
    write_bulk_file(first, xml(record(1, "corrected"), record(2), record(4)), DAY + timedelta(days=5))
    report = load(settings, tmp_path)
    assert (report.loaded, report.reissued, report.known) == ([first.name], [first.name], 1)
    assert "re-issued, in place of what was loaded before: pubmed26n0001.xml.gz" in report.summary()
    assert in_step(settings) == {"pubmed26n0001": 2, "pubmed26n0002": 1}
    with Ledger(Layout(settings.data_dir).ledger) as ledger:
        assert ledger.kept("bulk", "1234").keys() == {"1", "2", "4"}
    assert file_sha256(Layout(settings.data_dir).raw_file("bulk", "pubmed26n0001")) == file_sha256(first)


def test_what_a_re_issue_no_longer_names_comes_back_by_rereading(tmp_path: Path, settings: Settings) -> None:
    """PMID 2 was revised, and 3 deleted, by the first issue of n0002; by the second neither."""
    first, second = (tmp_path / f"pubmed26n000{number}.xml.gz" for number in (1, 2))
    write_bulk_file(first, xml(record(1), record(2), record(3)), DAY)
    deleted = "<DeleteCitation><PMID>3</PMID></DeleteCitation>"
    write_bulk_file(second, xml(record(2, "revised"), deleted), DAY + timedelta(days=1))
    load(settings, tmp_path)
    write_bulk_file(second, xml(record(4)), DAY + timedelta(days=2))
    report = load(settings, tmp_path)
    assert in_step(settings) == {"pubmed26n0001": 1, "pubmed26n0002": 1}
    assert "note: 2 PMIDs are no longer in re-issued files" in report.summary()
    again = load(settings, tmp_path, reread=True)
    assert in_step(settings) == {"pubmed26n0001": 3, "pubmed26n0002": 1}
    assert (len(again.taken_in), again.n_orphaned) == (2, 0)


def test_a_damaged_re_issue_leaves_what_was_loaded(folder: Path, settings: Settings) -> None:
    load(settings, folder)
    before = in_step(settings)
    cut_off(folder / "baseline" / "sample26n0002.xml.gz")
    assert list(load(settings, folder).failed) == ["sample26n0002.xml.gz"]
    assert in_step(settings) == before


def test_a_shard_that_was_removed_is_loaded_again(folder: Path, settings: Settings) -> None:
    load(settings, folder)
    before = in_step(settings)
    Layout(settings.data_dir).raw_file("bulk", NAMES[1]).unlink()
    assert load(settings, folder).loaded == [f"{NAMES[1]}.xml.gz"]
    assert in_step(settings) == before


def test_a_shard_put_there_by_hand_is_taken_in_and_a_damaged_one_set_aside(folder: Path, settings: Settings) -> None:
    layout = Layout(settings.data_dir)
    load(settings, folder)
    before = in_step(settings)
    write_bulk_file(layout.raw_file("bulk", "sample26n0005"), xml(record(7)), DAY)
    damaged = layout.raw_file("bulk", NAMES[0])
    cut_off(damaged)
    report = load(settings, folder)
    assert report.taken_in == ["sample26n0005.xml.gz"]
    assert "taken in: rows of 1 raw shards that were there already: sample26n0005.xml.gz" in report.summary()
    assert report.loaded == [f"{NAMES[0]}.xml.gz"]
    assert damaged.with_name(f"{damaged.name}.damaged").exists()
    assert in_step(settings) == {**before, "sample26n0005": 1}


def test_the_collector_leaves_bulk_shards_alone(folder: Path, settings: Settings) -> None:
    """And the other way round: each puts its own folder in step."""
    load(settings, folder)
    before = in_step(settings)
    layout = Layout(settings.data_dir)
    with Ledger(layout.ledger) as ledger:
        resume(layout, ledger, "entrez")
        ledger.add("entrez", Batch("entrez", "e1", "", 1, "2026-11-01T00:00:00+00:00", ()), [Kept("5", "e1", "d", "2026-11-01")])
    load(settings, folder)
    with Ledger(layout.ledger) as ledger:
        assert ledger.kept("entrez", ["5"]).keys() == {"5"}
        ledger.forget("entrez", "e1")
    assert in_step(settings) == before


def test_what_is_no_record_is_counted_and_left_to_cleaning(tmp_path: Path, settings: Settings) -> None:
    broken = "<PubmedArticle><MedlineCitation><PMID>9</MedlineCitation></PubmedArticle>"
    write_bulk_file(tmp_path / "pubmed26n0001.xml.gz", xml(record(1), broken, record(2)), DAY)
    report = load(settings, tmp_path)
    assert (report.n_records, report.n_unreadable) == (2, 1)
    assert "unreadable: 1 stretches are no record" in report.summary()


def test_raw_shards_are_not_loaded_a_second_time(folder: Path, settings: Settings) -> None:
    raw = settings.data_dir / "raw" / "own"
    raw.parent.mkdir(parents=True)
    shutil.copytree(folder / "baseline", raw)
    with pytest.raises(ConfigError, match="own: its files are raw shards already; give a folder that lies outside of"):
        load(settings, raw)


def test_a_full_disk_stops_the_load_and_leaves_what_is_whole(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, part: Path) -> None:
        if path.name == f"{NAMES[2]}.xml.gz":
            part.write_bytes(path.read_bytes()[:1000])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        shutil.copy2(path, part)

    monkeypatch.setattr(bulk_load, "_link_or_copy", full)
    with pytest.raises(StorageError, match=r"sample26n0003\.xml\.gz: cannot be written \(No space left on device\); free space"):
        load(settings, folder)
    assert sorted(in_step(settings)) == NAMES[:2]
    monkeypatch.undo()
    assert load(settings, folder).known == 2
    assert sum(in_step(settings).values()) == 99


def test_two_loads_at_once_are_one(folder: Path, settings: Settings) -> None:
    layout = Layout(settings.data_dir)
    layout.prepare()
    with held(layout.raw, "collecting"), pytest.raises(StorageError, match="collecting since"):
        load(settings, folder)


# Loads in a process of its own that kills itself at a given step of the second file.
LOAD = """
from pathlib import Path
from genemine.config import load_settings
from genemine.pipeline import bulk_load
from genemine.storage.ledger import Ledger

folder, data_dir, _ = sys.argv[1:]
bulk_load._link_or_copy = killing(bulk_load._link_or_copy, "link")
Path.replace = killing(Path.replace, "rename")
Ledger.forget = killing(Ledger.forget, "forget")
bulk_load.put_rows = killing(bulk_load.put_rows, "rows")
bulk_load.remember_sha256 = killing(bulk_load.remember_sha256, "hash")
bulk_load._Loader._note = killing(bulk_load._Loader._note, "commit")
bulk_load.load(load_settings(data_dir=Path(data_dir)), Path(folder))
"""
STEPS = ["after link", "before rename", "after rename", "after forget", "after rows", "after hash", "after commit"]


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_load_is_taken_up_where_it_stopped(folder: Path, settings: Settings, step: str) -> None:
    whole = load_settings(data_dir=settings.data_dir.with_name("whole"))
    load(whole, folder)
    killed = killed_at(step, LOAD, folder, settings.data_dir)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    report = load(settings, folder)
    shard_there = step not in ("after link", "before rename")
    assert report.known == (2 if shard_there else 1)
    assert report.taken_in == ([f"{NAMES[1]}.xml.gz"] if shard_there and step != "after commit" else [])
    assert in_step(settings) == in_step(whole)
    assert rows(settings) == rows(whole)


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_load_of_a_re_issued_file_is_taken_up(folder: Path, settings: Settings, step: str) -> None:
    load(settings, folder)
    whole = load_settings(data_dir=settings.data_dir.with_name("whole"))
    load(whole, folder)
    for number in (1, 2):
        words = xml(record(99000073), record(number, "new"))
        write_bulk_file(folder / "baseline" / f"sample26n000{number}.xml.gz", words, DAY + timedelta(days=300))
    load(whole, folder)
    killed = killed_at(step, LOAD, folder, settings.data_dir)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    load(settings, folder)
    assert in_step(settings) == in_step(whole)
    assert rows(settings) == rows(whole)


def rows(settings: Settings) -> list[tuple[object, ...]]:
    with Ledger(Layout(settings.data_dir).ledger) as ledger:
        sql = "SELECT name, sha256, n_records, issued FROM batches ORDER BY name"
        return ledger.rows(sql) + ledger.rows("SELECT * FROM pmids") + ledger.rows("SELECT * FROM deletions")


def test_a_shard_s_hash_is_that_of_the_file(folder: Path, settings: Settings) -> None:
    load(settings, folder)
    path = folder / "baseline" / f"{NAMES[0]}.xml.gz"
    with Ledger(Layout(settings.data_dir).ledger) as ledger:
        assert {batch.name: batch.sha256 for batch in ledger.batches()}[NAMES[0]] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert ledger.rows("SELECT path FROM files ORDER BY path") == [(f"raw/bulk/{name}.xml.gz",) for name in NAMES]


def test_an_xml_file_of_another_name_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "bulk"
    folder.mkdir()
    sample = (records_folder() / "sample26n0001.xml").read_bytes()
    (folder / "sample26n0001.xml.gz").write_bytes(gzip.compress(sample))
    (folder / "mine.xml").write_bytes(sample)
    report = load(load_settings(data_dir=tmp_path / "data"), folder)
    assert report.loaded == ["sample26n0001.xml.gz"]
    assert "left out, not named like pubmed26n0001.xml.gz: mine.xml; rename them if they are bulk files" in report.summary()
