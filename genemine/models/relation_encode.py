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
HERE = MAX_DISTANCE + 1  # the place of the mark itself
REMEMBERED = 200_000  # distinct tokens whose look-up is remembered


@dataclass(frozen=True, slots=True)
class PairRows:
    """One encoded sentence: three int32 arrays of shape (n_tokens,)."""

    words: np.ndarray
    gene_places: np.ndarray
    disease_places: np.ndarray


@dataclass(frozen=True, slots=True)
class PairBatch:
    """Encoded sentences one behind the other: three int32 arrays (n_tokens,), and ``lengths`` int64 (n_sentences,)."""

    words: np.ndarray
    gene_places: np.ndarray
    disease_places: np.ndarray
    lengths: np.ndarray


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


class PairEncoder:
    """Turns examples into numbers; remembers tokens."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._ids: dict[str, int] = {}

    def __call__(self, examples: Sequence[PairExample]) -> PairBatch:
        """Encode examples, each cut to :data:`MAX_TOKENS` around its two marks.

        Raises:
            RecordError: a mark is missing or stands twice.
        """
        marks = [places_of_marks(example.tokens) for example in examples]
        reads = [_read(example.tokens, *at) for example, at in zip(examples, marks, strict=True)]
        lengths = np.fromiter((len(tokens) for tokens, _ in reads), np.int64, len(reads))
        begins = np.cumsum(lengths) - lengths
        own = np.arange(int(lengths.sum())) - np.repeat(begins, lengths)  # places of the tokens in their sentences
        for begin, (tokens, places) in zip(begins.tolist(), reads, strict=True):
            if places is not None:
                own[begin : begin + len(tokens)] = places
        genes, diseases = np.array(marks, np.int64).reshape(-1, 2).T
        words = self._words([token for tokens, _ in reads for token in tokens])
        return PairBatch(words, _place(own - np.repeat(genes, lengths)), _place(own - np.repeat(diseases, lengths)), lengths)

    def _words(self, tokens: Sequence[str]) -> np.ndarray:
        known = self._ids
        try:
            return np.fromiter(map(known.__getitem__, tokens), np.int32, len(tokens))
        except KeyError:
            if len(known) > REMEMBERED:
                known.clear()
            known |= {token: self._vocabulary.word_id(token) for token in set(tokens) - known.keys()}
            return np.fromiter(map(known.__getitem__, tokens), np.int32, len(tokens))


def encode(example: PairExample, vocabulary: Vocabulary) -> PairRows:
    """Encode one example, cut to :data:`MAX_TOKENS` around its two marks.

    Raises:
        RecordError: a mark is missing or stands twice.
    """
    batch = PairEncoder(vocabulary)([example])
    return PairRows(batch.words, batch.gene_places, batch.disease_places)


def read_tokens(example: PairExample) -> Sequence[str]:
    """Give the tokens that :func:`encode` reads of an example.

    Raises:
        RecordError: a mark is missing or stands twice.
    """
    return _read(example.tokens, *places_of_marks(example.tokens))[0]


def read_places(example: PairExample) -> list[int]:
    """Give the places, within the example, of :func:`read_tokens`.

    Raises:
        RecordError: a mark is missing or stands twice.
    """
    tokens, places = _read(example.tokens, *places_of_marks(example.tokens))
    return list(range(len(tokens))) if places is None else places.tolist()


def places_of_marks(tokens: Sequence[str]) -> tuple[int, int]:
    """Find the gene and the disease.

    Raises:
        RecordError: a mark is missing or stands twice.
    """
    for mark in STAND_INS:
        if tokens.count(mark) != 1:
            raise RecordError(
                f"pair example '{' '.join(tokens)[:80]}': {mark} stands {tokens.count(mark)} times; mark one gene and one disease"
            )
    return tokens.index(GENE_MARK), tokens.index(DISEASE_MARK)


def _read(tokens: Sequence[str], gene: int, disease: int) -> tuple[Sequence[str], np.ndarray | None]:
    """Choose the tokens that are read, and their places where these are not all."""
    if len(tokens) <= MAX_TOKENS:
        return tokens, None
    places = _window(len(tokens), min(gene, disease), max(gene, disease))
    return [tokens[i] for i in places], places


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
