"""Matrix products in which no sum is ever rounded, so that no order of summation can change a bit.

A BLAS adds up the terms of a product in an order of its own, which depends on the shape of the matrices, on a row's place in them,
on the processor and on the number of threads; a rounded sum depends on that order, so the same sentence would get other numbers
in other company. Here both factors lie on grids, powers of two chosen so coarse that every partial sum of a product has no more
bits than a float's mantissa: each sum is exact, and every order gives the same bits.

``x`` is a multiple of ``step`` and no larger than ``largest``; column j of the weights is rounded to multiples of ``g_j``. Every
partial sum is then a multiple of ``step * g_j`` and no larger than ``largest * sum_i |w_ij|``, and it is exact where that is at
most ``2^bits * step * g_j``, which is how ``g_j`` is chosen.

Source of the idea: Demmel & Nguyen (2013), "Fast Reproducible Floating-Point Summation", IEEE Symposium on Computer Arithmetic.
"""

from __future__ import annotations

import numpy as np

MANTISSA = {np.dtype(np.float32): 24, np.dtype(np.float64): 53}  # bits, the hidden one included; IEEE 754


def exact_weights(weights: np.ndarray, largest: float, step: float, dtype: type = np.float32) -> np.ndarray:
    """Round each column to the finest grid on which products with inputs of the stated grid and size are exact.

    Args:
        weights: float (n_in, n_out).
        largest: no input is larger than this, in absolute value.
        step: every input is a multiple of this power of two.
        dtype: float32 or float64, in which the product will be computed.

    Returns:
        ``dtype`` (n_in, n_out), C-contiguous.
    """
    wide = np.asarray(weights, np.float64)
    room = 2.0 ** MANTISSA[np.dtype(dtype)] * step / largest  # what a column's absolute sum may be, in units of its grid
    grid = np.exp2(np.ceil(np.log2(np.maximum(np.abs(wide).sum(axis=0), 1e-30) / room)))
    rounded = np.rint(wide / grid) * grid
    while (over := np.abs(rounded).sum(axis=0) > room * grid).any():  # rounding made a column larger
        grid[over] *= 2
        rounded = np.rint(wide / grid) * grid
    return np.ascontiguousarray(rounded, dtype)


def put_on_grid(values: np.ndarray, step: float) -> None:
    """Round float32 values of at most ``2^21 * step`` in place to multiples of ``step``, a power of two; ties go to even."""
    shift = np.float32(1.5 * 2.0**23 * step)  # above it the neighbouring float32 lies a step away
    values += shift
    values -= shift
