"""The words that raised a score, against the network's summaries computed anew without each word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.models.relation_shares import effects, percents

N = 6


def logit(states: np.ndarray, attention: np.ndarray, attended: np.ndarray, highest: np.ndarray) -> float:
    """What attention and maximum of one sentence add to the logit."""
    return float((attention / attention.sum()) @ states @ attended + states.max(axis=0) @ highest)


@given(st.lists(st.integers(2, 9), min_size=1, max_size=5), st.integers(0, 1000))
def test_an_effect_is_what_the_logit_loses_without_the_word(lengths: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    # a coarse grid, so that two words often share the highest state
    states = (rng.integers(-4, 5, (sum(lengths), N)) / 4).astype(np.float32)
    weights = np.split(rng.random(sum(lengths)).astype(np.float32) + 0.05, np.cumsum(lengths)[:-1])
    attention = np.concatenate([part / part.sum() for part in weights])
    attended, highest = rng.normal(size=(2, N))
    found = effects(states, attention, np.array(lengths), attended, highest)
    begin = 0
    for length in lengths:
        own, shares = states[begin : begin + length], attention[begin : begin + length]
        whole = logit(own, shares, attended, highest)
        for at in range(length):
            without = logit(np.delete(own, at, axis=0), np.delete(shares, at), attended, highest)
            assert found[begin + at] == pytest.approx(whole - without, abs=1e-4)
        begin += length


def test_percents_are_shares_of_what_raised_the_score_of_their_own_sentence() -> None:
    assert percents(np.array([3.0, -2.0, 1.0, 0.0, -1.0, 0.5, 0.5, 0.5]), np.array([3, 2, 3])) == [75, 0, 25, 0, 0, 33, 33, 33]
    assert percents(np.zeros(0), np.zeros(0, np.int64)) == []
