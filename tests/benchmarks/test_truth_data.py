"""What the copies benchmark takes for true has to be true."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from benchmarks.dedup import Told, scores
from benchmarks.truth_data import shingle_sets, similar_pairs


def _texts(seed: int) -> list[list[str]]:
    """Texts of 1 to 40 words out of 12, so that pairs of any similarity occur."""
    rng = random.Random(seed)
    originals = [rng.choices("abcdefghijkl", k=rng.randrange(1, 40)) for _ in range(40)]
    copies = [[word for word in text if rng.random() > 0.05] for text in originals]
    return originals + copies + [[], ["a"]]


@pytest.mark.parametrize("at_least", [0.5, 0.8, 1.0])
@pytest.mark.parametrize("seed", range(5))
def test_pairs_are_those_that_comparing_all_with_all_gives(seed: int, at_least: float) -> None:
    texts = _texts(seed)
    sets = [{tuple(text[at : at + 3]) for at in range(max(len(text) - 2, min(len(text), 1)))} for text in texts]
    expected = {
        (one, other): len(sets[one] & sets[other]) / len(sets[one] | sets[other])
        for one, other in combinations(range(len(texts)), 2)
        if sets[one] | sets[other] and len(sets[one] & sets[other]) / len(sets[one] | sets[other]) >= at_least
    }
    assert expected
    assert similar_pairs(shingle_sets(texts, 3), at_least) == expected


def test_scores_count_pairs_told_and_pairs_left_out_for_one_kept_article() -> None:
    true = {("1", "2"): 0.9, ("2", "3"): 0.8, ("1", "3"): 0.85, ("5", "6"): 0.8}
    told = Told(seconds=1.0, cpu_seconds=1.0, peak_gib=0.1, pairs=frozenset({("1", "2"), ("7", "8")}), kept={"2": "1", "3": "1"})
    # told are 1-2, 1-3 and the wrong 7-8; found are these two and 2-3, left out for one article
    assert scores(told, true) == pytest.approx((2 / 3, 0.75))
