"""What the text around a mention says about it: another species, a line of capitals."""

from __future__ import annotations

import re

_OTHER_SPECIES = re.compile(
    r"\b(?:mouse|mice|murine|rats?|rodents?|zebrafish|danio|drosophila|fruit fl(?:y|ies)|xenopus|c\. elegans|caenorhabditis|yeast|"
    r"saccharomyces|chickens?|avian|bovine|cattle|porcine|pigs?|canine|dogs?)\b",
    re.IGNORECASE,
)
# "murine Trp53", "rat p53": the species word stands right before the name
_SPECIES_BEFORE = re.compile(
    r"\b(?:mouse|murine|rat|zebrafish|drosophila|xenopus|yeast|bovine|porcine|canine|chicken)(?:\s+(?:gene|protein|homologue?|ortholog(?:ue)?))?\s+$",
    re.IGNORECASE,
)
_HUMAN = re.compile(
    r"\b(?:human|patients?|famil(?:y|ies)|child(?:ren)?|women|men|individuals|probands?|kindreds?)\b", re.IGNORECASE
)
# Brca1, Trp53, Tnf: how symbols of mouse and rat genes are written (Guidelines for Nomenclature of Mouse and Rat Genes, MGI/RGD)
_RODENT_SYMBOL = re.compile(r"^[A-Z][a-z]+[a-z0-9-]*$")
_LINE_WINDOW = 60  # characters to each side that must be capitals for a line to count as one of capitals
_FEWEST_LETTERS = 12


def names_other_species(text: str) -> bool:
    """True when the text speaks of an animal or another organism at all."""
    return _OTHER_SPECIES.search(text) is not None


def names_humans(text: str) -> bool:
    """True when the text speaks of people."""
    return _HUMAN.search(text) is not None


def is_other_species(text: str, start: int, mention: str, matched: str, speaks_of_others: bool) -> bool:
    """Tell whether a gene mention means the gene of another species than the human one that matched.

    Args:
        text: the article's text.
        start: offset of the mention in it.
        mention: the words of the mention.
        matched: the name of the human gene that matched.
        speaks_of_others: :func:`names_other_species` of the text, worked out once an article.
    """
    if not speaks_of_others:
        return False
    if _SPECIES_BEFORE.search(text, max(0, start - 40), start):
        return True
    letters = [char for char in matched if char.isalpha()]
    written_in_capitals = len(letters) > 1 and all(char.isupper() for char in letters)
    return written_in_capitals and _RODENT_SYMBOL.match(mention) is not None


def in_capitals(text: str, start: int, end: int) -> bool:
    """True when the words around a mention are all capitals, so that capitals say nothing about it."""
    before, after = text[max(0, start - _LINE_WINDOW) : start], text[end : end + _LINE_WINDOW]
    around = [char for char in before.rpartition("\n")[2] + after.partition("\n")[0] if char.isalpha()]
    return len(around) >= _FEWEST_LETTERS and all(char.isupper() for char in around)
