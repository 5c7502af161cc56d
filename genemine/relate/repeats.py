"""Which sentences say again what a better one has said, so that the best sentences of a pair are different ones."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Jaccard similarity of the words from which two sentences are the same in other dress.
SAME = 0.6
# How many different sentences are sought, and among how many of the best: those are what a reader looks at.
WANTED, LOOKED_AT = 5, 20
_WORDS = re.compile(r"[^\W_]+")


def repeats(sentences: Iterable[str]) -> list[int]:
    """Give the places (from 0) of sentences that are nearly the same as one before them.

    Args:
        sentences: best first. Once five different ones are found, the others are not looked at.
    """
    chosen: list[frozenset[str]] = []
    found: list[int] = []
    for place, sentence in enumerate(sentences):
        words = frozenset(_WORDS.findall(sentence.casefold()))
        if any(_similarity(words, other) >= SAME for other in chosen):
            found.append(place)
        else:
            chosen.append(words)
        if len(chosen) == WANTED:
            break
    return found


def _similarity(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both) if one or other else 1.0
