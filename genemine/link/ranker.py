"""A ranker of candidates: a logistic regression over named features, learnt from gold links (models/linker_training.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Ranker:
    """Weights by feature: ``weights`` float64 (n_features,), in the order of ``features``."""

    features: tuple[str, ...]
    weights: np.ndarray
    bias: float

    def probabilities(self, candidates: np.ndarray) -> np.ndarray:
        """Give the chance of each candidate to be right.

        Args:
            candidates: float (n_candidates, n_features).

        Returns:
            float64 (n_candidates,), each for itself: they need not add up to 1, since none may be right.
        """
        return np.asarray(1 / (1 + np.exp(-(candidates @ self.weights + self.bias))))

    def row(self, values: Mapping[str, float]) -> np.ndarray:
        """Order named feature values as the weights are ordered; a feature that is not named is 0."""
        return np.array([values.get(name, 0.0) for name in self.features])

    def arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """Give what :meth:`from_arrays` reads."""
        joined = np.array("\n".join(self.features))
        return {f"{prefix}features": joined, f"{prefix}weights": self.weights, f"{prefix}bias": np.array(self.bias)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], prefix: str) -> Ranker:
        """Make a ranker of what :meth:`arrays` gave."""
        features = tuple(str(arrays[f"{prefix}features"]).split("\n"))
        return cls(features, np.asarray(arrays[f"{prefix}weights"], np.float64), float(arrays[f"{prefix}bias"]))
