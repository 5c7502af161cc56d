"""What changed since the previous run: associations that are new, risen, fallen or gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from genemine.errors import StorageError

NEW, RISEN, FALLEN, GONE = "new", "risen", "fallen", "gone"
KINDS = (NEW, RISEN, FALLEN, GONE)
# Scores move a little with every new article about the gene or the disease; from here on it is told.
MIN_CHANGE = 0.01
_DIFFERENCE = f"""
CREATE TEMP TABLE difference AS
SELECT coalesce(n.association_id, o.association_id) AS association_id, coalesce(n.gene_name, o.gene_name) AS gene_name,
    coalesce(n.disease_name, o.disease_name) AS disease_name, o.score AS old_score, n.score AS new_score,
    o.n_articles AS old_articles, n.n_articles AS new_articles,
    CASE WHEN o.association_id IS NULL THEN '{NEW}' WHEN n.association_id IS NULL THEN '{GONE}'
        WHEN n.score - o.score >= $least THEN '{RISEN}' WHEN o.score - n.score >= $least THEN '{FALLEN}' END AS kind
FROM associations n FULL JOIN old_associations o ON n.association_id = o.association_id
"""  # noqa: S608 (SQL of our own)
_LISTED = """
SELECT * FROM difference WHERE kind IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY kind ORDER BY abs(coalesce(new_score, 0) - coalesce(old_score, 0)) DESC, association_id) <= $most
ORDER BY kind, abs(coalesce(new_score, 0) - coalesce(old_score, 0)) DESC, association_id
"""


@dataclass(frozen=True)
class Changes:
    """The rows that changed most, of each kind, and how many there are of each kind.

    Columns of ``rows``: association_id, gene_name, disease_name, old_score, new_score, old_articles, new_articles, kind.
    """

    rows: pd.DataFrame
    counts: Mapping[str, int]


def compare(connection: duckdb.DuckDBPyConnection, previous: Path | None, most: int) -> Changes | None:
    """Compare the view ``associations`` with the table of the previous run; makes the table ``changed`` of the ids to show.

    Args:
        connection: has the view ``associations``.
        previous: the folder of the previous run; None: there is none, and ``changed`` is empty.
        most: rows listed of each kind.

    Raises:
        StorageError: the previous run's table cannot be read.
    """
    if previous is None:
        connection.execute("CREATE TEMP TABLE changed (association_id VARCHAR)")
        return None
    path = previous / "associations.parquet"
    quoted = str(path).replace("'", "''")
    columns = "association_id, gene_name, disease_name, score, n_articles"
    try:
        connection.execute(f"CREATE TEMP TABLE old_associations AS SELECT {columns} FROM read_parquet('{quoted}')")  # noqa: S608
    except duckdb.Error as error:
        raise StorageError(
            f"{path}: the previous run cannot be read; remove its folder, and runs are compared with the one before"
        ) from error
    connection.execute(_DIFFERENCE, {"least": MIN_CHANGE})
    rows = connection.execute(_LISTED, {"most": most}).df()
    counted = dict(connection.sql("SELECT kind, count(*) FROM difference WHERE kind IS NOT NULL GROUP BY kind").fetchall())
    connection.register("changed", rows[["association_id"]])
    return Changes(rows, {kind: int(counted.get(kind, 0)) for kind in KINDS})


def other_reasons(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """What besides new articles can have moved scores between two runs, told from their manifests."""
    reasons = []
    for name, model in now.get("models", {}).items():
        if before.get("models", {}).get(name, {}).get("sha256") != model.get("sha256"):
            reasons.append(f"the model {name} is another one ({model.get('name') or 'none'})")
    if before.get("lexicon", {}).get("version") != now.get("lexicon", {}).get("version"):
        reasons.append("the lexicon is another one")
    if before.get("curated", {}).get("sha256") != now.get("curated", {}).get("sha256"):
        reasons.append("the curated pairs are others")
    if before.get("verdicts", {}).get("sha256") != now.get("verdicts", {}).get("sha256"):
        reasons.append("curators' verdicts are others")
    for stage in ("clean", "copies", "annotate", "link", "relate"):
        old, new = (run.get("settings", {}).get(stage, {}) for run in (before, now))
        reasons += [
            f"{stage}.{key} was {told(old[key])}, is {told(new[key])}" for key in new if key in old and old[key] != new[key]
        ]
    if before.get("versions", {}).get("genemine") != now.get("versions", {}).get("genemine"):
        reasons.append("genemine is of another version")
    return reasons


def told(value: Any) -> str:
    """A setting for people."""
    return (
        "not set"
        if value is None or value == ""
        else ", ".join(map(str, value)) or "none"
        if isinstance(value, list)
        else str(value)
    )
