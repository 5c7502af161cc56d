"""Learn from documents how likely an article supports a pair, by its best supporting sentence and the number of these.

Scores are calibrated over sentences. A pair that many sentences name is related more often than not, and has many of these
sentences; so pair by pair, articles relate less often what they name than the scores of their sentences promise. What is fitted
here is :class:`~genemine.relate.measures.ArticleChance`, of which associations are summed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from genemine.evaluate.calibration import FLATTEST, fit_logistic, fit_platt, log_loss, log_odds, platt_scaled
from genemine.models.relation_biored import BioredDocument
from genemine.relate.cues import stance
from genemine.relate.measures import AS_IT_IS, MOST_CERTAIN, ArticleChance

FOLDS = 5  # of documents, over which the form is chosen
LEAST_PAIRS = 100  # fewer teach nothing
SUPPORTS = 0.5  # the score from which a sentence supports its pair


@dataclass(frozen=True)
class Supported:
    """Pairs that a sentence of their article supports, a row each.

    ``best`` float64 (n,), the best score of its supporting sentences; ``n_sentences`` int64 (n,), how many these are; ``labels``
    int64 (n,), 1 where the document relates the two; ``owners`` int64 (n,), the number of the document; ``keys`` gene and disease.
    """

    best: np.ndarray
    n_sentences: np.ndarray
    labels: np.ndarray
    owners: np.ndarray
    keys: list[tuple[str, str]]

    def rows(self, which: np.ndarray) -> Supported:
        """Give some of the rows, by a bool (n,)."""
        keys = [key for key, kept in zip(self.keys, which.tolist(), strict=True) if kept]
        return Supported(self.best[which], self.n_sentences[which], self.labels[which], self.owners[which], keys)

    def log_loss(self, chance: ArticleChance) -> float:
        """Give the mean negative log-likelihood of the labels."""
        return log_loss(chance(self.best, self.n_sentences), self.labels)


Scores = Sequence[Sequence[float]]  # of ``document.pairs()``, for each document


Form = Callable[[Supported], ArticleChance]


def supported(documents: Iterable[BioredDocument], scores: Scores, threshold: float = SUPPORTS) -> Supported:
    """Collect the pairs of documents whose sentences reach a threshold without a denial, as ``associate`` does."""
    found: list[tuple[int, tuple[str, str], int, list[float]]] = []  # document, pair, label, scores
    for number, (document, own) in enumerate(zip(documents, scores, strict=True)):
        reached: dict[tuple[str, str], list[float]] = {}
        for pair, score in zip(document.pairs(), own, strict=True):
            if score >= threshold and not stance(pair.example).negated:
                reached.setdefault((pair.gene.curie, pair.disease.curie), []).append(score)
        found += [(number, key, int(key in document.related), kept) for key, kept in reached.items()]
    return Supported(
        np.array([max(kept) for *_, kept in found], np.float64),
        np.array([len(kept) for *_, kept in found], np.int64),
        np.array([label for _, _, label, _ in found], np.int64),
        np.array([number for number, *_ in found], np.int64),
        [key for _, key, _, _ in found],
    )


def fit_scores(documents: Iterable[BioredDocument], scores: Scores) -> tuple[float, float]:
    """Find Platt's slope and shift that make scores right for sentences, as those of a bundle are for its devel part."""
    labels = [(pair.gene.curie, pair.disease.curie) in document.related for document in documents for pair in document.pairs()]
    return fit_platt(np.array([score for own in scores for score in own]), np.array(labels, np.int64))


def learn_article_chance(documents: Sequence[BioredDocument], scores: Scores) -> ArticleChance:
    """Learn from scores of classifiers that have not learnt from the document in question."""
    slope, shift = fit_scores(documents, scores)
    return fit_article_chance(supported(documents, [platt_scaled(own, slope, shift).tolist() for own in scores]))


def fit_article_chance(rows: Supported) -> ArticleChance:
    """Fit slope and shift, with or without the number of sentences; what has the least log-loss over documents left out is kept.

    The score stays as it is where that is best, and where there are too few pairs, or none of one label.

    Source: Platt (1999), "Probabilistic Outputs for Support Vector Machines", with the number of sentences as a second feature.
    """
    if len(rows.labels) < LEAST_PAIRS or rows.labels.min() == rows.labels.max():
        return AS_IT_IS
    forms: tuple[Form, ...] = (lambda _: AS_IT_IS, _by_score, _by_score_and_number)
    return min(forms, key=lambda form: _left_out(form, rows))(rows)


def _left_out(form: Form, rows: Supported) -> float:
    folds = rows.owners % FOLDS
    held = [(int((folds == fold).sum()), rows.rows(folds == fold), rows.rows(folds != fold)) for fold in np.unique(folds)]
    return sum(n * own.log_loss(form(others)) for n, own, others in held)


def _by_score(rows: Supported) -> ArticleChance:
    (slope,), shift = fit_logistic(_odds(rows)[:, None], rows.labels, [FLATTEST])
    return ArticleChance(slope, shift)


def _by_score_and_number(rows: Supported) -> ArticleChance:
    columns = np.column_stack([_odds(rows), np.log(rows.n_sentences)])
    (slope, repeats), shift = fit_logistic(columns, rows.labels, [FLATTEST, 0.0])
    return ArticleChance(slope, shift, repeats)


def _odds(rows: Supported) -> np.ndarray:
    return log_odds(np.minimum(rows.best, MOST_CERTAIN))
