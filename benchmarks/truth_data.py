"""All pairs of texts that are alike, found exactly: no hashing that could miss one, no estimate.

Two sets of sizes a <= b can only have a Jaccard similarity of s if they share a shingle among the ``n - ceil(s * n) + 1`` rarest of
each (prefix filtering), so joining on those alone finds every pair; each is then measured.

Source: Chaudhuri, Ganti and Kaushik (2006), "A primitive operator for similarity joins in data cleaning"; Bayardo, Ma and Srikant
(2007), "Scaling up all pairs similarity search".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9), np.uint64(0xD6E8FEB86659FD93))


@dataclass(frozen=True)
class ShingleSets:
    """The shingles of all texts: set i is ``ranks[starts[i]:starts[i + 1]]``, ascending, 0 being the rarest shingle of all."""

    ranks: np.ndarray  # int64 (n_shingles,)
    starts: np.ndarray  # int64 (n_texts + 1,)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, number: int) -> np.ndarray:
        """The shingles of one text, int64, ascending."""
        return self.ranks[self.starts[number] : self.starts[number + 1]]

    def similarity(self, one: int, other: int) -> float:
        """Jaccard similarity of two texts; 0 where both are empty."""
        a, b = self.of(one), self.of(other)
        shared = len(np.intersect1d(a, b, assume_unique=True))
        together = len(a) + len(b) - shared
        return shared / together if together else 0.0


def shingle_sets(texts: Iterable[Sequence[str]], n_words: int) -> ShingleSets:
    """Number the shingles of ``n_words`` words in each text, given as its words; a text shorter than that has one shingle."""
    numbers: dict[str, int] = {}
    sets = [_shingles(np.array([numbers.setdefault(w, len(numbers)) for w in words], np.uint64), n_words) for words in texts]
    starts = np.concatenate([[0], np.cumsum([len(one) for one in sets])]).astype(np.int64)
    _, inverse, counts = np.unique(np.concatenate(sets), return_inverse=True, return_counts=True)
    rank = np.empty(len(counts), np.int64)
    rank[np.argsort(counts, kind="stable")] = np.arange(len(counts))
    ranks = rank[inverse]
    for start, end in pairwise(starts):
        ranks[start:end].sort()
    return ShingleSets(ranks, starts)


def similar_pairs(sets: ShingleSets, at_least: float) -> dict[tuple[int, int], float]:
    """Every pair (i < j) of texts whose Jaccard similarity reaches ``at_least``, with it."""
    sizes = np.diff(sets.starts)
    return {
        (one, other): similarity
        for one, other in _candidates(sets, sizes, at_least)
        if (similarity := sets.similarity(one, other)) >= at_least
    }


def _candidates(sets: ShingleSets, sizes: np.ndarray, at_least: float) -> Iterator[tuple[int, int]]:
    # the small number guards against a size such as 20 * 0.8 = 16.000000000000004
    lengths = np.maximum(sizes - np.ceil(at_least * sizes - 1e-9).astype(np.int64) + 1, 0)
    lengths = np.minimum(lengths, sizes)
    places = np.concatenate([np.arange(start, start + n) for start, n in zip(sets.starts[:-1], lengths, strict=True)])
    owners = np.repeat(np.arange(len(sets)), lengths)
    order = np.lexsort((owners, sets.ranks[places]))
    shingles, owners = sets.ranks[places][order], owners[order]
    bounds = np.flatnonzero(np.diff(shingles)) + 1
    pairs: list[np.ndarray] = []
    for start, end in zip(np.concatenate([[0], bounds]), np.concatenate([bounds, [len(owners)]]), strict=True):
        if end - start > 1:
            group = owners[start:end]
            first, second = np.triu_indices(len(group), 1)
            pairs.append(group[first] * len(sets) + group[second])
    if not pairs:
        return
    one, other = np.divmod(np.unique(np.concatenate(pairs)), len(sets))
    small, large = np.minimum(sizes[one], sizes[other]), np.maximum(sizes[one], sizes[other])
    can_be = small >= at_least * large - 1e-9
    yield from zip(one[can_be].tolist(), other[can_be].tolist(), strict=True)


def _shingles(words: np.ndarray, n_words: int) -> np.ndarray:
    """Distinct 64-bit numbers of the shingles of a text; two shingles share one by chance in 2 ** 64."""
    n = max(len(words) - n_words + 1, 1 if len(words) else 0)
    made = np.zeros(n, np.uint64)
    for place in range(min(n_words, len(words))):
        made = (made ^ (words[place : place + n] + np.uint64(1))) * _MIX[place % len(_MIX)]
        made ^= made >> np.uint64(29)
    return np.unique(made)
