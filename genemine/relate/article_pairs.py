"""Gene-disease pairs of a whole abstract, whether a sentence names both or not: what speaks for them beyond single sentences.

What a curator goes by: whether the title names both, how often each is named and how near to each other, what the best sentence
says, and what else the abstract is about. :data:`FEATURES` are these as numbers; trees learnt from BioRED make a chance of them
(:mod:`genemine.models.relation_articles`). A pair that never shares a sentence has no sentence score, so it ends lower.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from genemine.records import DISEASE, GENE, ArticlePair, Link, Relation, Sentence

FEATURES = (
    *("best", "second", "mean", "n_together", "gene_best", "disease_best", "behind_gene", "behind_disease"),
    *("gene_mentions", "disease_mentions", "gene_share", "disease_share", "gene_rank", "disease_rank"),
    *("gene_in_title", "disease_in_title", "gene_in_last", "disease_in_last", "sentence_gap", "distance"),
    *("n_genes", "n_diseases", "n_sentences", "n_pairs_together"),
)
NEVER = -8.0  # stands for the logit of a pair that no sentence names
_FAR = 30  # sentences
LEAST_SCORE = 0.05  # below it nothing is kept: most pairs of an abstract are of names that have nothing to do with each other

Key = tuple[str, str]
Model = Callable[[np.ndarray], np.ndarray]  # features float64 (n, len(FEATURES)) -> chances (n,)


@dataclass(frozen=True)
class _Named:
    """The mentions of one gene or disease in an article: first characters, sentences; ``rank`` in its kind, 0 the commonest."""

    link: Link
    starts: tuple[int, ...]
    sentences: frozenset[int]
    share: float
    rank: int


def article_pairs(
    pmid: str, sentences: Sequence[Sentence], links: Iterable[Link], relations: Iterable[Relation], model: Model
) -> list[ArticlePair]:
    """Score every pair of a linked gene and a linked disease of one article; by gene and disease.

    Args:
        pmid: of the article.
        sentences: of the article, the title first.
        links: of its mentions; those without identifier are passed over.
        relations: its pairs in sentences, scored.
        model: gives chances for features.
    """
    kept = list(relations)
    rows = list(features(sentences, links, [((r.gene.curie, r.disease.curie), r.score) for r in kept]))
    if not rows:
        return []
    chances = model(np.array([row for _, _, row in rows]))
    together: dict[Key, int] = defaultdict(int)
    for relation in kept:
        together[relation.gene.curie, relation.disease.curie] += 1
    return [
        ArticlePair(pmid, g.curie, g.name, d.curie, d.name, round(float(chance), 4), together[g.curie, d.curie])
        for (g, d, _), chance in zip(rows, chances, strict=True)
    ]


def features(
    sentences: Sequence[Sentence], links: Iterable[Link], scored: Iterable[tuple[Key, float]]
) -> Iterator[tuple[Link, Link, list[float]]]:
    """Give each pair of an article with its :data:`FEATURES`, by gene and disease.

    Args:
        sentences: of the article, the title first.
        links: of its mentions.
        scored: (gene, disease) and score of each pair in a sentence.
    """
    every = [link for link in links if link.curie]
    genes = _named(sentences, [link for link in every if link.mention.type == GENE])
    diseases = _named(sentences, [link for link in every if link.mention.type == DISEASE])
    logits: dict[Key, list[float]] = defaultdict(list)
    for key, score in scored:
        logits[key].append(_logit(score))
    best = {key: max(found) for key, found in logits.items()}
    best_of_gene: dict[str, float] = defaultdict(lambda: NEVER)
    best_of_disease: dict[str, float] = defaultdict(lambda: NEVER)
    for (one, other), value in best.items():
        best_of_gene[one] = max(value, best_of_gene[one])
        best_of_disease[other] = max(value, best_of_disease[other])
    last = len(sentences) - 1
    for gene_id, disease_id in product(sorted(genes), sorted(diseases)):
        gene, disease = genes[gene_id], diseases[disease_id]
        found = sorted(logits.get((gene_id, disease_id), ()), reverse=True)
        top = found[0] if found else NEVER
        row = [
            *(top, found[1] if len(found) > 1 else NEVER, sum(found) / len(found) if found else NEVER, float(len(found))),
            *(best_of_gene[gene_id], best_of_disease[disease_id], best_of_gene[gene_id] - top, best_of_disease[disease_id] - top),
            *(math.log1p(len(gene.starts)), math.log1p(len(disease.starts)), gene.share, disease.share),
            *(float(gene.rank), float(disease.rank), float(0 in gene.sentences), float(0 in disease.sentences)),
            *(float(last in gene.sentences), float(last in disease.sentences)),
            float(min(_FAR, _gap(gene.sentences, disease.sentences))),
            math.log1p(_gap(gene.starts, disease.starts)),
            *(math.log1p(len(genes)), math.log1p(len(diseases)), float(len(sentences)), math.log1p(len(best))),
        ]
        yield gene.link, disease.link, row


def _named(sentences: Sequence[Sentence], links: Sequence[Link]) -> dict[str, _Named]:
    grouped: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        grouped[link.curie].append(link)
    commonest = sorted(grouped, key=lambda curie: (-len(grouped[curie]), curie))
    made = {}
    for rank, curie in enumerate(commonest):
        own = grouped[curie]
        starts = tuple(sorted({link.mention.start for link in own}))
        within = frozenset(_sentence_of(sentences, start) for start in starts)
        made[curie] = _Named(own[0], starts, within, len(own) / len(links), rank)
    return made


def _sentence_of(sentences: Sequence[Sentence], start: int) -> int:
    return next((sentence.index for sentence in sentences if start < sentence.end), len(sentences) - 1)


def _gap(first: Iterable[int], second: Iterable[int]) -> int:
    others = list(second)
    return min(abs(a - b) for a in first for b in others)


def _logit(score: float) -> float:
    inside = min(max(score, 1e-4), 1 - 1e-4)
    return math.log(inside / (1 - inside))
