"""Learn from BioRED which pairs of a whole abstract a curator relates: boosted trees over :mod:`genemine.relate.article_pairs`.

The trees are given what sentences say as scores of classifiers that have not learnt from the article in question (folds of
articles), else they would trust the shipped one more on articles that nobody has labelled than it deserves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from genemine.config import TrainSettings
from genemine.evaluate.ranking import best_threshold
from genemine.link.trees import Trees
from genemine.models.boosting import grow
from genemine.models.relation_article_chance import learn_article_chance
from genemine.models.relation_article_model import ArticleModel
from genemine.models.relation_biored import BioredDocument
from genemine.models.relation_data import cut_devel
from genemine.models.relation_training import STANDARD, PairRecipe, train_pair_classifier
from genemine.models.vectors import WordVectors
from genemine.relate.article_pairs import Key, features
from genemine.relate.classify import PairClassifier
from genemine.sources.pair_corpus import LabelledSentence, bare_text, without_copies

FOLDS = 5
N_TREES, N_LEAVES, LEAST = 60, 4, 20  # chosen by log-loss and AUPRC over the folds; 120 trees of 8 leaves promised too much

Scored = list[tuple[Key, float]]


def learn_articles(
    documents: Sequence[BioredDocument], vectors: WordVectors | None, settings: TrainSettings, recipe: PairRecipe = STANDARD
) -> ArticleModel:
    """Learn from documents; the same ones give the same model.

    Raises:
        RecordError: there are too few of them.
    """
    scored = scores_left_out(documents, vectors, settings, recipe)
    rows, labels, owners = table(documents, scored)
    chances = chances_left_out(rows, labels, owners)
    support = learn_article_chance(documents, [[score for _, score in own] for own in scored])
    return ArticleModel(_grown(rows, labels), best_threshold(labels.astype(np.int64), chances), support)


def chances_left_out(rows: np.ndarray, labels: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Give the chance of each row of :func:`table` by trees that learnt from the documents of other folds, float64 (n,)."""
    chances = np.zeros(len(rows))
    for fold in range(FOLDS):
        own = owners % FOLDS == fold
        chances[own] = _grown(rows[~own], labels[~own]).probabilities(rows[own])
    return chances


def scores_left_out(
    documents: Sequence[BioredDocument], vectors: WordVectors | None, settings: TrainSettings, recipe: PairRecipe
) -> list[Scored]:
    """Score the sentences of each document by a classifier that learnt from the other folds."""
    pairs = [list(document.pairs()) for document in documents]
    sentences = [
        [LabelledSentence(" ".join(p.example.tokens), int((p.gene.curie, p.disease.curie) in document.related)) for p in own]
        for document, own in zip(documents, pairs, strict=True)
    ]
    found: list[Scored] = [[] for _ in documents]
    for fold in range(FOLDS):
        held = [s for i, own in enumerate(sentences) if i % FOLDS == fold for s in own]
        others = without_copies([s for i, own in enumerate(sentences) if i % FOLDS != fold for s in own], held, bare_text)
        train, devel = cut_devel(others, settings.seed)
        classifier = train_pair_classifier(train, devel, replace(settings, seed=settings.seed + fold), recipe, vectors=vectors)
        for i in range(fold, len(documents), FOLDS):
            found[i] = scored_pairs(documents[i], classifier.classifier)
    return found


def scored_pairs(document: BioredDocument, classifier: PairClassifier) -> Scored:
    """Score the pairs of a document's sentences."""
    pairs = list(document.pairs())
    scores = classifier.score([pair.example for pair in pairs])
    return [((pair.gene.curie, pair.disease.curie), score) for pair, score in zip(pairs, scores, strict=True)]


def table(documents: Sequence[BioredDocument], scored: Iterable[Scored]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give features float64 (n, features), labels float64 (n,), and the number of the document of each pair, int64 (n,)."""
    made = list(_rows(documents, scored))
    return (
        np.array([row for row, _, _ in made]),
        np.array([label for _, label, _ in made], np.float64),
        np.array([owner for _, _, owner in made], np.int64),
    )


def _rows(documents: Sequence[BioredDocument], scored: Iterable[Scored]) -> Iterator[tuple[list[float], bool, int]]:
    for number, (document, own) in enumerate(zip(documents, scored, strict=True)):
        for gene, disease, row in features(document.sentences, document.links, own):
            yield row, (gene.curie, disease.curie) in document.related, number


def _grown(rows: np.ndarray, labels: np.ndarray) -> Trees:
    return grow(rows, labels, np.ones(len(labels)), n_trees=N_TREES, n_leaves=N_LEAVES, least=LEAST)
