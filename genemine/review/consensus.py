"""What curators say together of each card: accepted, rejected, denied, or disputed where they differ; unsure ones say nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from genemine.review.events import ACCEPT, DENIED, REJECT, UNSURE, WRONG_DISEASE, WRONG_GENE, Event, Story, read_story

ACCEPTED, REJECTED, DISPUTED = "accepted", "rejected", "disputed"
MEANS = {ACCEPT: ACCEPTED, REJECT: REJECTED, WRONG_GENE: REJECTED, WRONG_DISEASE: REJECTED, DENIED: DENIED}


@dataclass(frozen=True, slots=True)
class Judged:
    """A card with what is said of it.

    ``verdict`` is accepted, rejected, denied, disputed or "unsure" (where nobody says more); ``given`` are the verdicts, each
    once, by name; ``card`` is the newest of their events, for the card as it was shown; ``is_random`` if it was so for any of them.
    """

    card: Event
    verdict: str
    given: tuple[str, ...]
    n_curators: int
    is_random: bool


def judged(events: Iterable[Event] | Story) -> list[Judged]:
    """Give every card that has a standing verdict, by its id."""
    story = events if isinstance(events, Story) else read_story(events)
    found: dict[str, list[Event]] = {}
    for curator in story.curators():
        for card_id, standing in story.of(curator).items():
            if standing.verdict is not None:
                found.setdefault(card_id, []).append(standing.verdict)
    return [_together(found[card_id]) for card_id in sorted(found)]


def _together(events: list[Event]) -> Judged:
    meant = {MEANS[event.verdict] for event in events if event.verdict in MEANS}
    verdict = meant.pop() if len(meant) == 1 else DISPUTED if meant else UNSURE
    given = tuple(sorted({event.verdict for event in events}))
    newest = max(events, key=lambda event: event.seq)
    return Judged(newest, verdict, given, len(events), any(event.is_random for event in events))
