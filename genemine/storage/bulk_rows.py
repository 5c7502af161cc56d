"""The rows of a bulk file in the ledger: right whatever the order in which files are loaded, and again when one is re-issued.

Files count in their order (:mod:`genemine.storage.order`): a record stands unless a later file holds it or asks to delete it; a
deletion strikes out what the batches up to it hold, of every source. In one file deletions come after records.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from genemine.storage.ledger import Batch, Kept, Ledger
from genemine.storage.order import ordered


@dataclass(frozen=True)
class RowsPut:
    """What came of it: records that now stand, records that a later file has or deletes, rows that the file deleted.

    ``n_orphaned`` counts the PMIDs that an earlier issue of the file held or deleted, and this one does not name: if an older file
    holds them, its rows have to be put again.
    """

    n_kept: int
    n_superseded: int
    n_deleted: int
    n_orphaned: int = 0


def put_rows(ledger: Ledger, batch: Batch, digests: Mapping[str, str], deleted: Collection[str]) -> RowsPut:
    """Note a bulk file that is on disk, in place of what an earlier issue of it said.

    Args:
        ledger: the ledger.
        batch: the file.
        digests: PMID -> digest of each record in it.
        deleted: the PMIDs that it asks to delete.

    Raises:
        StorageError: the ledger cannot be written; nothing of it is noted then.
    """
    with ledger.transaction():
        orphaned = _named_by(ledger, batch) - digests.keys() - set(deleted)
        ledger.forget(batch.source, batch.name)
        ledger.add(batch.source, batch, [])
        known = [f"{source}/{name}" for source, name in ledger.rows("SELECT source, name FROM batches")]
        place = {name: at for at, name in enumerate(ordered(known, ledger))}
        here = place[f"{batch.source}/{batch.name}"]
        gone = set(deleted)
        wanted = digests.keys() - gone
        later = _later(ledger, batch.source, wanted, place, here)
        kept = [
            Kept(pmid, batch.name, digest, batch.issued)
            for pmid, digest in digests.items()
            if pmid not in gone and pmid not in later
        ]
        ledger.add(batch.source, None, kept)
        ledger.each("INSERT INTO deletions VALUES (?, ?, ?)", ((batch.source, pmid, batch.name) for pmid in sorted(gone)))
        return RowsPut(len(kept), len(later), _delete(ledger, gone, place, here), len(orphaned))


def _named_by(ledger: Ledger, batch: Batch) -> set[str]:
    """PMIDs that the rows of a batch hold or ask to delete."""
    values = (batch.source, batch.name)
    return {
        pmid
        for table in ("pmids", "deletions")
        for (pmid,) in ledger.rows(f"SELECT pmid FROM {table} WHERE source = ? AND batch = ?", values)  # noqa: S608 two names of ours
    }


def _later(ledger: Ledger, source: str, pmids: Collection[str], place: Mapping[str, int], here: int) -> set[str]:
    """Those of the PMIDs that a later file of the source holds, or deletes."""
    held = ((pmid, kept.batch) for pmid, kept in ledger.kept(source, pmids).items())
    deleted = ledger.rows(
        "SELECT pmid, batch FROM deletions WHERE source = ? AND pmid IN (SELECT value FROM json_each(?))",
        (source, json.dumps(list(pmids))),
    )
    return {pmid for pmid, name in (*held, *deleted) if place.get(f"{source}/{name}", -1) > here}


def _delete(ledger: Ledger, pmids: Collection[str], place: Mapping[str, int], here: int) -> int:
    struck: list[tuple[str, str]] = []
    for (source,) in ledger.rows("SELECT DISTINCT source FROM batches"):
        for pmid, kept in ledger.kept(source, pmids).items():
            if place.get(f"{source}/{kept.batch}", -1) <= here:
                struck.append((source, pmid))
    ledger.each("DELETE FROM pmids WHERE source = ? AND pmid = ?", struck)
    return len(struck)
