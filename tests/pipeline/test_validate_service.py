"""What PubMed says now, against what is on disk: lost, new, deleted, revised and changed records, and a PubMed that is silent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from genemine.config import load_settings
from genemine.pipeline.collect import collect, collect_new
from genemine.pipeline.validate import validate
from genemine.pipeline.validate_report import Line, Verdict
from genemine.sample.faults import Fault, Faults
from genemine.storage.ledger import Ledger

if TYPE_CHECKING:
    from tests.pipeline.conftest import World
else:
    World = Any

NIGHT = date(2026, 3, 10)
OLD = date(2026, 3, 1)
PASS, WARN, FAIL, SKIP = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.SKIP


def look(world: World, faults: Faults | None = None, sample: int = 25, seed: int = 1, **entrez: object) -> dict[str, Line]:
    """The lines about PubMed, by check."""
    with world.asking(faults, **entrez) as (settings, client):
        report = validate(settings, client=client, today=NIGHT, sample=sample, seed=seed)
    return {line.check: line for line in report.lines if line.check in ("counts", "sample", "against PubMed")}


def verdicts(lines: dict[str, Line]) -> dict[str, Verdict]:
    return {check: line.verdict for check, line in lines.items()}


def test_what_pubmed_lists_and_sends_is_on_disk(world: World) -> None:
    world.night(NIGHT)
    lines = look(world)
    assert lines["counts"].what == "'cancer' since 2026-02-08: PubMed lists 25, all on disk"
    assert lines["sample"].what == "25 records fetched again, as on disk (seed 1)"
    assert verdicts(lines) == {"counts": PASS, "sample": PASS}


def test_a_lost_record_is_named(world: World) -> None:
    world.night(NIGHT)
    path = world.layout.raw_files()[2]
    path.unlink()
    with Ledger(world.layout.ledger) as ledger:
        ledger.forget("entrez", path.name.removesuffix(".xml.gz"))
    lines = look(world)
    assert lines["counts"].verdict is FAIL
    assert "PubMed lists 25, of which 5 are not on disk and no night will ask for" in lines["counts"].what
    assert lines["counts"].examples == ("99000021", "99000022", "99000023", "99000024", "99000025")
    assert lines["sample"].what.startswith("20 records fetched again")


def test_a_record_that_pubmed_shows_late_under_an_old_day_is_named(world: World) -> None:
    """No night reaches back to it: this is the gap that only a comparison of all can find."""
    world.night(NIGHT)
    world.articles[26] = world.article(26, OLD, OLD)
    lines = look(world)
    assert (lines["counts"].verdict, lines["counts"].examples) == (FAIL, ("99000026",))


@pytest.mark.parametrize(("entered", "revised"), [(NIGHT, NIGHT), (NIGHT - timedelta(days=3), OLD), (OLD, NIGHT)])
def test_what_the_next_night_fetches_is_no_loss(world: World, entered: date, revised: date) -> None:
    world.night(NIGHT)
    world.articles[26] = world.article(26, entered, revised)
    lines = look(world)
    assert lines["counts"].what.endswith(
        "PubMed lists 26, all on disk but 1 record newer than 2026-03-10, which the next collection fetches"
    )
    assert lines["counts"].verdict is PASS
    assert world.night(NIGHT + timedelta(days=1)).fetched == 1


def test_a_record_that_is_known_to_be_missing_is_told_elsewhere(world: World) -> None:
    world.night(NIGHT)
    with Ledger(world.layout.ledger) as ledger:
        ledger.rows("DELETE FROM pmids WHERE pmid = '99000003'")
        ledger.rows("INSERT INTO missing VALUES ('entrez', 'cancer', '99000003', 'not given', '2026-03-10')")
    assert look(world)["counts"].verdict is PASS


def test_deleted_records_are_named(world: World) -> None:
    world.night(NIGHT)
    del world.articles[7]
    lines = look(world)
    assert verdicts(lines) == {"counts": WARN, "sample": WARN}
    assert lines["counts"].what == "'cancer' since 2026-02-08: PubMed lists 24, but no longer 1 record of those on disk"
    assert lines["sample"].what == "1 record of 25 that PubMed does not send any more (seed 1)"
    assert lines["counts"].examples == lines["sample"].examples == ("99000007",)


def test_revised_records_are_named(world: World) -> None:
    world.night(NIGHT)
    world.articles[7] = world.article(7, OLD, NIGHT, "BRCA1 and cancer")
    lines = look(world)
    assert (lines["sample"].verdict, lines["sample"].examples) == (WARN, ("99000007",))
    assert lines["sample"].what == "1 record of 25 revised since they were fetched (seed 1)"


def test_other_words_without_a_revision_fail(world: World) -> None:
    world.night(NIGHT)
    world.articles[7] = world.article(7, OLD, date(2026, 3, 2), "BRCA2 in cancer")
    lines = look(world)
    assert (lines["sample"].verdict, lines["sample"].examples) == (FAIL, ("99000007",))


def test_other_parts_than_the_words_may_change_without_a_revision(world: World) -> None:
    world.night(NIGHT)
    world.articles[7] = world.articles[7].replace("</Article>", "<Language>eng</Language></Article>")
    assert look(world)["sample"].what == "25 records fetched again, as on disk; 1 differ outside of title and abstract (seed 1)"


def test_the_seed_chooses_the_sample(world: World) -> None:
    world.night(NIGHT)

    def chosen(seed: int) -> list[str]:
        look(world, sample=5, seed=seed)
        return sorted(world.fetched())

    first, again, other = chosen(1), chosen(1), chosen(2)
    assert len(first) == 5
    assert first == again != other


def test_a_search_without_nights_is_compared_within_its_days(world: World) -> None:
    world.articles[9] = world.article(9, date(2026, 4, 1), date(2026, 4, 1))
    with world.asking() as (settings, client):
        collect("cancer", None, date(2026, 3, 31), settings, client=client)
    assert look(world)["counts"].what == "'cancer' until 2026-03-31: PubMed lists 24, all on disk"


def test_what_another_server_sent_is_not_compared_with_this_one(world: World) -> None:
    with world.asking(source="other") as (settings, client):
        collect_new("cancer", settings, NIGHT, client=client)
    lines = look(world)
    assert lines["counts"].what == "other: collected from another server than 'entrez'"
    assert verdicts(lines) == {"counts": SKIP, "sample": SKIP}


def test_a_service_that_fails_is_told_once_and_fails_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.night(NIGHT)
    lines = look(world, lambda call: Fault("status", 503), max_tries=2)
    assert verdicts(lines) == {"counts": SKIP, "against PubMed": SKIP}
    assert "no usable answer in 2 tries" in lines["counts"].what
    assert len(world.calls) == 2


def test_without_an_email_ncbi_is_not_asked(world: World) -> None:
    world.night(NIGHT)
    report = validate(load_settings(data_dir=world.layout.data_dir), today=NIGHT)
    (line,) = [line for line in report.lines if line.check == "against PubMed"]
    assert line.verdict is SKIP
    assert "NCBI_EMAIL" in line.what
    assert line.what.endswith("so not checked: counts, sample")


def checks_of_files(world: World) -> dict[str, Verdict]:
    with world.asking() as (settings, client):
        report = validate(settings, client=client, today=NIGHT)
    return {line.check: line.verdict for line in report.lines if line.verdict is not PASS and line.check != "tables"}


def test_the_way_to_mend_a_damaged_file_mends_it(world: World) -> None:
    world.night(NIGHT)
    path = world.layout.raw_files()[0]
    path.write_bytes(path.read_bytes()[:-30])
    assert checks_of_files(world) == {"whole": FAIL}
    path.unlink()
    world.night(NIGHT)
    assert checks_of_files(world) == {}


def test_the_way_to_mend_a_lost_row_mends_it(world: World) -> None:
    world.night(NIGHT)
    with Ledger(world.layout.ledger) as ledger:
        ledger.rows("DELETE FROM pmids WHERE pmid = '99000003'")
    assert checks_of_files(world) == {"PMIDs": FAIL}
    world.collect()
    assert checks_of_files(world) == {}
