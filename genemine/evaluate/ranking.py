"""How good scores are: precision, recall, F1 and MCC at a threshold, areas under curves over all thresholds.

Everything is counted from two arrays, ``labels`` (0 or 1) and ``scores`` (higher means more likely 1), of one length.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genemine.errors import RecordError


@dataclass(frozen=True, slots=True)
class Counts:
    """The four cells of a two-by-two table."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def precision(self) -> float:
        """Share of those called 1 that are 1; 0 where nothing is called 1."""
        return _ratio(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        """Share of the 1 that are called 1; 0 where there is none."""
        return _ratio(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _ratio(2 * self.true_positives, 2 * self.true_positives + self.false_positives + self.false_negatives)

    @property
    def mcc(self) -> float:
        """Matthews' correlation coefficient in [-1, 1]; 0 where one row or column of the table is empty.

        Source: Matthews (1975), Biochimica et Biophysica Acta 405:442.
        """
        tp, fp, fn, tn = (float(n) for n in (self.true_positives, self.false_positives, self.false_negatives, self.true_negatives))
        return _ratio(tp * tn - fp * fn, float(np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))))


@dataclass(frozen=True, slots=True)
class RankingReport:
    """All figures of one set of scores; every one but ``mcc`` lies in [0, 1]."""

    n: int
    n_positive: int
    threshold: float
    precision: float
    recall: float
    f1: float
    mcc: float
    auprc: float
    roc_auc: float
    always_yes_f1: float


def report(labels: np.ndarray, scores: np.ndarray, threshold: float) -> RankingReport:
    """Measure ``scores``, a score from ``threshold`` on counting as 1.

    Raises:
        RecordError: the arrays differ in length, are empty, or a label is neither 0 nor 1.
    """
    y, s = _checked(labels, scores)
    counts = count(y, s >= threshold)
    return RankingReport(
        n=len(y),
        n_positive=int(y.sum()),
        threshold=float(threshold),
        precision=counts.precision,
        recall=counts.recall,
        f1=counts.f1,
        mcc=counts.mcc,
        auprc=average_precision(y, s),
        roc_auc=roc_auc(y, s),
        always_yes_f1=count(y, np.ones(len(y), dtype=bool)).f1,
    )


def count(labels: np.ndarray, called: np.ndarray) -> Counts:
    """Count the table of true labels against calls, both arrays of 0/1 or bool."""
    y, c = np.asarray(labels, dtype=bool), np.asarray(called, dtype=bool)
    return Counts(int((y & c).sum()), int((~y & c).sum()), int((y & ~c).sum()), int((~y & ~c).sum()))


def average_precision(labels: np.ndarray, scores: np.ndarray) -> float:
    """Area under the precision-recall curve by steps, without interpolation; equal scores are one step. 0 without a label 1."""
    y, s = _checked(labels, scores)
    true_positives, called, _ = _curve(y, s)
    if not y.any():
        return 0.0
    recall = true_positives / y.sum()
    return float(np.sum(np.diff(recall, prepend=0.0) * true_positives / called))


def roc_auc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Chance that a random label 1 scores above a random label 0, ties counting half; 0.5 where one class is missing."""
    y, s = _checked(labels, scores)
    n_positive, n_negative = int(y.sum()), int((1 - y).sum())
    if not n_positive or not n_negative:
        return 0.5
    true_positives, called, _ = _curve(y, s)
    tpr = np.concatenate([[0.0], true_positives / n_positive])
    fpr = np.concatenate([[0.0], (called - true_positives) / n_negative])
    return float(np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2))


def precision_at(labels: np.ndarray, scores: np.ndarray, n: int) -> float:
    """Compute the share of 1 among the ``n`` highest scores; of scores that are equal there, the mean over all their orders.

    Raises:
        RecordError: the arrays do not fit together.
    """
    y, s = _checked(labels, scores)
    true_positives, called, _ = _curve(y, s)
    ends, found = np.append(0.0, called), np.append(0.0, true_positives)
    return float(np.interp(n, ends, found)) / min(n, len(y))


def best_threshold(labels: np.ndarray, scores: np.ndarray) -> float:
    """Find the threshold with the best F1, midway between the two scores it parts; the lowest score where all is best."""
    y, s = _checked(labels, scores)
    true_positives, called, values = _curve(y, s)
    best = int(np.argmax(2 * true_positives / (called + y.sum())))
    return float(values[best] if best + 1 == len(values) else (values[best] + values[best + 1]) / 2)


def precise_threshold(probabilities: np.ndarray, precision: float) -> float:
    """Find the lowest threshold from which calibrated probabilities promise ``precision``: the mean of those called.

    Labels have no say but by calibration, so a few of them move it little. Midway between the two values that it parts; where no
    threshold promises so much, the highest value.
    """
    values, counts = np.unique(np.asarray(probabilities, np.float64), return_counts=True)
    values, counts = values[::-1], counts[::-1]
    promised = np.cumsum(values * counts) / np.cumsum(counts)  # falls, so all before the last that is enough are enough
    last = max(0, int(np.sum(promised >= precision)) - 1)
    return float(values[last] if last + 1 == len(values) or promised[0] < precision else (values[last] + values[last + 1]) / 2)


def sensitive_threshold(probabilities: np.ndarray, recall: float) -> float:
    """Find the highest threshold from which calibrated probabilities promise ``recall``: the share of their sum that is called."""
    values, counts = np.unique(np.asarray(probabilities, np.float64), return_counts=True)
    values, counts = values[::-1], counts[::-1]
    promised = np.cumsum(values * counts) / max(float(np.sum(values * counts)), 1e-12)
    last = min(int(np.searchsorted(promised, recall - 1e-12)), len(values) - 1)
    return float(values[last] if last + 1 == len(values) else (values[last] + values[last + 1]) / 2)


def matched_threshold(labels: np.ndarray, scores: np.ndarray) -> float:
    """Find the threshold from which as many are called as have label 1, so that precision and recall are the same.

    Midway between the two scores that it parts. The best F1 of a few hundred sentences is flat and jumps about, and where most have
    label 1 it is that of calling all; this moves little.
    """
    y, s = _checked(labels, scores)
    _, called, values = _curve(y, s)
    best = int(np.argmin(np.abs(called - y.sum())))
    return float(values[best] if best + 1 == len(values) else (values[best] + values[best + 1]) / 2)


def _curve(y: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True positives and calls at each distinct score, from the highest down, and those scores."""
    order = np.argsort(-s, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(s[order]) != 0, True))
    return np.cumsum(y[order])[ends].astype(np.float64), (ends + 1).astype(np.float64), s[order][ends]


def _checked(labels: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    y, s = np.asarray(labels), np.asarray(scores, dtype=np.float64)
    if y.shape != s.shape or y.ndim != 1 or not len(y):
        raise RecordError(
            f"labels {y.shape} and scores {s.shape} must be two rows of one length, not empty; give each example both"
        )
    if not np.isin(y, (0, 1)).all():
        raise RecordError("labels must be 0 or 1; map other classes to these first")
    if not np.isfinite(s).all():
        raise RecordError("a score is not a number; the classifier is broken, train it again")
    return y.astype(np.int64), s


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
