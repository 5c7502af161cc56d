"""A learnt stance: the chance that a sentence denies its pair, and that it only supposes it.

Each cue of the sentence has a chance of its own, by logistic regression over ``cue_features``; the sentence has that of its
likeliest cue, calibrated. ``genemine/models/stance_training.py`` learns the weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from genemine.records import PairExample
from genemine.relate.cue_features import Features, candidates
from genemine.relate.cues import Cues, Span, Stance, load_cues, read

CERTAIN = 0.5  # from this chance on a sentence is called denied, or supposed
_STEEPEST = 30.0  # log-odds beyond make no difference


@dataclass(frozen=True)
class CueWeights:
    """Logistic regression over the features of a cue, and what makes a chance of it.

    The log-odds of a cue are ``slope * (bias + sum of weight * feature) + shift``; ``floor`` is the chance of a sentence without a
    cue.
    """

    weights: Mapping[str, float]
    bias: float
    slope: float = 1.0
    shift: float = 0.0
    floor: float = 0.0

    def chance(self, features: Features) -> float:
        """Give the chance of one cue, in [0, 1]."""
        score = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        odds = max(-_STEEPEST, min(_STEEPEST, self.slope * score + self.shift))
        return 1.0 / (1.0 + math.exp(-odds))

    def judge(self, cues: Iterable[tuple[Span, Features]]) -> tuple[float, list[Span]]:
        """Give the chance of a sentence with these cues, and the cues that call it."""
        chances = [(self.chance(features), span) for span, features in cues]
        return max([self.floor, *(chance for chance, _ in chances)]), [span for chance, span in chances if chance >= CERTAIN]


@dataclass(frozen=True)
class LearntStance:
    """What was learnt; asked like :func:`genemine.relate.cues.stance`. ``name`` is model and version."""

    name: str
    denial: CueWeights
    doubt: CueWeights

    def __call__(self, example: PairExample, cues: Cues | None = None) -> Stance:
        """Tell how a sentence speaks of its marked pair; without both marks nothing is said.

        Args:
            example: the tokens with one ``@GENE$`` and one ``@DISEASE$``.
            cues: None for the lists that ship with genemine, which it was learnt with.
        """
        lists = cues or load_cues()
        reading = read(example, lists)
        if reading is None:
            return Stance(denied=self.denial.floor, speculated=self.doubt.floor)
        found = candidates(reading)
        denied, denials = self.denial.judge(found.denials)
        supposed, doubts = self.doubt.judge(found.doubts)
        return Stance(denied >= CERTAIN, supposed >= CERTAIN, reading.words([*denials, *doubts]), denied, supposed)
