"""How far each query has come: what was asked, up to which day all is on disk, and which records PubMed did not hand out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from genemine.storage.ledger import Ledger

# the term under which records are missing that any query is to ask for again: whose query they came by is no longer known
ANY_QUERY = ""


@dataclass(frozen=True)
class Watermark:
    """All records of ``term`` entered from the day ``since`` on (None: all) are on disk as they stood on the day ``until``."""

    source: str
    term: str
    since: date | None
    until: date


def begin_query(
    ledger: Ledger, source: str, term: str, dates: Mapping[str, str], slices: Iterable[tuple[str, int]], n_found: int
) -> int:
    """Note a search, by the parameters asked, and the slices it was cut into (term, records); gives its id."""
    with ledger.transaction():
        limits = (dates.get("datetype", ""), dates.get("mindate", ""), dates.get("maxdate", ""))
        query_id = ledger.rows(
            "INSERT INTO queries (source, term, field, since, until, asked_at, n_found) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (source, term, *limits, now(), n_found),
        )[0][0]
        for part, n_part in slices:
            ledger.rows("INSERT INTO slices VALUES (?, ?, ?)", (query_id, part, n_part))
    return int(query_id)


def finish_queries(ledger: Ledger, query_ids: Iterable[int], watermark: Watermark | None = None, *, back: bool = False) -> None:
    """Note that all that these searches found is on disk, and with it move the watermark; back only where ``back`` says so."""
    with ledger.transaction():
        for query_id in query_ids:
            ledger.rows("UPDATE queries SET complete = 1 WHERE id = ?", (query_id,))
        if watermark is not None:
            since = watermark.since.isoformat() if watermark.since else ""
            ledger.rows(
                "INSERT INTO watermarks VALUES (?, ?, ?, ?) "
                "ON CONFLICT (source, term) DO UPDATE SET until = iif(?, excluded.until, max(until, excluded.until))",
                (watermark.source, watermark.term, since, watermark.until.isoformat(), back),
            )


def watermark_of(ledger: Ledger, source: str, term: str) -> Watermark | None:
    """How far a query has come; None for one that was never complete."""
    found = ledger.rows("SELECT since, until FROM watermarks WHERE source = ? AND term = ?", (source, term))
    if not found:
        return None
    since, until = found[0]
    return Watermark(source, term, date.fromisoformat(since) if since else None, date.fromisoformat(until))


def note_missing(ledger: Ledger, source: str, term: str, missing: Mapping[str, str], found: Iterable[str] = ()) -> None:
    """Note PMIDs that PubMed lists but does not hand out (PMID -> reason), and strike out those that came after all."""
    with ledger.transaction():
        for pmid in found:
            ledger.rows("DELETE FROM missing WHERE source = ? AND pmid = ?", (source, pmid))
        for pmid, reason in missing.items():
            ledger.rows(
                "INSERT INTO missing VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (source, term, pmid) DO UPDATE SET reason = excluded.reason",
                (source, term, pmid, reason, now()),
            )


def missing_of(ledger: Ledger, source: str, term: str | None = None) -> dict[str, str]:
    """PMID -> reason of the records that a query (None: any) still lacks."""
    return dict(
        ledger.rows(
            "SELECT pmid, reason FROM missing WHERE source = ? AND term = coalesce(?, term) ORDER BY length(pmid), pmid",
            (source, term),
        )
    )


def now() -> str:
    """The moment, as the ledger writes it: ISO, UTC, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")
