"""Which articles are mined, and why others are not.

Only an article without any words is dropped here. Retracted papers, notices, errata, preprints and papers in other languages (whose
title and abstract PubMed gives in English) are kept with their flags: tables and readers decide what they count for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from genemine.clean.normalise import normalise
from genemine.config import CleanSettings
from genemine.records import Article, Dropped

NO_WORDS = "no title and no abstract"


def clean(articles: Iterable[Article], settings: CleanSettings) -> Iterator[Article | Dropped]:
    """Normalise articles; those with nothing to read become ``Dropped`` with the reason."""
    for article in articles:
        cleaned = normalise(article, settings)
        yield drop_reason(cleaned) or cleaned


def drop_reason(article: Article) -> Dropped | None:
    """Say why an article cannot be mined; None if it can."""
    if article.title or article.abstract:
        return None
    detail = f"vernacular title only: {article.vernacular_title}" if article.vernacular_title else ""
    return Dropped(article.pmid, "clean", NO_WORDS, detail, article.source)
