"""What a report shows of a run's tables, read back by DuckDB: the best rows of tables of any size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from genemine.config import ReportSettings
from genemine.relate.known import NOT_COMPARED
from genemine.report.changes import Changes, compare
from genemine.storage.query import duck
from genemine.tables.schema import LIST_SEPARATOR

# Candidates and changes of so many rows are shown even where they are not among the best associations.
MAX_LISTED = 500
_LATER_COLUMNS = {
    "associations": ("verdict",),
    "evidence": ("verdict", "gene_start", "gene_end", "disease_start", "disease_end", "attention"),
}
_SPLIT = f"unnest(string_split(pmids, '{LIST_SEPARATOR}'))"
_SHOWN = """
CREATE TEMP TABLE shown AS
WITH wanted AS (
    SELECT association_id FROM associations WHERE row < $best
    UNION SELECT association_id FROM candidates WHERE rank <= $listed
    UNION SELECT association_id FROM changed
)
SELECT a.* FROM associations a SEMI JOIN wanted USING (association_id)
"""
_YEARS = f"""
WITH by_year AS (
    SELECT association_id, year, count(*) AS n FROM (SELECT association_id, {_SPLIT} AS pmid FROM shown WHERE pmids <> '')
    JOIN articles USING (pmid) WHERE year IS NOT NULL GROUP BY ALL
)
SELECT association_id, flatten(list([year, n] ORDER BY year)) AS years FROM by_year GROUP BY association_id
"""  # noqa: S608 (SQL of our own)
_XREFS = """
SELECT curie, any_value(xrefs) AS xrefs FROM mentions
WHERE curie IN (SELECT gene_curie FROM shown UNION SELECT disease_curie FROM shown) AND xrefs <> ''
GROUP BY curie ORDER BY curie
"""
_INHERITED = """
SELECT gene_curie, gene_name, disease_curie, disease_name, score, n_articles, n_own_articles FROM inherited
WHERE gene_curie IN (SELECT gene_curie FROM shown) AND disease_curie IS NOT NULL
ORDER BY score DESC, n_articles DESC, association_id LIMIT $best
"""
_BY_YEAR = f"""
WITH supporting AS (SELECT DISTINCT {_SPLIT} AS pmid FROM associations WHERE pmids <> '')
SELECT year, count(*) AS n_articles, count(s.pmid) AS n_supporting FROM articles LEFT JOIN supporting s USING (pmid)
WHERE year IS NOT NULL GROUP BY year ORDER BY year
"""  # noqa: S608 (SQL of our own)
_BY_SCORE = """
SELECT least(floor(score * 20), 19)::INTEGER AS bin, direction, count(*) AS n FROM associations
WHERE direction <> 'denied' GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class ReportTables:
    """Frames of a run, as the report shows them; ``associations`` in the order of the table, with ``years`` as [year, n, year, n…].

    ``stances`` counts all sentences of evidence by stance, ``unlinked`` all mentions without identifier by reason; ``directions``
    all associations, the counts of the whole run where the frames hold its best rows.
    """

    associations: pd.DataFrame
    evidence: pd.DataFrame
    candidates: pd.DataFrame
    inherited: pd.DataFrame
    xrefs: dict[str, str]
    by_year: pd.DataFrame
    by_score: pd.DataFrame
    stances: dict[str, int]
    directions: dict[str, int]
    unlinked: dict[str, int]
    n_known: int
    changes: Changes | None


def read_tables(folder: Path, previous: Path | None, settings: ReportSettings) -> ReportTables:
    """Read what a report shows.

    Args:
        folder: a folder with the tables of a run.
        previous: the folder of the complete run before it, if there is one.
        settings: how many rows and sentences are shown at most.

    Raises:
        StorageError: a table is missing or damaged.
    """
    with duck("the tables of a run", folder) as connection:
        for name in ("associations", "candidates", "inherited", "evidence", "articles", "mentions"):
            _open(connection, folder, name)
        changes = compare(connection, previous, MAX_LISTED)
        connection.execute(_SHOWN, {"best": settings.max_associations, "listed": MAX_LISTED})
        associations = connection.sql("SELECT * FROM shown ORDER BY row").df()
        years = connection.sql(_YEARS).df()
        return ReportTables(
            associations=associations.merge(years, on="association_id", how="left"),
            evidence=_evidence(connection, settings),
            candidates=connection.execute(
                "SELECT * FROM candidates WHERE rank <= $listed ORDER BY rank", {"listed": MAX_LISTED}
            ).df(),
            inherited=connection.execute(_INHERITED, {"best": settings.max_associations}).df(),
            xrefs=dict(connection.sql(_XREFS).fetchall()),
            by_year=connection.sql(_BY_YEAR).df(),
            by_score=connection.sql(_BY_SCORE).df(),
            stances=_counts(connection, "evidence", "stance"),
            directions=_counts(connection, "associations", "direction"),
            unlinked=_counts(connection, "mentions", "reason", "curie = ''"),
            n_known=_n_known(connection),
            changes=changes,
        )


def _open(connection: duckdb.DuckDBPyConnection, folder: Path, name: str) -> None:
    """Make a view of a table; columns that runs of older versions lack are empty."""
    path = str(folder / f"{name}.parquet").replace("'", "''")
    source = f"read_parquet('{path}', file_row_number = true)"
    present = set(connection.sql(f"SELECT * FROM {source} LIMIT 0").columns)  # noqa: S608 (the path is quoted)
    lacking = "".join(f", NULL AS {column}" for column in _LATER_COLUMNS.get(name, ()) if column not in present)
    connection.execute(
        f"CREATE TEMP VIEW {name} AS SELECT * RENAME (file_row_number AS row){lacking} FROM {source}"  # noqa: S608
    )


def _evidence(connection: duckdb.DuckDBPyConnection, settings: ReportSettings) -> pd.DataFrame:
    query = (
        "SELECT s.row AS association, e.* FROM evidence e JOIN (SELECT association_id, row FROM shown) s USING (association_id) "
        "WHERE e.rank <= $most ORDER BY s.row, e.rank"
    )
    return connection.execute(query, {"most": settings.max_sentences}).df()


def _counts(connection: duckdb.DuckDBPyConnection, table: str, column: str, where: str = "true") -> dict[str, int]:
    query = f"SELECT {column}, count(*) AS n FROM {table} WHERE {where} GROUP BY ALL ORDER BY n DESC, {column}"  # noqa: S608 (names of our own)
    return {str(value): n for value, n in connection.sql(query).fetchall()}


def _n_known(connection: duckdb.DuckDBPyConnection) -> int:
    query = "SELECT count(*) FROM associations WHERE known_in <> '' AND known_in <> $none AND direction <> 'denied'"
    ((n,),) = connection.execute(query, {"none": NOT_COMPARED}).fetchall()
    return int(n)
