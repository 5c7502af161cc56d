"""The words of the lexicon's gene names: which names have most of a long name's words in common with it.

The words are packed with the lexicon, so that nothing has to be built when it is loaded. A word is known by a 64-bit hash of its
stem.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from genemine.link.concepts import Concept
from genemine.link.gene_forms import core_bag, gene_bag, gene_tokens, stem
from genemine.link.hashing import text_hash

_COMMON = 4000  # names; a word in more of them is not looked up, though it counts when names are compared


def bag_of(name: str) -> str:
    """Give the words of a name without their order; "" for a name of one word."""
    tokens = gene_tokens(name)
    return gene_bag(tokens) if len(tokens) > 1 else ""


def core_of(name: str) -> str:
    """Give the words of a name without those that names have or lack at will; "" for a name of one word."""
    tokens = gene_tokens(name)
    return core_bag(tokens) if len(tokens) > 1 else ""


def pack_words(concepts: Sequence[Concept]) -> dict[str, np.ndarray]:
    """Make the arrays that :class:`GeneWords` reads.

    ``words_row`` and ``words_place`` say which name each of n_names is, ``words_total`` float32 what its words weigh together;
    ``words_hash`` uint64 (n_words,) is sorted, and the names of word i are ``words_posting[words_at[i]:words_at[i + 1]]``.
    """
    places: list[tuple[int, int]] = []
    words: list[list[int]] = []
    hashes: dict[str, int] = {}
    for row, concept in enumerate(concepts):
        for at, name in enumerate(concept.names):
            bag = bag_of(name) if " " in name or "-" in name else ""
            if bag:
                places.append((row, at))
                words.append([hashes.setdefault(word, text_hash(word)) for word in bag.split()])
    lengths = [len(own) for own in words]
    flat = np.array([word for own in words for word in own], np.uint64)
    known, ids, counts = np.unique(flat, return_inverse=True, return_counts=True)
    owner = np.repeat(np.arange(len(words), dtype=np.uint32), lengths)
    weights = _weights(len(words), counts)
    rows, positions = zip(*places, strict=True) if places else ((), ())
    return {
        "words_row": np.array(rows, np.uint32),
        "words_place": np.array(positions, np.uint16),
        "words_total": np.bincount(owner, weights[ids], minlength=len(words)).astype(np.float32),
        "words_hash": known,
        "words_at": np.cumsum([0, *counts.tolist()]).astype(np.uint32),
        "words_posting": owner[np.argsort(ids, kind="stable")],
    }


def _weights(n_names: int, counts: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(1 + n_names / (1 + counts)))


class GeneWords:
    """Words of all gene names of a lexicon; names that a user added are not among them."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        """``arrays`` are those of :func:`pack_words`."""
        self._rows, self._places = arrays["words_row"], arrays["words_place"]
        self._total, self._hashes = arrays["words_total"], arrays["words_hash"]
        self._at, self._posting = arrays["words_at"].astype(np.int64), arrays["words_posting"]
        self._weight = _weights(len(self._rows), np.diff(self._at))

    def near(self, tokens: tuple[str, ...], most: int = 8) -> list[tuple[float, int, int]]:
        """Give (similarity in 0-1, row, position) of the names that share most of these words, by weight; most similar first."""
        wanted = sorted({stem(word) for word in tokens})
        known = [number for word in wanted if (number := self._number(word)) is not None]
        rarest = math.log(1 + len(self._rows))
        own = sum(float(self._weight[i]) for i in known) + rarest * (len(wanted) - len(known))
        looked = [i for i in known if self._at[i + 1] - self._at[i] <= _COMMON]
        if not looked:
            return []
        candidates = np.unique(np.concatenate([self._names(i) for i in looked]))
        shared = np.zeros(len(candidates))
        for i in known:
            posting = self._names(i)
            at = np.searchsorted(candidates, posting)
            at[at == len(candidates)] = 0
            hit = candidates[at] == posting
            shared[at[hit]] += self._weight[i]
        similarity = 2 * shared / (own + self._total[candidates])
        if len(wanted) == 1:  # "thrombin" in "coagulation factor II, thrombin": all of the name is there
            similarity = 0.5 + similarity / 2
        best = np.lexsort((candidates, -similarity))[:most]
        return [(float(similarity[i]), int(self._rows[candidates[i]]), int(self._places[candidates[i]])) for i in best]

    def weight_of(self, word: str) -> float:
        """Give the weight of one stem: the rarer among the names, the more; 0 for one that no name has."""
        number = self._number(word)
        return 0.0 if number is None else float(self._weight[number])

    def _names(self, number: int) -> np.ndarray:
        return self._posting[self._at[number] : self._at[number + 1]]

    def _number(self, word: str) -> int | None:
        wanted = np.uint64(text_hash(word))
        at = int(np.searchsorted(self._hashes, wanted))
        return at if at < len(self._hashes) and self._hashes[at] == wanted else None
