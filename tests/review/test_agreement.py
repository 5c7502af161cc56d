"""Figures of verdicts against those of scipy and scikit-learn, and by hand."""

from __future__ import annotations

import pytest

from genemine.review.agreement import Advice, Agreement, advise, agreements, kappa, precision_by_band, precision_from, wilson
from genemine.review.consensus import Judged
from genemine.review.events import Event, read_story


def card(score: float, verdict: str, *, is_random: bool = True) -> Judged:
    return Judged(Event("e", "Anna", "accept", "c", score=score), verdict, (verdict,), 1, is_random)


def test_the_interval_is_wilsons() -> None:
    # Newcombe (1998), Statistics in Medicine 17:857, table I: 81 of 263, Wilson without continuity correction
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_precision_counts_the_random_slice_alone_and_leaves_open_ones_out() -> None:
    cards = [card(0.55, "accepted"), card(0.55, "rejected"), card(0.58, "denied"), card(0.59, "disputed"), card(0.5, "unsure"),
             card(1.0, "accepted"), card(0.57, "accepted", is_random=False), card(0.2, "rejected")]  # fmt: skip
    found = {band.low: (band.n, band.n_right, band.n_open, band.precision) for band in precision_by_band(cards)}
    assert found == {
        0.0: (1, 0, 0, 0.0),
        0.5: (3, 1, 2, pytest.approx(1 / 3)),
        **dict.fromkeys((0.6, 0.7, 0.8, 0.9), (0, 0, 0, None)),
        0.95: (1, 1, 0, 1.0),
    }
    assert (precision_from(cards, 0.55).n, precision_from(cards, 0.55).n_right) == (4, 2)


def test_kappa_is_cohens() -> None:
    from sklearn.metrics import cohen_kappa_score

    pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    mixed = [*pairs, ("c", "a"), ("c", "c"), ("b", "c")]
    assert kappa(mixed) == pytest.approx(cohen_kappa_score(*zip(*mixed, strict=True)))
    assert kappa([("a", "a")] * 3) is None


def test_curators_are_compared_on_what_both_were_sure_of() -> None:
    verdicts = {"Anna": "accept reject unsure denied", "Ben": "accept accept accept denied", "Cai": ""}
    events = [
        Event(f"{name}-{n}", name, verdict, f"c{n}") for name, line in verdicts.items() for n, verdict in enumerate(line.split())
    ]
    assert agreements(read_story(events)) == [Agreement("Anna", "Ben", 3, pytest.approx(2 / 3), pytest.approx(0.5))]


def test_advice_is_the_lowest_threshold_that_holds_with_confidence_or_an_honest_none() -> None:
    few = [card(0.9, "accepted")] * 19
    assert advise(few, 0.8) == Advice(0.8, None, "19 random cards are judged; 20 are needed at least, 100 make a useful answer")
    cards = [card(0.6, "rejected")] * 20 + [card(0.8, "accepted")] * 40 + [card(0.9, "accepted")] * 40
    found = advise(cards, 0.8)
    assert found.threshold == 0.8
    assert found.why == "80 of 80 random cards from 0.800 up are right, at least 0.95 of all"
    assert advise(cards, 0.99).threshold is None
    assert "no threshold reaches 0.99 for certain with 100 random cards" in advise(cards, 0.99).why
