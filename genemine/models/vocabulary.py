"""What a model knows by number: words with their vectors, and characters.

A word is looked up in its folded form (lower case, digits to 0); its own letters, case included, reach the model as characters.
Word vectors are kept as int8 with one scale a word (a quarter of float32; cosine to the original above 0.999), in training and
in use alike, so that a bundle answers exactly as the trained model did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from genemine.models.dictionary import Dictionary, dictionary_from

PADDING, UNKNOWN = 0, 1  # ids with a vector of zeros; the first real word is 2
MAX_CHARS = 20  # characters of a word that are read: the first 14 and, of longer words, the last 6
HEAD, TAIL = 14, 6
DIGIT = re.compile(r"\d")


def fold_word(token: str) -> str:
    """Give the form under which a token's vector is kept: lower case, digits to 0."""
    return DIGIT.sub("0", token.lower())


@dataclass(frozen=True)
class Vocabulary:
    """Words and characters in the order of their ids.

    ``codes`` int8 (n_words, size) and ``scales`` float32 (n_words,): the vector of word i is ``codes[i] * scales[i]``.
    ``dictionary`` gives hints to each token, None gives none.
    """

    words: tuple[str, ...]
    chars: tuple[str, ...]
    codes: np.ndarray
    scales: np.ndarray
    dictionary: Dictionary | None = None
    word_ids: dict[str, int] = field(init=False, repr=False, compare=False)
    char_ids: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "word_ids", {word: i + 2 for i, word in enumerate(self.words)})
        object.__setattr__(self, "char_ids", {char: i + 2 for i, char in enumerate(self.chars)})

    @property
    def size(self) -> int:
        """Length of a word vector."""
        return int(self.codes.shape[1])

    def matrix(self) -> np.ndarray:
        """Give float32 (n_words + 2, size): row = word id; padding and unknown are zeros."""
        known = self.codes.astype(np.float32) * self.scales[:, None]
        return np.concatenate([np.zeros((2, self.size), np.float32), known])

    def word_id(self, token: str) -> int:
        """Look up a token; UNKNOWN if its folded form has no vector."""
        return self.word_ids.get(fold_word(token), UNKNOWN)

    def chars_of(self, token: str) -> list[int]:
        """Give the ids of at most MAX_CHARS characters of a token, the middle of a long one left out."""
        read = token if len(token) <= MAX_CHARS else token[:HEAD] + token[-TAIL:]
        return [self.char_ids.get(char, UNKNOWN) for char in read]

    def arrays(self) -> dict[str, np.ndarray]:
        """Give what a bundle stores of a vocabulary; :func:`from_arrays` reads it back."""
        return {
            "vocabulary_words": packed(self.words),
            "vocabulary_chars": packed(self.chars),
            "vocabulary_codes": self.codes,
            "vocabulary_scales": self.scales,
            **(self.dictionary.arrays() if self.dictionary else {}),
        }


def build_vocabulary(
    words: Sequence[str],
    vectors: np.ndarray,
    tokens: Iterable[str],
    max_words: int | None = None,
    min_char_count: int = 5,
) -> Vocabulary:
    """Make the vocabulary of a model.

    Args:
        words: words with vectors by falling frequency, folded.
        vectors: float (n_words, size).
        tokens: the tokens of the training sentences; their characters become the characters known.
        max_words: how many words to keep; words of ``tokens`` are kept first, then the most frequent.
        min_char_count: rarer characters are read as unknown, so that the model learns what unknown means.
    """
    counts: dict[str, int] = {}
    needed: set[str] = set()
    for token in tokens:
        needed.add(fold_word(token))
        for char in token:
            counts[char] = counts.get(char, 0) + 1
    keep = [i for i, word in enumerate(words) if word in needed]
    keep += [i for i, word in enumerate(words) if word not in needed]
    kept = sorted(keep[:max_words])
    codes, scales = quantised(np.asarray(vectors, np.float32)[kept])
    chars = sorted(char for char, count in counts.items() if count >= min_char_count)
    return Vocabulary(tuple(words[i] for i in kept), tuple(chars), codes, scales)


def quantised(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Round each row to int8 times a scale: codes (n, size) int8, scales (n,) float32."""
    scales = (np.abs(vectors).max(axis=1) / 127.0).astype(np.float32)
    scales[scales == 0] = 1.0
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def packed(texts: Sequence[str]) -> np.ndarray:
    """Store strings as the UTF-8 bytes of their lines, uint8; no string may hold a line feed."""
    return np.frombuffer("\n".join(texts).encode("utf-8"), np.uint8)


def unpacked(data: np.ndarray) -> tuple[str, ...]:
    """Read strings back from :func:`packed`."""
    text = data.tobytes().decode("utf-8")
    return tuple(text.split("\n")) if text else ()


def from_arrays(arrays: dict[str, Any]) -> Vocabulary:
    """Read a vocabulary from the arrays of a bundle."""
    return Vocabulary(
        unpacked(arrays["vocabulary_words"]),
        unpacked(arrays["vocabulary_chars"]),
        arrays["vocabulary_codes"],
        arrays["vocabulary_scales"],
        dictionary_from(arrays),
    )
