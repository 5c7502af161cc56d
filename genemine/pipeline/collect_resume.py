"""Before collecting: put the ledger and the raw shards in step again, whatever moment the last run was killed at."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from genemine.errors import StorageError
from genemine.sources.entrez_answers import parse_records
from genemine.sources.entrez_transport import Transient
from genemine.storage.files import remove_parts
from genemine.storage.layout import RAW_SUFFIX, Layout, batch_of
from genemine.storage.ledger import Batch, Kept, Ledger
from genemine.storage.shards import file_sha256, read_raw

log = logging.getLogger(__name__)


def resume(layout: Layout, ledger: Ledger, source: str) -> None:
    """Take in raw shards without a row, drop rows without a shard, remove parts; the caller holds the lock of ``layout.raw``.

    A shard is written before its row, so a killed run leaves at most a part or a whole shard without a row. A row without a shard
    means that somebody removed the file: its records are fetched again.

    Raises:
        StorageError: the data folder cannot be read or written.
    """
    remove_parts(layout.raw)
    known = {batch.name for batch in ledger.batches(source)}
    there = {batch_of(path) for path in layout.raw_files() if path.parent.name == source and path.name.endswith(RAW_SUFFIX)}
    for name in sorted(known - there):
        n_records = ledger.forget(source, name)
        log.warning("%s: raw shard is gone; its %d records are fetched again", layout.raw_file(source, name), n_records)
    for name in sorted(there - known):
        _take_in(layout, ledger, source, name)


def _take_in(layout: Layout, ledger: Ledger, source: str, name: str) -> None:
    path = layout.raw_file(source, name)
    try:
        digests = parse_records(read_raw(path))
    except (StorageError, Transient) as error:
        # kept for whoever wants to look, but no raw shard any more
        path.rename(path.with_name(path.name + ".damaged"))
        log.warning("%s: set aside, not a raw shard (%s)", path, error)
        return
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    day = written.date().isoformat()
    newer = {pmid for pmid, kept in ledger.kept(source, digests).items() if kept.as_of > day}
    batch = Batch(source, name, file_sha256(path), len(digests), written.isoformat(timespec="seconds"), tuple(digests))
    ledger.add(source, batch, [Kept(pmid, name, digest, day) for pmid, digest in digests.items() if pmid not in newer])
    log.info("%s: taken in, %d records of a run that was stopped", path, len(digests))
