"""How alike two texts are: shingles of words, their exact Jaccard similarity, and keys by which alike texts find each other.

A shingle is a run of words; two texts are as alike as the share of their shingles that both have. Comparing each text with each
is too much for millions, so the smallest hashes of a text's shingles (MinHash) are cut into bands, and a band becomes a key: texts
that are alike share keys, others hardly ever do. Keys only propose pairs; :func:`jaccard` decides.

Source: Broder (1997), "On the resemblance and containment of documents"; bands as in Leskovec, Rajaraman and Ullman, "Mining of
Massive Datasets", section 3.4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache

import numpy as np
from rensa import RMinHash

from genemine.config import CopySettings
from genemine.text import fold

N_HASHES = 125  # of a signature; Banding.of cuts them into bands
SEED = 1
VERSION = f"rensa {RMinHash.ALGORITHM_VERSION}, {N_HASHES} hashes, seed {SEED}"  # other keys than those of another version
MIN_SHARED = 2  # keys that a pair must share: one alone is mostly chance

_MISSED = 0.005  # share of pairs at the very limit of similarity that may share fewer than MIN_SHARED keys
_ROWS = range(3, 26)  # below 3 rows a band everything is like everything
_CHUNK = 5_000  # texts hashed at once
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Banding:
    """How a signature is cut: ``bands`` keys, each of ``rows`` hashes."""

    bands: int
    rows: int

    @staticmethod
    @cache
    def of(min_similarity: float) -> Banding:
        """The banding with the longest bands that still finds 99.5% of the pairs of just ``min_similarity`` (97% for 0.5)."""
        cuts = [Banding(N_HASHES // rows, rows) for rows in _ROWS]
        return max((cut for cut in cuts if cut.missed(min_similarity) <= _MISSED), key=lambda cut: cut.rows, default=cuts[0])

    def missed(self, similarity: float) -> float:
        """Probability that two texts of that Jaccard similarity share fewer than ``MIN_SHARED`` (two) keys."""
        one = similarity**self.rows
        return float((1 - one) ** self.bands + self.bands * one * (1 - one) ** (self.bands - 1))


def words(text: str) -> list[str]:
    """The words of a text as they are compared: folded runs of letters and digits."""
    return _WORD.findall(text.lower() if text.isascii() else fold(text))


def shingles(text: str, size: int) -> Set[str]:
    """The runs of ``size`` words of a text; a shorter text is one shingle, a text without words none."""
    return frozenset(_shingles(text, size))


def jaccard(one: Set[str], other: Set[str]) -> float:
    """Share of the shingles of two texts that both have, 0 to 1; 0 where neither has any."""
    both = len(one & other)
    union = len(one) + len(other) - both
    return both / union if union else 0.0


def band_keys(texts: Sequence[str], settings: CopySettings) -> list[np.ndarray]:
    """The keys of each text, by which texts that are alike find each other.

    Args:
        texts: title and abstract each; "" for an article that has no near-copies.
        settings: size of the shingles, similarity to be found, and how many shingles a text needs to have keys.

    Returns:
        A text each: int64 (bands,), one key a band, or int64 (0,) where the text is too short.
    """
    keys: list[np.ndarray] = []
    for start in range(0, len(texts), _CHUNK):
        keys += _keys_of([_shingles(text, settings.shingle_words) for text in texts[start : start + _CHUNK]], settings)
    return keys


def _keys_of(shingled: list[list[str]], settings: CopySettings) -> list[np.ndarray]:
    cut = Banding.of(settings.min_similarity)
    chosen = [at for at, found in enumerate(shingled) if len(set(found)) >= settings.min_shingles]
    keys = [np.empty(0, np.int64)] * len(shingled)
    if chosen:
        matrix = RMinHash.digest_matrix_from_token_sets([shingled[at] for at in chosen], num_perm=N_HASHES, seed=SEED)
        for at, row in zip(chosen, _fold_bands(np.array(matrix.to_rows(), np.uint64), cut), strict=True):
            keys[at] = row
    return keys


def _fold_bands(hashes: np.ndarray, cut: Banding) -> np.ndarray:
    """Make one 64-bit key of each band: uint64 (n_texts, N_HASHES) -> int64 (n_texts, bands).

    Source: the multiplier and the mixer are those of splitmix64 (Steele, Lea and Flood 2014).
    """
    by_band = hashes[:, : cut.bands * cut.rows].reshape(len(hashes), cut.bands, cut.rows)
    # the band's number goes first: equal hashes in two different bands are no reason to meet
    keys = np.broadcast_to(np.arange(1, cut.bands + 1, dtype=np.uint64), by_band.shape[:2]).copy()
    for row in range(cut.rows):
        keys = (keys ^ by_band[:, :, row]) * np.uint64(0x9E3779B97F4A7C15)
        keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        keys ^= keys >> np.uint64(27)
    return keys.view(np.int64)


def _shingles(text: str, size: int) -> list[str]:
    found = words(text)
    if len(found) <= size:
        return [" ".join(found)] if found else []
    return list(map(" ".join, zip(*(found[start:] for start in range(size)), strict=False)))
