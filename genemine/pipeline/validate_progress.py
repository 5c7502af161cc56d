"""Checks of how far each query has come: nights, gaps, records that never came, and what waits in quarantine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from genemine.pipeline.stages import SAMPLE_SOURCE
from genemine.pipeline.validate_facts import COLLECT_AGAIN, Facts
from genemine.pipeline.validate_report import Line, failed, number, passed, skipped, some, warned
from genemine.storage.quarantine import count_by_reason


def check_watermarks(facts: Facts) -> Iterator[Line]:
    """No watermark lies in the future, and none has stood still for longer than a night reaches back."""
    marks = facts.ledger.rows("SELECT source, term, until FROM watermarks ORDER BY source, term")
    if not marks:
        yield skipped("watermarks", "no query is collected nightly", "see flows/nightly.py, or README")
        return
    ahead = [f"{term} ({source}): {until}" for source, term, until in marks if until > facts.day.isoformat()]
    if ahead:
        yield failed(
            "watermarks",
            f"{number(len(ahead), 'query', 'queries')} with a watermark in the future: nights until then skip records",
            "set the clock right; the next night then asks for all days of the query again",
            some(ahead),
        )
    patience = facts.settings.entrez.overlap_days
    late = [
        f"{term} ({source}): {days} days ago"
        for source, term, until in marks
        # the sample is collected for a fixed day
        if source != SAMPLE_SOURCE and (days := (facts.day - date.fromisoformat(until)).days) > patience
    ]
    if late:
        yield warned(
            "watermarks",
            f"{number(len(late), 'query', 'queries')} without a complete night for more than {number(patience, 'day')}",
            "look at the log of the nightly flow; the next complete night closes the gap",
            some(late),
        )
    if not ahead and not late:
        newest = max(until for _, _, until in marks)
        yield passed(
            "watermarks", f"{number(len(marks), 'query', 'queries')} collected nightly, the last complete night was {newest}"
        )


def check_unfinished(facts: Facts) -> Iterator[Line]:
    """Every search that was begun was finished, or a later one covers it."""
    begun = facts.ledger.rows(
        "SELECT q.source, q.term, q.since, q.until, q.asked_at FROM queries q WHERE q.complete = 0 AND q.field <> 'mdat' "
        "AND NOT EXISTS (SELECT 1 FROM queries d WHERE d.complete = 1 AND d.id > q.id AND d.source = q.source AND d.term = q.term "
        "AND d.field <> 'mdat' AND d.since <= q.since "
        "AND coalesce(nullif(d.until, ''), '9999') >= coalesce(nullif(q.until, ''), '9999')) "
        "ORDER BY q.id"
    )
    if not begun:
        n = facts.ledger.rows("SELECT count(*) FROM queries WHERE field <> 'mdat'")[0][0]
        yield passed("unfinished", f"{number(n, 'search', 'searches')} begun, none left unfinished")
        return
    names = [
        f"{term} ({source}), asked {at[:10]}" + (f", days {since} to {until}" if since or until else "")
        for source, term, since, until, at in begun
    ]
    yield warned(
        "unfinished",
        f"{number(len(begun), 'search', 'searches')} begun and never finished, nor covered by a later one",
        f"{COLLECT_AGAIN}; for a search over other days than the nightly ones, with the same query and days",
        some(names),
    )


def check_missing(facts: Facts) -> Iterator[Line]:
    """Records that PubMed lists and does not hand out."""
    found = facts.ledger.rows("SELECT pmid, reason, substr(since, 1, 10) FROM missing ORDER BY source, length(pmid), pmid")
    if not found:
        yield passed("missing", "PubMed handed out every record that it listed")
        return
    yield warned(
        "missing",
        f"{number(len(found), 'record')} that PubMed lists and does not hand out",
        "each collection of the query asks for them again; look them up at pubmed.ncbi.nlm.nih.gov if they stay",
        some([f"{pmid}: {reason}, since {since}" for pmid, reason, since in found]),
    )


def check_quarantine(facts: Facts) -> Iterator[Line]:
    """What could not be read."""
    reasons = count_by_reason(facts.ledger)
    if not reasons:
        yield passed("quarantine", "empty: every record could be read")
        return
    n = sum(reasons.values())
    yield warned(
        "quarantine",
        f"{number(n, 'entry', 'entries')} that could not be read",
        "`genemine quarantine list` shows them, `genemine quarantine retry` reads them again",
        tuple(f"{count:,} {reason}" for reason, count in reasons.items()),
    )
