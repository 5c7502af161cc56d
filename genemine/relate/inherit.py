"""Associations of the diseases above: a gene that stands with a kind of a disease counts for the disease as well.

They are a table of their own, so that no row of ``associations`` counts what its articles do not say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from genemine.relate.associate import COMBINED

_INHERITED = f"""
CREATE TEMP TABLE inherited AS
WITH lent AS (
    SELECT gene, p.parent AS disease, p.name, b.pmid, max(chance) AS chance, bool_and(p.child <> p.parent) AS is_lent
    FROM by_article b JOIN disease_parents p ON p.child = b.disease WHERE chance IS NOT NULL GROUP BY ALL
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY gene, disease ORDER BY chance DESC, pmid) AS k FROM lent
), below AS (
    SELECT gene, p.parent AS disease, string_agg(DISTINCT b.disease, '|' ORDER BY b.disease) AS diseases
    FROM by_article b JOIN disease_parents p ON p.child = b.disease
    WHERE chance IS NOT NULL AND p.child <> p.parent GROUP BY ALL
), genes AS (SELECT gene_curie AS gene, min(gene_name) AS gene_name FROM associations GROUP BY ALL)
SELECT 'GDA-' || left(sha1(gene || '|' || disease), 12) AS association_id, gene AS gene_curie, gene_name, disease AS disease_curie,
    min(name) AS disease_name, {COMBINED} AS score, count(*) AS n_articles, count(*) FILTER (NOT is_lent) AS n_own_articles,
    min(year) AS first_year, max(year) AS last_year, diseases, string_agg(CAST(pmid AS VARCHAR), '|' ORDER BY pmid) AS pmids
FROM ranked JOIN below USING (gene, disease) JOIN genes USING (gene) JOIN counted USING (pmid)
GROUP BY gene, gene_name, disease, diseases
"""  # noqa: S608 (SQL of our own)
_TEXTS = pa.schema([(name, pa.string()) for name in ("child", "parent", "name")])


def inherit(connection: duckdb.DuckDBPyConnection, parents: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> None:
    """Make the table ``inherited``, after :func:`~genemine.relate.associate.associate`.

    A row is a gene and a disease with at least one association of the gene and a disease directly below. An article counts once,
    with the best chance, whether it names the disease itself or one below; scores are combined as those of associations,
    without the lift.

    Args:
        connection: that of ``associate``.
        parents: disease -> the diseases directly above it, CURIEs; a disease without is left out.
        names: disease -> its preferred name, for the diseases above.
    """
    rows = {(child, parent) for child, above in parents.items() for parent in above if parent != child}
    rows |= {(parent, parent) for _, parent in rows}
    ordered = sorted(rows)
    columns = ([c for c, _ in ordered], [p for _, p in ordered], [names.get(p, p) for _, p in ordered])
    connection.register("disease_parents", pa.table([pa.array(column, pa.string()) for column in columns], schema=_TEXTS))
    connection.execute(_INHERITED)
    connection.unregister("disease_parents")
