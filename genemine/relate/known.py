"""Which associations curators know already, and the others: candidates, the likeliest and newest first."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from genemine.relate.measures import HALF_LIFE

NOT_COMPARED = "no curated pairs given"

_KNOWN = """
CREATE TEMP TABLE known AS
SELECT gene_curie, disease_curie, string_agg(DISTINCT source, '|' ORDER BY source) AS known_in
FROM curated_pairs GROUP BY gene_curie, disease_curie
"""
_TOLD = """
ALTER TABLE associations ADD COLUMN known_in VARCHAR DEFAULT '';
UPDATE associations SET known_in = k.known_in FROM known k
WHERE associations.gene_curie = k.gene_curie AND associations.disease_curie = k.disease_curie
"""
_CANDIDATES = """
CREATE TEMP TABLE candidates AS
WITH newest AS (SELECT max(year) AS year FROM counted WHERE NOT is_retracted),
valued AS (
    SELECT a.*, score * pow(0.5, coalesce(newest.year - last_year, $half_life) / $half_life) AS promise
    FROM associations a, newest WHERE known_in = '' AND direction IN ('stated', 'speculated')
)
SELECT *, row_number() OVER (ORDER BY promise DESC, n_articles DESC, association_id) AS rank FROM valued
"""


def tell_known(connection: duckdb.DuckDBPyConnection, curated: pa.Table | None) -> None:
    """Add ``known_in`` to the table ``associations`` and make the table ``candidates``.

    A candidate is in no source and at least one sentence states or supposes it. Its ``promise`` is its score, halved for each ten
    years between its newest article and the newest of the corpus; where no article tells its year, as if it were ten years old.

    Args:
        connection: that of :func:`~genemine.relate.associate.associate`.
        curated: columns gene_curie, disease_curie and source; None: nothing to compare with, so ``known_in`` says so in each row
            and there is no candidate.
    """
    if curated is None:
        connection.execute(f"ALTER TABLE associations ADD COLUMN known_in VARCHAR DEFAULT '{NOT_COMPARED}'")
    else:
        connection.register("curated_pairs", curated)
        connection.execute(_KNOWN)
        connection.unregister("curated_pairs")
        connection.execute(_TOLD)
    connection.execute(_CANDIDATES, {"half_life": HALF_LIFE})
