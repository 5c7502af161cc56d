"""Give gene mentions their identifiers.

Where gold links were learnt, trees choose among genes (gene_ranked.py) and a link's score is their chance; without them names are
looked up in a fixed order of ways, and the score is what that way was worth on gold mentions (score.py).
"""

from __future__ import annotations

from functools import lru_cache, partial
from importlib.resources import files

from genemine.config import LinkSettings
from genemine.link import score as scores
from genemine.link.article import Article, ArticleNames
from genemine.link.composite import gene_parts
from genemine.link.context import in_capitals, is_other_species, species_words
from genemine.link.find import find
from genemine.link.gene_ranked import LearntGenes, RankedGenes
from genemine.link.knowledge import Knowledge
from genemine.link.lexicon import Hit, Lexicon
from genemine.link.looked_up import found_as, linked, means_other
from genemine.link.reasons import CAPITALS, FAMILY, NO_MATCH, OTHER_MEANING, OTHER_SPECIES
from genemine.link.variants import gene_key
from genemine.records import GENE, Link, Mention

_REMEMBERED = 100_000  # names; about 50 MB at most
_SHORTEST_PART = 3  # characters: the D2 of "cyclin D1 and D2" is not the gene called D2


def read_names(file_name: str) -> tuple[str, ...]:
    """Read a list of names that ships with the lexicon: one a line below the header."""
    text = (files("genemine.resources") / "lexicon" / file_name).read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines()[1:] if line.strip())


class GeneLinker:
    """Links gene mentions to the genes of one lexicon."""

    def __init__(self, lexicon: Lexicon, settings: LinkSettings, knowledge: Knowledge) -> None:
        self.settings = settings
        self.knowledge = knowledge
        self._words = frozenset(read_names("words.tsv"))
        self._families = frozenset(gene_key(name) for name in read_names("families.tsv"))
        self.find = lru_cache(maxsize=_REMEMBERED)(partial(find, lexicon, self._words, GENE))  # names repeat
        has_model = bool(knowledge.genes.tables)
        self._learnt = LearntGenes(lexicon, knowledge.genes, settings, self.is_family, self.is_word) if has_model else None

    def of(self, article: Article) -> ArticleGenes | RankedGenes:
        """Look at one article."""
        return ArticleGenes(self, article) if self._learnt is None else RankedGenes(self._learnt, article)

    def is_family(self, name: str) -> bool:
        """True for a name that means several genes at once."""
        key = gene_key(name)
        return key in self._families or (key.endswith("s") and key[:-1] in self._families)

    def is_word(self, name: str) -> bool:
        """True for a gene symbol that is a word too."""
        return name.upper() in self._words


class ArticleGenes:
    """The genes of one article."""

    def __init__(self, linker: GeneLinker, article: Article) -> None:
        self._linker = linker
        self._article = article
        self._species = species_words(article.text)
        self._names = ArticleNames(article, GENE, linker.find)

    def links(self, mention: Mention) -> list[Link]:
        """Give the links of one mention, at least one."""
        if self._linker.is_family(mention.text) and mention.text not in self._article.short_forms:
            return [Link(mention, reason=FAMILY)]
        if self._linker.is_word(mention.text) and in_capitals(self._article.text, mention.start, mention.end):
            return [Link(mention, reason=CAPITALS)]
        found = self._by_abbreviation(mention) or self._by_name(mention) or self._by_parts(mention)
        return found or [Link(mention, reason=self._why_unmatched(mention))]

    def _why_unmatched(self, mention: Mention) -> str:
        """Tell a rodent symbol that no human gene shares (Trp53) from a name that nothing is known of."""
        return OTHER_SPECIES if self._is_other(mention, mention.text.upper()) else NO_MATCH

    def _is_other(self, mention: Mention, matched: str) -> bool:
        return is_other_species(self._article.text, mention.start, mention.text, matched, self._species)

    def _by_abbreviation(self, mention: Mention) -> list[Link]:
        long = self._article.short_forms.get(mention.text)
        if long is None:
            return []
        by_long, by_short = self._linker.find(long), self._linker.find(mention.text)
        if by_long is not None:
            hit, _ = self._names.choose(by_long)
            return [self._link(mention, hit, found_as(by_short, hit))]
        if by_short is not None and means_other(mention.text, long, by_short):
            return [Link(mention, reason=OTHER_MEANING)]
        return []

    def _by_name(self, mention: Mention) -> list[Link]:
        found = self._linker.find(mention.text)
        return [] if found is None else [self._link(mention, *self._names.choose(found))]

    def _by_parts(self, mention: Mention) -> list[Link]:
        return [self._link(mention, hit, scores.COMPOSITE) for hit in self._parts(mention)]

    def _parts(self, mention: Mention) -> list[Hit]:
        for parts in gene_parts(mention.text):
            if any(len(gene_key(part)) < _SHORTEST_PART for part in parts):
                continue
            finds = [found for part in parts if (found := self._linker.find(part)) is not None]
            if len(finds) == len(parts):
                hits = [self._names.choose(found)[0] for found in finds]
                return list({hit.concept.curie: hit for hit in hits}.values())
        return []

    def _link(self, mention: Mention, hit: Hit, how: str) -> Link:
        if self._is_other(mention, hit.matched):
            return Link(mention, matched=hit.matched, how=how, reason=OTHER_SPECIES)
        return linked(mention, hit, how, self._linker.settings.min_score)
