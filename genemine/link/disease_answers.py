"""What one name of a disease may mean: answers from the lexicon, from the gold links' memory, and from names like it.

An answer is a tuple of rows of the lexicon: one disease, or all diseases of a composite name. Each has features that depend on the
name alone, so they are found once a name; counts of the memory stay apart by corpus until an article weighs the corpora.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from genemine.link import score as scores
from genemine.link.composite import disease_parts
from genemine.link.disease_learnt import ALIKE, BAG, KEY, PRIOR, DiseaseLessons
from genemine.link.disease_ngrams import Neighbours, Weights, distinct, features
from genemine.link.disease_words import alike, alike_bag
from genemine.link.find import find_disease_ways
from genemine.link.lexicon import Lexicon
from genemine.link.variants import disease_bag, disease_key, strip_disease_words

Answer = tuple[int, ...]
WAYS = (scores.EXACT, scores.FOLDED, scores.REORDERED, scores.STRIPPED, scores.BROADER)
_LIKENESS = ("cosine", "cosine_gap", "name_in", "in_name")
LEXICON_FEATURES = (*WAYS, "heading", "sharing", *_LIKENESS, "parts", "parts_sure", "n_rows", "kind", "depth")
MEMORIES = (KEY, BAG, ALIKE, "near")
_NEAREST, _NEAREST_FORMS = 15, 10


@dataclass
class Row:
    """What is known of one answer: ``fixed``, a number for each lexicon feature, and counts by corpus (n_memories, n_corpora)."""

    fixed: list[float]
    counts: np.ndarray
    matched: str = ""
    how: str = ""


@dataclass(frozen=True)
class About:
    """What is known of an answer whatever the name: ``prior`` (n_corpora,) counts how often it was right, ``seen`` their log."""

    prior: np.ndarray
    seen: float
    n_words: int
    is_induced: bool
    is_upper: bool


@dataclass
class NameAnswers:
    """The answers of one name. ``totals`` (n_memories, n_corpora): how often the memory saw the name, whatever it meant.

    ``simple`` are the :func:`simple_score` of the answers in their order, ``fixed`` and ``counts`` those of their rows, one below
    the other: set once, when all answers are found, and read for every article that has the name.
    """

    rows: dict[Answer, Row] = field(default_factory=dict)
    totals: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    simple: tuple[float, ...] = ()
    fixed: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    counts: np.ndarray = field(default_factory=lambda: np.zeros((0, 0, 0)))

    def finish(self) -> None:
        """Put the rows together."""
        rows = self.rows.values()
        self.simple = tuple(simple_score(row, self.totals) for row in rows)
        if rows:
            self.fixed, self.counts = np.array([row.fixed for row in rows]), np.stack([row.counts for row in rows])


class LexiconNames:
    """The names of a lexicon's diseases to compare with; made once a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        keyed = ((disease_key(name), row) for row, _, name in lexicon.diseases.every())
        self.keys, self.rows = distinct((key, row) for key, row in keyed if key)
        found = [features(key) for key in self.keys]
        self.weights = Weights.of(found)
        self.neighbours = Neighbours(found, self.weights)
        self.words = lru_cache(maxsize=50_000)(self._words)

    def _words(self, place: int) -> frozenset[str]:
        return _alike_words(self.keys[place])


class DiseaseAnswers:
    """Finds the answers of names; remembers them by name."""

    def __init__(self, lexicon: Lexicon, lessons: DiseaseLessons, names: LexiconNames | None = None) -> None:
        self.lexicon = lexicon
        self.lessons = lessons
        self._made = names
        self._broader: dict[int, frozenset[int]] = {}
        self._forms: Neighbours | None = None
        self.of = lru_cache(maxsize=20_000)(self._find)  # about 80 MB at most
        self.rows_of = lru_cache(maxsize=50_000)(self._rows_of)
        self._part = lru_cache(maxsize=20_000)(self._best_part)
        self.about = lru_cache(maxsize=50_000)(self._about)
        self._sort_of = lru_cache(maxsize=50_000)(self._kind_and_depth)

    @property
    def names(self) -> LexiconNames:
        """The names of the lexicon, indexed when first needed."""
        if self._made is None:
            self._made = LexiconNames(self.lexicon)
        return self._made

    def _rows_of(self, answer: str) -> Answer | None:
        """Give the rows of an answer of the memory; None when the lexicon does not hold all of it."""
        rows = [self.lexicon.diseases.row_of(curie) for curie in answer.split("|")]
        known = tuple(sorted({row for row in rows if row is not None}))
        return known if known and None not in rows else None

    def broader(self, row: int) -> frozenset[int]:
        """Give the rows of the next broader diseases."""
        found = self._broader.get(row)
        if found is None:
            places = (self.lexicon.diseases.row_of(curie) for curie in self.lexicon.diseases.concepts[row].parents)
            found = self._broader[row] = frozenset(place for place in places if place is not None)
        return found

    def _about(self, answer: Answer) -> About:
        concepts = [self.lexicon.diseases.concepts[row] for row in answer]
        found = self.lessons.meanings(PRIOR, "|".join(sorted(concept.curie for concept in concepts)))
        prior = sum(found.values(), np.zeros(len(self.lessons.corpora)))
        heading = concepts[0].name.lower()
        return About(
            prior,
            math.log1p(float(prior.sum())),
            len(heading.split()),
            "induced" in heading or "drug" in heading,
            any(concept.name.isupper() for concept in concepts),
        )

    def _find(self, name: str, depth: int = 0) -> NameAnswers:
        n_corpora = len(self.lessons.corpora)
        answers = NameAnswers(totals=np.zeros((len(MEMORIES), n_corpora)))
        key = disease_key(strip_disease_words(name))
        self._from_lexicon(answers, name)
        self._from_memory(answers, key)
        found = features(key)
        near = self.names.neighbours.nearest(found, _NEAREST)
        self._from_neighbours(answers, key, near)
        self._from_forms(answers, found)
        if depth == 0:
            self._from_parts(answers, name)
        answers.finish()
        return answers

    def _row(self, answers: NameAnswers, answer: Answer, how: str, matched: str = "") -> Row:
        row = answers.rows.get(answer)
        if row is None:
            row = Row([0.0] * len(LEXICON_FEATURES), np.zeros((len(MEMORIES), len(self.lessons.corpora))), matched, how)
            row.fixed[_AT["n_rows"]] = len(answer)
            row.fixed[_AT["kind"]], row.fixed[_AT["depth"]] = self._sort_of(answer[0])
            answers.rows[answer] = row
        return row

    def _kind_and_depth(self, at: int) -> tuple[float, float]:
        concept = self.lexicon.diseases.concepts[at]
        return _kind(concept.curie), min((tree.count(".") for tree in concept.trees), default=-1)

    def _from_lexicon(self, answers: NameAnswers, name: str) -> None:
        for how, hits in find_disease_ways(self.lexicon, name):
            for hit in hits:
                at = self.lexicon.diseases.row_of(hit.concept.curie)
                if at is None:
                    continue
                row = self._row(answers, (at,), how, hit.matched)
                if not any(row.fixed[: len(WAYS)]):
                    row.fixed[_AT["sharing"]] = len(hits)
                    row.fixed[_AT["heading"]] = hit.preferred
                row.fixed[_AT[how]] = 1

    def _from_memory(self, answers: NameAnswers, key: str) -> None:
        for i, (space, form) in enumerate(((KEY, key), (BAG, disease_bag(key)), (ALIKE, alike_bag(key)))):
            self._add(answers, i, self.lessons.meanings(space, form), 1.0)

    def _add(self, answers: NameAnswers, memory: int, found: dict[str, np.ndarray], share: float) -> None:
        for answer, counts in sorted(found.items()):
            answers.totals[memory] += counts * share
            rows = self.rows_of(answer)
            if rows is not None:
                self._row(answers, rows, scores.LEARNT).counts[memory] += counts * share

    def _from_neighbours(self, answers: NameAnswers, key: str, near: Sequence[tuple[int, float]]) -> None:
        words = _alike_words(key)
        best = near[0][1] if near else 0.0
        for place, cosine in near:
            other = self.names.words(place)
            for at in self.names.rows[place]:
                row = self._row(answers, (at,), scores.NEAREST, self.names.keys[place])
                if cosine > row.fixed[_AT["cosine"]]:
                    shared = len(words & other)
                    row.fixed[_AT["cosine"]], row.fixed[_AT["cosine_gap"]] = cosine, best - cosine
                    row.fixed[_AT["name_in"]], row.fixed[_AT["in_name"]] = shared / max(1, len(other)), shared / max(1, len(words))

    def _from_forms(self, answers: NameAnswers, found: np.ndarray) -> None:
        if self._forms is None:
            self._forms = Neighbours(self.lessons.forms, self.names.weights)
        for form, cosine in self._forms.nearest(found, _NEAREST_FORMS):
            self._add(answers, 3, dict(self.lessons.form_meanings(form)), max(0.0, cosine) ** 4)

    def _from_parts(self, answers: NameAnswers, name: str) -> None:
        for i, parts in enumerate(disease_parts(name)):
            best = [self._part(part) for part in parts]
            known = [(row, sure) for row, sure in best if row is not None]
            if len(known) < len(parts):
                continue
            answer = tuple(sorted({row for row, _ in known}))
            if len(answer) < len(parts):
                continue  # "liver disease": both halves mean one disease
            row = self._row(answers, answer, scores.COMPOSITE, name)
            row.fixed[_AT["parts"]] = max(row.fixed[_AT["parts"]], 1 / (1 + i))
            row.fixed[_AT["parts_sure"]] = max(row.fixed[_AT["parts_sure"]], min(sure for _, sure in known))

    def _best_part(self, part: str) -> tuple[int | None, float]:
        """Give the likeliest disease of a part and how sure it is, without a look at the article."""
        found = self._find(part, depth=1)
        best: tuple[float, int] | None = None
        for answer, simple in zip(found.rows, found.simple, strict=True):
            if len(answer) == 1:
                sure = (simple, -answer[0])
                best = sure if best is None or sure > best else best
        return (-best[1], best[0]) if best is not None and best[0] > _LEAST_SURE else (None, 0.0)


_AT = {name: i for i, name in enumerate(LEXICON_FEATURES)}
_LEAST_SURE = 0.4


def simple_score(row: Row, totals: np.ndarray) -> float:
    """Tell how likely an answer is by its name alone, in 0-1: what the memory says, then the lexicon, then likeness."""
    fixed = row.fixed
    lexicon = 0.9 if any(fixed[:3]) else 0.75 if fixed[3] else 0.5 if fixed[4] else 0.0
    sharing = max(1.0, fixed[_AT["sharing"]])
    total = sum(totals[0].tolist())
    memory = sum(row.counts[0].tolist()) / (total + 0.5) if total else 0.0
    value = 0.7 * memory + 0.3 * lexicon / sharing if total else lexicon / sharing
    return float(max(value, 0.8 * fixed[_AT["cosine"]] - 0.15 if not total else 0.0))


def _alike_words(key: str) -> frozenset[str]:
    return frozenset(alike(word) for word in key.split())


def _kind(curie: str) -> float:
    return 0.0 if curie.startswith("mesh:D") else 1.0 if curie.startswith("mesh:") else 2.0
