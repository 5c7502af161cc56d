"""Quarantine: bytes that could not be read as a record, kept with the reason, so that nothing is lost silently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from genemine.storage.ledger import Ledger
from genemine.storage.progress import now


@dataclass(frozen=True)
class Caught:
    """One entry: where it came from, what it says it is ("" if it does not), why it is here, and the bytes."""

    source: str
    pmid: str
    reason: str
    detail: str = ""
    raw: bytes = b""
    id: int = 0
    added_at: str = ""


def add_to_quarantine(ledger: Ledger, caught: Iterable[Caught]) -> int:
    """Keep entries; the same bytes for the same reason are kept once. Gives how many were new."""
    added = 0
    with ledger.transaction():
        for one in caught:
            values = (one.source, one.pmid, one.reason, one.detail, one.raw, one.added_at or now())
            added += len(
                ledger.rows(
                    "INSERT INTO quarantine (source, pmid, reason, detail, raw, added_at) VALUES (?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT DO NOTHING RETURNING id",
                    values,
                )
            )
    return added


def list_quarantine(ledger: Ledger, source: str | None = None) -> list[Caught]:
    """All entries, of one source or of all, oldest first."""
    found = ledger.rows(
        "SELECT source, pmid, reason, detail, raw, id, added_at FROM quarantine WHERE source = coalesce(?, source) ORDER BY id",
        (source,),
    )
    return [Caught(*row) for row in found]


def release(ledger: Ledger, ids: Iterable[int]) -> None:
    """Strike out entries that could be read after all."""
    with ledger.transaction():
        for entry in ids:
            ledger.rows("DELETE FROM quarantine WHERE id = ?", (entry,))
