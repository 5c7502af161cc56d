"""Copyright notices and truncation marks in abstracts: what publishers and MEDLINE appended, taken off sentence by sentence."""

from __future__ import annotations

import re
from itertools import pairwise

# MEDLINE cut abstracts at 250, later 400 words until 2000 and said so in the text.
_TRUNCATED = re.compile(r"\(?\s*ABSTRACT TRUNCATED(?: AT \d+ WORDS)?\s*\)?\s*$", re.IGNORECASE)
_MARK_REACH = 60
_REACH = 600  # characters before the end in which a notice begins; the longest seen, of Creative Commons, have about 300
_MAYBE = re.compile(r"©|[Cc]opyright|COPYRIGHT|\([cC]\)|Psyc|rights reserved|Published|Creative Commons|\bc[12]\d{3}\b")
_YEAR = r"[12]\d{3}"
_START = re.compile(
    rf"""
    (?: ^ | \s+ | (?<=[.!?)\]]) ) [(\[]? \s*
    (?: (?:Crown\ )? (?:Copyright|COPYRIGHT) :? \s* (?: \([cC]\) | (?:Â\s?)?© | {_YEAR} | by\b | of\b )
      | © \s* (?: Copyright | {_YEAR} )
      | \([cC]\) \s* (?: Copyright\s* )? (?: The\ Authors?(?:\(s\))?,?\s* )? {_YEAR}
      | (?:APA\ )? Psyc(?:Info|INFO) \s+ Database \s+ Record
    )
  | (?: ^ | (?<=[.!?)\]]\ ) | (?<=[.!?)\]]) )
    (?: © \s* [A-Z]
      | c{_YEAR}\ [A-Z]
      | This\ article\ is\ protected\ by\ copyright
      | All\ rights\ reserved
      | Published\ by\ (?:the\ )? [A-Z]
      | Creative\ Commons\ [A-Z]
    )
    """,
    re.VERBOSE,
)
_SENTENCE_BREAK = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][)\]]))\s+(?=[A-Z(\[©\d])")
# words of which a notice's further sentences have one
_NOTICE_WORDS = re.compile(
    r"copyright|©|\(c\)|rights reserved|licen[cs]e|permission|[Pp]ublished (?:by|under|on behalf)|on behalf of|[Oo]pen [Aa]ccess|"
    r"Creative Commons|public domain|Database Record|claim to original|The Authors?\b|Government employees?|permitted unless"
)
_MIN_WORDS = 4
_MIN_LOWER = 0.5  # of a sentence's words begin with a small letter; of the names of publishers and authors hardly any do


def strip_notices(words: str) -> str:
    """Take copyright sentences and truncation marks off the end of an abstract.

    A notice begins with ``©``, ``Copyright``, ``(c) 2019`` or a publisher's set phrase in the last 600 characters. It goes with
    the sentences that belong to it ("All rights reserved."); a sentence of the abstract that follows it stays. What only mentions
    copyright is left alone.
    """
    head, tail = _split(words)
    while (shorter := _strip_once(tail)) != tail:
        head, tail = _split(head + shorter) if head and len(shorter) < 2 * _REACH else (head, shorter)
    return head + tail


def _split(words: str) -> tuple[str, str]:
    """Part the end off, where all the work is; what stands before it is not copied again for each notice."""
    at = max(0, len(words) - 8 * _REACH)
    return words[:at], words[at:]


def _strip_once(words: str) -> str:
    cut = _TRUNCATED.search(words, max(0, len(words) - _MARK_REACH))
    shorter = words[: cut.start()].rstrip() if cut else words
    reach = max(0, len(shorter) - _REACH)
    found = _START.search(shorter, reach) if _MAYBE.search(shorter, reach) else None
    if found is None:
        return shorter
    before, after = shorter[: found.start()].rstrip(), _prose_after(shorter, found.end())
    return f"{before} {after}" if before and after else before + after


def _prose_after(words: str, start: int) -> str:
    """Give what follows a notice: all from the first sentence on that is none of the notice's own."""
    breaks = [found.end() for found in _SENTENCE_BREAK.finditer(words, start)]
    return next((words[first:] for first, end in pairwise([*breaks, len(words)]) if _is_prose(words[first:end])), "")


def _is_prose(sentence: str) -> bool:
    tokens = sentence.split()
    n_lower = sum(token.lstrip("([")[:1].islower() for token in tokens)
    return len(tokens) >= _MIN_WORDS and n_lower >= _MIN_LOWER * len(tokens) and _NOTICE_WORDS.search(sentence) is None
