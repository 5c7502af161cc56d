"""What the text around a mention says about it: another species, a line of capitals.

Which species a gene mention means was counted on the 4,400 gene mentions of the training and development parts of BioRED. Where a
text names no other species, 95 of 100 are human genes; where it names one and no people, 13 of 100; where it names people at least
as often, 75 of 100, but only 45 of 100 of those written like Brca1 and Trp53, and next to none of those with a digit among them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_OTHERS = re.compile(
    r"\b(?:mouse|mice|murine|rats?|rodents?|zebrafish|danio|drosophila|fruit fl(?:y|ies)|xenopus|c\. elegans|caenorhabditis|yeast|"
    r"saccharomyces|chickens?|avian|bovine|cattle|porcine|pigs?|canine|dogs?)\b",
    re.IGNORECASE,
)
_HUMANS = re.compile(
    r"\b(?:humans?|patients?|people|persons?|famil(?:y|ies)|child(?:ren)?|infants?|women|men|individuals?|probands?|kindreds?|carriers|"
    r"subjects|participants|cohorts?|case-control|population|clinical)\b",
    re.IGNORECASE,
)
# "murine Trp53", "the rat gene Sod1": the species word stands right before the name
_OTHER_BEFORE = re.compile(
    r"\b(?:mouse|murine|rat|zebrafish|drosophila|xenopus|yeast|bovine|porcine|canine|chicken)(?:\s+(?:gene|protein|homologue?|orthologu?e?))?\s+$",
    re.IGNORECASE,
)
_HUMAN_BEFORE = re.compile(r"\b(?:human|patients?'?)(?:\s+(?:gene|protein|wild-type|mutant))?\s+$", re.IGNORECASE)
_BEFORE = 40  # characters before a mention that are looked at
# Brca1, Trp53, Tnf: how symbols of mouse and rat genes are written (MGI and RGD, Guidelines for Nomenclature)
_RODENT_SYMBOL = re.compile(r"^[A-Z][a-z]+[a-z0-9-]*$")
_WORD_BEFORE = re.compile(r"(?<!\S)[\w'’-]+ $")
_WORD_AFTER = re.compile(r" [\w'’-]+(?=[\s.,;:()]|$)")
_WIDEST = 3  # words to each side that may belong to a longer name
_LINE_WINDOW = 60  # characters to each side that must be capitals for a line to count as one of capitals
_FEWEST_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Species:
    """How often a text names other species, and people."""

    others: int
    humans: int


def species_words(text: str) -> Species:
    """Count the words for other species and for people in a text."""
    return Species(len(_OTHERS.findall(text)), len(_HUMANS.findall(text)))


def is_other_species(text: str, start: int, mention: str, matched: str, species: Species) -> bool:
    """Tell whether a gene mention means the gene of another species than the human one that matched.

    Args:
        text: the article's text.
        start: offset of the mention in it.
        mention: the words of the mention.
        matched: the name of the human gene that matched.
        species: :func:`species_words` of the text.
    """
    if not species.others or _HUMAN_BEFORE.search(text, max(0, start - _BEFORE), start):
        return False
    if not species.humans or _OTHER_BEFORE.search(text, max(0, start - _BEFORE), start):
        return True
    in_rodent_style = matched.isupper() and len(matched) > 1 and _RODENT_SYMBOL.match(mention) is not None
    if in_rodent_style and (any(char.isdigit() for char in mention) or species.others > species.humans):
        return True
    return species.others > 3 * species.humans and not mention.isupper()


def wider_names(text: str, start: int, end: int) -> list[str]:
    """Give the text around a mention that may be a longer name with it inside, longest first; no punctuation is crossed."""
    starts, ends = [start], [end]
    while len(starts) <= _WIDEST and (before := _WORD_BEFORE.search(text, max(0, starts[-1] - _BEFORE), starts[-1])):
        starts.append(before.start())
    while len(ends) <= _WIDEST and (after := _WORD_AFTER.match(text, ends[-1])):
        ends.append(after.end())
    spans = {(first, last) for first in starts for last in ends} - {(start, end)}
    return [text[first:last] for first, last in sorted(spans, key=lambda span: (span[0] - span[1], span))]


def in_capitals(text: str, start: int, end: int) -> bool:
    """True when the words around a mention are all capitals, so that capitals say nothing about it."""
    before, after = text[max(0, start - _LINE_WINDOW) : start], text[end : end + _LINE_WINDOW]
    around = [char for char in before.rpartition("\n")[2] + after.partition("\n")[0] if char.isalpha()]
    return len(around) >= _FEWEST_LETTERS and all(char.isupper() for char in around)
