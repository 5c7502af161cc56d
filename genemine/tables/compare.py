"""Two runs beside each other: what of the one before is gone, and how texts and scores that both have differ.

The questions go to DuckDB views ``before_NAME`` and ``after_NAME`` of the runs' tables (:data:`COMPARED`). Rates are compared on
the articles that both runs have: a night of other articles changes them for good reasons,
another model or a broken lexicon does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

COMPARED = ("articles", "mentions", "relations", "associations")
N_BINS = 10  # of scores, as wide as each other

_ARTICLES = """
SELECT count(*) FILTER (b.pmid IS NOT NULL), count(*) FILTER (a.pmid IS NOT NULL),
    count(*) FILTER (a.pmid IS NULL), count(*) FILTER (b.pmid IS NULL),
    coalesce(sum(b.n_genes + b.n_diseases), 0), coalesce(sum(b.n_genes + b.n_diseases) FILTER (a.pmid IS NOT NULL), 0),
    coalesce(sum(a.n_genes + a.n_diseases) FILTER (b.pmid IS NOT NULL), 0),
    coalesce(sum(a.n_genes + a.n_diseases) FILTER (b.pmid IS NULL), 0)
FROM before_articles b FULL JOIN after_articles a ON a.pmid = b.pmid
"""
_LINKED = """
SELECT coalesce(avg(CAST(is_linked AS INTEGER)), 0) FROM (
    SELECT bool_or(coalesce(m.curie, '') <> '') AS is_linked FROM {this}_mentions m SEMI JOIN {other}_articles o ON o.pmid = m.pmid
    GROUP BY m.pmid, m.start, m."end", m.type
)
"""
_SCORES = """
SELECT least(CAST(floor(r.score * {n_bins}) AS INTEGER), {n_bins} - 1) AS bin, count(*) FROM {this}_relations r
SEMI JOIN {other}_articles o ON o.pmid = r.pmid GROUP BY bin
"""
_ASSOCIATIONS = """
SELECT count(*) FILTER (b.association_id IS NOT NULL), count(*) FILTER (a.association_id IS NOT NULL),
    count(*) FILTER (a.association_id IS NULL)
FROM (FROM before_associations WHERE direction IN ('stated', 'speculated')) b
FULL JOIN (FROM after_associations WHERE direction IN ('stated', 'speculated')) a ON a.association_id = b.association_id
"""
# those with as many articles in both runs: more articles make a score larger, as they should
_SUMMED = """
SELECT least(CAST(floor({this}.score * {n_bins}) AS INTEGER), {n_bins} - 1) AS bin, count(*)
FROM before_associations b JOIN after_associations a ON a.association_id = b.association_id AND a.n_articles = b.n_articles
GROUP BY bin
"""


@dataclass(frozen=True, slots=True)
class RunComparison:
    """What two runs have, in pairs (before, after); "kept" articles are in both. Scores are counts by bin, ``N_BINS`` of them."""

    articles: tuple[int, int]
    articles_gone: int
    articles_new: int
    mentions_before: int
    mentions_kept: tuple[int, int]
    mentions_new: int
    linked_kept: tuple[float, float]
    sentence_scores: tuple[tuple[int, ...], tuple[int, ...]]
    associations: tuple[int, int]
    associations_gone: int
    association_scores: tuple[tuple[int, ...], tuple[int, ...]]


def compare(connection: duckdb.DuckDBPyConnection) -> RunComparison:
    """Ask everything; associations are those that a sentence states or supposes."""
    one = connection.sql(_ARTICLES).fetchall()[0]
    n_before, n_after, n_gone, n_new, m_before, m_kept_before, m_kept_after, m_new = (int(value) for value in one)
    associations = [int(value) for value in connection.sql(_ASSOCIATIONS).fetchall()[0]]
    both = (("before", "after"), ("after", "before"))
    linked = [float(connection.sql(_LINKED.format(this=this, other=other)).fetchall()[0][0]) for this, other in both]
    sentences = [_counted(connection, _SCORES.format(this=this, other=other, n_bins=N_BINS)) for this, other in both]
    summed = [_counted(connection, _SUMMED.format(this=this, n_bins=N_BINS)) for this in ("b", "a")]
    return RunComparison(
        articles=(n_before, n_after),
        articles_gone=n_gone,
        articles_new=n_new,
        mentions_before=m_before,
        mentions_kept=(m_kept_before, m_kept_after),
        mentions_new=m_new,
        linked_kept=(linked[0], linked[1]),
        sentence_scores=(sentences[0], sentences[1]),
        associations=(associations[0], associations[1]),
        associations_gone=associations[2],
        association_scores=(summed[0], summed[1]),
    )


def _counted(connection: duckdb.DuckDBPyConnection, question: str) -> tuple[int, ...]:
    found = dict(connection.sql(question).fetchall())
    return tuple(int(found.get(place, 0)) for place in range(N_BINS))
