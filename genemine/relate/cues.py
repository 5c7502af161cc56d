"""Does a sentence deny an association, or only suppose it? Cue words near the pair tell.

A cue counts where it stands in the clause of the pair:

===========  ==================================================================================================
before       up to 30 tokens before the first mention, back to a word that begins another clause ("but", ";")
between      from mention to mention; after such a word between them, only what follows it
after        up to 10 tokens behind the second mention, up to such a word or a comma
===========  ==================================================================================================

Phrases that sound negative and deny nothing ("not only", "cannot be excluded") are taken out before negation is looked for.

Source: after NegEx (Chapman et al. 2001, Journal of Biomedical Informatics 34:301-310): cue lists, pseudo-negations and a window
that other clauses end; the lists and the scopes for a pair are the project's own (resources/cues).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from genemine.records import PairExample
from genemine.relate.pairs import DISEASE_MARK, GENE_MARK

_BEFORE, _AFTER = 30, 10  # tokens
_OTHER_CLAUSE = frozenset({"but", "however", "whereas", "although", "though", "while", "except", "yet", ";", "nevertheless"})
_PLACES = ("before", "between", "after")
_GAP = r"(?:[^\s,;]+ ){0,3}?"
_NOTHING = "\N{MIDDLE DOT}"  # stands for a token that was taken out, so that places do not shift


@dataclass(frozen=True, slots=True)
class Stance:
    """How a sentence speaks of a pair; ``cue`` is the words that say so, in the order of the sentence."""

    negated: bool = False
    speculative: bool = False
    cue: str = ""


@dataclass(frozen=True, slots=True)
class Cues:
    """Compiled cue lists: for each place the pattern of any cue that may stand there."""

    negation: dict[str, re.Pattern[str]]
    speculation: dict[str, re.Pattern[str]]
    exceptions: re.Pattern[str]


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """Load the lists that ship with genemine."""
    return Cues(_places("negation.tsv"), _places("speculation.tsv"), _pattern([row[0] for row in _rows("exceptions.tsv")]))


def stance(example: PairExample, cues: Cues | None = None) -> Stance:
    """Tell whether a sentence denies or only supposes the association of its marked pair.

    Args:
        example: the tokens with one ``@GENE$`` and one ``@DISEASE$``; without both nothing is found.
        cues: None for the lists that ship with genemine.
    """
    lists = cues or load_cues()
    tokens = [token.casefold() for token in example.tokens]
    marks = sorted(tokens.index(mark.casefold()) for mark in (GENE_MARK, DISEASE_MARK) if mark.casefold() in tokens)
    if len(marks) != 2:
        return Stance()
    plain = _without(lists.exceptions, tokens)
    negations = list(_finds(lists.negation, plain, marks[0], marks[1]))
    speculations = list(_finds(lists.speculation, tokens, marks[0], marks[1]))
    words = [tokens[first:last] for first, last in sorted({*negations, *speculations})]
    return Stance(bool(negations), bool(speculations), "; ".join(" ".join(found) for found in words))


def _finds(patterns: dict[str, re.Pattern[str]], tokens: Sequence[str], first: int, second: int) -> Iterator[tuple[int, int]]:
    """Give the token spans (first, last + 1) of the cues in the three places."""
    for place, (start, end) in zip(_PLACES, _scopes(tokens, first, second), strict=True):
        if place not in patterns or start >= end:
            continue
        text = " ".join(tokens[start:end]) + " "
        for match in patterns[place].finditer(text):
            begin = start + text.count(" ", 0, match.start())
            yield begin, begin + match.group().count(" ")


def _scopes(tokens: Sequence[str], first: int, second: int) -> tuple[tuple[int, int], ...]:
    """Give the token ranges before, between and after; ``before`` holds the first mention and ``between`` both."""
    before = max(0, first - _BEFORE)
    for i in range(first - 1, before - 1, -1):
        if tokens[i] in _OTHER_CLAUSE:
            before = i
            break
    breaks = [i for i in range(first + 1, second) if tokens[i] in _OTHER_CLAUSE]
    between = breaks[-1] if breaks else first
    after = min(len(tokens), second + 1 + _AFTER)
    for i in range(second + 1, after):
        if tokens[i] in _OTHER_CLAUSE or tokens[i] == ",":
            after = i
            break
    in_first_clause = before if not breaks else first
    return (in_first_clause, first + 1), (between, second + 1), (second + 1, after)


def _without(pattern: re.Pattern[str], tokens: Sequence[str]) -> list[str]:
    """Put a placeholder for every token of the phrases that match."""
    text = " ".join(tokens) + " "
    return pattern.sub(lambda match: (_NOTHING + " ") * match.group().count(" "), text).split()


def _places(file_name: str) -> dict[str, re.Pattern[str]]:
    cues: dict[str, list[str]] = {}
    for cue, where in _rows(file_name):
        for place in where.split(","):
            cues.setdefault(place, []).append(cue)
    return {place: _pattern(listed) for place, listed in cues.items()}


def _pattern(cues: Sequence[str]) -> re.Pattern[str]:
    """Compile cues into one pattern over tokens that are each followed by a blank."""
    parts = []
    for cue in cues:
        words = [_GAP if word == "~" else f"(?:{'|'.join(re.escape(w) for w in word.split('|'))}) " for word in cue.split(" ")]
        parts.append("".join(words))
    return re.compile(rf"(?<!\S)(?:{'|'.join(parts)})")


def _rows(file_name: str) -> list[list[str]]:
    text = (files("genemine.resources") / "cues" / file_name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:] if line.strip()]
