"""What is learnt of articles: a known law is found again, and nothing is made of too little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genemine.annotate.sentences import split_sentences
from genemine.models.relation_article_chance import Supported, fit_article_chance, fit_scores, learn_article_chance, supported
from genemine.models.relation_biored import BioredDocument
from genemine.records import DISEASE, GENE, Link, Mention
from genemine.relate.measures import AS_IT_IS, ArticleChance

TEXT = "BRCA1 causes cancer. We saw BRCA1 in cancer. We found no association of BRCA1 with cancer."


def drawn(law: ArticleChance, n: int) -> Supported:
    """Pairs of n documents whose labels follow a law."""
    draw = np.random.default_rng(4)
    best, counts = draw.uniform(0.5, 0.99, n), draw.integers(1, 5, n)
    labels = (draw.random(n) < law(best, counts)).astype(np.int64)
    return Supported(best, counts, labels, np.arange(n), [("g", "d")] * n)


def test_a_law_is_found_again() -> None:
    law = ArticleChance(0.8, -0.9, 1.2)
    found = fit_article_chance(drawn(law, 20_000))
    assert (found.slope, found.shift, found.repeats) == pytest.approx((0.8, -0.9, 1.2), abs=0.1)


def test_the_number_of_sentences_counts_only_where_it_helps() -> None:
    assert fit_article_chance(drawn(ArticleChance(0.8, -0.9), 2_000)).repeats == pytest.approx(0, abs=0.1)


def test_a_score_stays_where_it_is_right_or_where_there_is_too_little_to_learn_from() -> None:
    assert fit_article_chance(drawn(AS_IT_IS, 400)) == AS_IT_IS
    few = drawn(ArticleChance(0.8, -0.9, 1.2), 400)
    assert fit_article_chance(few.rows(few.owners < 99)) == AS_IT_IS
    assert fit_article_chance(replace(few, labels=np.ones(400, np.int64))) == AS_IT_IS


def test_denials_and_sentences_below_the_threshold_support_nothing() -> None:
    links = [
        Link(Mention("1", at, at + len(name), name, kind), curie)
        for name, kind, curie in (("BRCA1", GENE, "g"), ("cancer", DISEASE, "d"))
        for at in range(len(TEXT))
        if TEXT.startswith(name, at)
    ]
    related = BioredDocument("1", split_sentences(TEXT), links, frozenset({("g", "d")}))
    other = replace(related, related=frozenset())
    found = supported([related, other, other], [[0.7, 0.9, 0.99], [0.6, 0.4, 0.2], [0.1, 0.4, 0.99]])
    assert (found.best.tolist(), found.n_sentences.tolist(), found.labels.tolist(), found.owners.tolist(), found.keys) == (
        [0.9, 0.6],
        [2, 1],
        [1, 0],
        [0, 1],
        [("g", "d")] * 2,
    )
    documents, scores = [related, other] * 60, [[0.7, 0.9, 0.99], [0.6, 0.4, 0.2]] * 60
    slope, shift = fit_scores(documents, scores)
    assert slope > 0
    assert shift < 0  # three sentences of each: scores of 0.6 are as often wrong as those of 0.9 are right
    assert learn_article_chance(documents, scores) == AS_IT_IS  # so right, only related pairs are left above the threshold
