from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.config import RelateSettings
from genemine.records import DISEASE, GENE, Attended, Link, Mention, PairExample, Relation, Sentence, Token
from genemine.relate.classify import CoOccurrence, PairClassifier, classify, support_threshold
from genemine.relate.cues import Stance
from genemine.relate.pairs import Pair, mark, places

TEXT = "BRCA1 may cause breast cancer"
SENTENCE = Sentence(3, 10, 39, TEXT)
BRCA1 = Link(Mention("7", 10, 15, "BRCA1", GENE, sentence_index=3), "ncbigene:672", "BRCA1")
CANCER = Link(Mention("7", 26, 39, "breast cancer", DISEASE, sentence_index=3), "mesh:D001943", "Breast Neoplasms")


def pair(*tokens: str) -> Pair:
    return Pair("7", SENTENCE, BRCA1, CANCER, PairExample(tokens))


class ByLength:
    """Scores a sentence by its number of tokens and remembers how it was asked."""

    name = "by-length 1"
    threshold = 0.3
    thresholds: ClassVar[dict[str, float]] = {"balanced": 0.3, "high_precision": 0.8, "high_recall": 0.1}

    def __init__(self) -> None:
        self.batches: list[int] = []

    def score(self, examples: Sequence[PairExample]) -> list[float]:
        self.batches.append(len(examples))
        return [len(one.tokens) / 10 for one in examples]


def test_a_pair_becomes_a_relation_with_score_stance_and_model() -> None:
    (relation,) = classify([pair("@GENE$", "may", "cause", "@DISEASE$")], ByLength())
    said = Relation("7", 3, 10, 39, TEXT, BRCA1, CANCER, 0.4, False, True, "may", "by-length 1", speculated_score=1.0)
    assert relation == said


def test_who_tells_the_stance_can_be_chosen() -> None:
    said = Stance(True, False, "may", 0.8, 0.1)
    (relation,) = classify([pair("@GENE$", "may", "cause", "@DISEASE$")], ByLength(), says=lambda _: said)
    found = (relation.negated, relation.speculative, relation.cue, relation.denied_score, relation.speculated_score)
    assert found == (True, False, "may", 0.8, 0.1)


def test_attention_falls_on_the_characters_of_its_tokens_and_of_the_whole_mentions() -> None:
    class Attends(ByLength):
        def attend(self, examples: Sequence[PairExample]) -> tuple[list[float], list[list[int]]]:
            return self.score(examples), [[40, 0, 7, 51]] * len(examples)

    tokens = tuple(Token(TEXT[start:end], 10 + start, 10 + end) for start, end in ((0, 5), (6, 9), (10, 15), (16, 22), (23, 29)))
    read = dataclasses.replace(SENTENCE, tokens=tokens)
    asked = Pair("7", read, BRCA1, CANCER, PairExample(("@GENE$", "may", "cause", "@DISEASE$")))
    (relation,) = classify([asked], Attends())
    assert relation.attention == (Attended(0, 5, 40), Attended(10, 15, 7), Attended(16, 29, 51))
    with pytest.raises(ValueError, match="longer"):
        list(classify([pair("@GENE$", "may", "cause", "@DISEASE$")], Attends()))


@given(
    st.lists(st.integers(0, 30), min_size=2, max_size=12, unique=True),
    st.lists(st.integers(0, 30), min_size=4, max_size=4, unique=True),
    st.booleans(),
)
def test_a_place_for_each_token_of_an_example_none_over_another(cuts: list[int], ends: list[int], swap: bool) -> None:
    """Also where a mention begins or ends within a token, or two share one."""
    text = "abcdefghijklmnopqrstuvwxyz0123456"
    cuts.sort()
    tokens = tuple(Token(text[a:b], 5 + a, 5 + b) for a, b in pairwise(cuts))
    spans = sorted(ends)
    first, second = ((spans[0], spans[1]), (spans[2], spans[3]))
    gene, disease = (second, first) if swap else (first, second)
    links = [Link(Mention("1", 5 + at[0], 5 + at[1], text[slice(*at)], kind)) for at, kind in ((gene, GENE), (disease, DISEASE))]
    sentence = Sentence(0, 5, 5 + len(text), text, tokens)
    marked = mark(sentence, ((5 + gene[0], 5 + gene[1], "@GENE$"), (5 + disease[0], 5 + disease[1], "@DISEASE$")))
    found = places(Pair("1", sentence, *links, PairExample(marked)))
    assert len(found) == len(marked)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(found))
    for token, at in zip(marked, found, strict=True):
        assert (token, at) in (("@GENE$", gene), ("@DISEASE$", disease), (text[slice(*at)], at))


def test_pairs_are_scored_in_batches_and_keep_their_order() -> None:
    classifier = ByLength()
    pairs = [pair(*["w"] * n) for n in (5, 1, 4, 2, 3)]
    relations = list(classify(iter(pairs), classifier, RelateSettings(batch_size=2)))
    assert [relation.score for relation in relations] == [0.5, 0.1, 0.4, 0.2, 0.3]
    assert classifier.batches == [2, 2, 1]


def test_nothing_to_score_asks_nothing() -> None:
    classifier = ByLength()
    assert list(classify([], classifier)) == []
    assert classifier.batches == []


def test_a_classifier_that_loses_a_score_is_found_out() -> None:
    class Short(ByLength):
        def score(self, examples: Sequence[PairExample]) -> list[float]:
            return super().score(examples)[1:]

    with pytest.raises(ValueError, match="shorter"):
        list(classify([pair("a")], Short()))


def test_co_occurrence_calls_every_pair_associated() -> None:
    baseline: PairClassifier = CoOccurrence()
    (relation,) = classify([pair("@GENE$", "@DISEASE$")], baseline)
    assert relation.score == pytest.approx(0.5255, abs=1e-4)
    assert relation.score >= support_threshold(baseline, RelateSettings())


def test_the_users_threshold_goes_before_that_of_the_classifier() -> None:
    assert support_threshold(ByLength(), RelateSettings()) == 0.3
    assert support_threshold(ByLength(), RelateSettings(use="high_precision")) == 0.8
    assert support_threshold(ByLength(), RelateSettings(min_score=0.0, use="high_precision")) == 0.0
