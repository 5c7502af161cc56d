"""The order of the queue: what teaches most first, an even sample of all at a fixed share."""

from __future__ import annotations

import random

import pytest

from genemine.review.cards import card_id
from genemine.review.deck import Deck
from genemine.review.queue import DENIES, FIRST, NEAR, NEW, RANDOM, Candidate, Placed, arrange, draw, is_drawn


def candidate(number: int, score: float, drawn: float = 0.9, pair: str = "", **changes: bool) -> Candidate:
    name = pair or f"pair {number}"
    return Candidate(f"c{number:03}", name, f"gene of {name}", f"disease of {name}", score, drawn, **changes)


def test_what_is_near_the_threshold_comes_first_and_says_why() -> None:
    queue = arrange([candidate(1, 0.99), candidate(2, 0.78), candidate(3, 0.3, is_denied=True)], 0.8, share=0)
    assert queue == [
        Placed("c002", False, (NEAR, FIRST)),
        Placed("c003", False, (DENIES, FIRST)),
        Placed("c001", False, (FIRST,)),
    ]


def test_a_candidate_goes_before_a_known_pair_and_a_repeat_comes_last() -> None:
    queue = arrange([candidate(1, 0.8, is_repeat=True), candidate(2, 0.8), candidate(3, 0.75, is_new=True)], 0.8, share=0)
    assert [one.card_id for one in queue] == ["c003", "c002", "c001"]
    assert queue[0].why == (NEAR, NEW, FIRST)


def test_one_pair_does_not_crowd_out_the_others() -> None:
    same = [candidate(number, 0.8 + number / 1000, pair="one") for number in range(1, 6)]
    queue = arrange([*same, candidate(9, 0.9)], 0.8, share=0)
    assert [one.card_id for one in queue][:3] == ["c001", "c009", "c002"]


def test_every_fifth_place_is_of_the_random_slice_and_no_drawn_card_is_anywhere_else() -> None:
    pool = [candidate(n, 0.05 + n / 110, drawn=n * 37 % 100 / 100) for n in range(100)]
    random.Random(1).shuffle(pool)
    queue = arrange(pool, 0.8, size=50)
    assert [place for place, one in enumerate(queue, start=1) if one.is_random] == list(range(5, 51, 5))
    drawn = [one.card_id for one in queue if one.is_random]
    assert drawn == [one.card_id for one in sorted(pool, key=lambda one: one.draw)][:10], "by their draw, not by their worth"
    assert all(one.why == (RANDOM,) for one in queue if one.is_random)
    assert queue == arrange(pool[::-1], 0.8, size=50), "the order of the pool does not count"
    assert {one.card_id for one in arrange(pool, 0.8, size=500)} == {one.card_id for one in pool}


def test_the_draw_is_even_and_the_same_in_python_and_sql(deck: Deck) -> None:
    assert [round(draw(f"CARD-{n}"), 6) for n in (1, 2)] == [0.534369, 0.194727]
    assert sum(is_drawn(f"CARD-{n}") for n in range(10_000)) == pytest.approx(2000, abs=120)
    assert draw("CARD-1", seed=7) != draw("CARD-1")
    assert {one.card_id: one.is_random for one in deck.queue} == {key: is_drawn(key) for key in deck.cards}


def test_a_card_has_the_same_id_in_python_and_sql_and_its_words_stand_where_it_says(deck: Deck) -> None:
    assert len(deck.cards) == len(deck.queue) == 40
    for card in deck.cards.values():
        assert card.card_id == card_id(card.gene_curie, card.disease_curie, card.pmid, card.sentence)
        assert card.sentence[card.gene_start : card.gene_end] == card.gene_text
        assert card.sentence[card.disease_start : card.disease_end] == card.disease_text
        assert deck.texts[card.pmid][card.start :].startswith(card.sentence)
