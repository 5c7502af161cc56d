"""Strict scores of found mentions: a mention counts when its first token, last token and type are those of a gold mention."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True)
class SpanScores:
    """Counts of true positives, false positives and false negatives, and what follows from them, in [0, 1]."""

    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float:
        """Share of found mentions that are gold; 0 where none was found."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        """Share of gold mentions that were found; 0 where there is none."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp else 0.0


def score_spans(gold: Iterable[AbstractSet[Hashable]], found: Iterable[AbstractSet[Hashable]]) -> SpanScores:
    """Compare found with gold spans, one set a sentence (or a document) in the same order.

    Raises:
        ValueError: the two have different numbers of sentences.
    """
    tp = fp = fn = 0
    for want, have in zip(gold, found, strict=True):
        both = len(want & have)
        tp += both
        fp += len(have) - both
        fn += len(want) - both
    return SpanScores(tp, fp, fn)
