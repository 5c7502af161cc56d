"""What goes wrong on this machine and in PubMed's answers: nothing is lost, nothing is doubled, what is not whole is told."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from genemine.config import Settings
from genemine.errors import ConfigError, SourceError, StorageError
from genemine.pipeline.collect import collect, collect_new
from genemine.sample.faults import Fault
from genemine.storage.ledger import Batch, Kept, Ledger
from genemine.storage.progress import Watermark, finish_queries, missing_of, watermark_of

World = Any  # of conftest.py
NIGHT = date(2026, 3, 10)


def titles(*numbers: int, words: str = "BRCA1 in cancer") -> list[str]:
    return sorted(f"{words} {n}" for n in numbers)


ALL = titles(*range(1, 26))


def until(world: World) -> date | None:
    """The day up to which the query has come."""
    with Ledger(world.layout.ledger) as ledger:
        mark = watermark_of(ledger, "entrez", "cancer")
    return mark and mark.until


def test_one_changed_record_of_an_answer_is_stored_alone(world: World) -> None:
    world.night(NIGHT)
    for n in (3, 4, 5):
        world.articles[n] = world.article(n, date(2026, 3, 1), date(2026, 3, 10))
    world.night(date(2026, 3, 11))
    world.articles[4] = world.article(4, date(2026, 3, 1), date(2026, 3, 10), "Cancer once more")
    report = world.night(date(2026, 3, 11))
    assert (report.fetched, report.unchanged) == (0, 0)  # already listed under that day, and the day was over
    for n in (3, 4, 5):
        world.articles[n] = world.article(
            n, date(2026, 3, 1), date(2026, 3, 12), "Cancer once more" if n == 4 else "BRCA1 in cancer"
        )
    report = world.night(date(2026, 3, 13))
    assert (report.fetched, report.unchanged, len(report.batches)) == (3, 0, 1)
    world.articles[4] = world.article(4, date(2026, 3, 1), date(2026, 3, 13), "Cancer again")
    world.articles[5] = world.article(5, date(2026, 3, 1), date(2026, 3, 13))
    first = world.night(date(2026, 3, 13))
    world.articles[4] = world.article(4, date(2026, 3, 1), date(2026, 3, 13), "Cancer for ever")
    second = world.night(date(2026, 3, 14))
    assert (first.fetched, second.fetched, second.unchanged) == (2, 1, 1)
    (name,) = second.batches
    with Ledger(world.layout.ledger) as ledger:
        (batch,) = [batch for batch in ledger.batches() if f"entrez/{batch.name}" == name]
    assert batch.n_records == 1
    assert world.titles().count("Cancer for ever 4") == 1


def test_what_a_lost_shard_held_is_fetched_again_however_long_ago(world: World) -> None:
    """The window of the night does not reach back to it."""
    world.night(NIGHT)
    lost = world.layout.raw_files()[1]
    lost.unlink()
    report = world.night(date(2026, 6, 1))
    assert (report.found, report.fetched, len(world.fetched())) == (0, 10, 10)
    assert world.titles() == ALL
    with Ledger(world.layout.ledger) as ledger:
        assert missing_of(ledger, "entrez") == {}
    assert world.night(date(2026, 6, 2)).fetched == 0


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b"", lambda b: bytes(len(b)), lambda b: b[:40] + b"?" + b[41:]])
def test_a_shard_whose_bytes_never_reached_the_disk_is_noticed(world: World, damage: Callable[[bytes], bytes]) -> None:
    """Its row did: the power went, and the disk had told that all was written."""
    world.night(NIGHT)
    torn = world.layout.raw_files()[1]
    torn.write_bytes(damage(torn.read_bytes()))
    report = world.night(date(2026, 6, 1))
    assert (report.fetched, len(world.fetched())) == (10, 10)
    assert world.titles() == ALL
    assert torn.with_name(torn.name + ".damaged").exists()


def test_a_service_that_lists_but_hands_nothing_out_stops_the_run(world: World) -> None:
    world.articles |= {n: world.article(n, date(2026, 3, 1), date(2026, 3, 2)) for n in range(26, 41)}
    with world.asking(batch_size=40) as (settings, client):
        client.fetch = lambda _: (b"<PubmedArticleSet/>", {})
        with pytest.raises(
            SourceError, match=r"efetch\.fcgi: gives none of 40 records that esearch lists; what was collected is kept"
        ):
            collect_new("cancer", settings, NIGHT, client=client)
    assert until(world) is None
    assert world.night(NIGHT).fetched == 40


def test_broken_xml_for_one_record_after_the_other_stops_the_run(world: World) -> None:
    with pytest.raises(SourceError, match=r"no usable answer in 1 tries \(the last: an answer that is cut off or no XML"):
        world.collect(lambda call: Fault("torn") if call.utility == "efetch" else None, max_tries=1)
    report = world.collect()
    assert report.fetched + report.known == 25
    assert world.titles() == ALL


def full_at(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The disk is full when the raw shard with this number is written."""
    written: list[Path] = []
    write = Path.write_bytes

    def filling(path: Path, content: bytes) -> int:
        if ".xml.gz." in path.name:
            written.append(path)
            if len(written) >= number:
                write(path, content[:10])
                raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", filling)


def test_a_disk_that_is_full_at_a_shard_stops_the_run_and_the_next_goes_on(world: World) -> None:
    with pytest.MonkeyPatch.context() as patch:
        full_at(patch, 2)
        with pytest.raises(StorageError, match=r"xml\.gz: cannot be written \(No space left on device\); free space"):
            world.night(NIGHT)
    assert (until(world), world.titles()) == (None, titles(*range(1, 11)))
    assert world.night(NIGHT).fetched == 15
    assert (until(world), world.titles()) == (NIGHT, ALL)


@pytest.mark.parametrize("pages", [0, 1, 2, 4])
def test_a_disk_that_is_full_at_the_ledger_stops_the_run_and_the_next_goes_on(world: World, pages: int) -> None:
    """SQLite's own error: the file may grow by so many pages, then the disk is full."""
    world.articles |= {n: world.article(n, date(2026, 3, 1), date(2026, 3, 2)) for n in range(26, 301)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Ledger, "__init__", _small(pages))
        with pytest.raises(StorageError, match=r"ledger\.sqlite: ledger cannot be (used|written) \(database or disk is full\)"):
            world.night(NIGHT)
    assert until(world) is None
    report = world.night(NIGHT)
    assert (report.known + report.fetched, report.missing) == (300, ())
    assert world.titles() == titles(*range(1, 301))
    assert until(world) == NIGHT


def _small(pages: int) -> Any:
    init = Ledger.__init__

    def small(self: Ledger, path: Path) -> None:
        init(self, path)
        now = self.rows("PRAGMA page_count")[0][0]
        self.rows(f"PRAGMA max_page_count = {now + pages}")

    return small


def test_a_disk_that_is_full_at_the_watermark_leaves_it_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageError("ledger cannot be written (database or disk is full)")

    with monkeypatch.context() as patch:
        patch.setattr("genemine.pipeline.collect_job.finish_queries", full)
        with pytest.raises(StorageError, match="disk is full"):
            world.night(NIGHT)
    assert until(world) is None
    report = world.night(NIGHT)
    assert (report.known, report.fetched, world.fetched()) == (25, 0, [])
    assert until(world) == NIGHT


def test_a_sign_left_by_a_killed_run_holds_up_nobody(world: World) -> None:
    world.layout.prepare()
    (world.layout.raw / ".holder").write_text("process 1 on another machine, collecting since for ever")
    assert world.night(NIGHT).fetched == 25
    assert not (world.layout.raw / ".holder").exists()


def test_a_clock_ahead_of_the_services_is_told_and_a_clock_behind_it_does_no_harm(world: World) -> None:
    now = datetime.now(UTC)
    told = r"this machine's clock says .* set the clock"
    with world.asking() as (settings, client), pytest.raises(ConfigError, match=told):
        collect("cancer", None, None, settings, client=client, clock=lambda: now + timedelta(days=40))
    with world.asking() as (settings, client), pytest.raises(ConfigError, match=told):
        collect_new("cancer", settings, client=client, clock=lambda: now + timedelta(days=40))
    assert until(world) is None
    with world.asking() as (settings, client):
        report = collect_new("cancer", settings, first_days=0, client=client, clock=lambda: now - timedelta(days=40))
    assert (report.fetched, until(world)) == (25, (now - timedelta(days=40)).date())


def test_a_watermark_ahead_of_the_night_is_not_trusted(world: World) -> None:
    """A run under a wrong clock noted a day to come; then the machine was off for weeks."""
    world.night(NIGHT)
    with Ledger(world.layout.ledger) as ledger:
        finish_queries(ledger, [], Watermark("entrez", "cancer", None, date(2036, 1, 1)))
    world.articles[26] = world.article(26, date(2026, 3, 20), date(2026, 3, 20))
    world.articles[3] = world.article(3, date(2026, 3, 1), date(2026, 3, 21), "CANCER revised")
    report = world.night(date(2026, 5, 1))
    assert (report.fetched, until(world)) == (2, date(2026, 5, 1))
    assert world.titles().count("CANCER revised 3") == world.titles().count("BRCA1 in cancer 26") == 1


@pytest.mark.parametrize(("moment", "told"), [("2024-11-25 18:00", 1), ("2024-11-24 18:00", 0)])
def test_advice_comes_before_the_first_record_of_a_large_job_of_ncbi(
    world: World, moment: str, told: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="genemine")
    world.articles |= {n: world.article(n, date(2026, 3, 1), date(2026, 3, 2)) for n in range(26, 102)}
    heard: list[str] = []

    def tell(text: str) -> None:
        assert world.fetched() == []
        heard.append(text)

    def clock() -> datetime:
        return datetime.fromisoformat(moment).replace(tzinfo=UTC)

    with world.asking(batch_size=1) as (settings, client):
        live = Settings(data_dir=settings.data_dir)
        collect("cancer", None, None, live, client=client, clock=clock, tell=tell)
    assert [text[:46] for text in heard] == ["advice: this job needs about 102 requests, and"] * told
    assert caplog.text.count("advice:") == told
    with world.asking(batch_size=1, source="other") as (settings, client):
        collect("cancer", None, None, settings, client=client, clock=clock, tell=tell)
    assert len(heard) == told


def test_what_bulk_files_brought_is_not_fetched(world: World) -> None:
    with world.asking() as (_, client):
        world.layout.prepare()
        _, digests = client.fetch(["99000001", "99000002"])
    with Ledger(world.layout.ledger) as ledger:
        batch = Batch("bulk", "pubmed26n0001", "0" * 64, 2, "2026-01-01T00:00:00+00:00", ())
        ledger.add("bulk", batch, [Kept(pmid, batch.name, digest, "2026-01-01") for pmid, digest in digests.items()])
    report = world.collect()
    assert (report.known, report.fetched) == (2, 23)
    with Ledger(world.layout.ledger) as ledger:
        assert ledger.kept("entrez", digests) == {}
    # listed as revised, fetched, and found to be what the bulk file holds: noted there, stored nowhere
    assert world.night(date(2026, 3, 3)).unchanged == 25
    with Ledger(world.layout.ledger) as ledger:
        assert ledger.kept("entrez", digests) == {}
        assert {kept.revised_on for kept in ledger.kept("bulk", digests).values()} == {"2026-03-02"}
    assert world.titles() == titles(*range(3, 26))
    assert world.collect(source="other").known == 0


def test_two_ledgers_of_one_folder_wait_for_each_other(world: World) -> None:
    """A reader in the middle of its work does not stop a collection."""
    world.layout.prepare()
    with Ledger(world.layout.ledger):
        reader = sqlite3.connect(world.layout.ledger)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM pmids").fetchone()
        assert world.night(NIGHT).fetched == 25
        reader.close()
