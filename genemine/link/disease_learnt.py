"""What gold links taught about names of diseases, ready to be asked: what a form meant in which corpus, and forms like it.

Corpora differ: where one writes of harm by drugs, "hepatitis" is drug-induced liver injury. So what a form meant is kept for each
corpus, and an article weighs the corpora by how much its words are like theirs (naive Bayes; :meth:`DiseaseLessons.corpora`).
An *answer* is one CURIE, or several joined by ``|`` for a mention that names several diseases.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from genemine.link.knowledge import Learnt
from genemine.link.trees import Trees

WORD_BUCKETS = 1 << 14
KEY, BAG, ALIKE, PRIOR = "key", "bag", "alike", "prior"  # spaces of the memory, after the name of the corpus
_TEMPER = 0.15  # words of one article lean on each other: their evidence is taken at this share
_WORD = re.compile(r"[a-z]{3,}")


def article_words(text: str) -> np.ndarray:
    """Give the hashed words of an article, each once: int64 (n,), sorted."""
    return np.array(sorted({zlib.crc32(w.encode()) % WORD_BUCKETS for w in _WORD.findall(text.lower())}), np.int64)


class DiseaseLessons:
    """The memory and the tables of one :class:`Learnt`.

    Tables: ``corpora`` their names, joined by line feeds; ``words`` float32 (n_corpora, WORD_BUCKETS), log-chances of words;
    ``form_features`` int32 and ``form_starts`` int64 (n_forms + 1,), the features of the forms seen (disease_ngrams.py);
    ``form_answers`` int32 (n, 3): form, answer, corpus, with ``form_counts`` int32 (n,); ``answers``, joined by line feeds.
    """

    def __init__(self, learnt: Learnt) -> None:
        tables = learnt.tables
        self.memory = learnt.memory
        self.corpora = tuple(str(tables["corpora"]).split("\n"))
        self._words = tables["words"]
        starts = tables["form_starts"].tolist()
        self.forms = [tables["form_features"][a:b] for a, b in pairwise(starts)]
        names = str(tables["answers"]).split("\n")
        self._meanings: dict[int, dict[str, np.ndarray]] = {}
        for (form, answer, corpus), n in zip(tables["form_answers"].tolist(), tables["form_counts"].tolist(), strict=True):
            counts = self._meanings.setdefault(form, {}).setdefault(names[answer], np.zeros(len(self.corpora)))
            counts[corpus] += n

    def weights(self, text: str) -> np.ndarray:
        """Give the chance of each corpus to be the one an article is like: float64 (n_corpora,), adding up to 1."""
        summed = self._words[:, article_words(text)].sum(axis=1) * _TEMPER
        chances = np.exp(summed - summed.max())
        return np.asarray(chances / chances.sum())

    def meanings(self, space: str, form: str) -> dict[str, np.ndarray]:
        """Give the answers a form had with their counts by corpus: float64 (n_corpora,)."""
        found: dict[str, np.ndarray] = {}
        for i, corpus in enumerate(self.corpora):
            for answer, n in self.memory.lookup(f"{corpus} {space}", form):
                found.setdefault(answer, np.zeros(len(self.corpora)))[i] = n
        return found

    def form_meanings(self, form: int) -> Mapping[str, np.ndarray]:
        """Give the answers of one of :attr:`forms` in the same way."""
        return self._meanings[form]


def trees_of(learnt: Learnt) -> Trees | None:
    """Give the trees that rank answers, or None where nothing was learnt."""
    return Trees.from_arrays(learnt.tables, "trees_") if "trees_features" in learnt.tables else None
