"""Each article of the whole corpus once, decided by DuckDB over the Parquet shards; memory holds a few numbers an article.

The rules are those of :mod:`genemine.clean.dedup`, where they are stated; a test holds the two against each other. The shards of
articles and of deletions of one batch have the same file name, and batches come in the order in which they count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from genemine.errors import StorageError
from genemine.records import Dropped, Duplicate
from genemine.storage.query import add_shards, duck

# Told the newest record of each PMID (columns position, row, pmid), says which of them are copies of which.
FindDuplicates = Callable[[pa.Table], Sequence[Duplicate]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that stands for its PMID: ``row`` counts from 0 in ``shard``."""

    pmid: str
    version: int
    revised: str
    shard: Path
    row: int


@dataclass(frozen=True)
class CorpusSelection:
    """What is mined and what is not, in the order of shards and rows; ``duplicates`` by PMID.

    ``table`` has the columns position (of the shard in ``shards``), row, pmid, version and revised of what is kept.
    """

    shards: tuple[Path, ...]
    table: pa.Table
    dropped: tuple[Dropped, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()

    def rows(self, shard: Path) -> np.ndarray:
        """Give the rows of a shard that are kept: integers, ascending."""
        position = self.table.column("position").to_numpy()
        first, last = np.searchsorted(position, [at := self.shards.index(shard), at + 1])
        return self.table.column("row").slice(first, last - first).to_numpy()

    def kept(self) -> list[Kept]:
        """Give all that is kept as records; for a corpus of millions read ``table``."""
        columns = (self.table.column(name).to_pylist() for name in ("pmid", "version", "revised", "position", "row"))
        rows = zip(*columns, strict=True)
        return [Kept(pmid, version, revised, self.shards[at], row) for pmid, version, revised, at, row in rows]


_COLUMNS = pa.schema(
    [("position", pa.int32()), ("row", pa.int64()), ("pmid", pa.string()), ("version", pa.int64()), ("revised", pa.string())]
)
_NO_DELETIONS = "CREATE TEMP TABLE deletions (pmid VARCHAR, source VARCHAR, position INTEGER, row BIGINT)"
# DELETED and STALE of clean/dedup.py
_REVISIONS = """
CREATE TEMP TABLE revisions AS
WITH deleted AS (
    SELECT pmid, max(position) AS position, arg_max(source, (position, row)) AS deleted_by FROM deletions GROUP BY pmid
), known AS (
    SELECT a.pmid, a.version, a.revised, a.source, a.position, a.row, d.deleted_by
    FROM articles a LEFT JOIN deleted d ON d.pmid = a.pmid AND a.position <= d.position
), ranked AS (
    SELECT *,
        row_number() OVER newest AS nth,
        first_value(version) OVER newest AS newest_version,
        first_value(revised) OVER newest AS newest_revised
    FROM known
    WINDOW newest AS (
        PARTITION BY pmid, deleted_by IS NULL ORDER BY version DESC, revised DESC, position DESC, row DESC
    )
)
SELECT position, row, pmid, version, revised, source,
    CASE WHEN deleted_by IS NOT NULL THEN 'deleted by PubMed' WHEN nth > 1 THEN 'stale revision' ELSE '' END AS reason,
    CASE
        WHEN deleted_by IS NOT NULL THEN 'by ' || deleted_by
        WHEN nth > 1 THEN 'replaced by version ' || newest_version || ' of '
            || CASE WHEN newest_revised = '' THEN 'unknown date' ELSE newest_revised END
        ELSE ''
    END AS detail
FROM ranked
"""
_COPIES = """
UPDATE revisions SET reason = d.reason, detail = 'of PMID ' || d.kept_pmid
FROM duplicates d WHERE revisions.pmid = d.pmid AND revisions.reason = ''
"""
_NEWEST = "SELECT position, row, pmid, version, revised FROM revisions WHERE reason = '' ORDER BY position, row"
_DROPPED = "SELECT pmid, reason, detail, source FROM revisions WHERE reason <> '' ORDER BY position, row"


def select_corpus(
    article_shards: Sequence[Path], deletion_shards: Sequence[Path], find_duplicates: FindDuplicates | None = None
) -> CorpusSelection:
    """Decide which record stands for each PMID, over all shards, and which PMIDs are copies of others.

    Args:
        article_shards: Parquet shards of ``Article``, one a batch, in the order in which the batches count.
        deletion_shards: Parquet shards of ``Deletion``, each of one of these batches.
        find_duplicates: says which of the newest records are copies; without it none is.

    Returns:
        What is kept, and what is dropped with reason "deleted by PubMed", "stale revision" or the reason of a duplicate.

    Raises:
        StorageError: a shard is damaged or holds other records.
    """
    places = {path.name: position for position, path in enumerate(article_shards)}
    if len(places) < len(article_shards):
        raise StorageError("two shards of articles have the same file name, so their order is unknown; rename one batch")
    for path in deletion_shards:
        if path.name not in places:
            raise StorageError(f"{path}: deletions of a batch without articles; delete the shard, the next run makes it again")
    if not article_shards:
        return CorpusSelection((), _COLUMNS.empty_table())
    with duck("shards", article_shards[0].parent) as connection:
        add_shards(connection, "articles", [(path, places[path.name]) for path in article_shards])
        if deletion_shards:
            add_shards(connection, "deletions", [(path, places[path.name]) for path in deletion_shards])
        else:
            connection.execute(_NO_DELETIONS)
        connection.execute(_REVISIONS)
        duplicates: Sequence[Duplicate] = ()
        if find_duplicates is not None:
            duplicates = find_duplicates(connection.sql(_NEWEST).to_arrow_table().select(["position", "row", "pmid"]))
            columns = {name: [getattr(one, name) for one in duplicates] for name in ("pmid", "kept_pmid", "reason")}
            connection.register("duplicates", pa.table(columns, schema=pa.schema([(name, pa.string()) for name in columns])))
            connection.execute(_COPIES)
        kept = connection.sql(_NEWEST).to_arrow_table().cast(_COLUMNS)
        dropped = tuple(Dropped(row[0], "dedup", *row[1:]) for row in connection.execute(_DROPPED).fetchall())
    by_pmid = tuple(sorted(duplicates, key=lambda found: int(found.pmid)))
    return CorpusSelection(tuple(article_shards), kept, dropped, by_pmid)
