"""What a curator says of a card, as events that are only ever added; what stands is found by reading them in order.

A verdict is about the sentence, not about what genemine made of it: accept means that the sentence states an association of this
gene and this disease, denied that it denies one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from genemine.errors import RecordError
from genemine.review.cards import Card

ACCEPT, REJECT, WRONG_GENE, WRONG_DISEASE, DENIED, UNSURE = "accept", "reject", "wrong gene", "wrong disease", "denied", "unsure"
VERDICTS = (ACCEPT, REJECT, WRONG_GENE, WRONG_DISEASE, DENIED, UNSURE)
NOTE, UNDO = "note", "undo"
LONGEST_NAME = 40  # characters
LONGEST_NOTE = 4_000


@dataclass(frozen=True, slots=True)
class Event:
    """One verdict, note or undo of one curator, with the card as it was shown.

    ``event_id`` is made by whoever sends it, so that what is sent twice counts once. ``undoes`` is the event that an undo takes
    back. ``is_random``: the card was of the random slice. ``threshold``, ``model`` and ``run_id`` are those of the run that was
    reviewed. ``seq`` and ``at`` (ISO, UTC) are given by the file that keeps it.
    """

    event_id: str
    curator: str
    verdict: str
    card_id: str
    note: str = ""
    undoes: str = ""
    source: str = "page"
    run_id: str = ""
    is_random: bool = False
    threshold: float = 0.0
    association_id: str = ""
    gene_curie: str = ""
    gene_name: str = ""
    disease_curie: str = ""
    disease_name: str = ""
    pmid: str = ""
    sentence: str = ""
    gene_start: int = 0
    gene_end: int = 0
    disease_start: int = 0
    disease_end: int = 0
    score: float = 0.0
    model: str = ""
    seq: int = 0
    at: str = ""


SHOWN = ("card_id", "association_id", "gene_curie", "gene_name", "disease_curie", "disease_name", "pmid", "sentence", "gene_start",
         "gene_end", "disease_start", "disease_end", "score", "model")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of one curator for one card: the newest verdict and the newest note that are not undone."""

    verdict: Event | None = None
    note: Event | None = None


@dataclass
class Story:
    """Events read one after the other, in the order in which they were kept."""

    by_id: dict[str, Event] = field(default_factory=dict)
    _alive: dict[str, dict[str, Event]] = field(default_factory=dict)  # curator -> event id -> event, oldest first
    _standing: dict[str, dict[str, Standing]] = field(default_factory=dict)  # curator -> card -> what stands

    def read(self, event: Event) -> None:
        """Take in the next event."""
        self.by_id[event.event_id] = event
        alive = self._alive.setdefault(event.curator, {})
        standing = self._standing.setdefault(event.curator, {})
        if event.verdict == UNDO:
            if alive.pop(event.undoes, None) is not None:
                own = [one for one in alive.values() if one.card_id == event.card_id]
                verdict = next((one for one in reversed(own) if one.verdict != NOTE), None)
                note = next((one for one in reversed(own) if one.verdict == NOTE), None)
                standing[event.card_id] = Standing(verdict, note)
            return
        alive[event.event_id] = event
        before = standing.get(event.card_id, Standing())
        standing[event.card_id] = Standing(before.verdict, event) if event.verdict == NOTE else Standing(event, before.note)

    def curators(self) -> list[str]:
        """Name all who ever gave a verdict, in alphabetical order."""
        return sorted(self._standing)

    def of(self, curator: str) -> dict[str, Standing]:
        """What stands of one curator, by card."""
        return self._standing.get(curator, {})

    def last(self, curator: str) -> Event | None:
        """The newest event of a curator that is not undone."""
        return next(reversed(self._alive.get(curator, {}).values()), None)


def read_story(events: Iterable[Event]) -> Story:
    """Read all events."""
    story = Story()
    for event in events:
        story.read(event)
    return story


def shown(card: Card) -> dict[str, object]:
    """Give the fields of an event that keep a card as it was shown."""
    return {name: getattr(card, name) for name in SHOWN}


def curator_name(text: str) -> str:
    """Check a curator's name; white space is made single.

    Raises:
        RecordError: it is empty, too long, or holds signs that no name has.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name or len(name) > LONGEST_NAME or any(char in "/\\?#%<>" or not char.isprintable() for char in name):
        raise RecordError(
            f"curator {name[:60]!r}: give a name of 1 to {LONGEST_NAME} letters, without slashes and the like, such as Anna"
        )
    return name


def verdict_of(text: str) -> str:
    """Read a verdict as people write it: ``Wrong-Gene`` is "wrong gene".

    Raises:
        RecordError: it is none.
    """
    found = " ".join(text.replace("_", " ").replace("-", " ").split()).casefold()
    if found not in VERDICTS:
        raise RecordError(f"{text[:40]!r} is no verdict; write one of {', '.join(VERDICTS)}")
    return found


def note_of(text: str) -> str:
    """Check a note.

    Raises:
        RecordError: it is longer than a note may be.
    """
    if len(text) > LONGEST_NOTE:
        raise RecordError(f"a note of {len(text):,} characters; write at most {LONGEST_NOTE:,}")
    return text.strip()
