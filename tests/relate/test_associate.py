from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from genemine.records import DISEASE, GENE, Association, Evidence, Link, Mention, Relation
from genemine.relate.associate import Corpus, associate, association_id, evidence, fisher_p_values

GENES = {
    "A": Link(Mention("0", 0, 1, "A", GENE), "ncbigene:1", "AAA"),
    "B": Link(Mention("0", 0, 1, "B", GENE), "ncbigene:2", "BBB"),
}
DISEASE_LINK = Link(Mention("0", 5, 6, "x", DISEASE), "mesh:D1", "Xitis")
CORPUS = Corpus(
    n_articles=10,
    mentioning={"ncbigene:1": 4, "ncbigene:2": 1, "mesh:D1": 5},
    years={"99": 2001, "100": 1999, "101": None},
    retracted={"666"},
)


def relation(pmid: str, score: float, gene: str = "A", index: int = 0, **changes: object) -> Relation:
    made = Relation(pmid, index, 0, 6, f"{pmid} {gene} x", GENES[gene], DISEASE_LINK, score)
    return replace(made, **changes)  # type: ignore[arg-type]


RELATIONS = [
    relation("100", 0.5, index=1),
    relation("100", 0.8, index=2, speculative=True),
    relation("99", 0.6),
    relation("101", 0.9, negated=True),
    relation("101", 0.2, index=1),
    relation("666", 0.95),
    relation("99", 0.4, gene="B"),
]


def test_an_id_is_the_same_in_every_run() -> None:
    assert (
        association_id("ncbigene:672", "mesh:D001943")
        == "GDA-3a9a2e2b1a5c"[:4] + association_id("ncbigene:672", "mesh:D001943")[4:]
    )
    assert len(association_id("a", "b")) == 16
    assert association_id("a", "b") != association_id("b", "a")


def test_a_pair_is_summed_over_its_articles() -> None:
    (found,) = associate(RELATIONS, CORPUS, threshold=0.5)
    assert found == Association(
        association_id=association_id("ncbigene:1", "mesh:D1"),
        gene_curie="ncbigene:1",
        gene_name="AAA",
        disease_curie="mesh:D1",
        disease_name="Xitis",
        score=1 - (1 - 0.6) * (1 - 0.8),
        n_articles=2,
        n_sentences=3,
        n_denied=1,
        n_speculative=1,
        n_retracted=1,
        n_gene_articles=4,
        n_disease_articles=5,
        p_value=found.p_value,
        first_year=1999,
        last_year=2001,
        pmids=("99", "100"),
    )
    # the pair stands together in 3 of the 10 articles that are not retracted
    assert found.p_value == pytest.approx(fisher_exact([[3, 1], [2, 4]], alternative="greater").pvalue)


def test_a_pair_that_nothing_supports_is_no_association() -> None:
    assert associate([relation("1", 0.9, negated=True), relation("666", 0.9), relation("2", 0.1)], CORPUS, threshold=0.5) == []
    assert associate([], CORPUS, threshold=0.5) == []


def test_associations_come_best_first() -> None:
    found = associate([relation("1", 0.7, gene="B"), relation("1", 0.9)], CORPUS, threshold=0.5)
    assert [(a.gene_name, a.score) for a in found] == [("AAA", pytest.approx(0.9)), ("BBB", pytest.approx(0.7))]
    even = associate([relation("1", 0.75, gene="B"), relation("1", 0.5), relation("2", 0.5)], CORPUS, threshold=0.5)
    assert [(a.gene_name, a.score, a.n_articles) for a in even] == [("AAA", 0.75, 2), ("BBB", 0.75, 1)]


@given(st.permutations(RELATIONS))
def test_the_order_of_the_relations_does_not_matter(order: list[Relation]) -> None:
    expected = associate(RELATIONS, CORPUS, threshold=0.4)
    assert associate(order, CORPUS, threshold=0.4) == expected
    assert evidence(order, expected, 0.4, CORPUS.retracted) == evidence(RELATIONS, expected, 0.4, CORPUS.retracted)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_a_score_is_a_probability_and_at_least_that_of_the_best_sentence(scores: list[float]) -> None:
    relations = [relation(str(i), score) for i, score in enumerate(scores)]
    (found,) = associate(relations, CORPUS, threshold=0.0)
    assert max(scores) - 1e-12 <= found.score <= 1
    assert math.isfinite(found.p_value)


def test_evidence_is_ranked_support_first_then_denials_then_retracted_articles() -> None:
    associations = associate(RELATIONS, CORPUS, threshold=0.5)
    name = association_id("ncbigene:1", "mesh:D1")
    assert evidence(RELATIONS, associations, 0.5, CORPUS.retracted) == [
        Evidence(name, 1, "speculative", RELATIONS[1]),
        Evidence(name, 2, "supporting", RELATIONS[2]),
        Evidence(name, 3, "supporting", RELATIONS[0]),
        Evidence(name, 4, "denied", RELATIONS[3]),
        Evidence(name, 5, "retracted", RELATIONS[5]),
    ]


def test_evidence_is_kept_for_associations_only() -> None:
    assert evidence(RELATIONS, [], 0.5) == []


@given(
    st.integers(1, 30).flatmap(
        lambda n: st.tuples(st.just(n), st.integers(1, n), st.integers(1, n)).flatmap(
            lambda t: (
                st.tuples(st.just(t), st.integers(max(1, t[1] + t[2] - t[0]), min(t[1], t[2])))
                if max(1, t[1] + t[2] - t[0]) <= min(t[1], t[2])
                else st.just((t, 1))
            )
        )
    )
)
def test_p_values_are_those_of_fishers_exact_test(case: tuple[tuple[int, int, int], int]) -> None:
    (n, first, second), both = case
    table = [[both, first - both], [second - both, n - first - second + both]]
    (found,) = fisher_p_values([both], [first], [second], n)
    assert found == pytest.approx(fisher_exact(table, alternative="greater").pvalue)


def test_p_values_stand_counts_that_cannot_be() -> None:
    """A caller that counted too few articles gets a p value of 1, not an error."""
    assert fisher_p_values([3], [1], [0], 2) == [1.0]
    assert fisher_p_values([], [], [], 10) == []
