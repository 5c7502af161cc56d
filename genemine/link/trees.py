"""Boosted trees as arrays: what scikit-learn learnt, applied without it.

Source: Friedman (2001), "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29:1189-1232.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

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
        features, thresholds, left, values, roots = self._laid_out
        at = np.broadcast_to(roots, (len(rows), len(roots)))
        flat, first = rows.ravel(), (np.arange(len(rows)) * rows.shape[1])[:, None]
        for _ in range(self.depth):
            at = left.take(at) + (flat.take(features.take(at) + first) > thresholds.take(at))
        log_odds = values.take(at).sum(axis=1) + self.bias
        return np.asarray(1 / (1 + np.exp(-log_odds)))

    @cached_property
    def _laid_out(self) -> tuple[np.ndarray, ...]:
        """Give features, thresholds, left children and values of all nodes in one row, and the places of the roots.

        Right children stand behind their left ones, so that one look-up finds both; nothing is above the threshold of a leaf.
        """
        n_trees, n_nodes = self.features.shape
        parts = [np.zeros(self.features.shape, array.dtype) for array in (self.features, self.thresholds, self.values)]
        left = np.zeros(self.features.shape, np.int64)
        for tree in range(n_trees):
            order, leads = [0], {}
            for node in order:  # grows while it is read: breadth first
                if self.left[tree, node] != node:
                    leads[node] = len(order)
                    order += [int(self.left[tree, node]), int(self.right[tree, node])]
            for part, array in zip(parts, (self.features, self.thresholds, self.values), strict=True):
                part[tree, : len(order)] = array[tree, order]
            left[tree, : len(order)] = [leads.get(node, place) for place, node in enumerate(order)]
            parts[1][tree, : len(order)][[node not in leads for node in order]] = np.inf
        roots = np.arange(n_trees) * n_nodes
        features, thresholds, values = (part.ravel() for part in parts)
        return features.astype(np.int64), thresholds, (left + roots[:, None]).ravel(), values, roots

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
