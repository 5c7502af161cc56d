"""What a lexicon holds: concepts with names of several kinds."""

from __future__ import annotations

from dataclasses import dataclass

# Kinds of names. The letter is what a packed lexicon stores.
SYMBOL, FULL_NAME, PREVIOUS, ALIAS, PREVIOUS_NAME, ALIAS_NAME, DESIGNATION = (
    "symbol",
    "full name",
    "previous symbol",
    "alias",
    "previous name",
    "alias name",
    "designation",
)
HEADING, SYNONYM, DO_NAME, DO_SYNONYM, USER = "heading", "synonym", "DO name", "DO synonym", "user"
KINDS = {
    "s": SYMBOL,
    "f": FULL_NAME,
    "p": PREVIOUS,
    "a": ALIAS,
    "q": PREVIOUS_NAME,
    "n": ALIAS_NAME,
    "o": DESIGNATION,
    "h": HEADING,
    "y": SYNONYM,
    "d": DO_NAME,
    "e": DO_SYNONYM,
    "u": USER,
}


@dataclass(frozen=True, slots=True)
class Concept:
    """One gene or disease.

    ``names[0]`` is the preferred symbol or name and ``kinds`` tells the kind of each name; ``xrefs`` are further CURIEs of the same
    thing. ``kind`` is a gene's type in NCBI Gene's words ("protein-coding", "pseudo"), "" where it is not known; ``taxon`` is
    NCBI's taxon number of a gene. ``parents`` are the CURIEs of a disease's broader diseases, ``trees`` its MeSH tree numbers.
    """

    curie: str
    names: tuple[str, ...]
    xrefs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    kind: str = ""
    taxon: str = ""
    parents: tuple[str, ...] = ()
    trees: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The preferred symbol or name."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept whose ``matched`` name has the form that was looked up.

    ``preferred`` when that is its symbol or heading; ``kind`` is one of :data:`KINDS`, "" where the lexicon does not tell.
    """

    concept: Concept
    matched: str
    preferred: bool
    kind: str = ""
