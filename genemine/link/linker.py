"""Give every mention of an article its identifier, or say why it has none.

One mention may get several links: ``BRCA1/2`` names two genes and ``breast and ovarian cancer`` two diseases, and each gets its own
link with the same mention. A mention that gets none has one link without ``curie``, whose ``reason`` is one of
:data:`genemine.link.reasons.REASONS`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from genemine.config import LinkSettings
from genemine.link.article import Article
from genemine.link.diseases import DiseaseLinker
from genemine.link.genes import GeneLinker
from genemine.link.knowledge import NOTHING, Knowledge
from genemine.link.lexicon import Lexicon
from genemine.link.reasons import STOPPED
from genemine.records import GENE, Link, Mention


class Linker:
    """Links mentions to the concepts of one lexicon; the same input gives the same links in any batch."""

    def __init__(self, lexicon: Lexicon, settings: LinkSettings | None = None, knowledge: Knowledge = NOTHING) -> None:
        self.lexicon = lexicon
        self.settings = settings or LinkSettings()
        self.knowledge = knowledge
        self._genes = GeneLinker(lexicon, self.settings, knowledge)
        self._diseases = DiseaseLinker(lexicon, self.settings, knowledge)

    @property
    def version(self) -> str:
        """The version of the lexicon and of what was learnt from gold links, for run.json."""
        if not self.knowledge.version:
            return self.lexicon.version
        return hashlib.sha256(f"{self.lexicon.version} {self.knowledge.version}".encode()).hexdigest()

    def link(self, text: str, mentions: Sequence[Mention], short_forms: Mapping[str, str] | None = None) -> list[Link]:
        """Link the mentions of one article.

        Args:
            text: the article's text, into which the offsets of the mentions point.
            mentions: of this article.
            short_forms: short form -> long form, as the article defines its abbreviations.

        Returns:
            at least one link for each mention, in the order of the mentions.
        """
        article = Article(text, tuple(mentions), dict(short_forms or {}))
        types = {mention.type for mention in mentions}  # half of the articles name no gene
        views = {of_type: (self._genes if of_type == GENE else self._diseases).of(article) for of_type in types}
        return [link for m in mentions for link in (self._stopped(m) or views[m.type].links(m))]

    def _stopped(self, mention: Mention) -> list[Link]:
        """The link of a mention whose name the user wants never linked; none for any other."""
        is_stopped = self.lexicon.names(mention.type).is_stopped(mention.text)
        return [Link(mention, reason=STOPPED)] if is_stopped else []
