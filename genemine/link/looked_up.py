"""What genes and diseases share when names are looked up: the link of a hit, and short forms that mean something else here."""

from __future__ import annotations

from genemine.link import score as scores
from genemine.link.find import Find
from genemine.link.lexicon import Hit
from genemine.link.reasons import TOO_UNSURE
from genemine.link.variants import disease_key
from genemine.records import Link, Mention

_LONGEST_RISKY = 5  # characters: a longer short form that the lexicon knows is hardly ever something else


def linked(mention: Mention, hit: Hit, how: str, min_score: float) -> Link:
    """Give the link of a mention to what was found, or an honest none where that way of finding is worth too little."""
    value = scores.score(mention.type, how)
    if value < min_score:
        return Link(mention, matched=hit.matched, how=how, score=value, reason=TOO_UNSURE)
    return Link(mention, hit.concept.curie, hit.concept.name, hit.matched, how, value, hit.concept.xrefs)


def found_as(by_short: Find | None, hit: Hit) -> str:
    """Tell how a short form was found whose long form is ``hit``: as its own name where it is one of that concept."""
    same = by_short is not None and any(other.concept.curie == hit.concept.curie for other in by_short.hits)
    return by_short.how if same and by_short is not None else scores.ABBREVIATION


def means_other(short: str, long: str, by_short: Find) -> bool:
    """True for a short form that is a name of something else than its long form says.

    Such are short ones without a digit, where long form and the names found have no word of four letters in common.
    """
    if len(short) > _LONGEST_RISKY or any(char.isdigit() for char in short):
        return False
    words = {word for word in disease_key(long).split() if len(word) > 3}
    return not any(words & set(disease_key(name).split()) for hit in by_short.hits for name in hit.concept.names)
