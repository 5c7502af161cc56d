"""Calibration error and temperature on data whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from genemine.evaluate.calibration import (
    ReliabilityBin,
    best_temperature,
    binary_temperature,
    expected_calibration_error,
    fit_platt,
    least_error,
    log_loss,
    platt_scaled,
    reliability,
)


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


def test_reliability_lists_the_bins_that_hold_scores():
    """Bins are fifteenths: 0.5 is in the eighth, 0.95 and 1.0 in the last."""
    assert reliability([0.5, 0.95, 1.0], [1, 0, 1]) == [
        ReliabilityBin(7 / 15, 8 / 15, 1, 0.5, 1.0),
        ReliabilityBin(14 / 15, 1.0, 2, pytest.approx(0.975), 0.5),
    ]
    assert reliability([], []) == []


def test_the_bins_add_up_to_the_calibration_error():
    p, y = [0.1, 0.12, 0.4, 0.75, 0.76, 0.99], [0, 1, 1, 1, 0, 1]
    gaps = sum(b.n * abs(b.mean_score - b.share_right) for b in reliability(p, y)) / len(p)
    assert gaps == pytest.approx(expected_calibration_error(p, y))


def test_the_least_error_is_what_chance_alone_makes_of_so_few():
    """One score of 0.5 is always 0.5 away from its outcome; a hundred times as many leave a tenth of the error."""
    assert least_error([0.5]) == 0.5
    assert least_error([0.0, 1.0]) == 0.0
    assert least_error([0.5] * 10_000) == pytest.approx(least_error([0.5] * 100) / 10, rel=0.2)
    assert least_error([]) == 0.0


def test_the_slope_and_shift_of_a_known_distortion_are_found():
    """Log-odds z of which 0.5 z - 1 are the truth."""
    rng = np.random.default_rng(11)
    z = rng.normal(1, 2, 50_000)
    told = 1 / (1 + np.exp(-z))
    outcomes = (rng.uniform(size=z.size) < 1 / (1 + np.exp(-(0.5 * z - 1)))).astype(int)
    slope, shift = fit_platt(told, outcomes)
    assert (slope, shift) == pytest.approx((0.5, -1.0), abs=0.05)
    assert (
        expected_calibration_error(platt_scaled(told, slope, shift), outcomes) < 0.01 < expected_calibration_error(told, outcomes)
    )


def test_scaling_by_one_and_zero_leaves_scores_alone_and_ends_stay_finite():
    assert platt_scaled([0.2, 0.9], 1.0, 0.0) == pytest.approx([0.2, 0.9])
    assert platt_scaled([0.0, 1.0], 1.0, 0.0) == pytest.approx([0.0, 1.0], abs=1e-5)


def test_a_few_hits_without_a_miss_do_not_make_certainty_nor_do_contrary_outcomes_turn_the_order():
    slope, shift = fit_platt([0.9, 0.9], [1, 1])
    assert platt_scaled([0.9], slope, shift)[0] == pytest.approx(0.75, abs=0.01)
    slope, _ = fit_platt([0.1] * 50 + [0.9] * 50, [1] * 50 + [0] * 50)
    assert slope == 0.05
