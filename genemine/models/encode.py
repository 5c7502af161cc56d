"""Sentences to arrays: word ids, the characters of each distinct word once, a mask; and batches of like length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genemine.models.vocabulary import MAX_CHARS, PADDING, Vocabulary

LENGTH_STEP = 8  # sentences are padded to a multiple of this, so a run meets few shapes
WORD_STEP = 64  # likewise for the number of distinct words of a batch


@dataclass(frozen=True)
class Encoded:
    """One batch.

    Shapes (batch b, tokens t, distinct words u):
        ``words`` int32 (b, t): word ids; ``forms`` int32 (b, t): row of ``chars`` for each token; ``chars`` int32 (u, MAX_CHARS):
        character ids of each distinct word, row 0 is padding; ``mask`` float32 (b, t): 1 for a token, 0 for padding;
        ``hints`` float32 (b, t, h) of the vocabulary's dictionary, None where it has none.
    """

    words: np.ndarray
    forms: np.ndarray
    chars: np.ndarray
    mask: np.ndarray
    hints: np.ndarray | None = None

    def inputs(self) -> list[np.ndarray]:
        """Give the arrays in the order in which the models take them."""
        inputs = [self.words, self.forms, self.chars, self.mask]
        return inputs if self.hints is None else [*inputs, self.hints]


def encode(sentences: Sequence[Sequence[str]], vocabulary: Vocabulary) -> Encoded:
    """Encode sentences of any lengths into one batch."""
    shape = (len(sentences), _up(max((len(s) for s in sentences), default=1), LENGTH_STEP))
    forms = np.zeros(shape, np.int32)
    mask = np.zeros(shape, np.float32)
    rows: dict[str, int] = {}
    ids: list[int] = []
    for i, sentence in enumerate(sentences):
        n = len(sentence)
        row = []
        for token in sentence:
            form = rows.get(token)
            if form is None:
                form = rows[token] = len(rows) + 1
                ids.append(vocabulary.word_id(token))
            row.append(form)
        forms[i, :n] = row
        mask[i, :n] = 1.0
    words = np.array([PADDING, *ids], np.int32)[forms]
    chars = np.full((_up(len(rows) + 1, WORD_STEP), MAX_CHARS), PADDING, np.int32)
    for token, form in rows.items():
        read = vocabulary.chars_of(token)
        chars[form, : len(read)] = read
    return Encoded(words, forms, chars, mask, _hints(sentences, shape, vocabulary))


def _hints(sentences: Sequence[Sequence[str]], shape: tuple[int, int], vocabulary: Vocabulary) -> np.ndarray | None:
    if vocabulary.dictionary is None:
        return None
    hints = np.zeros((*shape, vocabulary.dictionary.size), np.float32)
    for i, sentence in enumerate(sentences):
        hints[i, : len(sentence)] = vocabulary.dictionary.hints(sentence)
    return hints


def batches(lengths: Sequence[int], batch_size: int, rng: np.random.Generator | None = None) -> list[np.ndarray]:
    """Group sentence indices into batches of like length.

    Args:
        lengths: tokens of each sentence.
        batch_size: sentences a batch.
        rng: for training: lengths get up to 10 % noise and the batches are shuffled, so no two epochs see the same batches;
            None for use: longest first.

    Returns:
        int arrays of indices; every sentence is in exactly one.
    """
    key = np.asarray(lengths, np.float64)
    if rng is None:
        order = np.argsort(-key, kind="stable")
    else:
        order = np.argsort(key * rng.uniform(0.9, 1.1, len(key)) + rng.uniform(0, 1, len(key)), kind="stable")
    groups = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    if rng is not None:
        groups = [groups[i] for i in rng.permutation(len(groups))]
    return groups


def _up(n: int, step: int) -> int:
    return -(-max(n, 1) // step) * step
