"""The genes of one article, chosen by what gold links taught (gene_model.py)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from genemine.config import LinkSettings
from genemine.link.article import Article
from genemine.link.composite import gene_parts
from genemine.link.context import in_capitals
from genemine.link.gene_candidates import GeneNames
from genemine.link.gene_forms import WAYS
from genemine.link.gene_model import ArticleChoices, Choice, GeneModel
from genemine.link.knowledge import Learnt
from genemine.link.lexicon import Lexicon
from genemine.link.reasons import CAPITALS, FAMILY, NO_MATCH, OTHER_SPECIES, TOO_UNSURE
from genemine.link.score import COMPOSITE
from genemine.link.variants import gene_key
from genemine.records import GENE, Link, Mention

_REMEMBERED = 50_000  # forms of names that the memory was asked about
_SHORTEST_PART = 3  # characters: the D2 of "cyclin D1 and D2" is not the gene called D2
_HUMAN = 0.5  # chance below which a name is taken as that of another species' gene


class LearntGenes:
    """The genes of a lexicon with what was learnt of their names.

    ``is_family`` and ``is_word`` tell what else a name may mean.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        learnt: Learnt,
        settings: LinkSettings,
        is_family: Callable[[str], bool],
        is_word: Callable[[str], bool],
    ) -> None:
        self.names = GeneNames(lexicon.genes)
        self.model = GeneModel.from_tables(learnt.tables)
        self.lookup = lru_cache(maxsize=_REMEMBERED)(learnt.memory.lookup)
        self.settings = settings
        self.is_family, self.is_word = is_family, is_word


class RankedGenes:
    """The genes of one article; the same name has the same links all through it."""

    def __init__(self, learnt: LearntGenes, article: Article) -> None:
        self._learnt = learnt
        self._article = article
        spans = [(mention.start, mention.end) for mention in article.of_type(GENE)]
        self._choices = ArticleChoices(learnt.names, learnt.model, learnt.lookup, article.text, spans, article.short_forms)

    def links(self, mention: Mention) -> list[Link]:
        """Give the links of one mention, at least one."""
        if self._learnt.is_word(mention.text) and in_capitals(self._article.text, mention.start, mention.end):
            return [Link(mention, reason=CAPITALS)]
        name = self._article.text[mention.start : mention.end]
        whole = self._choices.of(name)
        parts = self._parts(name, whole.chance if whole is not None else 0.0)
        if parts:
            distinct = {choice.candidate.row: choice for choice in parts}
            return [self._link(mention, choice, COMPOSITE) for choice in distinct.values()]
        if whole is None:
            return [Link(mention, reason=FAMILY if self._is_family(mention) else NO_MATCH)]
        return [self._link(mention, whole, WAYS[whole.candidate.way])]

    def _parts(self, name: str, chance: float) -> list[Choice]:
        """Give the genes of the parts of a name, where each of them is likelier than any gene of the whole name."""
        for parts in gene_parts(name):
            if any(len(gene_key(part)) < _SHORTEST_PART for part in parts):
                continue
            found = [choice for part in parts if (choice := self._choices.of(part, name)) is not None]
            if len(found) == len(parts) and min(choice.chance for choice in found) > chance:
                return found
        return []

    def _is_family(self, mention: Mention) -> bool:
        return self._learnt.is_family(mention.text) and mention.text not in self._article.short_forms

    def _link(self, mention: Mention, choice: Choice, how: str) -> Link:
        score, matched = round(choice.chance, 4), choice.candidate.matched
        if score < self._learnt.settings.min_score:
            unsure = OTHER_SPECIES if choice.human < _HUMAN else TOO_UNSURE
            return Link(mention, matched=matched, how=how, score=score, reason=FAMILY if self._is_family(mention) else unsure)
        concept = self._learnt.names.names.concepts[choice.candidate.row]
        return Link(mention, concept.curie, concept.name, matched, how, score, concept.xrefs)
