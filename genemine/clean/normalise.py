"""An article's words in one form: Unicode, entities, white space, and without the notices that publishers append.

Title and each section are cleaned by themselves and joined again, so the offsets of the sections hold by construction.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import replace

from genemine.clean.notices import strip_notices
from genemine.config import CleanSettings
from genemine.records import Article
from genemine.text import alnum_key, join_sections, tidy

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# tags that were text in the record, a start and its end; PubMed's own markup never gets this far
_MARKUP = re.compile(r"<(i|b|u|em|strong|sub|sup|italic|bold|pre)>([^<>]*)</\1>", re.IGNORECASE)
_MAX_ENCODINGS = 4  # "&amp;amp;lt;" is encoded three times; nothing seen was encoded more often


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
