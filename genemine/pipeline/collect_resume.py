"""Before collecting: put the ledger and the raw shards in step again, whatever moment the last run was killed at."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

from genemine.errors import StorageError
from genemine.sources.entrez_answers import parse_records
from genemine.sources.entrez_transport import Transient
from genemine.storage.files import cannot_write, remove_parts
from genemine.storage.hashes import raw_sha256
from genemine.storage.layout import RAW_SUFFIX, Layout, batch_of
from genemine.storage.ledger import Batch, Kept, Ledger
from genemine.storage.progress import ANY_QUERY, note_missing
from genemine.storage.shards import file_sha256, read_raw

log = logging.getLogger(__name__)

GONE = "its raw shard is gone or damaged"


def resume(layout: Layout, ledger: Ledger, source: str) -> None:
    """Take in raw shards without a row, drop rows without a whole shard, remove parts; the caller holds the lock of ``layout.raw``.

    A shard is written before its row, so a killed run leaves at most a part or a whole shard without a row. A row without a shard
    means that somebody removed the file, a shard with other bytes than the row says that they never reached the disk: their records
    are fetched again by the next collection, of whatever query, for no window of days reaches back to them.

    Raises:
        StorageError: the data folder cannot be read or written.
    """
    remove_parts(layout.raw / source)
    known = {batch.name: batch.sha256 for batch in ledger.batches(source)}
    there = {batch_of(path): path for path in layout.raw_files() if path.parent.name == source and path.name.endswith(RAW_SUFFIX)}
    with ledger.transaction():  # one for all the hashes that are remembered
        for name in sorted(known.keys() & there.keys()):
            if raw_sha256(layout, there[name], ledger) != known[name]:
                _set_aside(there.pop(name), "its bytes are not those that were written")
    for name in sorted(known.keys() - there.keys()):
        _give_up(layout, ledger, source, name)
    for name in sorted(there.keys() - known.keys()):
        _take_in(layout, ledger, source, name)


def _give_up(layout: Layout, ledger: Ledger, source: str, name: str) -> None:
    pmids = [pmid for (pmid,) in ledger.rows("SELECT pmid FROM pmids WHERE source = ? AND batch = ?", (source, name))]
    with ledger.transaction():
        note_missing(ledger, source, ANY_QUERY, dict.fromkeys(pmids, GONE))
        ledger.forget(source, name)
    log.warning("%s: raw shard is gone; its %d records are fetched again", layout.raw_file(source, name), len(pmids))


def _set_aside(path: Path, why: str) -> None:
    # kept for whoever wants to look, but no raw shard any more
    try:
        path.rename(path.with_name(path.name + ".damaged"))
    except OSError as error:
        raise cannot_write(path, error) from error
    log.warning("%s: set aside, not a raw shard (%s)", path, why)


def _take_in(layout: Layout, ledger: Ledger, source: str, name: str) -> None:
    path = layout.raw_file(source, name)
    try:
        digests = parse_records(read_raw(path))
    except (StorageError, Transient) as error:
        _set_aside(path, str(error))
        return
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    day = written.date().isoformat()
    newer = {pmid for pmid, kept in ledger.kept(source, digests).items() if kept.as_of > day}
    batch = Batch(source, name, file_sha256(path), len(digests), written.isoformat(timespec="seconds"), tuple(digests))
    ledger.add(source, batch, [Kept(pmid, name, digest, day) for pmid, digest in digests.items() if pmid not in newer])
    log.info("%s: taken in, %d records of a run that was stopped", path, len(digests))
