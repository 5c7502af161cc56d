"""One article while its mentions are linked: its text, its mentions, its abbreviations, and what its names say about each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from genemine.link import score as scores
from genemine.link.find import Find
from genemine.link.lexicon import Hit
from genemine.link.variants import disease_key, gene_key
from genemine.records import GENE, Mention

Finder = Callable[[str], Find | None]


@dataclass(frozen=True)
class Article:
    """What is known of an article. ``short_forms`` are its abbreviations, short form -> long form."""

    text: str
    mentions: tuple[Mention, ...]
    short_forms: Mapping[str, str]

    def of_type(self, mention_type: str) -> tuple[Mention, ...]:
        """Give the mentions of one type, in their order."""
        return tuple(mention for mention in self.mentions if mention.type == mention_type)


class ArticleNames:
    """The names of one type in one article: they tell which of several concepts a shared name means."""

    def __init__(self, article: Article, mention_type: str, find: Finder) -> None:
        self._type = mention_type
        mentions: Sequence[Mention] = article.of_type(mention_type)
        short_forms = article.short_forms
        self._forms = {self._key(m.text) for m in mentions}
        self._forms |= {self._key(short_forms[m.text]) for m in mentions if m.text in short_forms}
        if mention_type == GENE:
            self._forms |= {self._key(long) for long in short_forms.values()}
        self._sure: Counter[str] = Counter()
        for mention in mentions:
            found = find(mention.text)
            if found is not None and len(found.hits) == 1 and found.how != scores.BROADER:
                self._sure[found.hits[0].concept.curie] += 1

    def choose(self, found: Find) -> tuple[Hit, str]:
        """Choose among concepts that share a name: one that the article names otherwise too, else by symbol, else the first row."""
        hits = found.hits
        if len(hits) == 1:
            return hits[0], found.how
        named = [self._evidence(hit) for hit in hits]
        best = max(named)
        if best and named.count(best) == 1:
            return hits[named.index(best)], found.how
        preferred = [hit for hit in hits if hit.preferred]
        if len(preferred) == 1:
            return preferred[0], found.how
        return (preferred or list(hits))[0], scores.AMBIGUOUS

    def _evidence(self, hit: Hit) -> int:
        """Count the other names of a concept that the article's mentions show."""
        own = {self._key(name) for name in hit.concept.names if name != hit.matched} - {self._key(hit.matched)}
        return len(own & self._forms) + self._sure[hit.concept.curie]

    def _key(self, name: str) -> str:
        return gene_key(name) if self._type == GENE else disease_key(name)
