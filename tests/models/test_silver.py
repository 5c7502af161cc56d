"""Teachers' chances: proper chances of each tag, and kept so that a learner gets them back."""

from __future__ import annotations

import itertools

import numpy as np

from genemine.models.decode import B, Chain, I, O
from genemine.models.silver import Teacher, label, marginals, soft_inputs
from genemine.models.text_ids import make_ready, number_texts
from genemine.models.vocabulary import build_vocabulary

CHAIN = Chain(np.random.default_rng(1).normal(size=(2, 3, 3)).astype(np.float32), np.zeros((2, 3), np.float32))
SENTENCES = [["a", "b", "c"], ["b"], ["c", "c", "a", "b"]]


def by_hand(emissions: np.ndarray, chain: Chain) -> np.ndarray:
    """Sum over all paths of one sentence and output."""
    chances = np.zeros(emissions.shape)
    for path in itertools.product((O, B, I), repeat=len(emissions)):
        weight = chain.start[0, path[0]] + sum(emissions[t, tag] for t, tag in enumerate(path))
        weight += sum(chain.steps[0, i, j] for i, j in itertools.pairwise(path))
        for t, tag in enumerate(path):
            chances[t, tag] += np.exp(weight)
    return chances / chances.sum(axis=1, keepdims=True)


def test_marginals_are_the_shares_of_all_paths():
    emissions = np.random.default_rng(2).normal(size=(1, 4, 2, 3)).astype(np.float32)
    legal = CHAIN.legal()
    one = Chain(legal.steps[:1], legal.start[:1])
    found = marginals(emissions, np.array([4]), legal)
    np.testing.assert_allclose(found[0, :, 0], by_hand(emissions[0, :, 0], one), atol=1e-5)


def test_labels_are_the_mean_of_the_teachers_and_come_back_for_learning():
    text = number_texts(SENTENCES)
    vocabulary = build_vocabulary(["a", "b", "c"], np.eye(3), ["a", "b", "c"], min_char_count=1)
    weights = np.random.default_rng(3).normal(size=(2, 5, 2, 3)).astype(np.float32)
    teachers = [Teacher(lambda inputs, w=w: w[inputs[0]], CHAIN) for w in weights]
    silver = label(teachers, make_ready(text, vocabulary))
    *_, chances, shares = soft_inputs(silver, np.array([2, 0]))
    ids = np.array([[vocabulary.word_id(token) for token in SENTENCES[2]]])
    wanted = np.mean([marginals(w[ids], np.array([4]), CHAIN.legal()) for w in weights], axis=0)
    np.testing.assert_allclose(chances[0, :4], wanted[0], atol=1.5 / 255)
    assert shares.tolist() == [[1.0, 1.0], [1.0, 1.0]]
    np.testing.assert_allclose(chances[1, :3].sum(axis=-1), 1.0, atol=1e-6)
    assert (chances[1, 3:, :, O] == 1).all()
