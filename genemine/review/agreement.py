"""What verdicts say of scores and of curators: precision by band of score, agreement of two curators, advice on the threshold.

Precision is counted on the random slice alone: the other cards were chosen because they are hard, so their share of right ones says
nothing of the rest. Intervals are Wilson's (1927), which hold for few cards too. Agreement is Cohen's kappa (1960).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from genemine.review.consensus import ACCEPTED, DISPUTED, MEANS, Judged
from genemine.review.events import UNSURE, Story

BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
CONFIDENCE = 0.95
FEWEST = 20  # cards at and above a threshold, below which no advice is given


@dataclass(frozen=True, slots=True)
class Precision:
    """Random cards with a score from ``low`` up to ``high``: how many were judged, how many of them are right.

    ``interval`` is Wilson's for the share of right ones, (0, 1) where none was judged; ``n_open`` more are disputed or unsure and
    not among ``n``.
    """

    low: float
    high: float
    n: int
    n_right: int
    n_open: int
    interval: tuple[float, float]

    @property
    def precision(self) -> float | None:
        """The share of right ones; None where none was judged."""
        return self.n_right / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two curators over the ``n`` cards that both judged and were sure of.

    ``same`` is the share with the same meaning (accepted, rejected, denied), ``kappa`` is corrected for chance; None where both
    always said the same one thing, for chance alone would agree then.
    """

    first: str
    second: str
    n: int
    same: float
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Advice:
    """The lowest threshold whose precision is at least ``wanted`` with confidence, or None; ``why`` tells it in words."""

    wanted: float
    threshold: float | None
    why: str


def wilson(n_right: int, n: int) -> tuple[float, float]:
    """Give Wilson's interval of a share, at 95 % confidence; (0, 1) for nothing."""
    if not n:
        return 0.0, 1.0
    from scipy.stats import binomtest  # noqa: PLC0415  # 0.4 s that the page shall not wait for

    found = binomtest(n_right, n).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)


def precision_by_band(cards: Iterable[Judged], bands: Sequence[float] = BANDS) -> list[Precision]:
    """Count precision on the random slice in each band of score; the last band has its upper border in it."""
    slice_ = random_slice(cards)
    return [
        _precision([c for c in slice_ if low <= c.card.score and (c.card.score < high or high == bands[-1])], low, high)
        for low, high in pairwise(bands)
    ]


def precision_from(cards: Iterable[Judged], threshold: float) -> Precision:
    """Count precision on the random slice from a threshold up."""
    return _precision([c for c in random_slice(cards) if c.card.score >= threshold], threshold, 1.0)


def random_slice(cards: Iterable[Judged]) -> list[Judged]:
    """Give the judged cards of the random slice."""
    return [card for card in cards if card.is_random]


def advise(cards: Iterable[Judged], wanted: float) -> Advice:
    """Find the lowest score from which on the interval of precision lies above ``wanted``.

    Each score of a random card is tried. With few cards the interval is wide, so that none may do: then it is told how many there
    are.
    """
    slice_ = [card for card in random_slice(cards) if card.verdict not in (DISPUTED, UNSURE)]
    for threshold in sorted({card.card.score for card in slice_}):
        found = _precision([card for card in slice_ if card.card.score >= threshold], threshold, 1.0)
        if found.n < FEWEST:
            break
        if found.interval[0] >= wanted:
            low = found.interval[0]
            why = f"{found.n_right} of {found.n} random cards from {threshold:.3f} up are right, at least {low:.2f} of all"
            return Advice(wanted, threshold, why)
    if len(slice_) < FEWEST:
        return Advice(
            wanted, None, f"{len(slice_)} random cards are judged; {FEWEST} are needed at least, 100 make a useful answer"
        )
    return Advice(
        wanted, None, f"no threshold reaches {wanted:.2f} for certain with {len(slice_)} random cards; judge more of them"
    )


def agreements(story: Story) -> list[Agreement]:
    """Compare each two curators that judged cards in common."""
    found = []
    for first, second in combinations(story.curators(), 2):
        one, other = story.of(first), story.of(second)
        pairs = []
        for card_id in sorted(one.keys() & other.keys()):
            given = [said.verdict.verdict for said in (one[card_id], other[card_id]) if said.verdict is not None]
            if len(given) == 2 and UNSURE not in given:
                pairs.append((MEANS[given[0]], MEANS[given[1]]))
        if pairs:
            found.append(Agreement(first, second, len(pairs), sum(a == b for a, b in pairs) / len(pairs), kappa(pairs)))
    return found


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Give Cohen's kappa of two judges' words on the same things; None where chance alone would always agree."""
    n = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(first[word] * second[word] for word in first) / (n * n)
    if by_chance == 1:
        return None
    return (sum(a == b for a, b in pairs) / n - by_chance) / (1 - by_chance)


def _precision(cards: Sequence[Judged], low: float, high: float) -> Precision:
    sure = [card for card in cards if card.verdict not in (DISPUTED, UNSURE)]
    n_right = sum(card.verdict == ACCEPTED for card in sure)
    return Precision(low, high, len(sure), n_right, len(cards) - len(sure), wilson(n_right, len(sure)))
