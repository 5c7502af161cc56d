"""Checks of what is on disk: ledger against files against hashes, and no record lost between them."""

from __future__ import annotations

from collections.abc import Iterator

from genemine.pipeline.validate_facts import COLLECT_AGAIN, MOVE_AWAY, OTHER_COUNT, Facts
from genemine.pipeline.validate_report import Line, failed, number, passed, skipped, some, warned
from genemine.storage.files import TEMPORARY_SUFFIX
from genemine.storage.lock import holder
from genemine.storage.order import missing_numbers, series_place


def check_busy(facts: Facts) -> Iterator[Line]:
    """Another run changes what is looked at here."""
    other = holder(facts.layout.raw)
    if other is not None:
        yield warned(
            "at work",
            f"another run is at work ({other}); what it has not finished can show up below",
            "validate again when it has ended",
        )


def check_ledger(facts: Facts) -> Iterator[Line]:
    """The ledger is whole as a database, and its tables agree with each other."""
    problems = [row[0] for row in facts.ledger.rows("PRAGMA quick_check(5)") if row[0] != "ok"]
    if problems:
        yield failed(
            "ledger",
            f"the ledger is damaged: {problems[0]}",
            "restore data/raw/ledger.sqlite from a backup, or move it away: the next collection takes in what is on disk",
            some(problems),
        )
        return
    n, loose = facts.survey.count_and_some(
        "SELECT DISTINCT batch FROM kept WHERE batch NOT IN (SELECT batch FROM known) AND batch NOT LIKE '%/'"
    )
    if n:
        yield failed(
            "ledger",
            f"the ledger has PMIDs in {number(n, 'raw file')} that it does not list",
            COLLECT_AGAIN + " over the same days",
            loose,
        )
        return
    n_batches, n_pmids = facts.survey.rows("SELECT (SELECT count(*) FROM known), (SELECT count(*) FROM kept)")[0]
    yield passed("ledger", f"whole; it lists {number(n_batches, 'raw file')} and {number(n_pmids, 'PMID')}")


def check_files(facts: Facts) -> Iterator[Line]:
    """Every row has its file, and every file of a collected source has its row."""
    survey, sound = facts.survey, True
    n, gone = survey.count_and_some("SELECT batch FROM known WHERE batch NOT IN (SELECT batch FROM files)")
    if n:
        sound = False
        yield failed(
            "raw files",
            f"{number(n, 'raw file')} of the ledger gone from disk",
            f"put back from a backup, or {COLLECT_AGAIN}: what "
            "was in them is fetched again; bulk files are pulled again by `genemine bulk pull`",
            gone,
        )
    n, unknown = survey.count_and_some(
        "SELECT batch FROM files WHERE batch NOT IN (SELECT batch FROM known) "
        "AND split_part(batch, '/', 1) IN (SELECT source FROM known)"
    )
    if n:
        sound = False
        yield warned(
            "raw files",
            f"{number(n, 'raw file')} without a row in the ledger, as a killed run leaves",
            f"{COLLECT_AGAIN}: it takes them in",
            unknown,
        )
    if sound:
        n_known, n_own = survey.rows(
            "SELECT count(k.batch), count(*) - count(k.batch) FROM files f LEFT JOIN known k USING (batch)"
        )[0]
        own = f"; {number(n_own, 'file')} of your own beside {'it' if n_known == 1 else 'them'}" if n_own else ""
        yield passed("raw files", f"{number(n_known, 'raw file')}, each with its row in the ledger{own}")


def check_whole(facts: Facts) -> Iterator[Line]:
    """Every file unpacks to its end."""
    n, damaged = facts.survey.count_and_some("SELECT batch || ': ' || damage FROM files WHERE damage <> ''")
    if n:
        yield failed("whole", f"{number(n, 'raw file')} cannot be read to the end", MOVE_AWAY, damaged)
        return
    n_files, n_records, unreadable = facts.survey.rows(
        "SELECT (SELECT count(*) FROM files), (SELECT count(*) FROM records), (SELECT coalesce(sum(n_unreadable), 0) FROM files)"
    )[0]
    if not n_files:
        yield skipped("whole", "no raw file is there yet", "run `genemine collect`")
        return
    beside = f", and {number(unreadable, 'stretch', 'stretches')} without a readable one (see quarantine)" if unreadable else ""
    yield passed("whole", f"{number(n_files, 'raw file')} read to the end: {number(n_records, 'record')}{beside}")


def check_hashes(facts: Facts) -> Iterator[Line]:
    """Every file is, byte for byte, what was stored, and holds as many records as were noted."""
    survey, sound = facts.survey, True
    n, other = survey.count_and_some(
        "SELECT k.batch FROM known k JOIN files f USING (batch) WHERE k.sha256 <> f.sha256 AND f.damage = ''"
    )
    if n:
        sound = False
        yield failed("hashes", f"{number(n, 'raw file')} with other bytes than were collected (SHA-256 differs)", MOVE_AWAY, other)
    n, counts = survey.count_and_some(
        f"SELECT batch || ': ' || n_records || ' noted, ' || n || ' there' FROM ({OTHER_COUNT})"  # noqa: S608 (SQL of our own)
    )
    if n:
        sound = False
        yield failed("hashes", f"{number(n, 'raw file')} with another number of records than the ledger notes", MOVE_AWAY, counts)
    if sound:
        n_files, n_records = survey.rows("SELECT count(*), sum(n_records) FROM known JOIN files USING (batch)")[0]
        yield passed(
            "hashes",
            f"{number(n_files, 'SHA-256', 'SHA-256')} as noted, with the {number(n_records or 0, 'record')} that were noted",
        )


def check_pmids(facts: Facts) -> Iterator[Line]:
    """Where the ledger has a PMID, the file has it; and every record of a collected file is in the ledger."""
    survey, sound = facts.survey, True
    n, absent = survey.count_and_some(
        "SELECT k.pmid || ' in ' || k.batch FROM kept k JOIN files f USING (batch) JOIN known b ON b.batch = k.batch "
        # a file with other bytes is told as such
        "AND b.sha256 = f.sha256 ANTI JOIN records r ON r.batch = k.batch AND r.pmid = k.pmid"
    )
    if n:
        sound = False
        it = "it" if n == 1 else "them"
        yield failed("PMIDs", f"{number(n, 'PMID')} noted in a raw file that does not hold {it}", MOVE_AWAY, absent)
    lost_from = (
        "SELECT DISTINCT r.pmid || ' in ' || r.batch FROM records r JOIN known b USING (batch) "
        "ANTI JOIN kept k ON k.source = b.source AND k.pmid = r.pmid ANTI JOIN deletions d ON d.pmid = r.pmid WHERE b.source {} ?"
    )
    bulk = facts.settings.bulk.source
    n, lost = survey.count_and_some(lost_from.format("<>"), (bulk,))
    if n:
        sound = False
        yield failed(
            "PMIDs",
            f"{number(n, 'record')} on disk that the ledger does not know",
            "run `genemine collect` with the query and --since the days they entered PubMed: it fetches them again",
            lost,
        )
    n, lost = survey.count_and_some(lost_from.format("="), (bulk,))
    if n:
        sound = False
        yield warned(
            "PMIDs",
            f"{number(n, 'record')} of bulk files that the ledger does not know, as when a later file was re-issued without them",
            "`genemine bulk load --reread` notes them again; the tables hold them in any case",
            lost,
        )
    if sound:
        n_kept, n_deleted = survey.rows("SELECT (SELECT count(*) FROM kept), (SELECT count(DISTINCT pmid) FROM deletions)")[0]
        deleted = f"; PubMed deleted {number(n_deleted, 'PMID')}" if n_deleted else ""
        yield passed(
            "PMIDs", f"{number(n_kept, 'PMID')} of the ledger, each in the file it is said to be in; no record unknown{deleted}"
        )


def check_leftovers(facts: Facts) -> Iterator[Line]:
    """What killed runs leave, and what was set aside as damaged."""
    layout = facts.layout
    damaged = sorted(str(path.relative_to(layout.data_dir)) for path in layout.raw.rglob("*.damaged"))
    if damaged:
        yield warned(
            "leftovers",
            f"{number(len(damaged), 'file')} set aside as damaged; the records were fetched again",
            "look at them, then delete them",
            some(damaged),
        )
    parts = sorted(str(path.relative_to(layout.data_dir)) for path in layout.data_dir.rglob(f"*{TEMPORARY_SUFFIX}"))
    if parts:
        yield warned(
            "leftovers",
            f"{number(len(parts), 'unfinished file')} of a run that was killed",
            "nothing is lost; the next collection removes those in data/raw, delete the others",
            some(parts),
        )
    if not damaged and not parts:
        yield passed("leftovers", "no unfinished and no damaged file lies about")


def check_series(facts: Facts) -> Iterator[Line]:
    """Numbered bulk files follow each other without a gap."""
    batches = [batch.partition("/") for (batch,) in facts.survey.rows("SELECT batch FROM files ORDER BY batch")]
    for source in sorted({source for source, _, name in batches if series_place(name)}):
        numbered = [name for where, _, name in batches if where == source and series_place(name)]
        gaps = missing_numbers(numbered)
        if gaps:
            yield warned(
                "bulk series",
                f"{source}: files are missing in the series; what they hold, revise or delete is not in the tables",
                "run `genemine bulk pull`, then `genemine bulk load`",
                some(gaps),
            )
        else:
            yield passed("bulk series", f"{source}: {number(len(numbered), 'file')}, none missing between the first and the last")
