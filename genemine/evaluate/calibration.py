"""How far a score is a probability, and the temperature, scale and shift that make it one.

Sources: Guo, Pleiss, Sun, Weinberger (2017), "On Calibration of Modern Neural Networks", ICML, arXiv:1706.04599; Platt (1999),
"Probabilistic Outputs for Support Vector Machines".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

N_BINS = 15  # Guo et al. 2017
HOTTEST = 10.0  # temperatures are sought from 1 / HOTTEST to HOTTEST
SMALLEST = 1e-6  # probabilities are kept this far from 0 and 1 where their logarithm is taken
FLATTEST = 0.05  # least slope of the log-odds, so that a larger score never means a smaller chance


@dataclass(frozen=True)
class ReliabilityBin:
    """The scores between ``low`` and ``high``: how many, their mean, and the share of them that are hits."""

    low: float
    high: float
    n: int
    mean_score: float
    share_right: float


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


def reliability(probabilities: Sequence[float] | np.ndarray, outcomes: Sequence[int] | np.ndarray) -> list[ReliabilityBin]:
    """List the bins of :func:`expected_calibration_error` that hold anything."""
    p, y = np.asarray(probabilities, float), np.asarray(outcomes, float)
    bins = np.minimum((p * N_BINS).astype(int), N_BINS - 1)
    inside = [(b, bins == b) for b in range(N_BINS)]
    return [
        ReliabilityBin(b / N_BINS, (b + 1) / N_BINS, int(here.sum()), float(p[here].mean()), float(y[here].mean()))
        for b, here in inside
        if here.any()
    ]


def least_error(probabilities: Sequence[float] | np.ndarray, rounds: int = 200, seed: int = 0) -> float:
    """Give the calibration error that these scores would show on average if each were exactly right.

    So few mentions lie in a bin that chance alone parts score and share of hits; an error near this one cannot be told from none.
    Simulated ``rounds`` times.
    """
    p = np.asarray(probabilities, float)
    draw = np.random.default_rng(seed)
    return float(np.mean([expected_calibration_error(p, draw.random(len(p)) < p) for _ in range(rounds)])) if len(p) else 0.0


def log_loss(probabilities: Sequence[float] | np.ndarray, outcomes: Sequence[int] | np.ndarray) -> float:
    """Give the mean negative log-likelihood of the outcomes, natural log."""
    p = np.clip(np.asarray(probabilities, float), SMALLEST, 1 - SMALLEST)
    y = np.asarray(outcomes, float)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def best_temperature(loss: Callable[[float], float]) -> float:
    """Find the temperature with the least ``loss(temperature)`` between 1/10 and 10, searched on a log scale."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415  # 0.4 s that tagging shall not wait for

    bound = float(np.log(HOTTEST))
    found = minimize_scalar(lambda x: loss(float(np.exp(x))), bounds=(-bound, bound), method="bounded", options={"xatol": 1e-2})
    return float(np.exp(found.x))


def binary_temperature(logits: Sequence[float] | np.ndarray, outcomes: Sequence[int] | np.ndarray) -> float:
    """Find the temperature t with the least log-loss of ``sigmoid(logits / t)``."""
    z = np.asarray(logits, float)
    return best_temperature(lambda t: log_loss(1.0 / (1.0 + np.exp(-np.clip(z / t, -30, 30))), outcomes))


def log_odds(probabilities: Sequence[float] | np.ndarray) -> np.ndarray:
    """Give the log-odds of probabilities, kept finite: float (n,)."""
    p = np.clip(np.asarray(probabilities, float), SMALLEST, 1 - SMALLEST)
    return np.asarray(np.log(p) - np.log1p(-p))


def platt_scaled(probabilities: Sequence[float] | np.ndarray, slope: float | np.ndarray, shift: float | np.ndarray) -> np.ndarray:
    """Give probabilities whose log-odds are ``slope * log-odds + shift``; slope 1 and shift 0 leave them as they are."""
    return np.asarray(1.0 / (1.0 + np.exp(-(slope * log_odds(probabilities) + shift))))


def fit_platt(probabilities: Sequence[float] | np.ndarray, outcomes: Sequence[int] | np.ndarray) -> tuple[float, float]:
    """Find the slope (at least 0.05) and shift of :func:`platt_scaled` with the least log-loss.

    The outcomes are drawn in by Platt's amount, so that a few hits without a miss do not make certainty.
    """
    (slope,), shift = fit_logistic(log_odds(probabilities)[:, None], outcomes, [FLATTEST])
    return slope, shift


def fit_logistic(
    columns: np.ndarray, outcomes: Sequence[int] | np.ndarray, least: Sequence[float]
) -> tuple[tuple[float, ...], float]:
    """Find the weights and the shift of the log-odds of outcomes with the least log-loss, outcomes drawn in by Platt's amount.

    Args:
        columns: float (n, m), of which the log-odds are a weighted sum.
        outcomes: 0 or 1 (n,).
        least: the smallest weight of each column.
    """
    from scipy.optimize import minimize  # noqa: PLC0415  # as above

    y = np.asarray(outcomes, float)
    n_right = y.sum()
    aim = np.where(y > 0, (n_right + 1) / (n_right + 2), 1 / (len(y) - n_right + 2))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        w = columns @ weights[:-1] + weights[-1]
        gap = 1.0 / (1.0 + np.exp(-w)) - aim
        return float(np.mean(np.logaddexp(0.0, w) - aim * w)), np.append(columns.T @ gap / len(y), np.mean(gap))

    begin = np.append(np.maximum(1.0, least), 0.0)
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=[*((low, None) for low in least), (None, None)])
    return tuple(found.x[:-1].tolist()), float(found.x[-1])
