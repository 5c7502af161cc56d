"""Give disease mentions their identifiers.

Where gold links were learnt, trees choose among answers (disease_ranking.py) and a link's score is their chance; without them names
are looked up in a fixed order of ways, and the score is what that way was worth on gold mentions (score.py).
"""

from __future__ import annotations

from functools import lru_cache, partial

from genemine.config import LinkSettings
from genemine.link import score as scores
from genemine.link.article import Article, ArticleNames
from genemine.link.composite import disease_parts
from genemine.link.context import wider_names
from genemine.link.disease_answers import DiseaseAnswers
from genemine.link.disease_learnt import DiseaseLessons, trees_of
from genemine.link.disease_ranking import ArticleAnswers, Choice, choose
from genemine.link.find import Find, find, find_whole_disease
from genemine.link.knowledge import Knowledge
from genemine.link.lexicon import Hit, Lexicon
from genemine.link.looked_up import found_as, linked, means_other
from genemine.link.reasons import NO_MATCH, OTHER_MEANING, TOO_UNSURE
from genemine.records import DISEASE, Link, Mention

_REMEMBERED = 50_000  # names; about 25 MB at most


class DiseaseLinker:
    """Links disease mentions to the diseases of one lexicon."""

    def __init__(self, lexicon: Lexicon, settings: LinkSettings, knowledge: Knowledge) -> None:
        self.settings = settings
        self.knowledge = knowledge
        self.find = lru_cache(maxsize=_REMEMBERED)(partial(find, lexicon, frozenset(), DISEASE))  # names repeat
        self.find_whole = lru_cache(maxsize=_REMEMBERED)(partial(find_whole_disease, lexicon))
        self.lexicon = lexicon
        self.trees = trees_of(knowledge.diseases)
        self.answers = DiseaseAnswers(lexicon, DiseaseLessons(knowledge.diseases)) if self.trees is not None else None

    def of(self, article: Article) -> ArticleDiseases | RankedDiseases:
        """Look at one article."""
        return ArticleDiseases(self, article) if self.answers is None else RankedDiseases(self, article, self.answers)


class RankedDiseases:
    """The diseases of one article, chosen by what gold links taught."""

    def __init__(self, linker: DiseaseLinker, article: Article, answers: DiseaseAnswers) -> None:
        self._linker = linker
        self._chosen: dict[str, Choice] = {}
        if linker.trees is not None and article.of_type(DISEASE):
            found = ArticleAnswers(answers, article)
            self._chosen = choose(linker.trees, {name: found.candidates(name) for name in found.names})

    def links(self, mention: Mention) -> list[Link]:
        """Give the links of one mention, at least one; the same name has the same links all through the article."""
        choice = self._chosen.get(" ".join(mention.text.split()))
        if choice is None:
            return [Link(mention, reason=NO_MATCH)]
        concepts = [self._linker.lexicon.diseases.concepts[row] for row in choice.rows]
        matched, score = choice.matched or concepts[0].name, round(choice.chance, 4)
        if score < self._linker.settings.min_score:
            return [Link(mention, matched=matched, how=choice.how, score=score, reason=TOO_UNSURE)]
        return [Link(mention, c.curie, c.name, matched, choice.how, score, c.xrefs) for c in concepts]


class ArticleDiseases:
    """The diseases of one article."""

    def __init__(self, linker: DiseaseLinker, article: Article) -> None:
        self._linker = linker
        self._article = article
        self._names = ArticleNames(article, DISEASE, linker.find)

    def links(self, mention: Mention) -> list[Link]:
        """Give the links of one mention, at least one."""
        found = self._by_abbreviation(mention) or self._by_wider(mention) or self._by_name(mention)
        return found or self._by_parts(mention) or [Link(mention, reason=NO_MATCH)]

    def _by_wider(self, mention: Mention) -> list[Link]:
        """Link by the longer name that the text goes on to give: "diabetes" in "type 1 diabetes"."""
        for name in wider_names(self._article.text, mention.start, mention.end):
            found = self._linker.find_whole(name)
            if found is not None:
                return [self._link(mention, self._names.choose(found)[0], scores.WIDER)]
        return []

    def _by_abbreviation(self, mention: Mention) -> list[Link]:
        long = self._article.short_forms.get(mention.text)
        if long is None:
            return []
        by_long, by_short = self._linker.find(long), self._linker.find(mention.text)
        if by_long is not None and by_long.how != scores.BROADER:
            hit, _ = self._names.choose(by_long)
            return [self._link(mention, hit, found_as(by_short, hit))]
        if by_short is not None and means_other(mention.text, long, by_short):
            return self._by_whole(mention, by_long) if by_long is not None else [Link(mention, reason=OTHER_MEANING)]
        return []

    def _by_name(self, mention: Mention) -> list[Link]:
        found = self._linker.find(mention.text)
        if found is None or (found.how == scores.BROADER and self._parts(mention)):
            return []
        return self._by_whole(mention, found)

    def _by_whole(self, mention: Mention, found: Find) -> list[Link]:
        return [self._link(mention, *self._names.choose(found))]

    def _by_parts(self, mention: Mention) -> list[Link]:
        return [self._link(mention, hit, scores.COMPOSITE) for hit in self._parts(mention)]

    def _parts(self, mention: Mention) -> list[Hit]:
        for parts in disease_parts(mention.text):
            finds = [self._linker.find(part) for part in parts]
            good = [found for found in finds if found is not None and found.how != scores.BROADER]
            if len(good) == len(parts):
                hits = [self._names.choose(found)[0] for found in good]
                return list({hit.concept.curie: hit for hit in hits}.values())
        return []

    def _link(self, mention: Mention, hit: Hit, how: str) -> Link:
        return linked(mention, hit, how, self._linker.settings.min_score)
