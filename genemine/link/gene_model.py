"""What was learnt of genes, ready to be applied: the species that an article's mentions mean, and the genes that its names mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from genemine.link import gene_features, gene_species
from genemine.link.gene_candidates import Candidate, GeneNames
from genemine.link.gene_features import HUMAN, OTHER, SPECIES_SPACE, ArticleView, Lookup, Ranked
from genemine.link.gene_forms import gene_tokens, stem
from genemine.link.gene_species import SpeciesView
from genemine.link.trees import Trees
from genemine.link.variants import gene_key

Span = tuple[int, int]


@dataclass(frozen=True)
class GeneModel:
    """``words`` float64 (buckets + 1,): the weight of each bucket of words for a human article, the bias last."""

    words: np.ndarray
    species: Trees
    ranker: Trees

    def tables(self) -> dict[str, np.ndarray]:
        """Give what :meth:`from_tables` reads."""
        return {"words": self.words.astype(np.float32), **self.species.arrays("species_"), **self.ranker.arrays("ranker_")}

    @classmethod
    def from_tables(cls, tables: Mapping[str, np.ndarray]) -> GeneModel:
        """Make the model of what :meth:`tables` gave."""
        return cls(tables["words"].astype(np.float64), Trees.from_arrays(tables, "species_"), Trees.from_arrays(tables, "ranker_"))


def word_chance(words: np.ndarray, view: SpeciesView) -> float:
    """Give the chance that an article is of human genes by its words alone."""
    buckets = np.array(view.buckets, np.int64)
    odds = float(words[buckets].sum()) / math.sqrt(max(1, len(buckets))) + float(words[-1])
    return 1 / (1 + math.exp(-odds))


def species_rows(text: str, view: SpeciesView, spans: Sequence[Span], chance: float, lookup: Lookup) -> np.ndarray:
    """Give the features of species, float64 (n_spans, len(gene_species.FEATURES))."""
    rows = []
    for start, end in spans:
        seen = dict(lookup(SPECIES_SPACE, gene_key(text[start:end])))
        learnt = [chance, math.log1p(seen.get(HUMAN, 0)), math.log1p(seen.get(OTHER, 0))]
        rows.append([*gene_species.species_features(view, text, start, end), *learnt])
    return np.array(rows).reshape(len(rows), len(gene_species.FEATURES))


def article_words(text: str) -> frozenset[str]:
    """Give the stems of an article's words, as the names of genes are stemmed."""
    return frozenset(stem(word) for word in gene_tokens(text) if len(word) > 3)


def candidate_rows(ranked: Ranked, human: float, human_article: float) -> np.ndarray:
    """Give the features of a name's candidates, float64 (n_candidates, len(gene_features.FEATURES))."""
    rows = [[*row, human, human_article] for row in ranked.rows]
    return np.array(rows).reshape(len(rows), len(gene_features.FEATURES))


@dataclass(frozen=True, slots=True)
class Choice:
    """The likeliest gene of a name, its chance to be right and the chance that the name is that of a human gene."""

    candidate: Candidate
    chance: float
    human: float


class ArticleChoices:
    """What each name of one article means; all mentions of one name mean the same."""

    def __init__(
        self, names: GeneNames, model: GeneModel, lookup: Lookup, text: str, spans: Sequence[Span], short_forms: Mapping[str, str]
    ) -> None:
        self._model = model
        mentions = [text[start:end] for start, end in spans]
        self._view = ArticleView(names, lookup, mentions, short_forms, article_words(text))
        species = gene_species.species_view(text, mentions)
        rows = species_rows(text, species, spans, word_chance(model.words, species), lookup)
        chances = model.species.probabilities(rows) if spans else np.zeros(0)
        self.human_article = float(chances.mean()) if spans else 1.0
        grouped: dict[str, list[float]] = {}
        for name, chance in zip(mentions, chances, strict=True):
            grouped.setdefault(name, []).append(float(chance))
        self.human = {name: sum(found) / len(found) for name, found in grouped.items()}
        self._choices = self._choose([(name, human) for name, human in self.human.items()])

    def of(self, name: str, like: str = "") -> Choice | None:
        """Give the choice for a name of the article, or for a part of the name ``like``; None where nothing is known of it."""
        key = name if name in self.human else f"{name}\t{like}"
        if key not in self._choices:
            human = self.human.get(like, self.human_article)
            self._choices[key] = next(iter(self._choose([(name, human)]).values()))
        return self._choices[key]

    def _choose(self, wanted: Sequence[tuple[str, float]]) -> dict[str, Choice | None]:
        ranked = [self._view.ranked(name) for name, _ in wanted]
        rows = [candidate_rows(r, human, self.human_article) for r, (_, human) in zip(ranked, wanted, strict=True)]
        if not rows:
            return {}
        chances = self._model.ranker.probabilities(np.concatenate(rows)) if any(len(r) for r in rows) else np.zeros(0)
        choices: dict[str, Choice | None] = {}
        at = 0
        for one, (name, human) in zip(ranked, wanted, strict=True):
            found = chances[at : at + len(one.candidates)]
            at += len(one.candidates)
            best = int(found.argmax()) if len(found) else -1
            choices[name] = Choice(one.candidates[best], float(found[best]), human) if best >= 0 else None
        return choices
