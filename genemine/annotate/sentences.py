"""Sentences of titles and abstracts, with exact offsets.

A line feed always ends a sentence, so the title is one of its own; the label of a structured abstract ("BACKGROUND:") always
begins one. Every other end is a full stop, question or exclamation mark before white space, judged by the word before it and the
word after it. Rules and not a library: each boundary inside of a name costs a mention, and biomedical text has its own traps
("E. coli", "(p < 0. 05)", sentences that begin with "p53").

Measured on the 2,293 abstracts of NCBI-disease and BC5CDR against the sentences of their token files: F1 .973 (precision 1.000) and
.998; the token files of NCBI-disease set 332 boundaries inside of numbers ("0. |05"), without which it is .996. No boundary falls
inside of one of the 35,699 gold mentions. tests/annotate/test_sentences.py measures it again on the development parts.
"""

from __future__ import annotations

import re

from genemine.annotate.stops import stop_is_final
from genemine.annotate.tokens import tokenize
from genemine.records import Sentence

_CANDIDATE = re.compile(
    r"[.?!](?P<close>[\"'”’»)\]]*)(?P<gap>\s+)(?=\S)"
    r"|\n\s*"
    # Labels of structured abstracts begin a sentence even where the one before lacks its full stop.
    r"|(?<=[a-z0-9)\]%])\s+(?=(?:[A-Z]{2,},? ){0,3}(?:BACKGROUND|OBJECTIVES?|AIMS?|PURPOSE|INTRODUCTION|CONTEXT|DESIGN|SETTINGS?"
    r"|PATIENTS|PARTICIPANTS|METHODS?|MEASUREMENTS?|INTERVENTIONS?|RESULTS?|FINDINGS|DISCUSSION|CONCLUSIONS?|INTERPRETATION):\s)"
)
_LAST_WORDS = re.compile(r"(?:(?P<before>\S+)\s+)?[(\[\"'“‘]*(?P<last>[^\s(\[\"'“‘]*)$")
_OPENING = re.compile(r"[\"'“‘«(\[]*")
_FIRST_WORD = re.compile(r"[^\s.,;:)\]]+")
_LONGEST_WORD = 40  # characters looked at before a full stop and after it
_LONGEST_ASIDE = 250  # characters; an opening bracket without its partner within these is a slip of the pen


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Cut ``text`` into sentences with their tokens; offsets refer to ``text``, white space at the edges is left out."""
    sentences: list[Sentence] = []
    for start, end in _pieces(text):
        words = text[start:end]
        sentences.append(Sentence(len(sentences), start, end, words, tokenize(words, start)))
    return tuple(sentences)


def _pieces(text: str) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for found in _CANDIDATE.finditer(text):
        if _ends_sentence(text, start, found):
            pieces.append((start, found.start("gap") if found["gap"] else found.start()))
            start = found.end()
    pieces.append((start, len(text)))
    trimmed = [(first, first + len(text[first:last].rstrip())) for first, last in pieces]
    return [(first, last) for first, last in trimmed if first < last]


def _ends_sentence(text: str, start: int, found: re.Match[str]) -> bool:
    if found["gap"] is None or "\n" in found["gap"]:
        return True
    opening = _OPENING.match(text, found.end())
    after = opening.end() if opening else found.end()
    following = _FIRST_WORD.match(text, after, after + _LONGEST_WORD)
    first_word = following.group() if following else ""
    begins = first_word[:1].isalnum() or (first_word and after > found.end())  # "(+/-)-PG-9 was"
    if not begins or _inside_brackets(text, start, found.start()):
        return False
    if text[found.start()] != ".":
        return not first_word[0].islower()
    words = _LAST_WORDS.search(text, max(start, found.start() - _LONGEST_WORD), found.start())
    last, before = (words["last"], words["before"] or "") if words else ("", "")
    return stop_is_final(last, first_word, before=before, closed=bool(found["close"]))


def _inside_brackets(text: str, start: int, stop: int) -> bool:
    """Tell whether the full stop at ``stop`` stands in a bracket that was opened in this sentence and closes soon."""
    start = max(start, stop - _LONGEST_ASIDE)
    for opening, closing in ("()", "[]"):
        opened = text.rfind(opening, start, stop)
        if opened < 0 or text.count(opening, start, stop) <= text.count(closing, start, stop):
            continue
        closed = text.find(closing, stop, opened + _LONGEST_ASIDE)
        reopened = text.find(opening, stop, opened + _LONGEST_ASIDE)
        if closed > stop + 1 and (reopened < 0 or closed < reopened):
            return True
    return False
