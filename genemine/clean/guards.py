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

from genemine.clean.shingles import words
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

_LEAST_LETTERS = 4  # of a word that names a subject


def kind_of(title: str, publication_types: Collection[str], flags: Collection[str] = ()) -> str:
    """Tell what an article is to the paper of the same title: the paper itself, or a notice or comment about it.

    Publication types go before the beginning of the title ("Correction to: ...", "Reply to ..."). The flags "erratum" and
    "expression_of_concern" stand on both sides and tell nothing here; "retraction_notice" stands on the notice alone.
    """
    kinds = {_KIND_OF_TYPE.get(name.lower()) for name in publication_types}
    for kind in (RETRACTION, CONCERN, CORRECTION, COMMENT):
        if kind in kinds or (kind == RETRACTION and "retraction_notice" in flags):
            return kind
    start = fold(title[:80]).lstrip("[(\"'“ ")
    return next((kind for kind, begins in _KIND_OF_TITLE if begins.match(start)), PAPER)


def other_subject(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """True where each of two articles, as (title, abstract), names something that the other never does.

    That is a word of four letters or more that stands in its title and in its abstract, and nowhere in the other article; British
    and American spelling and the plural make no difference. A copy that was retitled or reworded here and there has no such word on
    both sides: what its title names is still in both abstracts.
    """
    (title_a, abstract_a), (title_b, abstract_b) = ([_spelt(text) for text in texts] for texts in (one, other))
    return bool((title_a & abstract_a) - title_b - abstract_b) and bool((title_b & abstract_b) - title_a - abstract_a)


def _spelt(text: str) -> set[str]:
    found = (word for word in words(text) if len(word) >= _LEAST_LETTERS and word.isalpha())
    return {word.replace("ae", "e").replace("oe", "e").replace("our", "or").replace("is", "iz").rstrip("s") for word in found}


def same_title(one: str, other: str, least_words: int = 5) -> bool:
    """True for titles of the same letters and digits, and of so many words that they name one paper ("Reply." does not)."""
    return len(one.split()) >= least_words and alnum_key(one) == alnum_key(other)
