"""How far the scores of one run lie from those of another.

Source: Siddiqi (2006), "Credit Risk Scorecards", Wiley, chapter 7: the population stability index; below 0.1 is
little, above 0.25 much.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

LEAST_SHARE = 1e-3  # an empty bin counts as this much, so that one score in it does not outweigh all others


def stability_index(before: Sequence[int], after: Sequence[int]) -> float:
    """Give the population stability index: Σ (a - b) ln(a / b) over the shares of the bins.

    Args:
        before: counts of scores by bin, in the same bins as ``after``.
        after: counts of scores by bin.

    Returns:
        0 where the shares agree or one of the two is empty; it has no upper end.
    """
    totals = sum(before), sum(after)
    if not all(totals):
        return 0.0
    shares = [
        (max(b / totals[0], LEAST_SHARE), max(a / totals[1], LEAST_SHARE)) for b, a in zip(before, after, strict=True) if a or b
    ]
    return sum((a - b) * math.log(a / b) for b, a in shares)
