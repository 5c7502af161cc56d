"""Abbreviations that an article explains: "ataxia telangiectasia mutated (ATM)" or "ATM (ataxia telangiectasia mutated)".

Source: Schwartz & Hearst (2003), "A simple algorithm for identifying abbreviation definitions in biomedical text", Pacific
Symposium on Biocomputing 8:451-462. The letters of the short form are looked for from its end to its start in the words beside the
bracket; the first one has to begin a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from genemine.records import Abbreviation, Sentence

# The limits of the paper: a short form has 2 to 10 characters and at most two words, a long form at most
# min(n + 5, 2 n) words, n being the characters of the short form.
_SHORTEST, _LONGEST = 2, 10
_REACH = 400  # characters before a bracket in which its long form is looked for
_BRACKET = re.compile(r"\(([^()]+)\)|\[([^][]+)\]")
_WORD = re.compile(r"\S+")
_LAST_WORD = re.compile(r"(?<!\S)\S+(?=\s+$)")
_FIRST_PART = re.compile(r"[^,;:]+")

_Span = tuple[int, int]  # start and end, end exclusive


def find_abbreviations(sentences: Iterable[Sentence]) -> tuple[Abbreviation, ...]:
    """Find the pairs of short and long form in the sentences of one article; offsets are the article's."""
    return tuple(pair for sentence in sentences for pair in _in_sentence(sentence))


def _in_sentence(sentence: Sentence) -> Iterator[Abbreviation]:
    text = sentence.text
    for bracket in _BRACKET.finditer(text):
        part = _FIRST_PART.match(text, bracket.start() + 1, bracket.end() - 1)  # "(ATM; MIM 208900)"
        if part is None:
            continue
        first, last = _trim(text, part.start(), part.end())
        found = None
        if _is_short_form(text[first:last]):
            found = _pair(text, (first, last), (_words_before(text, bracket.start(), last - first), bracket.start()))
        word = _LAST_WORD.search(text, max(0, bracket.start() - _LONGEST - 2), bracket.start())
        if found is None and word and _is_short_form(word.group()):
            found = _pair(text, word.span(), (first, last), whole=True)
        if found is not None:
            (short, short_end), (long, long_end) = found
            base = sentence.start
            yield Abbreviation(
                text[short:short_end], short + base, short_end + base, text[long:long_end], long + base, long_end + base
            )


def _is_short_form(text: str) -> bool:
    return (
        _SHORTEST <= len(text) <= _LONGEST
        and len(text.split()) <= 2
        and text[0].isalnum()
        and any(c.isalpha() for c in text)
        and not (text.islower() and text.isalpha())  # "(often)" in "one fifth of ten (often)": the paper takes it
    )


def _pair(text: str, short: _Span, room: _Span, *, whole: bool = False) -> tuple[_Span, _Span] | None:
    """Find the long form of ``short`` in the characters of ``room``; with ``whole`` it has to begin where the room does."""
    first, last = _trim(text, *room)
    start = _long_form_start(text[slice(*short)], text, first, last)
    if start is None or (whole and start != first):
        return None
    long, name = text[start:last], text[slice(*short)]
    if len(long) <= len(name) or f" {name} " in f" {long} " or len(long.split()) > min(len(name) + 5, 2 * len(name)):
        return None
    return short, (start, last)


def _long_form_start(short: str, text: str, first: int, last: int) -> int | None:
    """Match the letters of ``short`` backwards in ``text[first:last]``; gives the start of the word that holds the first one."""
    position = last
    for index in range(len(short) - 1, -1, -1):
        wanted = short[index].lower()
        if not wanted.isalnum():
            continue
        position -= 1
        while position >= first and (
            text[position].lower() != wanted or (index == 0 and position > first and text[position - 1].isalnum())
        ):
            position -= 1
        if position < first:
            return None
    start = max(first, text.rfind(" ", first, position + 1) + 1)
    skipped = text[start] in "\"'“‘" or (text[start] in "([" and not any(c in ")]" for c in text[start:last]))
    return start + 1 if skipped and start < position else start


def _words_before(text: str, end: int, n_characters: int) -> int:
    """Give the start of the last min(n + 5, 2 n) words before ``end``."""
    words = list(_WORD.finditer(text, max(0, end - _REACH), end))[-min(n_characters + 5, 2 * n_characters) :]
    return words[0].start() if words else end


def _trim(text: str, first: int, last: int) -> tuple[int, int]:
    piece = text[first:last]
    return first + len(piece) - len(piece.lstrip()), first + len(piece.rstrip())
