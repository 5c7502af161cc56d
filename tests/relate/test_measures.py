from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from genemine.relate import measures
from genemine.relate.measures import (
    AS_IT_IS,
    MOST_CERTAIN,
    ArticleChance,
    combined,
    cooccurrence,
    fisher_p_values,
    lift,
    moved,
    q_values,
)

SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@given(SCORES)
def test_a_combined_score_is_at_least_the_best_and_never_certain(scores: list[float]) -> None:
    assert min(max(scores), MOST_CERTAIN) - 1e-12 <= combined(scores) < 1
    assert combined([1.0] * 1000) < 1


@given(SCORES, st.data())
def test_a_combined_score_rises_with_every_score_and_knows_no_order(scores: list[float], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(scores) - 1))
    higher = [*scores]
    higher[at] = data.draw(st.floats(scores[at], 1))
    assert combined(higher) >= combined(scores) - 1e-12
    assert combined([*scores, 0.3]) >= combined(scores) - 1e-12
    assert combined(data.draw(st.permutations(scores))) == combined(scores)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 50))
def test_an_article_supports_more_by_a_better_sentence_and_by_a_further_one(one: float, other: float, n: int) -> None:
    chance = ArticleChance(0.9, -0.7, 1.3)
    assert chance(min(one, other), n) <= chance(max(one, other), n) < 1
    assert chance(one, n) <= chance(one, n + 1)
    assert AS_IT_IS(one, n) == pytest.approx(min(one, MOST_CERTAIN), abs=1e-12)


def test_the_chance_of_an_article_is_that_of_the_formula() -> None:
    odds = math.exp(-0.7) * 4**0.5 * 3
    assert ArticleChance(0.5, -0.7, 1.0)([0.8, 0.0], [3, 3]) == pytest.approx([odds / (1 + odds), 0])


def test_one_strong_article_beats_any_number_of_coin_tosses() -> None:
    assert combined([0.5] * 100_000) < combined([0.9]) == pytest.approx(0.9)
    assert combined([0.6, 0.8]) == pytest.approx(1 - 0.2 * 0.4 ** (1 / 2**1.5))
    assert combined([]) == 0


def test_lift_moves_the_odds() -> None:
    """As often as by chance changes nothing; more often raises, never to certainty, and little where little is known."""
    assert lift(8.0, 16.0, 24.0, 48.0) == 1
    assert moved(0.3, 1.0) == pytest.approx(0.3)
    assert lift(3.0, 3.0, 3.0, 3e6) < lift(30.0, 30.0, 30.0, 3e6)
    assert lift(3.0, 3e3, 3e4, 3e6) < 1
    assert 0.5 < moved(0.5, 2.0) < moved(0.5, 3.0) < 1
    assert moved(MOST_CERTAIN, 1e4) < 1


def test_cooccurrence_is_the_published_score() -> None:
    """One pair alone has C = C.. = C_g. = C_.d, so its score is C^0.6; one half as often with others as expected is lower."""
    assert cooccurrence(3.2, 3.2, 3.2, 3.2) == pytest.approx(3.2**0.6)
    assert cooccurrence(3.0, 6.0, 12.0, 48.0) == pytest.approx(3.0**0.6 * 2.0**0.4)
    assert (measures.ARTICLE_WEIGHT, measures.SENTENCE_WEIGHT, measures.COUNT_POWER) == (3.0, 0.2, 0.6)


@given(
    st.integers(1, 30).flatmap(
        lambda n: st.tuples(st.just(n), st.integers(1, n), st.integers(1, n)).flatmap(
            lambda t: st.tuples(st.just(t), st.integers(max(0, t[1] + t[2] - t[0]), min(t[1], t[2])))
        )
    )
)
def test_p_values_are_those_of_fishers_exact_test(case: tuple[tuple[int, int, int], int]) -> None:
    (n, first, second), both = case
    table = [[both, first - both], [second - both, n - first - second + both]]
    found = fisher_p_values([both, both], [first, first], [second, second], n)
    assert found.tolist() == pytest.approx([fisher_exact(table, alternative="greater").pvalue] * 2)


def test_p_values_stand_counts_that_cannot_be() -> None:
    """A caller that counted too few articles gets a p value of 1, not an error."""
    assert fisher_p_values([3], [1], [0], 2).tolist() == [1.0]
    assert fisher_p_values([], [], [], 10).tolist() == []


def test_q_values_are_those_of_benjamini_and_hochberg() -> None:
    """p n / rank, never more than that of a larger p."""
    assert q_values(np.array([0.01, 0.04, 0.03, 0.5])).tolist() == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert q_values(np.zeros(0)).tolist() == []
    assert math.isclose(q_values(np.array([0.2]))[0], 0.2)
