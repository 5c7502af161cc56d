"""A sentence with one marked gene and one marked disease as numbers: words, places from the gene, from the disease."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from genemine.annotate.tokens import tokenize
from genemine.errors import RecordError
from genemine.models.vectors import WordVectors
from genemine.models.vocabulary import PADDING, Vocabulary, build_vocabulary, fold_word
from genemine.records import PairExample

GENE_MARK = "@GENE$"
DISEASE_MARK = "@DISEASE$"
# The marks read like the words that they stand for, until training moves what surrounds them.
STAND_INS = {GENE_MARK: "gene", DISEASE_MARK: "disease"}

LENGTH_STEP = 8  # sentences are padded to a multiple of this, so a run meets few shapes
MAX_TOKENS = 128  # longer sentences are read in windows around the marks; 95 % of GAD's have at most 50 tokens
MAX_DISTANCE = 40  # distances beyond share one place
N_PLACES = 2 * MAX_DISTANCE + 2  # 0 is padding


@dataclass(frozen=True, slots=True)
class PairRows:
    """One encoded sentence: three int32 arrays of shape (n_tokens,)."""

    words: np.ndarray
    gene_places: np.ndarray
    disease_places: np.ndarray


def example_of(text: str) -> PairExample:
    """Cut a sentence of a pair corpus into tokens; the two marks stay whole."""
    return PairExample(tuple(token.text for token in tokenize(text)))


def pair_vocabulary(examples: Iterable[PairExample], vectors: WordVectors | None, max_words: int, size: int = 200) -> Vocabulary:
    """Make the vocabulary: the words of the training examples that have a vector, then the most frequent others, and the marks.

    Without ``vectors`` every word of the examples gets a random vector of ``size`` numbers (seeded by the number of words).
    """
    tokens = [token for example in examples for token in example.tokens]
    if vectors is None:
        words = sorted({fold_word(token) for token in tokens} | set(STAND_INS.values()))
        table = np.random.default_rng(len(words)).normal(0.0, 0.1, (len(words), size)).astype(np.float32)
        vectors = WordVectors(tuple(words), table)
    ids = {word: i for i, word in enumerate(vectors.words)}
    folded = {fold_word(mark): word for mark, word in STAND_INS.items()}
    marks = [mark for mark in folded if mark not in ids]
    order = [ids.get(folded[mark], 0) for mark in marks] + list(range(len(vectors.words)))
    words = [*marks, *vectors.words]
    return build_vocabulary(words, np.asarray(vectors.vectors, np.float32)[order], [*STAND_INS, *tokens], max_words)


def encode(example: PairExample, vocabulary: Vocabulary) -> PairRows:
    """Encode one example, cut to :data:`MAX_TOKENS` around its two marks.

    Raises:
        RecordError: a mark is missing or stands twice.
    """
    tokens = example.tokens
    for mark in STAND_INS:
        if tokens.count(mark) != 1:
            raise RecordError(
                f"pair example '{' '.join(tokens)[:80]}': {mark} stands {tokens.count(mark)} times; mark one gene and one disease"
            )
    gene, disease = tokens.index(GENE_MARK), tokens.index(DISEASE_MARK)
    read = _window(len(tokens), min(gene, disease), max(gene, disease))
    ids = np.asarray([vocabulary.word_id(token) for token in tokens], np.int32)
    places = np.arange(len(tokens))
    return PairRows(ids[read], _place(places - gene)[read], _place(places - disease)[read])


def stacked(rows: Sequence[PairRows]) -> list[np.ndarray]:
    """Pad rows to one length and stack them: the three inputs of the net, int32 (n_rows, length)."""
    longest = max(len(row.words) for row in rows)
    length = -(-longest // LENGTH_STEP) * LENGTH_STEP
    arrays = np.full((3, len(rows), length), PADDING, np.int32)
    for line, row in enumerate(rows):
        for number, part in enumerate((row.words, row.gene_places, row.disease_places)):
            arrays[number, line, : len(part)] = part
    return list(arrays)


def _place(distance: np.ndarray) -> np.ndarray:
    return (np.clip(distance, -MAX_DISTANCE, MAX_DISTANCE) + MAX_DISTANCE + 1).astype(np.int32)


def _window(n: int, first: int, last: int) -> np.ndarray:
    """Choose which of ``n`` tokens are read: all, or a window around both marks, or, where they lie far apart, one around each."""
    if n <= MAX_TOKENS:
        return np.arange(n)
    if last - first < MAX_TOKENS:
        start = min(max(0, (first + last + 1 - MAX_TOKENS) // 2), n - MAX_TOKENS)
        return np.arange(start, start + MAX_TOKENS)
    half = MAX_TOKENS // 2
    left = max(0, first - half // 2)
    right = min(max(last - half // 2, left + half), n - half)
    return np.concatenate([np.arange(left, left + half), np.arange(right, right + half)])
