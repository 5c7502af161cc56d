"""In which order cards are asked about: what teaches most first, and at a fixed share a random slice that keeps the figures honest.

The random slice is drawn by card, once and for all: a card belongs to it when its draw, a hash of seed and card, lies in the lowest
``share`` of all hashes. So the slice is an even sample of everything scored, the same in each run, and no card is in it because it
was thought informative. Precision is told from it alone (:mod:`genemine.review.agreement`).

The others come by what a verdict tells: a score near the threshold (a sentence that is almost certainly right or wrong teaches
little), a pair that no curated source has, and something new: each further card of the same pair, gene or disease counts for less.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

SEED = 20261129
SHARE = 0.2
SIZE = 500

RANDOM = "drawn by chance"
NEAR = "score near the threshold"
NEW = "in no curated source"
FIRST = "first of its pair"
DENIES = "reads as a denial"

# What a card is worth beside one of the same score: a candidate; a further one of the same pair; of the same gene or disease.
_NEW_WORTH, _SAME_PAIR, _SAME_NAME = 1.5, 0.4, 0.9
_NEAR = 0.5  # in log-odds: from 0.71 to 0.87 around a threshold of 0.8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card that may be asked about; ``draw`` is in [0, 1), even over all cards; ``is_repeat``: it says what a better one says."""

    card_id: str
    association_id: str
    gene_curie: str
    disease_curie: str
    score: float
    draw: float
    is_new: bool = False
    is_repeat: bool = False
    is_denied: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A card in the queue, why it is there, and whether it is of the random slice."""

    card_id: str
    is_random: bool
    why: tuple[str, ...]


def draw(card_id: str, seed: int = SEED) -> float:
    """Draw a number in [0, 1) for a card, always the same; :mod:`genemine.review.pool` makes the same in SQL."""
    return int(hashlib.sha1(f"{seed}:{card_id}".encode(), usedforsecurity=False).hexdigest()[:8], 16) / 2**32


def is_drawn(card_id: str, share: float = SHARE) -> bool:
    """Tell whether a card is of the random slice."""
    return draw(card_id) < share


def arrange(candidates: Iterable[Candidate], threshold: float, size: int = SIZE, share: float = SHARE) -> list[Placed]:
    """Put cards in the order in which they are asked about.

    Args:
        candidates: each card once, in any order.
        threshold: the score from which a sentence supports its pair.
        size: most cards.
        share: how many of all cards, in [0, 1], are of the random slice, and how many of the queue as long as there are others.
    """
    pool = sorted(candidates, key=lambda one: (one.draw, one.card_id))
    drawn = [Placed(one.card_id, True, (RANDOM,)) for one in pool if one.draw < share]
    others = _by_worth([one for one in pool if one.draw >= share], threshold)
    queue: list[Placed] = []
    taken = [0, 0]
    while len(queue) < min(size, len(pool)):
        n = len(queue)
        is_due = math.floor((n + 1) * share) > math.floor(n * share)
        from_slice = taken[0] < len(drawn) and (is_due or taken[1] >= len(others))
        queue.append(drawn[taken[0]] if from_slice else others[taken[1]])
        taken[0 if from_slice else 1] += 1
    return queue


def _by_worth(candidates: list[Candidate], threshold: float) -> list[Placed]:
    """Order the informative ones: each is worth less by how many of its pair, gene and disease stand before it by score alone."""
    apart = {one.card_id: abs(_log_odds(one.score) - _log_odds(threshold)) for one in candidates}
    seen: Counter[str] = Counter()
    valued = []
    for one in sorted(candidates, key=lambda c: (c.is_repeat, apart[c.card_id], c.draw, c.card_id)):
        names = seen[one.gene_curie] + seen[one.disease_curie]
        worth = math.exp(-apart[one.card_id]) * _SAME_PAIR ** seen[one.association_id] * _SAME_NAME**names
        valued.append((one.is_repeat, -worth * (_NEW_WORTH if one.is_new else 1), one.draw, one.card_id, _why(one, apart, seen)))
        seen.update((one.association_id, one.gene_curie, one.disease_curie))
    return [Placed(card_id, False, why) for _, _, _, card_id, why in sorted(valued)]


def _why(one: Candidate, apart: dict[str, float], seen: Counter[str]) -> tuple[str, ...]:
    told = (
        (NEAR, apart[one.card_id] <= _NEAR),
        (NEW, one.is_new),
        (DENIES, one.is_denied),
        (FIRST, not seen[one.association_id]),
    )
    return tuple(name for name, holds in told if holds)


def _log_odds(score: float) -> float:
    inside = min(max(score, 1e-4), 1 - 1e-4)
    return math.log(inside / (1 - inside))
