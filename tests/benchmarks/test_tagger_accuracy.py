"""The lines and keys of the accuracy benchmark."""

from __future__ import annotations

from benchmarks.tagger_accuracy import comparison, figures_of, told
from genemine.evaluate.spans import SpanScores


def test_figures_are_rounded_and_named_by_their_corpus():
    assert figures_of("bc2gm", SpanScores(tp=2, fp=1, fn=2)) == {"bc2gm_f1": 0.5714, "bc2gm_precision": 0.6667, "bc2gm_recall": 0.5}


def test_tables_tell_gold_counts_and_leave_unknown_figures_open():
    assert told("BC2GM", SpanScores(1, 1, 3), "gene").split() == ["BC2GM", "0.5000", "0.2500", "0.3333", "4", "gene"]
    lines = comparison(("one", "two"), {"peer": (81.5, None)})
    assert [line.split() for line in lines] == [["F1", "of", "one", "two"], ["peer", "81.50", "-"]]
