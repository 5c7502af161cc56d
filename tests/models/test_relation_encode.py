"""Encoding: places, unknown words, windows of long sentences, padding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.models.relation_encode import MAX_DISTANCE, MAX_TOKENS, encode, example_of, pair_vocabulary, stacked
from genemine.models.vectors import WordVectors
from genemine.records import PairExample

WORDS = ("the", "gene", "disease", "rs000", "rare")
VECTORS = WordVectors(WORDS, np.arange(1, 16, dtype=np.float16).reshape(5, 3))
ZERO = MAX_DISTANCE + 1  # the place of a mark itself


def test_sentence_as_numbers() -> None:
    example = example_of("The @GENE$-rs123 @DISEASE$")
    assert example.tokens == ("The", "@GENE$", "-", "rs123", "@DISEASE$")
    vocabulary = pair_vocabulary([example], VECTORS, max_words=4)
    assert vocabulary.words == ("@gene$", "@disease$", "the", "rs000")  # training words and marks go before frequent ones
    rows = encode(example, vocabulary)
    assert rows.words.tolist() == [4, 2, 1, 5, 3]
    assert rows.gene_places.tolist() == [ZERO - 1, ZERO, ZERO + 1, ZERO + 2, ZERO + 3]
    assert rows.disease_places.tolist() == [ZERO - 4, ZERO - 3, ZERO - 2, ZERO - 1, ZERO]


def test_marks_start_with_the_vectors_of_their_words() -> None:
    vocabulary = pair_vocabulary([], VECTORS, max_words=9)
    matrix = vocabulary.matrix()
    for mark, word in (("@GENE$", "gene"), ("@DISEASE$", "disease")):
        assert matrix[vocabulary.word_id(mark)] == pytest.approx(matrix[vocabulary.word_ids[word]])


def test_vocabulary_without_vectors_knows_every_training_word() -> None:
    vocabulary = pair_vocabulary([example_of("@GENE$ harms @DISEASE$")], None, max_words=100, size=7)
    assert sorted(vocabulary.words) == ["@disease$", "@gene$", "disease", "gene", "harms"]
    assert vocabulary.size == 7


@given(
    n=st.integers(MAX_TOKENS - 2, 6 * MAX_TOKENS),
    gene=st.integers(0, 6 * MAX_TOKENS),
    disease=st.integers(0, 6 * MAX_TOKENS),
)
def test_long_sentences_keep_both_marks(n: int, gene: int, disease: int) -> None:
    gene, disease = gene % n, disease % n
    if gene == disease:
        return
    tokens = ["w"] * n
    tokens[gene], tokens[disease] = "@GENE$", "@DISEASE$"
    rows = encode(PairExample(tuple(tokens)), pair_vocabulary([], VECTORS, max_words=9))
    assert len(rows.words) == min(n, MAX_TOKENS)
    assert (rows.gene_places == ZERO).sum() == (rows.disease_places == ZERO).sum() == 1


def test_rows_are_padded_to_a_common_length() -> None:
    vocabulary = pair_vocabulary([], VECTORS, max_words=9)
    rows = [encode(example_of(text), vocabulary) for text in ("@GENE$ @DISEASE$", "the @GENE$ the the the the the the @DISEASE$")]
    words, genes, diseases = stacked(rows)
    assert words.shape == genes.shape == diseases.shape == (2, 16)
    assert not words[0, 2:].any()
    assert not genes[0, 2:].any()
    assert not diseases[0, 2:].any()
