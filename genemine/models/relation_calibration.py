"""From logits to probabilities, and the thresholds of the pair classifier."""

from __future__ import annotations

import numpy as np

from genemine.evaluate.calibration import binary_temperature, log_loss
from genemine.evaluate.ranking import matched_threshold, precise_threshold, sensitive_threshold
from genemine.models.relation import Calibration

HIGH_PRECISION, HIGH_RECALL = 0.9, 0.95  # what the thresholds of these names promise


def calibrated(logits: np.ndarray, labels: np.ndarray, precision: float = 0.0) -> Calibration:
    """Fit temperature and Platt scaling, keep the better, and find the threshold (see :class:`PairRecipe`).

    Labels are drawn in a little from 0 and 1, as Platt does, so that logits that part the labels perfectly are no certainties.
    Platt scaling has one number more, so it must lower the log-loss by more than 1 / n (Akaike) to be kept.
    Source: Platt (1999), "Probabilistic Outputs for Support Vector Machines".
    """
    z, positive = np.asarray(logits, float), np.asarray(labels) == 1
    y = np.where(positive, (positive.sum() + 1) / (positive.sum() + 2), 1 / ((~positive).sum() + 2))
    plain = Calibration(slope=1.0 / binary_temperature(z, y))
    slope, intercept = _platt(z, y)
    platt = Calibration(slope, intercept)
    gain = log_loss(plain.probability(z), y) - log_loss(platt.probability(z), y)
    chosen = platt if gain > 1.0 / len(z) and slope > 0 else plain
    scores = chosen.probability(z)
    threshold = precise_threshold(scores, precision) if precision else matched_threshold(labels, scores)
    precise, sensitive = precise_threshold(scores, HIGH_PRECISION), sensitive_threshold(scores, HIGH_RECALL)
    return Calibration(chosen.slope, chosen.intercept, threshold, max(precise, threshold), min(sensitive, threshold))


def _platt(z: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    from scipy.optimize import minimize

    def loss(ab: np.ndarray) -> float:
        return log_loss(Calibration(float(ab[0]), float(ab[1])).probability(z), y)

    found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-7})
    return float(found.x[0]), float(found.x[1])
