"""A concept in the making: what several vocabularies say of one gene or disease."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from genemine.link.concepts import ALIAS, DESIGNATION, PREVIOUS, SYNONYM, Concept
from genemine.text import fold

# what databases call a thing that has no name yet; a text that says so means no gene in particular
_NO_NAME = re.compile(
    r"(?:hypothetical|uncharacteri[sz]ed|unknown|unnamed|novel|predicted|putative)(?: (?:protein|gene|transcript|locus|loc))\b.*|"
    r"(?:similar to|predicted:) .*|(?:protein|gene|locus|unknown|hypothetical)",
    re.IGNORECASE,
)
_WEAK = {"": 3, DESIGNATION: 2, ALIAS: 1, SYNONYM: 1}  # a surer kind takes the place of these
SHORT, NUMBER, NO_NAME, SAME = (
    "one character",
    "a number",
    "says only that it has no name",
    "differs in case alone from another name",
)


@dataclass
class Entry:
    """What is known so far of one concept; ``names`` gives the kind of each name, in the order of preference."""

    curie: str
    names: dict[str, str]
    xrefs: dict[str, None] = field(default_factory=dict)
    kind: str = ""
    taxon: str = ""
    parents: tuple[str, ...] = ()
    trees: tuple[str, ...] = ()

    def add(self, name: str, kind: str) -> bool:
        """Add a name, or make the kind of one that is there surer; True for a new name."""
        name = " ".join(name.split())
        if not name or name == "-":
            return False
        known = self.names.get(name)
        if known is None or _WEAK.get(known, 0) > _WEAK.get(kind, 0):
            self.names[name] = kind
        return known is None

    def rename(self, symbol: str, kind: str) -> None:
        """Put another symbol first; the one before becomes a previous symbol."""
        first = next(iter(self.names))
        rest = {name: PREVIOUS if name == first else of for name, of in self.names.items() if name != symbol}
        self.names = {symbol: kind, **rest}

    def concept(self, dropped: Counter[str]) -> Concept:
        """Make the concept of it; names that are of no use are left out and counted by reason, the first name never."""
        kept: dict[str, str] = {}
        seen: set[str] = set()
        for name, kind in self.names.items():
            reason = _useless(name, seen) if kept else ""
            if reason:
                dropped[reason] += 1
                continue
            kept[name] = kind
            seen.add(fold(name))
        return Concept(
            self.curie, tuple(kept), tuple(self.xrefs), tuple(kept.values()), self.kind, self.taxon, self.parents, self.trees
        )


def _useless(name: str, seen: set[str]) -> str:
    if len(name) == 1:
        return SHORT
    if name.replace(".", "").replace(",", "").isdigit():
        return NUMBER
    if _NO_NAME.fullmatch(name):
        return NO_NAME
    # "p53" and "P53" both stay: symbols are looked up with their case first
    return SAME if " " in name and fold(name) in seen else ""
