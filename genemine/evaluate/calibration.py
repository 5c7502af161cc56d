"""How far a score is a probability, and the temperature that makes it one.

Source: Guo, Pleiss, Sun, Weinberger (2017), "On Calibration of Modern Neural Networks", ICML, arXiv:1706.04599.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import minimize_scalar

N_BINS = 15  # Guo et al. 2017
HOTTEST = 10.0  # temperatures are sought from 1 / HOTTEST to HOTTEST
SMALLEST = 1e-6  # probabilities are kept this far from 0 and 1 where their logarithm is taken


def expected_calibration_error(probabilities: Sequence[float] | np.ndarray, outcomes: Sequence[int] | np.ndarray) -> float:
    """Give the mean gap between score and share of hits over 15 equal bins of score, weighted by their size.

    Args:
        probabilities: float (n,), in [0, 1].
        outcomes: 0 or 1 (n,).

    Returns:
        In [0, 1]; 0 for no data.
    """
    p, y = np.asarray(probabilities, float), np.asarray(outcomes, float)
    if not len(p):
        return 0.0
    bins = np.minimum((p * N_BINS).astype(int), N_BINS - 1)
    gaps = np.bincount(bins, p - y, N_BINS)
    return float(np.abs(gaps).sum() / len(p))


def log_loss(probabilities: Sequence[float] | np.ndarray, outcomes: Sequence[int] | np.ndarray) -> float:
    """Give the mean negative log-likelihood of the outcomes, natural log."""
    p = np.clip(np.asarray(probabilities, float), SMALLEST, 1 - SMALLEST)
    y = np.asarray(outcomes, float)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def best_temperature(loss: Callable[[float], float]) -> float:
    """Find the temperature with the least ``loss(temperature)`` between 1/10 and 10, searched on a log scale."""
    bound = float(np.log(HOTTEST))
    found = minimize_scalar(lambda x: loss(float(np.exp(x))), bounds=(-bound, bound), method="bounded", options={"xatol": 1e-2})
    return float(np.exp(found.x))


def binary_temperature(logits: Sequence[float] | np.ndarray, outcomes: Sequence[int] | np.ndarray) -> float:
    """Find the temperature t with the least log-loss of ``sigmoid(logits / t)``."""
    z = np.asarray(logits, float)
    return best_temperature(lambda t: log_loss(1.0 / (1.0 + np.exp(-np.clip(z / t, -30, 30))), outcomes))
