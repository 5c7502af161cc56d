"""An article's words in one form: Unicode, entities, white space, and without the notices that publishers append.

Title and each section are cleaned by themselves and joined again, so the offsets of the sections hold by construction.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import replace

from genemine.config import CleanSettings
from genemine.records import Article
from genemine.text import alnum_key, join_sections, tidy

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# tags that were text in the record, a start and its end; PubMed's own markup never gets this far
_MARKUP = re.compile(r"<(i|b|u|em|strong|sub|sup|italic|bold|pre)>([^<>]*)</\1>", re.IGNORECASE)
_MAX_ENCODINGS = 4  # "&amp;amp;lt;" is encoded three times; nothing seen was encoded more often

# MEDLINE cut abstracts at 250, later 400 words until 2000 and said so in the text.
_TRUNCATED = re.compile(r"\s*\(?\s*ABSTRACT TRUNCATED(?: AT \d+ WORDS)?\s*\)?\s*$", re.IGNORECASE)
_NOTICE_REACH = 300  # characters; the longest notices seen have about 200
_COPYRIGHT = re.compile(
    rf"""
    (?: ^ | \s+ | (?<=[.!?)\]]) ) [(\[]? \s*
    (?: (?:Crown\ )? (?:Copyright|COPYRIGHT) \s* (?: \([cC]\) | © | [12]\d{{3}} | by\b | of\b )
      | © \s* (?: Copyright | [12]\d{{3}} | The\b | [A-Z] )
      | \([cC]\) \s* (?: Copyright\s* )? [12]\d{{3}}
      | (?:APA\ )? Psyc(?:Info|INFO) \s+ Database \s+ Record
      | (?<=[.!?)\]]\ ) (?: This\ article\ is\ protected\ by\ copyright | All\ rights\ reserved | Published\ by\ [A-Z] )
    )
    .{{0,{_NOTICE_REACH}}} $
    """,
    re.VERBOSE | re.DOTALL,
)


def normalise(article: Article, settings: CleanSettings) -> Article:
    """Give the article with clean words and its digest.

    In title and abstract: NFC; no control or invisible characters; single spaces; double-encoded entities and tags undone. From the
    end of the abstract: copyright sentences and ``(ABSTRACT TRUNCATED AT 250 WORDS)`` are taken off. Labels, sections and every
    other field are kept; doing it twice changes nothing.
    """
    title = clean_words(article.title)
    parts = [(clean_words(label), clean_words(words)) for label, words in _parts(article)]
    parts = _without_notices(parts)
    abstract, sections = join_sections(parts, title)
    return replace(
        article,
        title=title,
        abstract=abstract,
        sections=sections,
        journal=clean_words(article.journal),
        vernacular_title=clean_words(article.vernacular_title),
        digest=_digest(title, [words for _, words in parts], settings.min_digest_chars),
    )


def clean_words(text: str) -> str:
    """Undo double encoding, then NFC, no invisible characters, single spaces."""
    clean = tidy(text)
    for _ in range(_MAX_ENCODINGS):
        if "&" not in clean and "<" not in clean:
            break
        before = clean
        decoded = _ENTITY.sub(lambda entity: html.unescape(entity.group()), clean)
        clean = tidy(_MARKUP.sub(r"\2", decoded))
        if clean == before:
            break
    return clean


def strip_notices(words: str) -> str:
    """Take copyright sentences and truncation marks off the end of an abstract.

    A notice begins with ``©``, ``Copyright``, ``(c) 2019`` or a publisher's set phrase, stands at the end, and is not longer than
    300 characters; what only mentions copyright is left alone.
    """
    while True:
        shorter = _TRUNCATED.sub("", words)
        found = _COPYRIGHT.search(shorter, max(0, len(shorter) - _NOTICE_REACH))
        if found is not None:
            shorter = shorter[: found.start()].rstrip()
        if shorter == words:
            return words
        words = shorter


def _parts(article: Article) -> list[tuple[str, str]]:
    """Give (label, words) of each section; one part for an abstract that is not just its sections joined."""
    text = article.text
    parts = [(section.label, text[section.start : section.end]) for section in article.sections]
    if parts and join_sections(parts, article.title) == (article.abstract, article.sections):
        return parts
    return [("", article.abstract)]


def _without_notices(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    kept = list(parts)
    while kept:
        label, words = kept.pop()
        if shorter := strip_notices(words):
            return [*kept, (label, shorter)]
    return []


def _digest(title: str, parts: list[str], min_chars: int) -> str:
    """Give a digest of the letters and digits of title and abstract, labels left out.

    Equal for exact copies. "" where there is no abstract (yearly reports and corrections share their titles without being copies)
    or where title and abstract together have fewer than ``min_chars`` letters and digits.
    """
    key = alnum_key(" ".join([title, *parts]))
    if not any(parts) or len(key) < min_chars:
        return ""
    return hashlib.sha1(key.encode("utf-8"), usedforsecurity=False).hexdigest()
