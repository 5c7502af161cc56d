"""Strict scores count exact spans only."""

from __future__ import annotations

import pytest

from genemine.evaluate.spans import SpanScores, score_spans


def test_only_the_very_same_span_counts():
    gold = [{(0, 2, "Gene"), (4, 5, "Disease")}, {(1, 2, "Gene")}, set()]
    found = [{(0, 2, "Gene"), (4, 6, "Disease")}, {(1, 2, "Disease")}, {(0, 1, "Gene")}]
    scores = score_spans(gold, found)
    assert scores == SpanScores(tp=1, fp=3, fn=2)
    assert scores.precision == 1 / 4
    assert scores.recall == 1 / 3
    assert scores.f1 == 2 / 7


def test_nothing_found_and_nothing_to_find_is_zero_not_an_error():
    scores = score_spans([set()], [set()])
    assert (scores.precision, scores.recall, scores.f1) == (0.0, 0.0, 0.0)


def test_lists_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        score_spans([set(), set()], [set()])
