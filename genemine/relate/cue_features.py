"""What a learnt stance reads of a cue: which word it is, where it stands to the pair, and what stands between.

Every cue of a sentence is a candidate, wherever it stands; whether the rules of ``cues`` count it is one feature among others. So
sentences without a cue cost nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from genemine.relate.clauses import VERBS
from genemine.relate.cues import Reading, Span

Features = dict[str, float]
_LONG = 30  # tokens beyond which a distance is the same
_LINKS = frozenset({"and", "that", "which", "who", "suggest", "suggests", "suggesting", "with", "but", "while", "because", "since"})


@dataclass(frozen=True, slots=True)
class Candidates:
    """The cues of a sentence that may deny, and those that may suppose, each with its features."""

    denials: tuple[tuple[Span, Features], ...]
    doubts: tuple[tuple[Span, Features], ...]


def candidates(reading: Reading) -> Candidates:
    """Describe every cue of a sentence."""
    return Candidates(
        tuple((span, _features(reading, span, reading.negations)) for span in reading.may_deny),
        tuple((span, _features(reading, span, reading.speculations)) for span in reading.may_doubt),
    )


def _features(reading: Reading, span: Span, counted: Sequence[Span]) -> Features:
    """Describe one cue; distances and yes/no lie in 0-1, counts are capped, the verdict of the rules weighs double."""
    tokens, first, second = reading.tokens, reading.first, reading.second
    start, end = span
    if end <= first:
        place, gap = "before", (end, first)
    elif start < second:
        place, gap = "between", (first + 1, second)
    else:
        place, gap = "after", (second + 1, start)
    words = tokens[gap[0] : gap[1]]
    found: Features = {
        f"place={place}": 1,
        f"word={tokens[start]}": 1,
        f"last={tokens[end - 1]}": 1,
        "distance": min(len(words), _LONG) / _LONG,
        "between": min(second - first, _LONG) / _LONG,
        "clauses": min(sum(gap[0] <= at <= gap[1] for at in reading.scopes.starts), 3),
        "commas": min(words.count(","), 4),
        "verb": float(not VERBS.isdisjoint(words)),
        "pair has verb": float(not VERBS.isdisjoint(tokens[first + 1 : second])),
        "rules": 2.0 * bool(counted),
    }
    if any(start < last and begin < end for begin, last in counted):
        found["this one"] = found[f"this one {place}"] = 1
    for word in _LINKS.intersection(words):
        found[f"{place} over {word}"] = 1
    if start:
        found[f"after {tokens[start - 1]}"] = 0.5
    if end < len(tokens):
        found[f"before {tokens[end]}"] = 0.5
    return found
