"""What tells which pairs of a whole abstract are related; learnt by :mod:`genemine.models.relation_articles`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from genemine.link.trees import Trees

PREFIX = "articles/"


@dataclass(frozen=True)
class ArticleModel:
    """``trees`` give the chance of a pair's features; from ``threshold`` on, the F1 over training articles left out was best."""

    trees: Trees
    threshold: float

    def chances(self, rows: Sequence[Sequence[float]] | np.ndarray) -> np.ndarray:
        """Give the chances of features (n, features), float64 (n,)."""
        return self.trees.probabilities(np.asarray(rows, np.float64)) if len(rows) else np.zeros(0)

    def arrays(self) -> dict[str, np.ndarray]:
        """Give what a bundle stores."""
        return self.trees.arrays(PREFIX) | {f"{PREFIX}threshold": np.array(self.threshold)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> ArticleModel | None:
        """Read what :meth:`arrays` gave; None where there is none."""
        if f"{PREFIX}threshold" not in arrays:
            return None
        return cls(Trees.from_arrays(arrays, PREFIX), float(arrays[f"{PREFIX}threshold"]))
