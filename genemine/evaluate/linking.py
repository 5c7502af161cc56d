"""How often mentions get the identifiers that a curator gave them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from genemine.records import Link

Gold = tuple[frozenset[str], ...]  # for each thing that a mention names, the identifiers that are right for it


@dataclass
class Tally:
    """Counts of gold mentions: ``strict`` right, right in the ``lenient`` sense, and ``linked`` at all."""

    mentions: int = 0
    strict: int = 0
    lenient: int = 0
    linked: int = 0

    def add(self, links: Iterable[Link], gold: Gold) -> None:
        """Judge the links of one mention: lenient is that one of them is right, strict is :func:`is_right`."""
        own = [frozenset({link.curie, *link.xrefs}) for link in links if link.curie]
        self.mentions += 1
        self.strict += is_right(own, gold)
        self.lenient += any(part & ids for ids in own for part in gold)
        self.linked += bool(own)

    def __add__(self, other: Tally) -> Tally:
        """Sum two counts."""
        return Tally(
            self.mentions + other.mentions, self.strict + other.strict, self.lenient + other.lenient, self.linked + other.linked
        )

    def share(self, count: int) -> float:
        """Give a count as a share of all mentions."""
        return count / self.mentions if self.mentions else 0.0


def is_right(own: Sequence[frozenset[str]], gold: Gold) -> bool:
    """Tell whether links cover every gold part and nothing more.

    Args:
        own: for each link its identifiers (its own and the cross references).
        gold: for each part of the mention the identifiers that are right for it.
    """
    return (
        bool(own) and all(any(part & ids for ids in own) for part in gold) and all(any(part & ids for part in gold) for ids in own)
    )
