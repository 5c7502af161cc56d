"""Each half of a devel part judged by what the other half gave."""

from __future__ import annotations

import numpy as np
import pytest

from genemine.models.relation_crossfit import cross_fit


def test_halves_are_called_at_each_others_thresholds() -> None:
    second = np.arange(40) // 2 % 2 == 1  # 20 stretches of two
    labels = np.arange(40) % 2
    shifted = np.where(labels == 1, 1.0, -1.0) + np.where(second, 5.0, 0.0)
    found = cross_fit(shifted, labels)
    # the first half's cut lies at 0, so all of the second half is called 1; the second's at 5, so none of the first
    assert (found.precision, found.recall, found.mcc) == (0.5, 0.5, pytest.approx(0.0))
    assert cross_fit(shifted - np.where(second, 5.0, 0.0), labels).f1 == 1.0


def test_scores_that_mean_the_same_in_both_halves_are_calibrated() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 2, 4000)
    labels = (rng.random(4000) < 1 / (1 + np.exp(-logits / 2))).astype(int)
    found = cross_fit(logits, labels, precision=0.8)
    assert found.calibration_error < 0.03
    assert found.precision == pytest.approx(0.8, abs=0.03)
    assert found.thresholds[0] == pytest.approx(found.thresholds[1], abs=0.05)
    assert sum(one.n for one in found.bins) == 4000
    assert all(abs(one.mean_score - one.share_right) < 0.12 for one in found.bins)
