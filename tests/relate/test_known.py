from __future__ import annotations

import pyarrow as pa
import pytest

from genemine.records import Article, ArticlePair
from genemine.relate.known import NOT_COMPARED, tell_known
from tests.relate import summed
from tests.relate.summed import Summed, relation

RELATIONS = [
    relation("1", 0.9),
    relation("2", 0.9, gene="B"),
    relation("3", 0.7, gene="B", disease="y"),
    relation("2", 0.9, disease="y", negated=True),
]
ARTICLES = [Article("1", "", "", year=2020), Article("2", "", "", year=2000), Article("3", "", "", year=2020)]
NAMES = ("gene_curie", "disease_curie", "source")


def curated(*rows: tuple[str, str, str]) -> pa.Table:
    return pa.table([pa.array([row[at] for row in rows], pa.string()) for at in range(3)], names=NAMES)


def test_an_association_tells_every_source_that_has_it() -> None:
    found = Summed(RELATIONS, ARTICLES)
    pairs = (("ncbigene:1", "mesh:D1", "OMIM"), ("ncbigene:1", "mesh:D1", "HPO"), ("ncbigene:1", "mesh:D1", "OMIM"))
    tell_known(found.connection, curated(*pairs, ("ncbigene:9", "mesh:D9", "HPO")))
    assert found.rows("SELECT gene_name, disease_name, known_in FROM associations ORDER BY ALL") == [
        ("AAA", "Xitis", "HPO|OMIM"),
        ("AAA", "Yoma", ""),
        ("BBB", "Xitis", ""),
        ("BBB", "Yoma", ""),
    ]


def test_candidates_are_in_no_source_and_new_ones_come_first() -> None:
    """A pair at 0.9 that was last written of 20 years ago comes after a new one at 0.7; a denied pair is no candidate."""
    found = Summed(RELATIONS, ARTICLES)
    tell_known(found.connection, curated(("ncbigene:1", "mesh:D1", "OMIM")))
    scores = dict(found.rows("SELECT disease_name, score FROM associations WHERE gene_name = 'BBB'"))
    assert scores["Xitis"] > scores["Yoma"]
    assert found.rows("SELECT rank, gene_name, disease_name, promise FROM candidates ORDER BY rank") == [
        (1, "BBB", "Yoma", pytest.approx(scores["Yoma"])),
        (2, "BBB", "Xitis", pytest.approx(scores["Xitis"] / 4)),
    ]


def test_what_only_abstracts_imply_is_no_candidate() -> None:
    implied = ArticlePair("1", *summed.NAMES["A"], *summed.NAMES["y"], 0.9)
    pairs = [implied, ArticlePair("1", *summed.NAMES["A"], *summed.NAMES["x"], 0.5)]
    found = Summed(RELATIONS[:1], ARTICLES, [summed.link("1", "y")], article_pairs=pairs)
    tell_known(found.connection, curated())
    assert found.rows("SELECT disease_name, direction FROM associations ORDER BY ALL") == [("Xitis", "stated"), ("Yoma", "implied")]
    assert found.rows("SELECT disease_name FROM candidates") == [("Xitis",)]


def test_without_curated_pairs_each_row_says_so() -> None:
    found = Summed(RELATIONS, ARTICLES)
    tell_known(found.connection, None)
    assert found.rows("SELECT DISTINCT known_in FROM associations") == [(NOT_COMPARED,)]
    assert found.rows("FROM candidates") == []


def test_without_years_a_candidate_counts_as_ten_years_old() -> None:
    found = Summed(RELATIONS[:1])
    tell_known(found.connection, curated())
    assert found.rows("SELECT rank, promise FROM candidates") == [(1, pytest.approx(0.45))]
