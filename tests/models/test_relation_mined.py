"""Mined sentences: the nearest pairs are marked, nothing that is held out is among them."""

from __future__ import annotations

from genemine.models.leaks import HeldOut
from genemine.models.relation_mined import PAIRS_A_SENTENCE, examples_of
from genemine.records import DISEASE, GENE, TokenSpan

TOKENS = ["Loss", "of", "tumor", "protein", "p53", "and", "of", "RB1", "leads", "to", "breast", "cancer", "and", "glioma", "."]
SPANS = [TokenSpan(2, 5, GENE), TokenSpan(7, 8, GENE), TokenSpan(10, 12, DISEASE), TokenSpan(13, 14, DISEASE)]


def test_every_pair_is_marked_the_nearest_first() -> None:
    found = [" ".join(example.tokens) for example in examples_of(TOKENS, SPANS, HeldOut())]
    assert found == [
        "Loss of tumor protein p53 and of @GENE$ leads to @DISEASE$ and glioma .",
        "Loss of @GENE$ and of RB1 leads to @DISEASE$ and glioma .",
        "Loss of tumor protein p53 and of @GENE$ leads to breast cancer and @DISEASE$ .",
        "Loss of @GENE$ and of RB1 leads to breast cancer and @DISEASE$ .",
    ]


def test_a_list_of_genes_does_not_crowd_the_others_out() -> None:
    many = [TokenSpan(i, i + 1, GENE) for i in range(9)] + [TokenSpan(10, 12, DISEASE)]
    found = examples_of(TOKENS, many, HeldOut())
    assert len(found) == PAIRS_A_SENTENCE
    assert found[0].tokens[8] == "@GENE$"


def test_overlapping_names_are_no_pair() -> None:
    assert examples_of(TOKENS, [TokenSpan(10, 11, GENE), TokenSpan(10, 12, DISEASE)], HeldOut()) == []


def test_a_held_out_sentence_is_left_out() -> None:
    guard = HeldOut()
    guard.add("loss of tumor protein p53 and of @GENE$ leads to breast cancer and @DISEASE$.")
    assert examples_of(TOKENS, SPANS, guard) == []
