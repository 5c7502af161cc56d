"""A collection is complete or says that it is not; what is on disk is not fetched twice, and nothing is doubled.

The service is the loopback E-utilities server, with faults on purpose; nothing sleeps.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from genemine.errors import SourceError, StorageError
from genemine.pipeline.collect import collect
from genemine.sample.faults import Call, Fault, at
from genemine.storage.layout import Layout
from genemine.storage.ledger import Ledger
from genemine.storage.lock import held
from genemine.storage.progress import missing_of
from genemine.storage.quarantine import list_quarantine

N = 25
NIGHT = date(2026, 3, 10)


World = Any  # of conftest.py


def titles(*numbers: int, words: str = "BRCA1 in cancer") -> list[str]:
    return sorted(f"{words} {n}" for n in numbers)


ALL = titles(*range(1, N + 1))


def test_a_query_ends_as_raw_shards_with_their_rows(world: World) -> None:
    told: list[tuple[int, int]] = []
    with world.asking() as (settings, client):
        report = collect("cancer", None, None, settings, progress=lambda done, all_: told.append((done, all_)), client=client)
    assert (report.found, report.known, report.fetched, len(report.batches)) == (N, 0, N, 3)
    assert (report.unchanged, report.missing, report.requests) == (0, (), 4)
    assert told == [(10, N), (20, N), (N, N)]
    assert world.titles() == ALL
    with Ledger(world.layout.ledger) as ledger:
        batches = ledger.batches("entrez")
        assert tuple(f"entrez/{batch.name}" for batch in batches) == report.batches
        assert [batch.n_records for batch in batches] == [10, 10, 5]
        assert [len(batch.asked) for batch in batches] == [10, 10, 5]
    assert "25 records match, 0 on disk already, 25 fetched into 3 raw shards" in report.summary()


def test_a_second_run_fetches_nothing_and_changes_no_byte(world: World) -> None:
    world.collect()
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in world.layout.raw_files()}
    report = world.collect()
    assert (report.found, report.known, report.fetched, report.batches) == (N, N, 0, ())
    assert world.fetched() == []
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in world.layout.raw_files()} == before


@pytest.mark.parametrize("number", [1, 2, 4])  # the PMIDs, the first batch, the last
@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", 500),
        Fault("status", 429),
        Fault("html"),
        Fault("error"),
        Fault("cut"),
        Fault("reset"),
        Fault("missing"),
        Fault("doubled"),
        Fault("foreign"),
        Fault("empty"),
        Fault("torn"),
        Fault("delay", seconds=0.8),
    ],
    ids=lambda fault: f"{fault.kind}{fault.status if fault.kind == 'status' else ''}",
)
def test_no_fault_of_one_request_loses_or_doubles_a_record(world: World, fault: Fault, number: int) -> None:
    report = world.collect(at({number: fault}))
    assert (report.found, report.fetched, report.missing) == (N, N, ())
    assert world.titles() == ALL


def test_a_service_that_fails_for_good_stops_the_run_and_the_next_goes_on(world: World) -> None:
    with pytest.raises(SourceError, match=r"efetch\.fcgi: no usable answer in 3 tries \(the last: HTTP 503\)"):
        world.collect(lambda call: Fault("status", 503) if call.number > 2 else None, max_tries=3)
    assert world.titles() == titles(*range(1, 11))
    report = world.collect()
    assert (report.known, report.fetched) == (10, 15)
    assert len(world.fetched()) == 15
    assert world.titles() == ALL


def test_records_that_pubmed_withholds_are_named_and_asked_for_again(world: World) -> None:
    def withheld(call: Call) -> Fault | None:
        # the last record of an answer is left out, whenever it is the last of all: number 25
        return Fault("missing") if call.utility == "efetch" and call.params["id"].endswith("99000025") else None

    report = world.collect(withheld)
    assert (report.fetched, report.missing) == (N - 1, ("99000025",))
    assert "missing: PubMed did not hand out 1: 99000025; they are asked for again" in report.summary()
    with Ledger(world.layout.ledger) as ledger:
        assert missing_of(ledger, "entrez") == {"99000025": "listed by esearch, not given by efetch"}
    report = world.collect()
    assert (report.fetched, report.missing, world.fetched()) == (1, (), ["99000025"])
    assert world.titles() == ALL
    with Ledger(world.layout.ledger) as ledger:
        assert missing_of(ledger, "entrez") == {}


def test_one_record_that_is_never_xml_goes_to_quarantine_and_holds_up_no_other(world: World) -> None:
    def poisoned(call: Call) -> Fault | None:
        return Fault("torn") if call.utility == "efetch" and "99000007" in call.params["id"] else None

    report = world.collect(poisoned, max_tries=2)
    assert (report.fetched, report.missing) == (N - 1, ("99000007",))
    with Ledger(world.layout.ledger) as ledger:
        (caught,) = list_quarantine(ledger)
    assert (caught.pmid, caught.reason) == ("99000007", "answer is no XML")
    assert b"<PubmedArticleSet>" in caught.raw
    assert world.titles() == titles(*(n for n in range(1, N + 1) if n != 7))


def test_a_killed_run_is_taken_up(world: World) -> None:
    """Between shard and row, in the middle of a shard, and after somebody removed a shard."""
    world.collect()
    kept, unnoted, removed = world.layout.raw_files()
    with Ledger(world.layout.ledger) as ledger:
        ledger.forget("entrez", unnoted.name.removesuffix(".xml.gz"))
    removed.unlink()
    part = removed.with_name(removed.name + ".77.part")
    part.write_bytes(b"\x1f\x8b")
    damaged = removed.with_name("damaged.xml.gz")
    damaged.write_bytes(kept.read_bytes()[:-20])
    report = world.collect()
    assert (report.known, report.fetched, len(world.fetched())) == (20, 5, 5)
    assert world.titles() == ALL
    assert not part.exists()
    assert damaged.with_name("damaged.xml.gz.damaged").exists()
    with Ledger(world.layout.ledger) as ledger:
        assert [batch.n_records for batch in ledger.batches()] == [10, 10, 5]


def test_nights_fetch_what_is_new_and_what_was_revised_and_nothing_else(world: World) -> None:
    first = world.night(NIGHT)
    assert (first.found, first.fetched) == (N, N)
    again = world.night(NIGHT)
    assert (again.fetched, again.unchanged, again.batches, world.fetched()) == (0, 0, (), [])
    world.articles[3] = world.article(3, date(2026, 3, 1), date(2026, 3, 10), "CANCER revised")
    world.articles[26] = world.article(26, date(2026, 3, 11), date(2026, 3, 11))
    second = world.night(date(2026, 3, 11))
    assert (second.fetched, second.unchanged, len(second.batches)) == (2, 0, 1)
    assert world.titles() == sorted([*ALL, *titles(26), "CANCER revised 3"])
    third = world.night(date(2026, 3, 12))
    assert world.fetched() == ["99000026"]  # listed under the 11th, a day that was not over when it was fetched
    assert (third.fetched, third.unchanged, third.batches) == (0, 1, ())
    assert world.night(date(2026, 3, 13)).fetched == 0
    assert world.fetched() == []


def test_the_watermark_waits_for_a_complete_night(world: World) -> None:
    world.night(NIGHT)
    world.articles[26] = world.article(26, date(2026, 3, 20), date(2026, 3, 20))
    with pytest.raises(SourceError):
        world.night(date(2026, 3, 20), lambda call: Fault("status", 500) if call.utility == "efetch" else None)
    world.articles[27] = world.article(27, date(2026, 3, 30), date(2026, 3, 30))
    assert world.night(date(2026, 3, 30)).fetched == 2
    assert world.titles() == sorted([*ALL, *titles(26, 27)])


def test_the_first_night_reaches_back_so_many_days(world: World) -> None:
    world.articles[1] = world.article(1, date(2020, 1, 1), date(2026, 3, 10))
    assert world.night(NIGHT).found == N - 1
    world.articles[2] = world.article(2, date(2020, 1, 1), date(2026, 3, 11))
    assert world.night(date(2026, 3, 11)).fetched == 0
    assert Layout(world.layout.data_dir).raw_files() == world.layout.raw_files()


def test_a_first_night_of_zero_days_takes_everything(world: World) -> None:
    world.articles[1] = world.article(1, date(1970, 1, 1), date(1980, 1, 1))
    world.articles[2] = (
        "<PubmedArticle><MedlineCitation><PMID>99000002</PMID><Article><ArticleTitle>Cancer</ArticleTitle></Article>"
        "</MedlineCitation></PubmedArticle>\n"
    )
    assert world.night(NIGHT, first_days=0).fetched == N


def test_an_empty_night_is_fine(world: World) -> None:
    world.articles = {1: world.article(1, date(2020, 1, 1), date(2020, 1, 1))}
    report = world.night(NIGHT)
    assert (report.found, report.fetched, world.titles()) == (0, 0, [])


def test_two_collections_at_once_are_refused(world: World) -> None:
    world.layout.prepare()
    with held(world.layout.raw, "collecting"), pytest.raises(StorageError, match=r"data/raw: held by process \d+"):
        world.collect()


def test_sources_are_kept_apart(world: World) -> None:
    world.collect()
    report = world.collect(source="other")
    assert (report.known, report.fetched) == (0, N)
    assert {path.parent.name for path in world.layout.raw_files()} == {"entrez", "other"}


def test_the_key_is_stored_nowhere(world: World, caplog: pytest.LogCaptureFixture) -> None:
    key = "0123456789abcdef0123456789abcdef0123"
    caplog.set_level("DEBUG")
    world.collect(at({1: Fault("status", 500), 3: Fault("cut")}), api_key=key)
    assert world.calls[0].params["api_key"] == key
    for path in world.layout.data_dir.rglob("*"):
        assert path.is_dir() or key.encode() not in path.read_bytes()
    assert key not in caplog.text
