from __future__ import annotations

import pytest

from genemine.records import Article
from genemine.relate.associate import association_id
from genemine.relate.inherit import inherit
from genemine.relate.measures import combined
from tests.relate.summed import Summed, relation

RELATIONS = [
    relation("1", 0.9),
    relation("2", 0.8, disease="y"),
    relation("1", 0.6, disease="y", index=1),
    relation("3", 0.7, gene="B", disease="y"),
    relation("4", 0.9, gene="B", negated=True),
]
ARTICLES = [Article(str(n), "", "", year=2000 + n) for n in range(1, 5)]


def test_a_disease_inherits_the_articles_of_those_below_it_once() -> None:
    """Xitis is a kind of Yoma: for gene A article 1 speaks of both, and counts once with its better sentence."""
    found = Summed(RELATIONS, ARTICLES)
    inherit(found.connection, {"mesh:D1": ("mesh:D2",)}, {"mesh:D2": "Yoma of the lexicon"})
    assert found.dicts("FROM inherited") == [
        {
            "association_id": association_id("ncbigene:1", "mesh:D2"),
            "gene_curie": "ncbigene:1",
            "gene_name": "AAA",
            "disease_curie": "mesh:D2",
            "disease_name": "Yoma of the lexicon",
            "score": pytest.approx(combined([0.9, 0.8])),
            "n_articles": 2,
            "n_own_articles": 2,
            "first_year": 2001,
            "last_year": 2002,
            "diseases": "mesh:D1",
            "pmids": "1|2",
        }
    ], "gene B is only denied for Xitis, so Yoma inherits nothing from it"


def test_a_disease_above_that_no_article_names_is_there_too() -> None:
    found = Summed(RELATIONS, ARTICLES)
    inherit(found.connection, {"mesh:D1": ("mesh:D9",), "mesh:D2": ("mesh:D9", "mesh:D2")}, {})
    columns = "gene_name, disease_curie, disease_name, n_articles, n_own_articles, diseases"
    assert found.rows(f"SELECT {columns} FROM inherited ORDER BY gene_name") == [
        ("AAA", "mesh:D9", "mesh:D9", 2, 0, "mesh:D1|mesh:D2"),
        ("BBB", "mesh:D9", "mesh:D9", 1, 0, "mesh:D2"),
    ]


def test_without_a_hierarchy_nothing_is_inherited() -> None:
    found = Summed(RELATIONS, ARTICLES)
    inherit(found.connection, {"mesh:D1": ()}, {})
    assert found.rows("FROM inherited") == []
