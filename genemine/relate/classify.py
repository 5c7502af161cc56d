"""What a pair classifier is, two baselines that are one, and pairs turned into scored relations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from genemine.records import PairExample


class PairClassifier(Protocol):
    """Anything that tells how likely a sentence states an association between its two marked mentions."""

    @property
    def name(self) -> str:
        """Name and version, kept with every relation it scored."""

    @property
    def threshold(self) -> float:
        """The score from which a relation counts as support, chosen on held-out data."""

    def score(self, examples: Sequence[PairExample]) -> list[float]:
        """Return the calibrated probability in [0, 1] of an association for each example, in their order."""
