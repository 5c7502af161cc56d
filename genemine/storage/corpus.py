"""Each article of the whole corpus once, decided by DuckDB over the Parquet shards; nothing needs to fit in memory but the answer.

The rules are those of :mod:`genemine.clean.dedup`, where they are stated; a test holds the two against each other. Batches come in
the order of their file names, as PubMed numbers its files and the collector its batches. The shards of articles and of deletions of
one batch have the same file name.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from genemine.errors import StorageError
from genemine.records import Dropped


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
    """What is mined and what is not, both in the order of shards and rows."""

    kept: tuple[Kept, ...]
    dropped: tuple[Dropped, ...]

    def rows(self, shard: Path) -> frozenset[int]:
        """Give the rows of a shard that are kept."""
        return frozenset(self._rows_by_shard.get(shard, ()))

    @cached_property
    def _rows_by_shard(self) -> dict[Path, list[int]]:
        rows: dict[Path, list[int]] = {}
        for kept in self.kept:
            rows.setdefault(kept.shard, []).append(kept.row)
        return rows


_SELECT = """
WITH deleted AS (
    SELECT pmid, max(b.position) AS position, arg_max(d.source, (b.position, d.file_row_number)) AS deleted_by
    FROM {deletions} d JOIN batches b ON b.file = d.filename
    GROUP BY pmid
), articles AS (
    SELECT a.pmid, a.version, a.revised, a.digest, a.source, b.position, a.file_row_number AS row,
        list_contains(a.flags, 'retracted') AS retracted, list_contains(a.flags, 'preprint') AS preprint,
        d.deleted_by
    FROM {articles} a
    JOIN batches b ON b.file = a.filename
    LEFT JOIN deleted d ON d.pmid = a.pmid AND b.position <= d.position
), revisions AS (
    SELECT *,
        row_number() OVER newest AS nth,
        first_value(version) OVER newest AS newest_version,
        first_value(revised) OVER newest AS newest_revised
    FROM articles
    WINDOW newest AS (
        PARTITION BY pmid, deleted_by IS NULL ORDER BY version DESC, revised DESC, position DESC, row DESC
    )
), copies AS (
    SELECT *,
        first_value(pmid) OVER copies AS first_pmid
    FROM revisions
    WINDOW copies AS (
        PARTITION BY CASE
            WHEN deleted_by IS NULL AND nth = 1 AND digest <> '' THEN digest
            ELSE concat_ws(' ', pmid, position, row)
        END
        ORDER BY retracted, preprint, CAST(pmid AS UBIGINT)
    )
)
SELECT pmid, version, revised, position, row, source,
    CASE
        WHEN deleted_by IS NOT NULL THEN 'deleted by PubMed'
        WHEN nth > 1 THEN 'stale revision'
        WHEN first_pmid <> pmid THEN 'exact duplicate'
        ELSE ''
    END AS reason,
    CASE
        WHEN deleted_by IS NOT NULL THEN 'by ' || deleted_by
        WHEN nth > 1 THEN 'replaced by version ' || newest_version || ' of '
            || CASE WHEN newest_revised = '' THEN 'unknown date' ELSE newest_revised END
        WHEN first_pmid <> pmid THEN 'of PMID ' || first_pmid
        ELSE ''
    END AS detail
FROM copies
ORDER BY position, row
"""
_NO_DELETIONS = "(SELECT '' AS pmid, '' AS source, '' AS filename, 0 AS file_row_number WHERE false)"


def select_corpus(article_shards: Sequence[Path], deletion_shards: Sequence[Path]) -> CorpusSelection:
    """Decide which record stands for each PMID, over all shards.

    Args:
        article_shards: Parquet shards of ``Article``, one a batch; file names give the order.
        deletion_shards: Parquet shards of ``Deletion``.

    Returns:
        What is kept, and what is dropped with reason "deleted by PubMed", "stale revision" or "exact duplicate".

    Raises:
        StorageError: a shard is damaged or holds other records.
    """
    if not article_shards:
        return CorpusSelection((), ())
    names = sorted({path.name for path in (*article_shards, *deletion_shards)})
    position = {name: number for number, name in enumerate(names)}
    shard_at = {position[path.name]: path for path in article_shards}
    if len(shard_at) < len(article_shards):
        raise StorageError("two shards of articles have the same file name, so their order is unknown; rename one batch")
    query = _SELECT.format(
        articles="read_parquet($articles, filename = true, file_row_number = true)",
        deletions="read_parquet($deletions, filename = true, file_row_number = true)" if deletion_shards else _NO_DELETIONS,
    )
    files = {"articles": [_literal(path) for path in article_shards], "deletions": [_literal(path) for path in deletion_shards]}
    places = [(str(path), position[path.name]) for path in (*article_shards, *deletion_shards)]
    rows = _run(query, {name: value for name, value in files.items() if value}, places)
    kept = tuple(Kept(row[0], row[1], row[2], shard_at[row[3]], row[4]) for row in rows if not row[6])
    dropped = tuple(Dropped(row[0], "dedup", row[6], row[7], row[5]) for row in rows if row[6])
    return CorpusSelection(kept, dropped)


def _run(query: str, files: dict[str, list[str]], places: list[tuple[str, int]]) -> list[tuple[Any, ...]]:
    try:
        with duckdb.connect(config={"temp_directory": tempfile.gettempdir()}) as connection:
            connection.execute("CREATE TABLE batches (file VARCHAR, position BIGINT)")
            connection.executemany("INSERT INTO batches VALUES (?, ?)", places)
            return connection.execute(query, files).fetchall()
    except duckdb.Error as error:
        first_line = (str(error).splitlines() or [type(error).__name__])[0]
        raise StorageError(
            f"{Path(places[0][0]).parent}: shards cannot be read ({first_line}); "
            "delete the damaged one, the next run makes it again"
        ) from error


def _literal(path: Path) -> str:
    """Name a file so that DuckDB takes ``[``, ``*`` and ``?`` in a folder's name for themselves."""
    return "".join(f"[{char}]" if char in "[*?" else char for char in str(path))
