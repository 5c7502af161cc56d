"""A tagger that knows names and nothing else: the baseline that a trained one has to beat, and a stand-in for it in tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

import ahocorasick

from genemine.annotate.tokens import tokenize
from genemine.errors import VocabularyError
from genemine.records import TokenSpan
from genemine.text import fold

# Symbols of so few characters are words of English in another case ("was", "IMPACT"), so their case has to agree.
SHORT_NAME = 5
SEPARATOR = "\n"  # stands in no token

_Entry = tuple[int, str, tuple[str, ...] | None]  # number of tokens, type, spelling where it has to agree


class LexiconTagger:
    """Tags each longest run of whole tokens that is a name of the lexicon; dashes, accents and Greek may be spelt either way.

    Args:
        names: (name, type) of each name.
        name: what stands beside the mentions as their model.

    Raises:
        VocabularyError: there is no name at all.
    """

    def __init__(self, names: Iterable[tuple[str, str]], name: str = "lexicon") -> None:
        self.name = name
        entries: dict[str, set[_Entry]] = {}
        for written, kind in names:
            tokens = tuple(token.text for token in tokenize(written))
            if tokens:
                spelling = tokens if len(written) <= SHORT_NAME else None
                entries.setdefault(_joined(map(fold, tokens)), set()).add((len(tokens), kind, spelling))
        if not entries:
            raise VocabularyError(f"lexicon '{name}' holds no name to look for; give at least one (name, type)")
        self._automaton = ahocorasick.Automaton()
        for key, found in entries.items():
            self._automaton.add_word(key, tuple(sorted(found, key=repr)))
        self._automaton.make_automaton()

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[TokenSpan]]:
        """Find the names of each sentence; see :class:`genemine.annotate.tagging.TokenTagger`."""
        return [self._tag_one(tokens) for tokens in sentences]

    def _tag_one(self, tokens: Sequence[str]) -> list[TokenSpan]:
        folded = [fold(token) for token in tokens]
        # where the separator after each token stands in the joined text -> the number of tokens up to there
        last_at = {end: count for count, end in enumerate(accumulate(len(token) + 1 for token in folded), start=1)}
        found = [
            TokenSpan(last_at[end] - length, last_at[end], kind)
            for end, entries in self._automaton.iter(_joined(folded))
            for length, kind, spelling in entries
            if spelling is None or spelling == tuple(tokens[last_at[end] - length : last_at[end]])
        ]
        return _longest_of_each_type(found)


def _joined(tokens: Iterable[str]) -> str:
    return SEPARATOR + "".join(token + SEPARATOR for token in tokens)


def _longest_of_each_type(spans: Iterable[TokenSpan]) -> list[TokenSpan]:
    kept: list[TokenSpan] = []
    free_from: dict[str, int] = {}
    for span in sorted(set(spans), key=lambda s: (s.first, -s.last, s.type)):
        if span.first >= free_from.get(span.type, 0):
            kept.append(span)
            free_from[span.type] = span.last
    return kept
