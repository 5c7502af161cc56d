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
    """A sentence with its marks at ``first`` and ``second`` and its cues.

    ``negations`` and ``speculations`` are those that count for the pair, ``may_deny`` and ``may_doubt`` all, wherever they stand.
    """

    tokens: Sequence[str]
    first: int
    second: int
    scopes: Scopes
    may_deny: list[Span]
    may_doubt: list[Span]
    negations: list[Span]
    speculations: list[Span]

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
    """Look for cues; None where a mark is missing or no cue stands anywhere in the sentence."""
    tokens = [token.casefold() for token in example.tokens]
    if _MARKS[0] not in tokens or _MARKS[1] not in tokens:
        return None
    present = set(tokens)
    plain = [_plain(cues, tokens, present) for cues in (lists.negation, lists.speculation, lists.announcement)]
    if not any(plain):
        return None
    deny, doubt, announce = (
        _spans(cues.anywhere, " ".join(words) + " ", 0) if words else []
        for cues, words in zip((lists.negation, lists.speculation, lists.announcement), plain, strict=True)
    )
    if not deny and not doubt and not announce:
        return None
    first, second = sorted(tokens.index(mark) for mark in _MARKS)
    where = scopes(tokens, first, second)
    speculations = _in_scope(lists.speculation, plain[1], where) if doubt else []
    if announce and present.isdisjoint(_FOUND):
        announced = _in_scope(lists.announcement, plain[2], where)
        speculations += [span for span in announced if _RESULTS.isdisjoint(tokens[span[1] :])]
    negations = _in_scope(lists.negation, plain[0], where) if deny else []
    return Reading(tokens, first, second, where, deny, doubt + announce, negations, speculations)


def _plain(cues: CueList, tokens: list[str], present: set[str]) -> list[str]:
    """Give the tokens without what is no cue; [] where the sentence has no word of any."""
    if present.isdisjoint(cues.words):
        return []
    return tokens if cues.exceptions is None else _without(cues.exceptions, tokens)


def _in_scope(cues: CueList, plain: Sequence[str], where: Scopes) -> list[Span]:
    """Give the spans of the cues in their places."""
    words = [_NOTHING if at in where.aside else word for at, word in enumerate(plain)] if where.aside else plain
    found: list[Span] = []
    for place in PLACES:
        start, end = getattr(where, place)
        if place in cues.places and start < end:
            found += _spans(cues.places[place], " ".join(words[start:end]) + " ", start)
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
