"""Which articles are mined, and why others are not.

An article without any words is dropped, and what the settings do not want: articles in other languages, articles of some
publication types. Retracted papers, notices, errata, preprints and papers in other languages (whose title and abstract PubMed gives
in English) are kept with their flags otherwise: tables and readers decide what they count for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from genemine.clean.normalise import normalise
from genemine.config import CleanSettings
from genemine.records import Article, Dropped

NO_WORDS = "no title and no abstract"
NOT_THIS_LANGUAGE = "language not wanted"
NOT_THIS_TYPE = "publication type not wanted"


def clean(articles: Iterable[Article], settings: CleanSettings) -> Iterator[Article | Dropped]:
    """Normalise articles; those with nothing to read, and those that the settings do not want, become ``Dropped``."""
    for article in articles:
        cleaned = normalise(article, settings)
        yield drop_reason(cleaned, settings) or cleaned


def drop_reason(article: Article, settings: CleanSettings) -> Dropped | None:
    """Say why an article is not mined; None if it is.

    An article in several languages is wanted if one of them is; one that names none is wanted always. Case does not count.
    """
    if not article.title and not article.abstract:
        detail = f"vernacular title only: {article.vernacular_title}" if article.vernacular_title else ""
        return Dropped(article.pmid, "clean", NO_WORDS, detail, article.source)
    wanted = _folded(settings.languages)
    if wanted and article.languages and not wanted & _folded(article.languages):
        return Dropped(article.pmid, "clean", NOT_THIS_LANGUAGE, ", ".join(article.languages), article.source)
    unwanted = _folded(settings.exclude_types)
    types = [name for name in article.publication_types if name.casefold() in unwanted]
    if types:
        return Dropped(article.pmid, "clean", NOT_THIS_TYPE, ", ".join(types), article.source)
    return None


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)
