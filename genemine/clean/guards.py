"""What is never a copy, however alike the words are: a notice and its paper, and one template filled in twice.

- :func:`kind_of` tells a paper from a correction, a retraction notice, an expression of concern and a comment; those often carry
  the title, and sometimes the abstract, of the paper they are about. Only articles of one kind can be copies.
- :func:`other_subject` sees that title and abstract of two articles name two different things in otherwise equal words, as the
  summaries and protocols do that are written after a template.

The members of a series are told apart in :mod:`genemine.clean.series`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from genemine.text import alnum_key, fold

PAPER, CORRECTION, RETRACTION, CONCERN, COMMENT = "paper", "correction", "retraction notice", "concern", "comment"

# Publication types in lower case. "Corrected and Republished Article", "Duplicate Publication" and "Retracted Publication" are
# papers: the first two are copies indeed, and the third yields to its sound copy.
_KIND_OF_TYPE = {
    "published erratum": CORRECTION,
    "retraction of publication": RETRACTION,
    "retraction notice": RETRACTION,
    "expression of concern": CONCERN,
    "comment": COMMENT,
}
# How the titles of notices begin, folded; PubMed's types are missing where a publisher did not send them.
_KIND_OF_TITLE = (
    (
        RETRACTION,
        re.compile(r"(?:notice of |statement of )?retraction\b(?: notice| note)?(?:\s*[:.]| to\b| of:)|notice of retraction"),
    ),
    (CONCERN, re.compile(r"(?:editorial )?(?:expression|note|notice) of concern\b")),
    (
        CORRECTION,
        re.compile(
            r"(?:author'?s?'? |publisher'?s?'? |editorial )?"
            r"(?:corrections?\s*(?:[:.]|to\b|for\b)|errat(?:um|a)\b|corrigend(?:um|a)\b|addendum\s*(?:[:.]|to\b))"
        ),
    ),
    (
        COMMENT,
        re.compile(
            r"(?:the )?(?:authors?'?s?'? )?(?:reply|response)\b\s*(?:$|[:.]|to\b|from\b|by\b)"
            r"|(?:invited )?comment(?:ary|s)?\b\s*(?:$|[:.]|on\b)"
            r"|re\s*:|in reply\b|letter(?: to the editor)?\s*(?:[:.]|regarding\b)"
        ),
    ),
)

_RE_FOR_ER = re.compile(r"([bt])re(?=s?\b)")  # centre, fibres
_LONG_WORD = re.compile(r"\b[^\W\d_]{4,}\b")  # shorter ones name no subject


def kind_of(title: str, publication_types: Collection[str], flags: Collection[str] = ()) -> str:
    """Tell what an article is to the paper of the same title: the paper itself, or a notice or comment about it.

    Publication types go before the beginning of the title ("Correction to: ...", "Reply to ..."). The flags "erratum" and
    "expression_of_concern" stand on both sides and tell nothing here; "retraction_notice" stands on the notice alone.
    """
    kinds = {_KIND_OF_TYPE.get(name.lower()) for name in publication_types}
    for kind in (RETRACTION, CONCERN, CORRECTION, COMMENT):
        if kind in kinds or (kind == RETRACTION and "retraction_notice" in flags):
            return kind
    start = fold(title[:80]).replace("’", "'").lstrip("[(\"'“ ")
    return next((kind for kind, begins in _KIND_OF_TITLE if begins.match(start)), PAPER)


@dataclass(frozen=True)
class Spelt:
    """Title and abstract, folded, in one spelling of English; ``names`` are the words of the title that may name a subject."""

    title: str
    abstract: str
    names: frozenset[str]


def spelt(title: str, abstract: str) -> Spelt:
    """Make title and abstract ready for :func:`other_subject`."""
    one_spelling = _spelt(title)
    return Spelt(one_spelling, _spelt(abstract), frozenset(_LONG_WORD.findall(one_spelling)))


def other_subject(one: Spelt, other: Spelt) -> bool:
    """True where each of two articles names something that the other never does.

    That is a word of four letters or more that stands in its title and in its abstract, and begins no word of the other article;
    British and American spelling and the plural make no difference. A copy that was retitled or reworded here and there has no such
    word on both sides: what its title names is still in both abstracts.
    """
    only = [{word.rstrip("s") for word in mine} for mine in (one.names - other.names, other.names - one.names)]
    return all(
        any(
            _begins_a_word(word, mine.abstract)
            and not _begins_a_word(word, theirs.title)
            and not _begins_a_word(word, theirs.abstract)
            for word in words
        )
        for words, mine, theirs in zip(only, (one, other), (other, one), strict=True)
    )


def _spelt(text: str) -> str:
    text = _RE_FOR_ER.sub(r"\1er", fold(text))
    for british, american in (("ae", "e"), ("oe", "e"), ("our", "or"), ("is", "iz"), ("ys", "yz"), ("ll", "l")):
        text = text.replace(british, american)
    return text


def _begins_a_word(word: str, text: str) -> bool:
    at = text.find(word)  # not by a pattern: to compile one for each word takes longer than all the rest
    while at > 0 and text[at - 1].isalnum():
        at = text.find(word, at + 1)
    return at >= 0


def same_title(one: str, other: str, least_words: int = 5) -> bool:
    """True for titles of the same letters and digits, and of so many words that they name one paper ("Reply." does not)."""
    return len(one.split()) >= least_words and alnum_key(one) == alnum_key(other)
