"""Boosted trees as arrays: what scikit-learn learnt, applied without it.

Source: Friedman (2001), "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29:1189-1232.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Trees:
    """Binary trees, each with the same number of places for nodes; a leaf leads to itself.

    ``features`` int32, ``thresholds`` float64, ``left`` and ``right`` int32, ``values`` float64, all (n_trees, n_nodes); ``depth``
    is that of the deepest tree, ``bias`` the log-odds before the first tree.
    """

    features: np.ndarray
    thresholds: np.ndarray
    left: np.ndarray
    right: np.ndarray
    values: np.ndarray
    depth: int
    bias: float

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Give the chance of each row.

        Args:
            rows: float (n_rows, n_features).

        Returns:
            float64 (n_rows,), in (0, 1).
        """
        n_trees, n_nodes = self.features.shape
        base = np.arange(n_trees) * n_nodes
        at = np.broadcast_to(base, (len(rows), n_trees))
        features, thresholds = self.features.ravel(), self.thresholds.ravel()
        left, right = (self.left + base[:, None]).ravel(), (self.right + base[:, None]).ravel()
        flat, first = rows.ravel(), (np.arange(len(rows)) * rows.shape[1])[:, None]
        for _ in range(self.depth):
            at = np.where(flat[first + features[at]] <= thresholds[at], left[at], right[at])
        log_odds = self.values.ravel()[at].sum(axis=1) + self.bias
        return np.asarray(1 / (1 + np.exp(-log_odds)))

    def arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """Give what :meth:`from_arrays` reads."""
        named = {"features": self.features, "thresholds": self.thresholds, "left": self.left, "right": self.right}
        numbers = {"values": self.values, "shape": np.array([self.depth, self.bias])}
        return {f"{prefix}{name}": array for name, array in (named | numbers).items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], prefix: str) -> Trees:
        """Make the trees of what :meth:`arrays` gave."""
        named = [arrays[f"{prefix}{name}"] for name in ("features", "thresholds", "left", "right", "values")]
        depth, bias = arrays[f"{prefix}shape"]
        return cls(named[0], named[1], named[2], named[3], named[4], int(depth), float(bias))
