"""The numbers of an association: its combined probability, tests of chance, the score of co-occurrence, and what is recent.

The SQL of :mod:`genemine.relate.associate` uses the same constants; tests hold the two against each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import false_discovery_control, hypergeom

# The power of the rank by which further articles count less: see combined().
DAMPING = 1.5
# The power of the lift by which the odds of a combined probability are moved, and the articles added to found and expected: see
# moved() and lift(). Chosen, as DAMPING was, on curated pairs of one half of the genes (docs/experiments-relations.md).
LIFT_POWER, LIFT_SHRINK = 1.5, 0.5
# The least score of an association that no sentence supports.
LEAST_IMPLIED = 0.1
# No sentence is taken as more certain, so that no association is ever certain.
MOST_CERTAIN = 1 - 1e-5
# Weights of an article and of a sentence that name both, and the power of the raw count: see cooccurrence().
ARTICLE_WEIGHT, SENTENCE_WEIGHT, COUNT_POWER = 3.0, 0.2, 0.6
# Years up to the corpus's newest that are recent.
RECENT_YEARS = 3
# In a candidate's rank an association halves each time its newest article is this many years older.
HALF_LIFE = 10.0
REVIEWS = ("Review", "Systematic Review", "Meta-Analysis")


@dataclass(frozen=True)
class ArticleChance:
    """How likely an article supports a pair, by its best sentence score s and the number n of its supporting sentences.

    The odds are ``exp(shift) * (s / (1 - s)) ** slope * n ** repeats``. A pair that one sentence of an abstract names is related
    less often than the score of that sentence says, one that many name more often: sentences are no independent draws, and scores
    are right for sentences, of which such a pair has many. As it is here, the chance is the score.
    """

    slope: float = 1.0
    shift: float = 0.0
    repeats: float = 0.0

    def __call__(self, best: ArrayLike, n_sentences: ArrayLike) -> np.ndarray:
        """Give the chance for scores in [0, 1] and numbers from 1 on, float64 of their shape."""
        s = np.minimum(np.asarray(best, np.float64), MOST_CERTAIN)
        odds = math.exp(self.shift) * (s / (1 - s)) ** self.slope * np.asarray(n_sentences, np.float64) ** self.repeats
        return np.asarray(odds / (1 + odds))


AS_IT_IS = ArticleChance()


def combined(scores: Iterable[float]) -> float:
    """Combine the chance of each article to one probability that does not saturate with repetition.

    With the chances sorted from the highest, ``1 - Π (1 - p_k) ** (k ** -DAMPING)``: a noisy-or in which the k-th best article has
    the weight k^-DAMPING. A hundred articles that repeat one finding are not a hundred independent ones. It rises with every score
    and does not depend on their order; it is at least the best score; and as the weights have a finite sum (2.61 for 1.5), weak
    articles reach a limit, 1 - (1 - p)^2.61, however many they are.

    Args:
        scores: one an article, in [0, 1].

    Returns:
        a number in [0, 1), 0 without scores.

    Source: noisy-or (Pearl 1988, Probabilistic Reasoning in Intelligent Systems); weights by rank as in the harmonic sum of Open
    Targets (Koscielny et al. 2017, Nucleic Acids Research 45:D985-D994), which has k^-2 and adds scores instead of log-odds.
    """
    ordered = sorted((min(score, MOST_CERTAIN) for score in scores), reverse=True)
    return -math.expm1(sum(math.log1p(-score) / k**DAMPING for k, score in enumerate(ordered, start=1)))


def lift(together: float, first: float, second: float, total: float) -> float:
    """Tell how many times as often as by chance two things are named together, drawn to 1 where there is little to count.

    ``(C + s) / (C_g. C_.d / C.. + s)`` with the counts of :func:`cooccurrence`; s is worth LIFT_SHRINK articles. Two things that
    all the world names are less likely to have been named together for a reason.

    Args:
        together: C of the pair.
        first: sum of C over all pairs of its gene.
        second: sum over all pairs of its disease.
        total: sum over all pairs.
    """
    shrink = LIFT_SHRINK * ARTICLE_WEIGHT
    return (together + shrink) / (first * second / total + shrink)


def moved(probability: float, by: float) -> float:
    """Multiply the odds of a probability by a power of the lift: Bayes' rule with the lift as the prior's odds."""
    weight = by**LIFT_POWER
    return probability * weight / (probability * weight + 1 - probability)


def cooccurrence(together: float, first: float, second: float, total: float) -> float:
    """Score how often two things are named together, beside how often each is named with anything.

    ``C^a (C C.. / (C_g. C_.d))^(1 - a)`` with a = 0.6. C is the weighted count of a pair: 3.0 for each article that names both,
    0.2 more where one of its sentences does. It takes no notice of what the sentences say: the baseline to be better than.

    Args:
        together: C of the pair.
        first: sum of C over all pairs of its gene.
        second: sum over all pairs of its disease.
        total: sum over all pairs.

    Source: Pletscher-Frankild et al. 2015, Methods 74:83-89 (DISEASES), for abstracts, where paragraph and article are one.
    """
    return float(together**COUNT_POWER * (together * total / (first * second)) ** (1 - COUNT_POWER))


def fisher_p_values(together: ArrayLike, first: ArrayLike, second: ArrayLike, n_articles: int) -> np.ndarray:
    """Test whether two things are named together more often than chance would have it.

    Args:
        together: (n_pairs,) articles with a sentence that names both.
        first: (n_pairs,) articles that mention the first of the pair.
        second: (n_pairs,) articles that mention the second.
        n_articles: all articles.

    Returns:
        (n_pairs,) one-sided p values in [0, 1]: the probability of as many articles or more, were the two named independently.

    Source: Fisher's exact test, the upper tail of the hypergeometric distribution.
    """
    if not np.size(together):
        return np.zeros(0)
    # equal counts are asked once: most pairs are of one article
    counts, where = np.unique(np.column_stack([together, first, second]), axis=0, return_inverse=True)
    both = counts[:, 0]
    one, other = np.maximum(counts[:, 1], both), np.maximum(counts[:, 2], both)
    total = np.maximum(n_articles, np.maximum(one, other))
    return np.asarray(np.clip(hypergeom.sf(both - 1, total, one, other), 0.0, 1.0)[where.ravel()])


def q_values(p_values: np.ndarray) -> np.ndarray:
    """Give for each p value the share of false finds among all pairs with one as small.

    Source: Benjamini & Hochberg 1995, Journal of the Royal Statistical Society B 57:289-300.
    """
    return np.asarray(false_discovery_control(p_values)) if len(p_values) else np.zeros(0)
