"""Texts as numbers: sentences come back as they were, and their batches are those of the plain encoder."""

from __future__ import annotations

import numpy as np

from genemine.models.encode import encode
from genemine.models.text_ids import encode_rows, form_table, number_texts
from genemine.models.vocabulary import build_vocabulary

SENTENCES = [["BRCA1", "is", "a", "gene", "."], ["It", "is", "."], [], ["a", "gene", "of", "a", "gene"]]


def test_sentences_come_back_and_the_commonest_form_is_first():
    text = number_texts(SENTENCES)
    assert [text.sentence(i) for i in range(len(text))] == SENTENCES
    assert text.lengths.tolist() == [5, 3, 0, 5]
    assert dict(zip(text.forms, text.counts.tolist(), strict=True))["gene"] == 3
    assert list(text.counts) == sorted(text.counts, reverse=True)


def test_long_sentences_are_cut():
    assert number_texts([["a"] * 9], max_tokens=4).lengths.tolist() == [4]


def test_rows_are_padded_to_a_multiple_of_eight():
    text = number_texts(SENTENCES)
    rows = text.rows(np.array([1, 0]))
    assert rows.shape == (2, 8)
    assert [[text.forms[k] for k in row if k >= 0] for row in rows] == [SENTENCES[1], SENTENCES[0]]


def test_encoded_rows_say_what_encoded_sentences_say():
    tokens = sorted({token for sentence in SENTENCES for token in sentence})
    vocabulary = build_vocabulary(["gene", "is", "brca0"], np.eye(3, 4), tokens, min_char_count=1)
    text = number_texts(SENTENCES)
    fast = encode_rows(text.rows(np.arange(4)), form_table(text.forms, vocabulary))
    plain = encode(SENTENCES, vocabulary)
    assert np.array_equal(fast.words, plain.words)
    assert np.array_equal(fast.mask, plain.mask)
    assert np.array_equal(fast.chars[fast.forms], plain.chars[plain.forms])
