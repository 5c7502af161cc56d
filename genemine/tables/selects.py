"""The tables of a run as questions to DuckDB: each gives the columns of the schema, in their order and in the order of its rows.

The views ``articles``, ``mentions`` and ``relations`` hold the records of the corpus, each article once; the other tables are those
of genemine/relate. Nothing here fits the questions to the schema by itself: what is written is compared with it.
"""

from __future__ import annotations

from genemine.tables.schema import ASSOCIATIONS, CANDIDATES, INHERITED, LIST_SEPARATOR, Table

_JOIN = f"array_to_string({{}}, '{LIST_SEPARATOR}')"


def _joined(column: str) -> str:
    return f"{_JOIN.format(column)} AS {column.rpartition('.')[2]}"


def _named(table: Table) -> str:
    return f"SELECT {', '.join(table.names)} FROM {table.name}"  # noqa: S608 (names of our own)


_ARTICLES = f"""
WITH spans AS (
    SELECT DISTINCT mention.pmid AS pmid, mention.start AS first, mention.end AS last, mention.type AS type FROM mentions
), found AS (
    SELECT pmid, count(*) FILTER (type = 'Gene') AS n_genes, count(*) FILTER (type <> 'Gene') AS n_diseases FROM spans GROUP BY pmid
), pairs AS (SELECT pmid, count(*) AS n_relations FROM relations GROUP BY pmid)
SELECT a.pmid, title, abstract, journal, year, pub_date, doi, {_joined("languages")}, {_joined("publication_types")},
    {_joined("flags")}, coalesce(n_genes, 0) AS n_genes, coalesce(n_diseases, 0) AS n_diseases,
    coalesce(n_relations, 0) AS n_relations, version, revised, source
FROM articles a LEFT JOIN found USING (pmid) LEFT JOIN pairs USING (pmid) ORDER BY CAST(a.pmid AS BIGINT)
"""  # noqa: S608 (SQL of our own)
_MENTIONS = f"""
SELECT mention.pmid AS pmid, mention.start AS start, mention.end AS "end", mention.text AS text, mention.type AS type,
    mention.score AS score, mention.sentence_index AS sentence_index, curie, name, matched, how, score AS link_score,
    {_joined("xrefs")}, reason, mention.model AS model
FROM mentions
ORDER BY CAST(mention.pmid AS BIGINT), mention.start, mention.end, mention.type, curie
"""  # noqa: S608 (SQL of our own)
_RELATIONS = """
SELECT 'GDA-' || left(sha1(gene.curie || '|' || disease.curie), 12) AS association_id, pmid, sentence_index,
    sentence_text AS sentence, gene.curie AS gene_curie, gene.name AS gene_name, gene.mention.text AS gene_text,
    gene.mention.start AS gene_start, gene.mention.end AS gene_end, disease.curie AS disease_curie, disease.name AS disease_name,
    disease.mention.text AS disease_text, disease.mention.start AS disease_start, disease.mention.end AS disease_end,
    score, negated, speculative, denied_score, speculated_score, cue, model
FROM relations
ORDER BY CAST(pmid AS BIGINT), sentence_index, gene_start, disease_start, gene_curie, disease_curie
"""
_ARTICLE_PAIRS = """
SELECT 'GDA-' || left(sha1(gene_curie || '|' || disease_curie), 12) AS association_id, pmid, gene_curie, gene_name, disease_curie,
    disease_name, score, n_sentences
FROM article_pairs ORDER BY CAST(pmid AS BIGINT), score DESC, gene_curie, disease_curie
"""
_EVIDENCE = f"""
SELECT e.association_id, e.rank, e.stance, r.pmid, a.year, a.title, r.sentence_text AS sentence,
    r.gene.mention.text AS gene_text, r.gene.mention.start - r.sentence_start AS gene_start,
    r.gene.mention.end - r.sentence_start AS gene_end, r.disease.mention.text AS disease_text,
    r.disease.mention.start - r.sentence_start AS disease_start, r.disease.mention.end - r.sentence_start AS disease_end, r.score,
    {_JOIN.format("list_transform(r.attention, lambda x: x.start || '-' || x.end || ':' || x.percent)")} AS attention,
    r.cue, e.verdict, e.is_repeat, {_joined("a.flags")}
FROM evidence e JOIN relations r ON r.position = e.position AND r.row = e.row JOIN articles a ON a.pmid = r.pmid
JOIN associations f ON f.association_id = e.association_id
ORDER BY f.direction = 'denied', f.score DESC, f.n_articles DESC, f.association_id, e.rank
"""  # noqa: S608 (SQL of our own)
_REJECTED = """
SELECT 'GDA-' || left(sha1(j.gene_curie || '|' || j.disease_curie), 12) AS association_id, j.gene_curie, r.gene.name AS gene_name,
    j.disease_curie, r.disease.name AS disease_name, j.is_pair_out, r.pmid, r.sentence_text AS sentence,
    r.gene.mention.text AS gene_text, r.disease.mention.text AS disease_text, r.score, j.given AS why, j.n_curators
FROM rejected j JOIN relations r ON r.position = j.position AND r.row = j.row
ORDER BY j.is_pair_out DESC, gene_name, disease_name, association_id, CAST(r.pmid AS BIGINT), r.sentence_index
"""

SELECTS = {
    "associations": f"{_named(ASSOCIATIONS)} ORDER BY direction = 'denied', score DESC, n_articles DESC, association_id",
    "candidates": f"{_named(CANDIDATES)} ORDER BY rank",
    "inherited": f"{_named(INHERITED)} ORDER BY score DESC, n_articles DESC, association_id",
    "evidence": _EVIDENCE,
    "rejected": _REJECTED,
    "relations": _RELATIONS,
    "article_pairs": _ARTICLE_PAIRS,
    "mentions": _MENTIONS,
    "articles": _ARTICLES,
}
