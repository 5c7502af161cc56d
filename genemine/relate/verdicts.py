"""What curators said of a sentence goes before what the classifier and the cues made of it.

========= =========================================================================================================
accepted  the sentence supports its pair, whatever its score and whatever cue was found
rejected  it says nothing of its pair: no evidence, no support; it is listed in ``rejected``
denied    it denies its pair
disputed  curators differ, so it counts as if nobody had judged it, and is marked
========= =========================================================================================================

Verdicts change no count of what articles name: p values and co-occurrence read no sentence.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

# of what is judged: one row a pair in a sentence of an article; ``given`` are the curators' words, joined by the list separator
JUDGED = pa.schema(
    [(name, pa.string()) for name in ("gene_curie", "disease_curie", "pmid", "sentence", "verdict", "given")]
    + [("n_curators", pa.int64())]
)
NO_VERDICTS = """
CREATE TEMP TABLE IF NOT EXISTS verdicts (position INTEGER, row BIGINT, gene_curie VARCHAR, disease_curie VARCHAR, verdict VARCHAR,
    given VARCHAR, n_curators BIGINT)
"""
_VERDICTS = """
CREATE TEMP TABLE verdicts AS
SELECT r.position, r.row, j.gene_curie, j.disease_curie, j.verdict, j.given, j.n_curators
FROM relations r JOIN judged j
ON j.pmid = r.pmid AND j.gene_curie = r.gene.curie AND j.disease_curie = r.disease.curie AND j.sentence = r.sentence_text
"""
_TOLD = """
ALTER TABLE associations ADD COLUMN verdict VARCHAR DEFAULT '';
ALTER TABLE associations ADD COLUMN n_rejected BIGINT DEFAULT 0;
UPDATE associations SET n_rejected = v.n FROM (
    SELECT gene_curie, disease_curie, count(*) AS n FROM verdicts WHERE verdict = 'rejected' GROUP BY ALL
) v WHERE associations.gene_curie = v.gene_curie AND associations.disease_curie = v.disease_curie;
UPDATE associations SET verdict = v.verdict FROM (
    SELECT association_id, CASE
        WHEN bool_or(verdict = 'accepted') THEN 'accepted' WHEN bool_or(verdict = 'disputed') THEN 'disputed' ELSE 'denied'
    END AS verdict
    FROM evidence WHERE stance <> 'retracted' AND verdict <> '' GROUP BY association_id
) v WHERE associations.association_id = v.association_id
"""
_REJECTED = """
CREATE TEMP TABLE rejected AS
SELECT v.*, a.association_id IS NULL AS is_pair_out
FROM verdicts v LEFT JOIN associations a USING (gene_curie, disease_curie) WHERE v.verdict = 'rejected'
"""


def judge(connection: duckdb.DuckDBPyConnection, judged: pa.Table) -> int:
    """Make the table ``verdicts``, which :func:`~genemine.relate.associate.associate` heeds.

    Args:
        connection: with the view ``relations``.
        judged: rows of :data:`JUDGED`.

    Returns:
        How many of them fit no sentence of the corpus any more: the article was revised, dropped or linked otherwise.
    """
    connection.register("judged", judged)
    connection.execute(_VERDICTS)
    fits = "SELECT count(DISTINCT (r.pmid, v.gene_curie, v.disease_curie, r.sentence_text)) FROM verdicts v JOIN relations r USING "
    ((n_fit,),) = connection.sql(f"{fits} (position, row)").fetchall()
    connection.unregister("judged")
    return len(judged) - int(n_fit)


def tell_verdicts(connection: duckdb.DuckDBPyConnection) -> None:
    """Add ``verdict`` and ``n_rejected`` to the table ``associations`` and make the table ``rejected``.

    :func:`~genemine.relate.associate.associate` does it at its end.
    """
    connection.execute(_TOLD)
    connection.execute(_REJECTED)
