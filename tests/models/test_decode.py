"""The CRF's sums and best paths equal those of trying every legal tag path."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from genemine.models.decode import Chain, backward, forward, span_probabilities, spans_of, spots_of, viterbi

RNG = np.random.default_rng(11)
LENGTHS = np.array([5, 1, 4])
K = 2
EMISSIONS = RNG.normal(0, 2, (3, 5, K, 3)).astype(np.float32)
CHAIN = Chain(RNG.normal(size=(K, 3, 3)).astype(np.float32), RNG.normal(size=(K, 3)).astype(np.float32)).legal()


def legal_paths(n: int) -> list[tuple[int, ...]]:
    return [p for p in itertools.product(range(3), repeat=n) if p[0] != 2 and (0, 2) not in itertools.pairwise(p)]


def weight(path: tuple[int, ...], b: int, k: int) -> float:
    total = CHAIN.start[k, path[0]] + sum(EMISSIONS[b, t, k, tag] for t, tag in enumerate(path))
    return float(total + sum(CHAIN.steps[k, i, j] for i, j in itertools.pairwise(path)))


CASES = list(itertools.product(range(3), range(K)))


@pytest.mark.parametrize(("b", "k"), CASES)
def test_viterbi_finds_the_best_of_all_legal_paths(b: int, k: int):
    n = LENGTHS[b]
    best = max(legal_paths(n), key=lambda path: weight(path, b, k))
    tags = viterbi(EMISSIONS, LENGTHS, CHAIN)[b, :, k]
    assert tags.tolist() == [*best, *[0] * (5 - n)]


@pytest.mark.parametrize(("b", "k"), CASES)
def test_forward_and_backward_sum_all_legal_paths(b: int, k: int):
    exact = np.log(sum(np.exp(weight(path, b, k)) for path in legal_paths(LENGTHS[b])))
    alpha, total = forward(EMISSIONS, LENGTHS, CHAIN)
    beta = backward(EMISSIONS, LENGTHS, CHAIN)
    assert total[b, k] == pytest.approx(exact, abs=1e-4)
    for t in range(LENGTHS[b]):
        assert np.logaddexp.reduce(alpha[b, t, k] + beta[b, t, k]) == pytest.approx(exact, abs=1e-4)


@pytest.mark.parametrize(("b", "k"), CASES)
def test_span_probability_is_the_share_of_paths_with_that_span(b: int, k: int):
    n = int(LENGTHS[b])
    paths = legal_paths(n)
    total = sum(np.exp(weight(path, b, k)) for path in paths)
    spans = [(first, last) for first in range(n) for last in range(first + 1, n + 1)]
    exact = [sum(np.exp(weight(p, b, k)) for p in paths if span in spans_of(p)) / total for span in spans]
    found = span_probabilities(EMISSIONS, LENGTHS, CHAIN, [(b, k, *span) for span in spans])
    assert found == pytest.approx(exact, abs=1e-5)


def test_no_weight_makes_an_illegal_path():
    """Emissions that shout I everywhere still give whole spans."""
    shout = np.zeros((1, 4, 1, 3), np.float32)
    shout[..., 2] = 50.0
    chain = Chain(np.zeros((1, 3, 3)), np.zeros((1, 3))).legal()
    assert viterbi(shout, np.array([4]), chain)[0, :, 0].tolist() == [1, 2, 2, 2]


def test_spans_are_read_off_tags():
    assert spans_of([1, 2, 0, 1, 1, 2]) == [(0, 2), (3, 4), (4, 6)]
    assert spans_of([0, 0]) == []


def test_temperature_pulls_scores_towards_even_odds():
    hot = CHAIN.cooled(np.array([4.0, 4.0])).legal()
    spans = [(0, 0, *span) for span in spans_of(viterbi(EMISSIONS, LENGTHS, CHAIN)[0, :, 0].tolist())]
    cold_scores = span_probabilities(EMISSIONS, LENGTHS, CHAIN, spans)
    hot_scores = span_probabilities(EMISSIONS / 4, LENGTHS, hot, spans)
    assert spans
    assert all(h < c for h, c in zip(hot_scores, cold_scores, strict=True))


def test_spans_of_a_batch_are_those_of_its_sentences():
    tags = viterbi(EMISSIONS * 3, LENGTHS, CHAIN)
    spans = [(b, k, *span) for b in range(3) for k in range(K) for span in spans_of(tags[b, : LENGTHS[b], k].tolist())]
    assert spans
    assert spots_of(tags) == spans
