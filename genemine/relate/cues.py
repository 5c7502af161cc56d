"""Does a sentence deny an association, or only suppose it? Cue words near the pair tell.

A cue counts where it stands in the clause of the pair:

===========  ==================================================================================================
before       up to 30 tokens before the first mention, back to a word that begins another clause ("but", ";")
between      from mention to mention; after such a word between them, only what follows it
after        up to 10 tokens behind the second mention, up to such a word, a comma, or a second verb ("and was")
predicate    the same, where no verb stands between the two mentions, so that both belong to its subject
===========  ==================================================================================================

Where clauses begin and end is told in ``clauses``. Phrases that sound negative and deny nothing ("not only", "cannot be excluded")
are taken out before negation is looked for, and "supports the hypothesis" before supposition is. A sentence that announces ("we
typed", "to examine the association") only supposes, unless it also tells a result.

Source: after NegEx (Chapman et al. 2001, Journal of Biomedical Informatics 34:301-310): cue lists, pseudo-negations and a window
that other clauses end; the lists and the scopes for a pair are the project's own (resources/cues).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from genemine.records import PairExample
from genemine.relate.clauses import PLACES, Scopes, scopes
from genemine.relate.pairs import DISEASE_MARK, GENE_MARK

_GAPS = {"~": r"(?:[^\s,;]+ ){0,3}?", "~~": r"(?:(?!(?:and|is|was|are|were|has|have|in|with) )[^\s;]+ ){0,8}?"}
_NOTHING = "\N{MIDDLE DOT}"  # stands for a token that was taken out, so that places do not shift
_MARKS = (GENE_MARK.casefold(), DISEASE_MARK.casefold())
# words that most sentences have: a cue is looked for by another of its words
_EVERYWHERE = frozenset(
    {"to", "we", "and", "is", "was", "are", "were", "been", "a", "an", "the", "of", "be", "in", "with", ",", *_MARKS}
)
_FOUND = frozenset({"found", "observed", "showed", "revealed"})  # a result, wherever it stands
_RESULTS = frozenset(  # a result, where it stands behind what was studied
    {"find", "show", "shows", "shown", "identified", "detected", "demonstrated", "confirmed", "report", "reported", "%", "="}
    | {"significant", "significantly", "associated", "higher", "lower", "increased", "decreased"}
)


Span = tuple[int, int]  # tokens: first, last + 1


@dataclass(frozen=True, slots=True)
class Stance:
    """How a sentence speaks of a pair.

    ``cue`` is the words that say so, in the order of the sentence. ``denied`` and ``speculated`` are the chances that it denies the
    association, or only supposes it; cue words alone give 1 or 0.
    """

    negated: bool = False
    speculative: bool = False
    cue: str = ""
    denied: float = 0.0
    speculated: float = 0.0


@dataclass(frozen=True, slots=True)
class CueList:
    """One list of cues: for each place the pattern of any cue that may stand there, and for any cue wherever it stands.

    ``words`` holds a word of every cue: a sentence without any of them has no cue. What ``exceptions`` matches is no cue.
    """

    places: dict[str, re.Pattern[str]]
    anywhere: re.Pattern[str]
    words: frozenset[str]
    exceptions: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Cues:
    """All lists. A cue of ``announcement`` counts as speculation where no result follows it."""

    negation: CueList
    speculation: CueList
    announcement: CueList


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence with its marks at ``first`` and ``second``, and the cues that count for the pair."""

    tokens: Sequence[str]
    first: int
    second: int
    scopes: Scopes
    negations: tuple[Span, ...]
    speculations: tuple[Span, ...]

    def words(self, spans: Iterable[Span]) -> str:
        """Give the words of cues, in the order of the sentence."""
        return "; ".join(" ".join(self.tokens[start:end]) for start, end in sorted(set(spans)))


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """Load the lists that ship with genemine."""
    return Cues(_list("negation"), _list("speculation"), _list("announcement"))


def stance(example: PairExample, cues: Cues | None = None) -> Stance:
    """Tell whether a sentence denies or only supposes the association of its marked pair.

    Args:
        example: the tokens with one ``@GENE$`` and one ``@DISEASE$``; without both nothing is found.
        cues: None for the lists that ship with genemine.
    """
    found = read(example, cues or load_cues())
    if found is None:
        return Stance()
    is_denied, is_supposed = bool(found.negations), bool(found.speculations)
    words = found.words([*found.negations, *found.speculations])
    return Stance(is_denied, is_supposed, words, float(is_denied), float(is_supposed))


def read(example: PairExample, lists: Cues) -> Reading | None:
    """Look for the cues that count for the pair; None where a mark is missing or no word of any cue stands in the sentence."""
    tokens = [token.casefold() for token in example.tokens]
    marks = sorted(tokens.index(mark) for mark in _MARKS if mark in tokens)
    present = set(tokens)
    if len(marks) != 2 or not any(present & one.words for one in (lists.negation, lists.speculation, lists.announcement)):
        return None
    where = scopes(tokens, marks[0], marks[1])
    speculations = _finds(lists.speculation, tokens, where, present)
    if present.isdisjoint(_FOUND):
        announced = _finds(lists.announcement, tokens, where, present)
        speculations += [span for span in announced if _RESULTS.isdisjoint(tokens[span[1] :])]
    return Reading(tokens, marks[0], marks[1], where, tuple(_finds(lists.negation, tokens, where, present)), tuple(speculations))


def anywhere(cues: CueList, tokens: Sequence[str]) -> list[Span]:
    """Give the spans of all cues of a list, whether they count for a pair or not."""
    if cues.words.isdisjoint(tokens):
        return []
    plain = tokens if cues.exceptions is None else _without(cues.exceptions, tokens)
    return _spans(cues.anywhere, " ".join(plain) + " ", 0)


def _finds(cues: CueList, tokens: Sequence[str], where: Scopes, present: set[str]) -> list[Span]:
    """Give the spans of the cues in their places."""
    if present.isdisjoint(cues.words):
        return []
    plain = tokens if cues.exceptions is None else _without(cues.exceptions, tokens)
    found: list[Span] = []
    for place in PLACES:
        start, end = getattr(where, place)
        if place in cues.places and start < end:
            text = " ".join(_NOTHING if at in where.aside else plain[at] for at in range(start, end)) + " "
            found += _spans(cues.places[place], text, start)
    return found


def _spans(pattern: re.Pattern[str], text: str, start: int) -> list[Span]:
    """Give the token spans of matches in tokens that are each followed by a blank, the first of them token ``start``."""
    found = []
    for match in pattern.finditer(text):
        begin = start + text.count(" ", 0, match.start())
        found.append((begin, begin + match.group().count(" ")))
    return found


def _without(pattern: re.Pattern[str], tokens: Sequence[str]) -> list[str]:
    """Put a placeholder for every token of the phrases that match."""
    text = " ".join(tokens) + " "
    return pattern.sub(lambda match: (_NOTHING + " ") * match.group().count(" "), text).split()


def _list(name: str) -> CueList:
    rows = _rows(f"{name}.tsv")
    cues: dict[str, list[str]] = {}
    for cue, where in rows:
        for place in where.split(","):
            cues.setdefault(place, []).append(cue)
    exceptions = [cue for cue, of in _rows("exceptions.tsv") if of == name]
    words = frozenset(word for cue, _ in rows for word in _rarest(cue))
    return CueList(
        places={place: _pattern(listed) for place, listed in cues.items()},
        anywhere=_pattern([cue for cue, _ in rows]),
        words=words,
        exceptions=_pattern(exceptions) if exceptions else None,
    )


def _rarest(cue: str) -> list[str]:
    """Give the words of which a sentence must have one to hold the cue: the group with the fewest that stand everywhere."""
    groups = [group.split("|") for group in cue.split(" ") if group not in _GAPS]
    return min(groups, key=lambda group: (sum(word in _EVERYWHERE for word in group), len(group)))


def _pattern(cues: Sequence[str]) -> re.Pattern[str]:
    """Compile cues into one pattern over tokens that are each followed by a blank."""
    parts = []
    for cue in cues:
        words = [_GAPS.get(word) or f"(?:{'|'.join(re.escape(w) for w in word.split('|'))}) " for word in cue.split(" ")]
        parts.append("".join(words))
    return re.compile(rf"(?<!\S)(?:{'|'.join(parts)})")


def _rows(file_name: str) -> list[list[str]]:
    text = (files("genemine.resources") / "cues" / file_name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:] if line.strip()]
