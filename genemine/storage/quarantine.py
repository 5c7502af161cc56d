"""Quarantine: bytes that could not be read as a record, kept with the reason, so that nothing is lost silently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from genemine.errors import StorageError
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


@dataclass(frozen=True)
class Entry:
    """An entry without its bytes: ``size`` says how many there are."""

    id: int
    source: str
    pmid: str
    reason: str
    detail: str
    size: int
    added_at: str


def entries(ledger: Ledger) -> list[Entry]:
    """All entries without their bytes, oldest first."""
    return [
        Entry(*row)
        for row in ledger.rows("SELECT id, source, pmid, reason, detail, length(raw), added_at FROM quarantine ORDER BY id")
    ]


def read_entry(ledger: Ledger, entry: int) -> Caught:
    """One entry with its bytes.

    Raises:
        StorageError: there is none of this number.
    """
    found = ledger.rows("SELECT source, pmid, reason, detail, raw, id, added_at FROM quarantine WHERE id = ?", (entry,))
    if not found:
        raise StorageError(f"quarantine has no entry {entry}; `genemine quarantine list` shows those there are")
    return Caught(*found[0])


def count_by_reason(ledger: Ledger) -> dict[str, int]:
    """Reason -> entries, the most frequent first."""
    return dict(ledger.rows("SELECT reason, count(*) FROM quarantine GROUP BY reason ORDER BY count(*) DESC, reason"))


def release(ledger: Ledger, ids: Iterable[int]) -> None:
    """Strike out entries that could be read after all."""
    with ledger.transaction():
        for entry in ids:
            ledger.rows("DELETE FROM quarantine WHERE id = ?", (entry,))
