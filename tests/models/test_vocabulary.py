"""Words, their vectors and characters by number, and the way back from a bundle."""

from __future__ import annotations

import numpy as np
import pytest

from genemine.models.vocabulary import MAX_CHARS, UNKNOWN, Vocabulary, build_vocabulary, fold_word, from_arrays, packed, unpacked

WORDS = ["the", "p00", "gene", "β", "rare"]


@pytest.fixture
def vocabulary() -> Vocabulary:
    vectors = np.random.default_rng(1).normal(size=(5, 8)).astype(np.float32)
    return build_vocabulary(WORDS, vectors, ["P53", "P53", "rare"], max_words=3, min_char_count=2)


def test_words_of_the_training_text_are_kept_before_frequent_ones(vocabulary: Vocabulary):
    assert vocabulary.words == ("the", "p00", "rare")


def test_words_are_found_folded_and_characters_as_they_are(vocabulary: Vocabulary):
    assert [vocabulary.word_id(token) for token in ("The", "p38", "β")] == [2, 3, UNKNOWN]
    assert vocabulary.chars == ("3", "5", "P", "r")
    assert vocabulary.chars_of("Pp3") == [4, UNKNOWN, 2]


def test_a_long_word_is_read_at_its_head_and_tail(vocabulary: Vocabulary):
    assert vocabulary.chars_of("r" * 14 + "x" * 50 + "P" * 6) == [5] * 14 + [4] * 6
    assert len(vocabulary.chars_of("r" * 99)) == MAX_CHARS


def test_vectors_lose_little_as_int8():
    vectors = np.random.default_rng(2).normal(size=(50, 200)).astype(np.float32)
    kept = build_vocabulary([f"w{chr(97 + i)}" for i in range(50)], vectors, []).matrix()[2:]
    cosine = (kept * vectors).sum(1) / np.linalg.norm(kept, axis=1) / np.linalg.norm(vectors, axis=1)
    assert cosine.min() > 0.999


def test_padding_and_unknown_are_zeros(vocabulary: Vocabulary):
    assert vocabulary.matrix().shape == (5, 8)
    assert not vocabulary.matrix()[:2].any()


def test_a_vocabulary_comes_back_from_its_arrays(vocabulary: Vocabulary):
    again = from_arrays(vocabulary.arrays())
    assert (again.words, again.chars) == (vocabulary.words, vocabulary.chars)
    assert np.array_equal(again.matrix(), vocabulary.matrix())


def test_folding_and_packing():
    assert fold_word("TP53β") == "tp00β"
    assert unpacked(packed(("a", "β", ""))) == ("a", "β", "")
    assert unpacked(packed(())) == ()
