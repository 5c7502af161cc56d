"""Measure a pair classifier on labelled sentences, with the baselines it must beat beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from genemine.evaluate.baselines import TfidfClassifier
from genemine.evaluate.calibration import expected_calibration_error
from genemine.evaluate.ranking import RankingReport, report
from genemine.records import PairExample


class Scorer(Protocol):
    """What is measured; every ``PairClassifier`` is one."""

    @property
    def name(self) -> str:
        """Name and version."""

    @property
    def threshold(self) -> float:
        """The score from which an example counts as 1."""

    def score(self, examples: Sequence[PairExample]) -> list[float]:
        """Return the probability of label 1 for each example."""


@dataclass(frozen=True, slots=True)
class RelationEvaluation:
    """Figures of one classifier on one corpus.

    ``model`` is measured at the classifier's threshold, its ``always_yes_f1`` is the first baseline; ``logreg`` is the second, None
    without training sentences. ``calibration_error`` is the expected calibration error in [0, 1].
    """

    name: str
    model: RankingReport
    calibration_error: float
    logreg: RankingReport | None = None


def evaluate_relations(
    classifier: Scorer,
    examples: Sequence[PairExample],
    labels: Sequence[int],
    train: tuple[Sequence[PairExample], Sequence[int]] | None = None,
) -> RelationEvaluation:
    """Score ``examples`` and compare with ``labels``.

    Args:
        classifier: any pair classifier.
        examples: what it reads.
        labels: 0 or 1 for each example.
        train: examples and labels to fit the logistic regression on; None leaves that baseline out.

    Raises:
        RecordError: no examples, labels of another number, or a label neither 0 nor 1.
    """
    truth = np.asarray(labels)
    scores = np.asarray(classifier.score(examples), float)
    logreg = TfidfClassifier(*train) if train is not None else None
    return RelationEvaluation(
        name=classifier.name,
        model=report(truth, scores, classifier.threshold),
        calibration_error=expected_calibration_error(scores, truth),
        logreg=report(truth, np.asarray(logreg.score(examples)), logreg.threshold) if logreg else None,
    )
