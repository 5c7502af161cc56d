"""Choose among the answers for each disease mention of an article: names, the article's corpus-likeness, and its other names."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from genemine.link.article import Article
from genemine.link.disease_answers import LEXICON_FEATURES, MEMORIES, Answer, DiseaseAnswers, NameAnswers, Row
from genemine.link.trees import Trees
from genemine.records import DISEASE

_N_LEXICON = len(LEXICON_FEATURES)
_COSINE = LEXICON_FEATURES.index("cosine")
_MEMORY_FEATURES = ("share", "plain_share", "seen", "count")
_VIEW_FEATURES = _N_LEXICON + len(MEMORIES) * len(_MEMORY_FEATURES) + 1
_SIMPLE = 0.35  # below this the other names of an article say nothing
_SHORT = re.compile(r"^[A-Z][A-Za-z0-9-]{0,5}$")


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer for one name in one article: rows of the lexicon, its chance to be right, and how it was found."""

    rows: Answer
    chance: float
    matched: str
    how: str


@dataclass(frozen=True)
class Candidates:
    """The answers for one name in one article: ``features`` (n_answers, n_features)."""

    answers: tuple[Answer, ...]
    features: np.ndarray
    found: tuple[Row, ...]


class ArticleAnswers:
    """The disease names of one article with their answers."""

    def __init__(self, answers: DiseaseAnswers, article: Article) -> None:
        self._answers = answers
        self._weights = answers.lessons.weights(article.text)
        self._names = tuple(dict.fromkeys(" ".join(m.text.split()) for m in article.of_type(DISEASE)))
        self._short = by_initials(self._names) | {short: long for short, long in article.short_forms.items() if long}
        self._others = self._evidence()
        self._named, self._narrower = self._by_row()
        self._induced = math.log1p(len(_INDUCED.findall(article.text)))

    @property
    def names(self) -> tuple[str, ...]:
        """The distinct names, in the order of the article."""
        return self._names

    def expanded(self, name: str) -> str:
        """Put the long forms in for the short forms: ``cerebral ALD`` -> ``cerebral adrenoleukodystrophy``."""
        return expand(name, self._short)

    def _evidence(self) -> dict[str, dict[int, float]]:
        """Tell for each name which diseases it means by itself."""
        found: dict[str, dict[int, float]] = {}
        for name in self._names:
            long = self.expanded(name)
            known = self._answers.of(long)
            best = max(known.simple, default=0.0)
            sure = found.setdefault(long.lower(), {})
            for answer, value in zip(known.rows, known.simple, strict=True):
                if value > _SIMPLE and value >= best - 0.2:
                    for row in answer:
                        sure[row] = max(value, sure.get(row, 0.0))
        return found

    def candidates(self, name: str) -> Candidates:
        """Give all answers for a name with their features."""
        long = self.expanded(name)
        views = [self._answers.of(long)] if long == name else [self._answers.of(long), self._answers.of(name)]
        answers = tuple(dict.fromkeys(answer for view in views for answer in view.rows))
        if not answers:
            return Candidates((), np.zeros((0, 0)), ())
        blocks = [self._view(view, answers) for view in views]
        simple = np.maximum(blocks[0][:, -1], blocks[-1][:, -1])
        article = (self._of_article(answers, name, long), self._kin(answers, simple, long))
        own = np.concatenate([blocks[0], blocks[-1], *article], axis=1)
        found = tuple(next(view.rows[a] for view in views if a in view.rows) for a in answers)
        return Candidates(answers, own, found)

    def _view(self, view: NameAnswers, answers: Sequence[Answer]) -> np.ndarray:
        """Give the features of answers for one wording of the name: (n_answers, n_view_features)."""
        out = np.zeros((len(answers), _VIEW_FEATURES))
        if not view.rows:
            return out
        order = {answer: i for i, answer in enumerate(answers)}
        places = [order[answer] for answer in view.rows]
        out[places, :_N_LEXICON] = view.fixed
        counts = view.counts  # answers, memories, corpora
        totals = view.totals
        # each corpus tells its share, weighed by its likeness to the article and by how often it saw the name
        trust = self._weights * totals / (totals + 0.3)
        shares = (counts / (totals + 1e-9) * trust).sum(axis=2) / (trust.sum(axis=1) + 0.02)
        plain = counts.sum(axis=2) / (totals.sum(axis=1) + 0.5)
        n = len(MEMORIES)
        at = _N_LEXICON
        out[places, at : at + n] = shares
        out[places, at + n : at + 2 * n] = plain
        out[places, at + 2 * n : at + 3 * n] = np.log1p(totals @ self._weights)
        out[places, at + 3 * n : at + 4 * n] = np.log1p(counts @ self._weights)
        out[places, -1] = view.simple
        return out

    def _of_article(self, answers: Sequence[Answer], name: str, long: str) -> np.ndarray:
        """Give the features that depend on the article: (n_answers, n_article_features)."""
        own = long.lower()
        others = [sure for other, sure in self._others.items() if other != own]
        is_short, n_words, expanded = float(_SHORT.match(name) is not None), len(name.split()), float(name != long)
        rows = []
        about_of, named = self._answers.about, self._named
        for answer in answers:
            about = about_of(answer)
            if len(answer) == 1:
                said = named.by_others(answer[0], own)
                total, best = (sum(said), max(said)) if said else (0.0, 0.0)
            else:
                evidence = [max(sure.get(row, 0.0) for row in answer) for sure in others]
                total, best = sum(evidence), max(evidence, default=0.0)
            likeness = math.log1p(float(about.prior @ self._weights)) if about.seen else 0.0
            known = (about.n_words, about.is_induced, self._induced, about.is_upper)
            rows.append((total, best, about.seen, likeness, is_short, expanded, n_words, *known))
        fixed = np.array(rows, np.float64)
        return np.concatenate([fixed, np.tile(self._weights, (len(answers), 1))], axis=1)

    def _kin(self, answers: Sequence[Answer], simple: np.ndarray, long: str) -> np.ndarray:
        """Tell what speaks for the broader and the narrower diseases of each answer: (n_answers, 4).

        The best simple score of a broader and of a narrower answer for the same name, and the same for the article's other names.
        """
        broader = self._answers.broader
        own = {a[0]: value for a, value in zip(answers, simple.tolist(), strict=True) if len(a) == 1}
        narrower: dict[int, float] = {}
        for row, value in own.items():
            for parent in broader(row):
                narrower[parent] = max(value, narrower.get(parent, 0.0))
        name = long.lower()
        rows = []
        named, children = self._named, self._narrower
        for answer in answers:  # few parents are among the answers or named in the article: most lists are empty
            parents = broader(answer[0]) if len(answer) == 1 else frozenset().union(*map(broader, answer))
            wider = [own[parent] for parent in parents if parent in own]
            closer = [narrower[row] for row in answer if row in narrower]
            said_of_parents = [named.best(parent, name) for parent in parents if parent in named]
            said_of_children = [children.best(row, name) for row in answer if row in children]
            rows.append([max(found) if found else 0.0 for found in (wider, closer, said_of_parents, said_of_children)])
        return np.array(rows)

    def _by_row(self) -> tuple[_Said, _Said]:
        """Sort the evidence by disease, and by the next broader diseases of each."""
        named, narrower = _Said(), _Said()
        for name, sure in self._others.items():
            for row, value in sure.items():
                named.add(row, name, value)
                for parent in self._answers.broader(row):
                    narrower.add(parent, name, value)
        return named, narrower


class _Said:
    """How sure the names of an article are of each disease, to be asked without one of the names."""

    def __init__(self) -> None:
        self._by_row: dict[int, dict[str, float]] = {}

    def add(self, row: int, name: str, value: float) -> None:
        by_name = self._by_row.setdefault(row, {})
        by_name[name] = max(value, by_name.get(name, 0.0))

    def __contains__(self, row: int) -> bool:
        return row in self._by_row

    def by_others(self, row: int, name: str) -> list[float]:
        by_name = self._by_row.get(row)
        return [value for other, value in by_name.items() if other != name] if by_name else []

    def best(self, row: int, name: str) -> float:
        return max(self.by_others(row, name), default=0.0)


_INDUCED = re.compile(r"induced|toxic|adverse|treatment|dose|administ")


def with_ranks(features: np.ndarray) -> np.ndarray:
    """Add how far each answer is behind the best of its name, for the features that compare."""
    if not len(features):
        return features
    compared = features[:, [*range(_VIEW_FEATURES - 1 - len(MEMORIES) * 4, _VIEW_FEATURES), _COSINE, 2 * _VIEW_FEATURES - 1]]
    tail = features[:, 2 * _VIEW_FEATURES : 2 * _VIEW_FEATURES + 4]
    both = np.concatenate([compared, tail], axis=1)
    return np.concatenate([features, both.max(axis=0) - both, np.full((len(features), 1), len(features))], axis=1)


def choose(trees: Trees, listed: Mapping[str, Candidates]) -> dict[str, Choice]:
    """Choose the likeliest answer of each name; a name without any answer is left out. The trees are asked once for all names."""
    asked = [(name, c) for name, c in listed.items() if c.answers]
    if not asked:
        return {}
    chances = trees.probabilities(np.concatenate([with_ranks(c.features) for _, c in asked]))
    chosen, start = {}, 0
    for name, c in asked:
        own = chances[start : start + len(c.answers)]
        start += len(c.answers)
        best = max(range(len(own)), key=lambda i: (round(float(own[i]), 9), [-row for row in c.answers[i]]))
        row = c.found[best]
        chosen[name] = Choice(c.answers[best], float(own[best]), row.matched, row.how)
    return chosen


def expand(name: str, short_forms: Mapping[str, str]) -> str:
    """Put long forms in for the short forms in a name."""
    if name in short_forms:
        return short_forms[name]
    if name.endswith("s") and name[:-1] in short_forms:
        return short_forms[name[:-1]]
    parts = _PIECES.split(name)
    return "".join(short_forms.get(part, part) for part in parts) if any(part in short_forms for part in parts) else name


def by_initials(names: Sequence[str]) -> dict[str, str]:
    """Give the long form of each short name whose letters are the initials of exactly one longer name: ``OAB``."""
    longer: dict[str, set[str]] = {}
    for name in names:
        words = _WORDS.findall(name)
        if len(words) > 1:
            longer.setdefault("".join(word[0] for word in words).upper(), set()).add(name.lower())
    shorts = {name: longer.get(name.rstrip("s"), set()) for name in names if _CAPITALS.fullmatch(name)}
    return {name: next(iter(longs)) for name, longs in shorts.items() if len(longs) == 1}


_WORDS = re.compile(r"[^\W_]+")
_CAPITALS = re.compile(r"[A-Z]{2,6}s?")
_PIECES = re.compile(r"([\s/(),]+)")
