"""Sentences as arrays; batches of like length."""

from __future__ import annotations

import numpy as np

from genemine.models.encode import batches, encode
from genemine.models.vocabulary import build_vocabulary

VOCABULARY = build_vocabulary(["a", "b"], np.ones((2, 4), np.float32), ["A", "b"] * 5)


def test_each_distinct_word_is_encoded_once_and_every_token_points_to_it():
    encoded = encode([["A", "b", "A"], ["z"]], VOCABULARY)
    assert encoded.words[:, :4].tolist() == [[2, 3, 2, 0], [1, 0, 0, 0]]
    assert encoded.forms[:, :4].tolist() == [[1, 2, 1, 0], [3, 0, 0, 0]]
    assert encoded.mask.sum(axis=1).tolist() == [3.0, 1.0]
    assert encoded.chars[:4, :2].tolist() == [[0, 0], [2, 0], [3, 0], [1, 0]]
    assert (encoded.words.shape, encoded.chars.shape) == ((2, 8), (64, 20))


def test_in_use_batches_are_longest_first_and_complete():
    assert [b.tolist() for b in batches([3, 1, 9, 2, 5], 2)] == [[2, 4], [0, 3], [1]]


def test_in_training_batches_differ_by_epoch_but_not_by_run():
    lengths = list(range(1, 200))
    one, again, other = (batches(lengths, 16, np.random.default_rng([5, epoch])) for epoch in (0, 0, 1))
    assert [b.tolist() for b in one] == [b.tolist() for b in again]
    assert [b.tolist() for b in one] != [b.tolist() for b in other]
    assert sorted(np.concatenate(one).tolist()) == list(range(199))
    assert max(np.ptp(np.array(lengths)[b]) for b in one) < 60
