"""Copies: which articles are one and the same, and which of them is kept.

Two articles of one kind (:func:`genemine.clean.guards.kind_of`) are copies of each other

1. as **exact copy**, where title and abstract have the same letters and digits, enough of them to tell;
2. by **same DOI**, where besides the DOI the titles are the same, or the texts agree in half of their shingles;
3. as **near copy**, where title and abstract together have a Jaccard similarity of at least ``min_similarity``;

but 2 and 3 never where the articles are members of a series (:mod:`genemine.clean.series`) or have two subjects
(:func:`genemine.clean.guards.other_subject`).

Of copies the best is kept: one that is not retracted before a retracted one, a published one before a preprint, then the oldest
(the smallest PMID). In this order an article is kept unless it is a copy of one that is kept already, so every article left out has
been compared with the very article that is named beside it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from genemine.clean.guards import Spelt, kind_of, other_subject, same_title, spelt
from genemine.clean.series import other_member
from genemine.clean.shingles import jaccard, shingles
from genemine.config import CopySettings
from genemine.records import AlikeTexts, Article, Candidate, Duplicate
from genemine.text import alnum_key

RETRACTED, PREPRINT = "retracted", "preprint"  # flags of Article
EXACT, SAME_DOI, NEAR = "exact copy", "same DOI", "near copy"
_ORDER = {EXACT: 0, SAME_DOI: 1, NEAR: 2}
# Supplements give one DOI to many abstracts; below this their texts have to do with each other by chance only.
DOI_SIMILARITY = 0.5


def find_duplicates(articles: Iterable[Candidate], alike: Iterable[AlikeTexts]) -> list[Duplicate]:
    """Say which articles are left out as copies of which.

    Args:
        articles: each PMID once; those that have no copies may be missing.
        alike: the pairs of texts that were found alike, in any order; (a, a) for one that several PMIDs have.

    Returns:
        The articles left out, the best first.
    """
    neighbours: dict[int, dict[int, AlikeTexts]] = defaultdict(dict)
    for pair in alike:
        neighbours[pair.text_a][pair.text_b] = neighbours[pair.text_b][pair.text_a] = pair
    kept = _Kept()
    duplicates = []
    for article in sorted(articles, key=rank):
        found = kept.copy_of(article, neighbours.get(article.text, {}))
        if found is None:
            kept.add(article)
        else:
            duplicates.append(found)
    return duplicates


def rank(article: Candidate) -> tuple[bool, bool, int]:
    """Sorts the articles that are rather kept first."""
    return article.retracted, article.preprint, int(article.pmid)


@dataclass(frozen=True)
class Words:
    """The words of an article, made ready to be compared."""

    number: int
    title: str
    abstract: str
    shingles: Set[str]

    @cached_property
    def spelt(self) -> Spelt:
        """Title and abstract as they are looked through for subjects."""
        return spelt(self.title, self.abstract)


def words_of(number: int, title: str, abstract: str, settings: CopySettings) -> Words:
    """Make title and abstract ready to be compared; ``number`` is :func:`text_number`'s."""
    return Words(number, title, abstract, shingles(Article("", title, abstract).text, settings.shingle_words))


def compare(one: Words, other: Words, settings: CopySettings) -> AlikeTexts | None:
    """Compare the words of two articles; None where they are too different, or members of a series."""
    similarity = jaccard(one.shingles, other.shingles)
    enough = bool(one.abstract and other.abstract) and min(len(one.shingles), len(other.shingles)) >= settings.min_shingles
    near = enough and similarity >= settings.min_similarity
    alike = near or (enough and similarity >= DOI_SIMILARITY) or same_title(one.title, other.title)
    if not alike or _are_apart(one, other):
        return None
    return AlikeTexts(min(one.number, other.number), max(one.number, other.number), similarity, near)


def _are_apart(one: Words, other: Words) -> bool:
    if alnum_key(one.title) == alnum_key(other.title):
        return False
    return other_member(one.title, other.title) or other_subject(one.spelt, other.spelt)


def candidate(article: Article) -> Candidate:
    """What the rule has to know of an article."""
    return Candidate(
        article.pmid,
        text_number(article.title, article.abstract, article.digest),
        bool(article.digest),
        article.doi,
        kind_of(article.title, article.publication_types, article.flags),
        RETRACTED in article.flags,
        PREPRINT in article.flags,
    )


def text_number(title: str, abstract: str, digest: str) -> int:
    """A signed 64-bit number for the words of an article: of its digest, or of title and abstract to the letter without one."""
    words = f"digest {digest}" if digest else f"text {title}\n{abstract}"
    return int.from_bytes(hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little", signed=True)


def duplicates_in(articles: Sequence[Article], settings: CopySettings) -> list[Duplicate]:
    """Compare each article with each: the rule to the letter, for lists that fit in memory. Each PMID comes once."""
    seen = [candidate(article) for article in articles]
    words = [words_of(one.text, article.title, article.abstract, settings) for one, article in zip(seen, articles, strict=True)]
    pairs = (compare(*pair, settings) for pair in combinations(words, 2))
    return find_duplicates(seen, [pair for pair in pairs if pair is not None])


class _Kept:
    """The articles kept so far, by their words."""

    def __init__(self) -> None:
        self._by_text: dict[tuple[int, str], Candidate] = {}
        self._by_doi: dict[tuple[int, str, str], Candidate] = {}

    def add(self, article: Candidate) -> None:
        self._by_text.setdefault((article.text, article.kind), article)
        if article.doi:
            self._by_doi.setdefault((article.text, article.kind, article.doi), article)

    def copy_of(self, article: Candidate, neighbours: dict[int, AlikeTexts]) -> Duplicate | None:
        """The kept article that this one is a copy of: an exact one first, then by DOI, then the most alike, then the best."""
        found = [(EXACT, 1.0, same)] if article.digested and (same := self._by_text.get((article.text, article.kind))) else []
        for text, pair in neighbours.items():
            under_doi = self._by_doi.get((text, article.kind, article.doi)) if article.doi else None
            by_words = self._by_text.get((text, article.kind)) if pair.near else None
            if under_doi is not None:
                found.append((SAME_DOI, pair.similarity, under_doi))
            elif by_words is not None:
                found.append((NEAR, pair.similarity, by_words))
        if not found:
            return None
        reason, similarity, kept = min(found, key=lambda one: (_ORDER[one[0]], -one[1], rank(one[2])))
        return Duplicate(article.pmid, kept.pmid, reason, similarity)
