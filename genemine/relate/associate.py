"""Sum relations over articles: one association for each gene-disease pair that a sentence states, supposes or denies.

A sentence **supports** its pair when its score reaches the threshold, no cue denies it, and its article is not retracted; what
curators said of it goes before score and cue (:mod:`genemine.relate.verdicts`).
Supporting sentences that only suppose the association count, and are counted apart; but an article that first asks ("we typed",
"whether") and then denies has denied, and supports nothing. A pair that articles only deny stays in sight: its direction is
"denied" and its score 0. A pair that no sentence supports or denies is an association too where whole abstracts speak for it: its
direction is "implied", and it has no sentences. What is summed is read from four views, whose rows are those of the whole corpus
with each article once, in any order::

    articles       of Article, with ``position`` and ``row`` (the row of a shard)
    mentions       of Link
    relations      of Relation, with ``position`` and ``row``
    article_pairs  of ArticlePair

and becomes temporary tables of the same connection: ``associations``, ``evidence`` (which rows of ``relations`` stand behind an
association, by rank), ``inherited`` and ``candidates``. Everything is SQL and out of core; whole numbers are added before they are
weighted and floating numbers in a fixed order, so the rows are the same in whatever order the shards come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby

import duckdb
import numpy as np
import pyarrow as pa

from genemine.relate import measures
from genemine.relate.article_pairs import LEAST_SCORE
from genemine.relate.repeats import LOOKED_AT, repeats
from genemine.relate.verdicts import NO_VERDICTS, tell_verdicts

SUPPORTING, SPECULATIVE, DENIED, RETRACTED = "supporting", "speculative", "denied", "retracted"
WITHDRAWN = ("retracted", "retraction_notice")

_COUNTED = """
CREATE TEMP TABLE counted AS
SELECT CAST(pmid AS BIGINT) AS pmid, year, list_has_any(flags, $withdrawn) AS is_retracted,
    list_has_any(publication_types, $reviews) AS is_review
FROM articles
"""
# which genes and diseases each article names, once
_NAMED = """
CREATE TEMP TABLE named AS
SELECT DISTINCT c.pmid, m.curie, m.mention.type = 'Gene' AS is_gene
FROM mentions m JOIN counted c ON c.pmid = CAST(m.mention.pmid AS BIGINT)
WHERE m.curie <> '' AND NOT c.is_retracted
"""
_NAMING = "CREATE TEMP TABLE naming AS SELECT curie, count(*) AS n FROM named GROUP BY curie"
_SCORED = """
CREATE TEMP TABLE scored AS
SELECT r.position, r.row, c.pmid, r.sentence_index, r.sentence_start, r.gene.curie AS gene, r.disease.curie AS disease, r.score,
    c.is_retracted, coalesce(v.verdict, '') AS verdict, CASE
        WHEN v.verdict = 'rejected' THEN ''
        WHEN r.score < $threshold AND NOT r.negated AND (v.verdict IS NULL OR v.verdict = 'disputed') THEN ''
        WHEN c.is_retracted THEN 'retracted'
        WHEN v.verdict = 'accepted' THEN 'supporting'
        WHEN v.verdict = 'denied' OR r.negated THEN 'denied'
        WHEN r.speculative THEN 'speculative'
        ELSE 'supporting'
    END AS stance
FROM relations r JOIN counted c ON c.pmid = CAST(r.pmid AS BIGINT)
LEFT JOIN verdicts v ON v.position = r.position AND v.row = r.row
"""
# measures.ArticleChance in SQL; ``chance`` is null where no sentence supports the pair; ``likely`` is what counts in the score: the
# geometric mean of the chance and of what the whole abstract makes of the pair (LEAST_SCORE where that is left out), or the latter
# alone, unless its sentences deny it or curators rejected one. Without any article pair the chance counts as it is
_BY_ARTICLE = f"""
CREATE TEMP TABLE by_article AS
WITH summed AS (
    SELECT gene, disease, pmid, bool_or(is_retracted) AS is_retracted, bool_or(verdict = 'rejected') AS is_rejected,
        max(least(score, {measures.MOST_CERTAIN!r})) FILTER (stance IN ('supporting', 'speculative')) AS highest,
        count(*) FILTER (stance = 'supporting') AS n_stated,
        count(*) FILTER (stance = 'speculative') AS n_speculative,
        count(*) FILTER (stance = 'denied') AS n_denied
    FROM scored GROUP BY gene, disease, pmid
), rated AS (
    SELECT *, exp($shift) * pow(highest / (1 - highest), $slope) * pow(n_stated + n_speculative, $repeats) AS odds FROM summed
), said AS (
    SELECT * EXCLUDE (highest, odds), CASE WHEN n_stated > 0 OR n_denied = 0 THEN odds / (1 + odds) END AS chance FROM rated
), judged AS (
    SELECT gene_curie AS gene, disease_curie AS disease, c.pmid, p.score
    FROM article_pairs p JOIN counted c ON c.pmid = CAST(p.pmid AS BIGINT) WHERE NOT c.is_retracted
), judges AS (SELECT count(*) > 0 AS are_there FROM judged)
SELECT gene, disease, pmid, s.n_denied IS NOT NULL AS in_sentence, coalesce(is_retracted, false) AS is_retracted,
    coalesce(n_stated, 0) AS n_stated, coalesce(n_speculative, 0) AS n_speculative, coalesce(n_denied, 0) AS n_denied, chance,
    CASE WHEN chance IS NOT NULL THEN sqrt(chance * coalesce(j.score, CASE WHEN are_there THEN {LEAST_SCORE!r} ELSE chance END))
        WHEN NOT coalesce(is_retracted OR is_rejected OR n_denied > 0, false) THEN j.score END AS likely,
    coalesce(chance, CASE WHEN likely IS NOT NULL THEN j.score END) AS promised
FROM said s FULL JOIN judged j USING (gene, disease, pmid), judges
"""  # noqa: S608 (SQL of our own)
_SUMS = """
CREATE TEMP TABLE sums AS
SELECT gene, disease, bool_or(in_sentence) AS in_sentence, count(*) FILTER (in_sentence AND NOT is_retracted) AS n_together,
    count(*) FILTER (is_retracted) AS n_retracted,
    count(chance) AS n_articles, count(*) FILTER (n_stated > 0) AS n_articles_stated,
    count(*) FILTER (n_stated = 0 AND chance IS NOT NULL) AS n_articles_speculated,
    count(*) FILTER (n_denied > 0) AS n_articles_denied,
    CAST(sum(n_stated + n_speculative) AS BIGINT) AS n_sentences, CAST(sum(n_speculative) AS BIGINT) AS n_speculative,
    CAST(sum(n_denied) AS BIGINT) AS n_denied, coalesce(g.n, 0) AS n_gene_articles, coalesce(d.n, 0) AS n_disease_articles
FROM by_article LEFT JOIN naming g ON g.curie = gene LEFT JOIN naming d ON d.curie = disease
GROUP BY gene, disease, g.n, d.n ORDER BY gene, disease
"""
# in units of a sentence's weight, so that all sums are of whole numbers
_COUNTS = """
CREATE TEMP TABLE counts AS
SELECT g.curie AS gene, d.curie AS disease, count(*) AS n_articles, $per_article * count(*) + count(b.pmid) AS n
FROM named g JOIN named d ON d.pmid = g.pmid AND g.is_gene AND NOT d.is_gene
LEFT JOIN by_article b ON b.gene = g.curie AND b.disease = d.curie AND b.pmid = g.pmid AND b.in_sentence
GROUP BY g.curie, d.curie
"""
_COOCCURRENCE = """
CREATE TEMP TABLE cooccurrences AS
WITH genes AS (SELECT gene, sum(n) AS n FROM counts GROUP BY gene),
    diseases AS (SELECT disease, sum(n) AS n FROM counts GROUP BY disease), total AS (SELECT sum(n) AS n FROM counts)
SELECT gene, disease, n_articles,
    pow($unit * c.n, $power) * pow(c.n * CAST(t.n AS DOUBLE) / (CAST(g.n AS DOUBLE) * d.n), 1 - $power) AS score,
    ($unit * c.n + $shrink) / ($unit * CAST(g.n AS DOUBLE) * d.n / t.n + $shrink) AS lift
FROM counts c JOIN genes g USING (gene) JOIN diseases d USING (disease), total t
"""


def _combined(chance: str, rank: str, which: str = "") -> str:
    """Write measures.combined() in SQL, over the rows that ``which`` (a FILTER) leaves."""
    damped = f"ln(1 - least({chance}, {measures.MOST_CERTAIN!r})) / pow({rank}, {measures.DAMPING!r})"
    return f"1 - exp(list_sum(list({damped} ORDER BY {rank}) {which}))"


COMBINED = _combined("chance", "k")
_SUPPORT = f"""
CREATE TEMP TABLE support AS
WITH ranked AS (
    SELECT gene, disease, pmid, likely AS chance, promised, year, is_review,
        chance IS NOT NULL OR NOT bool_or(chance IS NOT NULL) OVER (PARTITION BY gene, disease) AS supports,
        row_number() OVER (PARTITION BY gene, disease ORDER BY likely DESC, pmid) AS k
    FROM by_article b JOIN counted USING (pmid) WHERE likely IS NOT NULL
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY gene, disease, supports ORDER BY promised DESC, pmid) AS place FROM ranked
), newest AS (SELECT max(year) AS year FROM counted WHERE NOT is_retracted),
corpus AS (
    SELECT count(*) FILTER (c.year > n.year - $recent) / nullif(count(c.year), 0) AS recent
    FROM counted c, newest n WHERE NOT c.is_retracted
)
SELECT gene, disease, {COMBINED} AS combined, {_combined("promised", "place", "FILTER (supports)")} AS probability,
    min(pmid) FILTER (k = 1) AS likeliest,
    min(placed.year) FILTER (supports) AS first_year, max(placed.year) FILTER (supports) AS last_year,
    CASE WHEN count(placed.year) FILTER (supports) > 0 THEN
        (count(*) FILTER (supports AND placed.year > newest.year - $recent) + 1)
            / (count(placed.year) FILTER (supports) * corpus.recent + 1)
    END AS trend,
    count(*) FILTER (supports AND is_review) / count(*) FILTER (supports) AS review_share,
    string_agg(CAST(pmid AS VARCHAR), '|' ORDER BY pmid) FILTER (supports) AS pmids
FROM placed, newest, corpus GROUP BY gene, disease, newest.year, corpus.recent
"""  # noqa: S608 (SQL of our own)
# odds times the power of the lift: measures.moved()
_FOUND = f"""
CREATE TEMP TABLE found AS
WITH directed AS (
    SELECT s.*, CASE
        WHEN n_articles_stated > 0 THEN 'stated' WHEN s.n_articles > 0 THEN 'speculated' WHEN n_articles_denied > 0 THEN 'denied'
        ELSE 'implied'
    END AS direction, u.* EXCLUDE (gene, disease, pmids), coalesce(u.pmids, '') AS pmids, c.score AS cooccurrence,
    c.n_articles AS n_articles_both, pow(c.lift, {measures.LIFT_POWER!r}) AS weight
    FROM tested s LEFT JOIN support u USING (gene, disease) LEFT JOIN cooccurrences c USING (gene, disease)
)
SELECT * EXCLUDE (combined, weight, probability), CASE WHEN direction = 'denied' THEN 0.0 ELSE probability END AS probability,
    'GDA-' || left(sha1(gene || '|' || disease), 12) AS association_id,
    CASE WHEN direction = 'denied' THEN 0.0 ELSE combined * weight / (combined * weight + 1 - combined) END AS score
FROM directed WHERE direction <> 'implied' OR score >= {measures.LEAST_IMPLIED!r}
"""  # noqa: S608 (SQL of our own)
_EVIDENCE = """
CREATE TEMP TABLE ordered AS
SELECT f.association_id, s.stance, s.verdict, s.score, s.pmid, s.position, s.row,
    (s.stance = 'denied') <> (f.direction = 'denied') AS is_against, row_number() OVER (
    PARTITION BY f.association_id
    ORDER BY s.stance = 'retracted', (s.stance = 'denied') <> (f.direction = 'denied'), s.score DESC, s.pmid, s.sentence_index,
        s.sentence_start
) AS place, count(*) OVER (PARTITION BY f.association_id) AS n
FROM scored s JOIN found f USING (gene, disease) WHERE s.stance <> ''
"""
_LOOKED_AT = """
SELECT o.association_id, o.stance, o.place, r.sentence_text FROM ordered o JOIN relations r USING (position, row)
WHERE o.n > 1 AND o.place <= $looked_at AND o.stance <> 'retracted' ORDER BY o.association_id, o.place
"""
_RANKED = """
CREATE TEMP TABLE evidence AS
SELECT o.* EXCLUDE (place, n, is_against), r.place IS NOT NULL AS is_repeat, row_number() OVER (
    PARTITION BY o.association_id ORDER BY o.stance = 'retracted', o.is_against, r.place IS NOT NULL, o.place
) AS rank
FROM ordered o LEFT JOIN repeated r ON r.association_id = o.association_id AND r.place = o.place
"""
_ASSOCIATIONS = """
CREATE TEMP TABLE associations AS
WITH names AS (
    SELECT gene_curie AS gene, disease_curie AS disease, min(gene_name) AS gene_name, min(disease_name) AS disease_name
    FROM article_pairs GROUP BY ALL
)
SELECT f.* EXCLUDE (likeliest), f.gene AS gene_curie, f.disease AS disease_curie, coalesce(r.gene.name, n.gene_name) AS gene_name,
    coalesce(r.disease.name, n.disease_name) AS disease_name, coalesce(r.pmid, CAST(f.likeliest AS VARCHAR)) AS best_pmid,
    coalesce(r.sentence_text, '') AS best_sentence
FROM found f LEFT JOIN evidence e ON e.association_id = f.association_id AND e.rank = 1
LEFT JOIN relations r ON r.position = e.position AND r.row = e.row
LEFT JOIN names n ON f.direction = 'implied' AND n.gene = f.gene AND n.disease = f.disease
"""


def association_id(gene_curie: str, disease_curie: str) -> str:
    """Return the stable id of a pair: the same in every run, ``GDA-`` and the first 12 hex digits of its SHA-1."""
    return "GDA-" + hashlib.sha1(f"{gene_curie}|{disease_curie}".encode(), usedforsecurity=False).hexdigest()[:12]


def associate(connection: duckdb.DuckDBPyConnection, threshold: float, chance: measures.ArticleChance = measures.AS_IT_IS) -> None:
    """Make the tables ``associations`` and ``evidence`` from the views above.

    Within an association the supporting sentences come first, by score; then those that deny it (first where the association is
    denied), then those of retracted articles. In each of the three, sentences that are nearly the same as a better one come last.

    Args:
        connection: with the views; may move to the disk what does not fit in memory.
        threshold: the score from which a sentence supports its pair.
        chance: what the supporting sentences of an article make of it; the score of the best one if not given.
    """
    unit = measures.SENTENCE_WEIGHT
    connection.execute(_COUNTED, {"withdrawn": list(WITHDRAWN), "reviews": list(measures.REVIEWS)})
    connection.execute(_NAMED)
    connection.execute(_NAMING)
    connection.execute(NO_VERDICTS)
    connection.execute(_SCORED, {"threshold": threshold})
    connection.execute(_BY_ARTICLE, asdict(chance))
    connection.execute(_SUMS)
    connection.execute(_COUNTS, {"per_article": round(measures.ARTICLE_WEIGHT / unit)})
    shrink = measures.LIFT_SHRINK * measures.ARTICLE_WEIGHT
    connection.execute(_COOCCURRENCE, {"unit": unit, "power": measures.COUNT_POWER, "shrink": shrink})
    connection.execute("DROP TABLE counts; DROP TABLE named")
    connection.execute(_SUPPORT, {"recent": measures.RECENT_YEARS})
    _test(connection)
    connection.execute(_FOUND)
    connection.execute(_EVIDENCE)
    _find_repeats(connection)
    connection.execute(_RANKED)
    connection.execute("DROP TABLE ordered; DROP TABLE scored; DROP TABLE support; DROP TABLE tested; DROP TABLE cooccurrences")
    connection.execute(_ASSOCIATIONS)
    tell_verdicts(connection)


def _test(connection: duckdb.DuckDBPyConnection) -> None:
    """Add p and q values: over all pairs that a sentence names, whatever it says of them."""
    names = ("n_together", "n_gene_articles", "n_disease_articles")
    columns = connection.sql(f"SELECT {', '.join(names)} FROM sums WHERE in_sentence ORDER BY gene, disease").fetchnumpy()  # noqa: S608
    (n_articles,) = connection.sql("SELECT count(*) FROM counted WHERE NOT is_retracted").fetchall()[0]
    together, first, second = (columns[name] for name in names)
    p_values = measures.fisher_p_values(together, first, second, n_articles)
    tested = {"nth": np.arange(1, len(p_values) + 1), "p_value": p_values, "q_value": measures.q_values(p_values)}
    connection.register("p_values", pa.table(tested))
    connection.execute(
        "CREATE TEMP TABLE tested AS SELECT s.* EXCLUDE (nth, in_sentence), p.p_value, p.q_value FROM (SELECT *, CASE WHEN "
        "in_sentence THEN row_number() OVER (PARTITION BY in_sentence ORDER BY gene, disease) END AS nth FROM sums) s "
        "LEFT JOIN p_values p USING (nth)"
    )
    connection.execute("DROP TABLE sums")
    connection.unregister("p_values")


def _find_repeats(connection: duckdb.DuckDBPyConnection) -> None:
    reader = connection.sql(_LOOKED_AT, params={"looked_at": LOOKED_AT}).to_arrow_reader(20_000)
    ids: list[str] = []
    places: list[int] = []
    for (name, _), group in groupby(_rows(reader), key=lambda row: (row[0], row[1] == DENIED)):
        rows = list(group)
        found = repeats(row[3] for row in rows)
        ids += [name] * len(found)
        places += [rows[at][2] for at in found]
    columns = {"association_id": pa.array(ids, pa.string()), "place": pa.array(places, pa.int64())}
    connection.register("repeated", pa.table(columns))


def _rows(reader: pa.RecordBatchReader) -> Iterator[tuple[str, str, int, str]]:
    for batch in reader:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
