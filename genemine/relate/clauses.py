"""Which tokens of a sentence speak of a marked pair: where its clause begins and ends.

A word such as "but" begins another clause, except after "not only"; so do "and that", a semicolon outside of brackets, and the
first comma of a sentence that begins with "although". A relative clause (or one with "although") between two commas that holds
neither mention is set aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PLACES = ("before", "between", "after", "predicate")
_BEFORE, _AFTER = 30, 10  # tokens
_OTHER_CLAUSE = frozenset({"but", "however", "whereas", "although", "though", "while", "except", "yet", "nevertheless"})
_NOT_ONLY = frozenset({"only", "just", "merely", "simply", "solely"})
_CONCESSIONS = frozenset({"although", "though", "while", "whereas", "despite"})
_OPEN, _CLOSE = frozenset("(["), frozenset(")]")
_RELATIVE = frozenset({"which", "that", "who", "whose", "where", "although", "though"})
_JOINS = frozenset({"and", "or"})
_MODAL = frozenset({"may", "might", "could", "can", "should", "would", "will", "has", "have", "had", "do", "does", "did"})
_BE = frozenset({"is", "was", "are", "were"})
VERBS = _MODAL | _BE | {"cause", "causes", "caused", "increase", "increases", "increased", "showed", "shows", "show", "associated"}


@dataclass(frozen=True, slots=True)
class Scopes:
    """Token ranges (first, last + 1); ``before`` holds the first mention and ``between`` both. ``aside`` are tokens of none, and
    another clause begins at each of ``starts``."""

    before: tuple[int, int]
    between: tuple[int, int]
    after: tuple[int, int]
    predicate: tuple[int, int]
    aside: frozenset[int] = frozenset()
    starts: tuple[int, ...] = ()


def scopes(tokens: Sequence[str], first: int, second: int) -> Scopes:
    """Find the places where words speak of the pair.

    Args:
        tokens: of the sentence, case folded.
        first: place of the first mark.
        second: place of the second.
    """
    aside = _aside(tokens, first, second)
    starts = _clause_starts(tokens)
    breaks = [at for at in starts if at not in aside]
    before = max([0, first - _BEFORE, *(at for at in breaks if at < first)])
    inside = [at for at in breaks if first < at < second]
    after = min([len(tokens), second + 1 + _AFTER, *(at for at in breaks if at > second)])
    for at in range(second + 1, after):
        if tokens[at] == "," or (tokens[at] in _JOINS and at + 1 < len(tokens) and tokens[at + 1] in _MODAL | _BE):
            after = at
            break
    has_verb = bool(inside) or not VERBS.isdisjoint(tokens[first + 1 : second])
    return Scopes(
        before=(first if inside else before, first + 1),
        between=(inside[-1] if inside else first, second + 1),
        after=(second + 1, after),
        predicate=(second + 1, second + 1 if has_verb else after),
        aside=aside,
        starts=tuple(starts),
    )


def _clause_starts(tokens: Sequence[str]) -> list[int]:
    """Give the places of the words that begin another clause."""
    found, depth, is_only, is_first = [], 0, False, tokens[0] in _CONCESSIONS
    for at, word in enumerate(tokens):
        if word in _OPEN:
            depth += 1
        elif word in _CLOSE:
            depth = max(0, depth - 1)
        elif word == ";" and not depth:
            found.append(at)
        elif word == "," and is_first and not depth:  # "Although ..., "
            found.append(at)
            is_first = False
        elif word in _NOT_ONLY and at and tokens[at - 1] == "not":
            is_only = True
        elif word in _OTHER_CLAUSE:
            if word != "but" or not is_only:
                found.append(at)
            is_only = False
        elif word == "and" and _says_that(tokens, at + 1):
            found.append(at)
    return found


def _says_that(tokens: Sequence[str], at: int) -> bool:
    """True for "that" or "whether", also behind "also"."""
    return any(token in ("that", "whether") for token in tokens[at : at + 1 + (tokens[at : at + 1] == ["also"])])


def _aside(tokens: Sequence[str], first: int, second: int) -> frozenset[int]:
    """Give the places of the clauses between the mentions that a comma begins and a comma ends."""
    found: set[int] = set()
    at = first + 1
    while at + 1 < second:
        if tokens[at] == "," and tokens[at + 1] in _RELATIVE:
            ends = [end for end in range(at + 2, second) if tokens[end] == ","]
            if ends:
                found.update(range(at, ends[0] + 1))
                at = ends[0]
        at += 1
    return frozenset(found)
