"""Two runs are compared by what both have."""

from __future__ import annotations

import duckdb

from genemine.tables.compare import RunComparison, compare

RUNS = """
CREATE TABLE before_articles AS FROM (VALUES ('1', 2, 1), ('2', 0, 1), ('3', 4, 0)) t(pmid, n_genes, n_diseases);
CREATE TABLE after_articles AS FROM (VALUES ('2', 1, 1), ('3', 4, 0), ('4', 0, 9)) t(pmid, n_genes, n_diseases);
CREATE TABLE before_mentions AS FROM (VALUES
    ('1', 0, 1, 'Gene', 'ncbigene:1'), ('2', 0, 1, 'Disease', NULL), ('3', 5, 9, 'Gene', ''), ('3', 5, 9, 'Gene', 'ncbigene:2')
) t(pmid, start, "end", type, curie);
CREATE TABLE after_mentions AS FROM (VALUES
    ('2', 0, 1, 'Disease', 'mesh:D1'), ('3', 5, 9, 'Gene', 'ncbigene:2'), ('4', 0, 1, 'Gene', '')
) t(pmid, start, "end", type, curie);
CREATE TABLE before_relations AS FROM (VALUES ('1', 0.05), ('2', 0.95), ('3', 1.0)) t(pmid, score);
CREATE TABLE after_relations AS FROM (VALUES ('2', 0.0), ('3', 0.5), ('4', 0.5)) t(pmid, score);
CREATE TABLE before_associations AS FROM (VALUES ('a', 'stated', 0.9, 2), ('b', 'stated', 0.9, 1), ('c', 'denied', 0.0, 0))
    t(association_id, direction, score, n_articles);
CREATE TABLE after_associations AS FROM (VALUES ('a', 'stated', 0.7, 2), ('c', 'stated', 0.6, 1), ('d', 'stated', 0.6, 1))
    t(association_id, direction, score, n_articles);
"""


def test_two_runs_beside_each_other() -> None:
    with duckdb.connect() as connection:
        connection.execute(RUNS)
        found = compare(connection)
    assert found == RunComparison(
        articles=(3, 3),
        articles_gone=1,
        articles_new=1,
        mentions_before=8,
        mentions_kept=(5, 6),
        mentions_new=9,
        linked_kept=(0.5, 1.0),
        sentence_scores=((0, 0, 0, 0, 0, 0, 0, 0, 0, 2), (1, 0, 0, 0, 0, 1, 0, 0, 0, 0)),
        associations=(2, 3),
        associations_gone=1,
        association_scores=((0, 0, 0, 0, 0, 0, 0, 0, 0, 1), (0, 0, 0, 0, 0, 0, 0, 1, 0, 0)),
    )
