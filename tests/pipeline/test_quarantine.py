"""An entry leaves quarantine when its record has been read, and for no other reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from genemine.config import Settings, load_settings
from genemine.errors import StorageError
from genemine.pipeline import stages
from genemine.pipeline.mine import mine
from genemine.pipeline.quarantine import MENDED, NOT_REACHED, STILL, list_entries, retry, save_entry, show_entry
from genemine.pipeline.stages import CLEAN
from genemine.records import Article, Deletion, Quarantined
from genemine.sample.faults import Call, Fault
from genemine.sources.pubmed_xml import parse_file
from genemine.storage.layout import Layout
from genemine.storage.ledger import Kept, Ledger
from genemine.storage.lock import held
from genemine.storage.progress import missing_of
from genemine.storage.quarantine import Caught, add_to_quarantine

if TYPE_CHECKING:
    from tests.pipeline.conftest import World
else:
    World = Any

BATCH = "mine/a.xml"


def record(pmid: str, title: str = "BRCA1 in breast cancer") -> str:
    article = f"<Article><ArticleTitle>{title}</ArticleTitle></Article>"
    return f"<PubmedArticle><MedlineCitation>{pmid}{article}</MedlineCitation></PubmedArticle>"


SOUND = [record(f"<PMID>{n}</PMID>") for n in (1, 2)]
BROKEN = record("", "A paper without its number")


def raw_file(folder: Path, *records: str, name: str = "a.xml") -> Path:
    path = folder / "raw" / "mine" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<PubmedArticleSet>\n{''.join(records)}</PubmedArticleSet>")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A raw file with two sound records and a broken one, cleaned."""
    raw_file(tmp_path, *SOUND, BROKEN)
    chosen = load_settings(data_dir=tmp_path)
    CLEAN(BATCH, chosen)
    return chosen


def states(settings: Settings, **more: Any) -> list[tuple[str, str, str]]:
    return [(one.pmid, one.state, one.why) for one in retry(settings, **more).outcomes]


def test_entries_are_listed_and_shown(settings: Settings, tmp_path: Path) -> None:
    (entry,) = list_entries(settings)
    assert (entry.source, entry.pmid, entry.reason, entry.size) == (BATCH, "", "no PMID", len(BROKEN))
    assert show_entry(settings, entry.id).raw.decode() == BROKEN
    assert save_entry(settings, entry.id, tmp_path / "out.xml") == len(BROKEN)
    assert (tmp_path / "out.xml").read_text() == BROKEN
    with pytest.raises(StorageError, match="quarantine has no entry 99; `genemine quarantine list` shows those there are"):
        show_entry(settings, 99)


def test_what_is_still_broken_stays(settings: Settings) -> None:
    report = retry(settings)
    assert report.counts == {MENDED: 0, STILL: 1, NOT_REACHED: 0}
    assert report.batches == ()
    assert report.outcomes[0].why.startswith("no PMID: ")
    assert len(list_entries(settings)) == 1
    assert CLEAN.pending([BATCH], settings) == []


def old_parser(path: Path) -> Iterator[Article | Deletion | Quarantined]:
    """A parser that cannot read PMID 2."""
    for one in parse_file(path):
        if isinstance(one, Article) and one.pmid == "2":
            yield Quarantined("2", "quarantine", "not understood", "", path.name, SOUND[1].encode())
        else:
            yield one


def test_what_a_better_parser_reads_reaches_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw_file(tmp_path, *SOUND)
    settings = load_settings(data_dir=tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(stages, "parse_file", old_parser)
        before = mine(settings)
    assert list(pd.read_parquet(before.folder / "articles.parquet")["pmid"]) == ["1"]
    report = retry(settings)
    assert [(one.pmid, one.state, one.why) for one in report.outcomes] == [("2", MENDED, "the record reads now")]
    assert report.batches == (BATCH,)
    assert list_entries(settings) == []
    after = mine(settings)
    assert list(pd.read_parquet(after.folder / "articles.parquet")["pmid"]) == ["1", "2"]
    assert retry(settings).outcomes == ()


def test_a_file_that_was_replaced_by_a_sound_one_is_mended(tmp_path: Path) -> None:
    raw_file(tmp_path).write_text("<html>busy</html>")
    settings = load_settings(data_dir=tmp_path)
    CLEAN(BATCH, settings)
    assert states(settings)[0][1] == STILL
    raw_file(tmp_path, *SOUND)
    assert states(settings) == [("", MENDED, "the file reads now")]


def test_a_file_that_was_replaced_by_one_without_the_record_is_told(settings: Settings, tmp_path: Path) -> None:
    raw_file(tmp_path, *SOUND)
    assert states(settings) == [("", NOT_REACHED, "its raw file was replaced and does not hold these bytes any more")]
    assert len(list_entries(settings)) == 1


def test_bytes_that_read_now_but_are_in_no_file_are_told(settings: Settings, tmp_path: Path) -> None:
    with Ledger(Layout(tmp_path).ledger) as ledger:
        add_to_quarantine(ledger, [Caught(BATCH, "3", "not understood", "", record("<PMID>3</PMID>").encode())])
    assert states(settings)[1] == (
        "3",
        NOT_REACHED,
        "its bytes read now, but its raw file was replaced and does not hold them; collect the record again",
    )


def test_a_file_that_is_gone_is_told(settings: Settings, tmp_path: Path) -> None:
    path = Layout(tmp_path).raw_file("mine", "a.xml")
    path.unlink()
    assert states(settings) == [("", NOT_REACHED, f"its raw file {path} is gone; put it back or collect the record again")]


def test_a_newer_record_that_reads_mends_the_older_one(tmp_path: Path) -> None:
    broken = record("<PMID>5</PMID>").replace("<Article>", "<NoArticle>").replace("</Article>", "</NoArticle>")
    raw_file(tmp_path, broken)
    settings = load_settings(data_dir=tmp_path)
    CLEAN(BATCH, settings)
    assert states(settings)[0][:2] == ("5", STILL)
    raw_file(tmp_path, record("<PMID>5</PMID>"), name="b.xml")
    with Ledger(Layout(tmp_path).ledger) as ledger:
        ledger.add("mine", None, [Kept("5", "b.xml", "", "2026-01-01")])
    assert states(settings) == [("5", MENDED, "the newer record in mine/b.xml reads")]


def poisoned(call: Call) -> Fault | None:
    return Fault("torn") if call.utility == "efetch" and "99000007" in call.params["id"] else None


def test_a_record_that_came_as_no_xml_is_asked_for_again(world: World) -> None:
    world.collect(poisoned, max_tries=2)
    with world.asking(poisoned, max_tries=1) as (settings, client):
        assert states(settings, client=client) == [("99000007", STILL, "answer is no XML; its bytes are in quarantine")]
    with world.asking() as (settings, client):
        assert {one[1:] for one in states(settings, client=client)} == {(MENDED, "PubMed sends it now")}
    assert set(world.fetched()) == {"99000007"}
    assert "BRCA1 in cancer 7" in world.titles()
    with Ledger(world.layout.ledger) as ledger:
        assert missing_of(ledger, "entrez") == {}
        assert ledger.kept("entrez", ["99000007"])["99000007"].as_of == f"{datetime.now(UTC):%Y-%m-%d}"
    assert list_entries(settings) == []


def test_a_service_that_fails_is_told_and_costs_nothing(world: World) -> None:
    world.collect(poisoned, max_tries=2)
    with world.asking(lambda call: Fault("status", 503), max_tries=1) as (settings, client):
        ((pmid, state, why),) = states(settings, client=client)
    assert (pmid, state) == ("99000007", NOT_REACHED)
    assert "no usable answer" in why
    ((_, state, why),) = states(load_settings(data_dir=world.layout.data_dir))
    assert state == NOT_REACHED
    assert "NCBI_EMAIL" in why
    ((_, state, why),) = states(load_settings(data_dir=world.layout.data_dir, entrez__source="other"))
    assert (state, why) == (NOT_REACHED, "from another server than 'other'; give its --settings")
    assert len(list_entries(settings)) == 1


def test_nothing_is_made_where_nothing_was_collected(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "none")
    for command in (list_entries, retry):
        with pytest.raises(StorageError, match="no ledger: nothing was collected here"):
            command(settings)
    assert not (tmp_path / "none").exists()


def test_another_run_at_work_is_named(settings: Settings, tmp_path: Path) -> None:
    with (
        held(Layout(tmp_path).raw, "collecting"),
        pytest.raises(StorageError, match=r"held by process \d+ on .*, collecting since"),
    ):
        retry(settings)
