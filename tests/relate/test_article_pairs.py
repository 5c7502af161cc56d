"""Pairs of whole articles: each once, with what speaks for it; those that no sentence names too."""

from __future__ import annotations

import numpy as np
import pytest

from genemine.annotate.sentences import split_sentences
from genemine.records import DISEASE, GENE, Link, Mention, Relation
from genemine.relate.article_pairs import FEATURES, NEVER, article_pairs, features

TEXT = "BRCA1 in breast cancer.\nBRCA1 was read. TP53 was not. Glioma is rare."
SENTENCES = split_sentences(TEXT)


def link(name: str, kind: str, curie: str, nth: int = 0) -> Link:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(name, start + 1)
    return Link(Mention("5", start, start + len(name), name, kind), curie, name)


LINKS = [
    link("BRCA1", GENE, "g:672"),
    link("BRCA1", GENE, "g:672", 1),
    link("TP53", GENE, "g:7157"),
    link("breast cancer", DISEASE, "d:1"),
    link("Glioma", DISEASE, "d:2"),
    link("read", DISEASE, ""),
]
RELATION = Relation("5", 0, 0, 23, TEXT[:23], LINKS[0], LINKS[3], 0.9)


def rows() -> dict[tuple[str, str], dict[str, float]]:
    found = features(SENTENCES, LINKS, [(("g:672", "d:1"), 0.9)])
    return {(g.curie, d.curie): dict(zip(FEATURES, row, strict=True)) for g, d, row in found}


def test_every_pair_of_linked_names_has_features() -> None:
    found = rows()
    assert sorted(found) == [("g:672", "d:1"), ("g:672", "d:2"), ("g:7157", "d:1"), ("g:7157", "d:2")]
    told = found["g:672", "d:1"]
    assert (told["n_together"], told["gene_in_title"], told["disease_in_title"], told["sentence_gap"]) == (1, 1, 1, 0)
    assert told["best"] == pytest.approx(np.log(9))
    assert (told["gene_rank"], told["gene_share"]) == (0, pytest.approx(2 / 3))
    never = found["g:7157", "d:2"]
    assert (never["best"], never["n_together"], never["sentence_gap"], never["disease_in_last"]) == (NEVER, 0, 1, 1)
    assert found["g:672", "d:2"]["gene_best"] == pytest.approx(np.log(9))  # of another disease


def test_an_article_gives_a_scored_pair_each() -> None:
    def model(given: np.ndarray) -> np.ndarray:
        return given[:, FEATURES.index("n_together")] * 0.5 + 0.1

    found = article_pairs("5", SENTENCES, LINKS, [RELATION], model)
    assert [(p.gene_curie, p.disease_curie, p.score, p.n_sentences) for p in found] == [
        ("g:672", "d:1", 0.6, 1),
        ("g:672", "d:2", 0.1, 0),
        ("g:7157", "d:1", 0.1, 0),
        ("g:7157", "d:2", 0.1, 0),
    ]
    assert article_pairs("5", SENTENCES, LINKS[:3], [], model) == []
