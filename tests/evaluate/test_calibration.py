"""Calibration error and temperature on data whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from genemine.evaluate.calibration import best_temperature, binary_temperature, expected_calibration_error, log_loss


def test_scores_that_are_the_hit_rate_have_no_calibration_error():
    assert expected_calibration_error([0.75] * 4 + [0.25] * 4, [1, 1, 1, 0, 1, 0, 0, 0]) == 0.0


def test_calibration_error_is_the_gap_weighted_by_bin_size():
    """Three of score 0.9 that are all wrong, one of score 1.0 that is right: (3 * 0.9 + 0) / 4."""
    assert expected_calibration_error([0.9, 0.9, 0.9, 1.0], [0, 0, 0, 1]) == pytest.approx(0.675)


def test_no_data_has_no_calibration_error():
    assert expected_calibration_error([], []) == 0.0


def test_log_loss_is_that_of_the_formula_and_finite_at_the_ends():
    assert log_loss([0.5, 0.25], [1, 0]) == pytest.approx((math.log(2) - math.log(0.75)) / 2)
    assert log_loss([0.0], [1]) == pytest.approx(-math.log(1e-6))


def test_the_temperature_of_a_known_distortion_is_found():
    """Logits blown up threefold need temperature 3, and are calibrated with it."""
    rng = np.random.default_rng(7)
    honest = rng.normal(0, 2, 20_000)
    outcomes = (rng.uniform(size=honest.size) < 1 / (1 + np.exp(-honest))).astype(int)
    temperature = binary_temperature(3 * honest, outcomes)
    assert temperature == pytest.approx(3.0, rel=0.05)
    before = expected_calibration_error(1 / (1 + np.exp(-3 * honest)), outcomes)
    after = expected_calibration_error(1 / (1 + np.exp(-3 * honest / temperature)), outcomes)
    assert before > 0.08
    assert after < 0.02


def test_the_search_finds_the_least_of_a_loss():
    assert best_temperature(lambda t: (math.log(t) - math.log(2.5)) ** 2) == pytest.approx(2.5, rel=0.02)
