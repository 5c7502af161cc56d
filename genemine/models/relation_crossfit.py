"""Calibration and threshold judged where they were not fitted: each half of a devel part by what the other half gave.

A bundle's calibration is fitted on all of its devel part, so figures of the same part flatter it. These do not in that regard; the
nets are the same, and the devel part did choose their epoch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genemine.evaluate.calibration import ReliabilityBin, expected_calibration_error, reliability
from genemine.evaluate.ranking import count
from genemine.models.relation_calibration import calibrated

STRETCHES = 20


@dataclass(frozen=True, slots=True)
class CrossFit:
    """Figures over both halves, each called at the other's threshold; ``thresholds`` are those that each half gave.

    ``bins`` are what the scores promise and what is true, for a picture of it.
    """

    precision: float
    recall: float
    f1: float
    mcc: float
    calibration_error: float
    thresholds: tuple[float, float]
    bins: tuple[ReliabilityBin, ...]


def cross_fit(logits: np.ndarray, labels: np.ndarray, precision: float = 0.0) -> CrossFit:
    """Fit on each half, measure on the other.

    The halves are every other one of up to 20 stretches: the sentences of few documents stand in both, and both are like the whole.

    Args:
        logits: float (n,), in the order of the corpus.
        labels: 0 or 1 (n,).
        precision: as training used it.
    """
    stretch = -(-len(labels) // STRETCHES)
    second = np.arange(len(labels)) // stretch % 2 == 1
    fits = [calibrated(logits[half], labels[half], precision) for half in (~second, second)]
    scores = np.where(second, fits[0].probability(logits), fits[1].probability(logits))
    called = scores >= np.where(second, fits[0].threshold, fits[1].threshold)
    counts = count(labels, called)
    return CrossFit(
        precision=counts.precision,
        recall=counts.recall,
        f1=counts.f1,
        mcc=counts.mcc,
        calibration_error=expected_calibration_error(scores, labels),
        thresholds=(fits[0].threshold, fits[1].threshold),
        bins=tuple(reliability(scores, labels)),
    )
