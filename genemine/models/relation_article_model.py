"""What tells which pairs of a whole abstract are related; learnt by :mod:`genemine.models.relation_articles`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np

from genemine.link.trees import Trees
from genemine.relate.measures import AS_IT_IS, ArticleChance

PREFIX = "articles/"


@dataclass(frozen=True)
class ArticleModel:
    """``trees`` give the chance of a pair's features; from ``threshold`` on, the F1 over training articles left out was best.

    ``support`` gives the chance of a pair of an association by its supporting sentences alone.
    """

    trees: Trees
    threshold: float
    support: ArticleChance = AS_IT_IS

    def chances(self, rows: Sequence[Sequence[float]] | np.ndarray) -> np.ndarray:
        """Give the chances of features (n, features), float64 (n,)."""
        return self.trees.probabilities(np.asarray(rows, np.float64)) if len(rows) else np.zeros(0)

    def arrays(self) -> dict[str, np.ndarray]:
        """Give what a bundle stores."""
        support = np.array(astuple(self.support))
        return self.trees.arrays(PREFIX) | {f"{PREFIX}threshold": np.array(self.threshold), f"{PREFIX}support": support}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> ArticleModel | None:
        """Read what :meth:`arrays` gave; None where there is none."""
        if f"{PREFIX}threshold" not in arrays:
            return None
        support = ArticleChance(*arrays.get(f"{PREFIX}support", np.array(astuple(AS_IT_IS))).tolist())
        return cls(Trees.from_arrays(arrays, PREFIX), float(arrays[f"{PREFIX}threshold"]), support)
