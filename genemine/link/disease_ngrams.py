"""Nearest neighbours among names of diseases: words and character 3-grams, weighted by how rare they are.

A name is a vector of two halves of equal length: its words, as they are and with organs and words for harm folded to one word
each, and the 3-grams of its letters. Features are hashed into 2^18 buckets, so that names that must not be kept as text (those of
training corpora) can be compared too. The index is built when it is first asked: 0.6 s for 60,000 names.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from genemine.link.disease_words import alike

BUCKETS = 1 << 18
_COMMON = 0.08  # a feature that a greater share of the names has tells nothing and costs time


@lru_cache(maxsize=100_000)
def _word_features(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Give the buckets of a word as a whole and those of its 3-grams."""
    padded = f" {word} "
    grams = tuple(zlib.crc32(padded[i : i + 3].encode()) % BUCKETS for i in range(len(padded) - 2))
    wholes = {word, f"={alike(word)}"}
    return tuple(zlib.crc32(f"w{whole}".encode()) % BUCKETS + BUCKETS for whole in sorted(wholes)), grams


def features(key: str) -> np.ndarray:
    """Give the features of a disease key: int32 (n,), sorted, each once; those of words are ``BUCKETS`` or more."""
    found: set[int] = set()
    for word in key.split():
        wholes, grams = _word_features(word)
        found.update(wholes)
        found.update(grams)
    return np.array(sorted(found), np.int32)


@dataclass(frozen=True)
class Weights:
    """How much each feature counts: float32 (2 x BUCKETS,)."""

    idf: np.ndarray

    @classmethod
    def of(cls, names: Sequence[np.ndarray]) -> Weights:
        """Count features in names."""
        counted = np.bincount(np.concatenate(names) if names else np.zeros(0, np.int32), minlength=2 * BUCKETS)
        idf = np.log((1 + len(names)) / (1 + counted)) + 0.1
        idf[counted > max(50, _COMMON * len(names))] = 0
        return cls(idf.astype(np.float32))

    def vector(self, found: np.ndarray) -> np.ndarray:
        """Weigh features so that the vector has length 1: float32, as long as ``found``."""
        weights = self.idf[found]
        is_word = found >= BUCKETS
        for half in (is_word, ~is_word):
            length = float(np.sqrt((weights[half] ** 2).sum()))
            if length:
                weights[half] *= np.float32(np.sqrt(0.5) / length)
        return weights


class Neighbours:
    """Names that can be compared with another name.

    Postings: for each feature the names that have it, with their weights.
    """

    def __init__(self, names: Sequence[np.ndarray], weights: Weights) -> None:
        self._weights = weights
        self._n = len(names)
        lengths = np.array([len(name) for name in names], np.int64)
        every = np.concatenate(names) if names else np.zeros(0, np.int32)
        values = _all_vectors(every, lengths, weights)
        order = np.argsort(every, kind="stable")
        self._values = values[order]
        self._places = np.repeat(np.arange(self._n, dtype=np.int32), lengths)[order]
        self._starts = np.searchsorted(every[order], np.arange(2 * BUCKETS + 1)).astype(np.int64).data

    def nearest(self, found: np.ndarray, most: int) -> list[tuple[int, float]]:
        """Give places of names with their cosines, nearest first; equal ones in the order of the names."""
        if not self._n:
            return []
        vector = self._weights.vector(found)
        starts = self._starts
        kept = [(starts[f], starts[f + 1], v) for f, v in zip(found.tolist(), vector.tolist(), strict=True) if v]
        kept = [run for run in kept if run[0] < run[1]]
        if not kept:
            return []
        places = np.concatenate([self._places[a:b] for a, b, _ in kept])
        values = np.concatenate([self._values[a:b] for a, b, _ in kept])
        values *= np.array([v for _, _, v in kept], np.float32).repeat([b - a for a, b, _ in kept])
        cosines = np.bincount(places, weights=values, minlength=self._n)
        np.negative(cosines, out=cosines)
        top = np.argpartition(cosines, most)[:most] if most < self._n else np.arange(self._n)
        ordered = sorted(zip([round(c, 6) for c in cosines[top].tolist()], top.tolist(), strict=True))
        return [(i, -cosine) for cosine, i in ordered if cosine < 0]


def _all_vectors(every: np.ndarray, lengths: np.ndarray, weights: Weights) -> np.ndarray:
    """Do for all names what :meth:`Weights.vector` does for one."""
    values = weights.idf[every]
    owner = np.repeat(np.arange(len(lengths)), lengths)
    is_word = every >= BUCKETS
    for half in (is_word, ~is_word):
        sums = np.bincount(owner[half], weights=values[half] ** 2, minlength=len(lengths))
        scale = np.sqrt(0.5 / np.maximum(sums, 1e-12))
        values[half] *= scale[owner[half]].astype(np.float32)
    return values


def distinct(keys: Iterable[tuple[str, int]]) -> tuple[list[str], list[list[int]]]:
    """Put together what has the same key, in the order of first sight."""
    owners: dict[str, list[int]] = {}
    for key, owner in keys:
        rows = owners.setdefault(key, [])
        if owner not in rows:
            rows.append(owner)
    return list(owners), list(owners.values())
