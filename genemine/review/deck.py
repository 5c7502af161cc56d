"""A queue with its cards, as the page and the spreadsheet show it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path

from genemine.errors import RecordError
from genemine.review.cards import Card, neighbours
from genemine.review.events import NOTE, Event, Standing, note_of, shown
from genemine.review.pool import read_cards, read_pool
from genemine.review.queue import Placed, arrange, is_drawn


@dataclass(frozen=True)
class Deck:
    """The queue of a run in its order, its cards by id and the texts of their articles by PMID."""

    run_id: str
    threshold: float
    queue: tuple[Placed, ...]
    cards: Mapping[str, Card]
    texts: Mapping[str, str]

    def card(self, place: int) -> Card:
        """Give the card at a place of the queue, from 0."""
        return self.cards[self.queue[place].card_id]

    def around(self, card: Card) -> tuple[str, str]:
        """Give the sentences before and after a card's."""
        return neighbours(card, self.texts[card.pmid])

    def place(self, card_id: str) -> int | None:
        """Find a card in the queue."""
        return self._places.get(card_id)

    def is_random(self, card_id: str) -> bool:
        """Tell whether a card is of the random slice."""
        return is_drawn(card_id)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {one.card_id: place for place, one in enumerate(self.queue)}

    def next_open(self, standing: Mapping[str, Standing], after: int = -1) -> int | None:
        """Find the next card without a verdict after a place; else the first of all; None where every card has one."""
        places = chain(range(after + 1, len(self.queue)), range(min(after + 1, len(self.queue))))
        return next((i for i in places if not is_judged(standing, self.queue[i].card_id)), None)

    def n_done(self, standing: Mapping[str, Standing]) -> int:
        """Count the cards of the queue that have a verdict."""
        return sum(found.verdict is not None and card_id in self._places for card_id, found in standing.items())

    def event(self, event_id: str, curator: str, card_id: str, verdict: str, note: str = "", source: str = "page") -> Event:
        """Make the event of a verdict on a card of this deck; it keeps the card as it is shown.

        Raises:
            RecordError: the queue has no such card, or the note is too long or empty.
        """
        card = self.cards.get(card_id)
        if card is None:
            raise RecordError(f"card {card_id[:40]!r} is not in the queue of run {self.run_id}; load the page anew")
        text = note_of(note)
        if verdict == NOTE and not text:
            raise RecordError("an empty note; write something, or undo the note that is there")
        plain = Event(event_id, curator, verdict, card_id, text, source=source, run_id=self.run_id)
        return replace(plain, is_random=self.is_random(card_id), threshold=self.threshold, **shown(card))  # type: ignore[arg-type]


def is_judged(standing: Mapping[str, Standing], card_id: str) -> bool:
    """Tell whether a card has a verdict that stands."""
    found = standing.get(card_id)
    return found is not None and found.verdict is not None


def make_deck(folder: Path, run_id: str, threshold: float, size: int) -> Deck:
    """Arrange the queue of a run and read its cards.

    Raises:
        StorageError: the run's tables are missing or damaged.
    """
    queue = arrange(read_pool(folder, threshold, size), threshold, size)
    cards, texts = read_cards(folder, [one.card_id for one in queue])
    return Deck(run_id, threshold, tuple(queue), cards, texts)


def deck_of(folder: Path, run_id: str, threshold: float, ids: Collection[str]) -> Deck:
    """Read certain cards of a run, without a queue; those that it does not have are left out.

    Raises:
        StorageError: the run's tables are missing or damaged.
    """
    cards, texts = read_cards(folder, ids)
    return Deck(run_id, threshold, (), cards, texts)
