"""Products on grids are exact: every order of summation, every shape of matrix gives the same bits."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from genemine.models.exact import exact_weights, put_on_grid

RNG = np.random.default_rng(5)


@pytest.mark.parametrize(("dtype", "step"), [(np.float32, 2.0**-8), (np.float64, 2.0**-20)])
def test_no_sum_of_a_product_is_rounded(dtype: type, step: float):
    """Against sums of fractions, at the largest inputs that are allowed, in the order that makes partial sums largest."""
    weights = exact_weights(RNG.normal(0, 0.3, (200, 7)), 2.0, step, dtype)
    signs = np.sign(weights[:, 0]).astype(dtype) * 2
    rows = np.stack([signs, np.rint(RNG.uniform(-2, 2, 200) / step) * step]).astype(dtype)
    exact = [
        [sum(Fraction(float(x)) * Fraction(float(w)) for x, w in zip(row, column, strict=True)) for column in weights.T]
        for row in rows
    ]
    assert [[Fraction(float(value)) for value in row] for row in rows @ weights] == exact
    assert [[Fraction(float(value)) for value in row] for row in rows[:, ::-1] @ weights[::-1]] == exact


def test_weights_stay_near_what_they_were():
    weights = RNG.normal(0, 0.1, (200, 800))
    assert np.abs(exact_weights(weights, 2.0, 2.0**-8) - weights).max() < 2.0**-11
    assert np.abs(exact_weights(weights, 16.0, 2.0**-20, np.float64) - weights).max() < 1e-6


def test_columns_of_zeros_and_of_any_size():
    weights = exact_weights(np.array([[0.0, 1e-20, 1e6], [0.0, 3e-20, -1e6]]), 2.0, 2.0**-8)
    assert weights == pytest.approx(np.array([[0.0, 1e-20, 1e6], [0.0, 3e-20, -1e6]]), rel=1e-3)


def test_values_are_rounded_to_the_nearest_point_of_the_grid():
    values = RNG.uniform(-2, 2, 10_000).astype(np.float32)
    wanted = np.rint(values.astype(np.float64) * 256) / 256
    put_on_grid(values, 2.0**-8)
    assert values.tolist() == wanted.tolist()
