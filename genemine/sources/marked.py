"""An article with what was found in it, as tools for curators take it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from genemine.records import Article, Link, Mention, Relation

ASSOCIATION = "Association"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mention with all its identifiers; ``id`` is its name within the article: T1, T2 and so on."""

    id: str
    mention: Mention
    links: tuple[Link, ...]

    @property
    def note(self) -> str:
        """What a curator may want to know of it: score, names of its identifiers, or why there are none."""
        known = [f"{link.curie} {link.name}".strip() for link in self.links if link.curie]
        missing = [link.reason or "no identifier" for link in self.links[:1] if not link.curie]
        return "; ".join([f"score {self.mention.score:.4f}", *known, *missing])


@dataclass(frozen=True, slots=True)
class Pair:
    """A gene and a disease in one sentence that supports their association; ``id`` is R1, R2 and so on."""

    id: str
    gene: Mark
    disease: Mark
    relation: Relation

    @property
    def note(self) -> str:
        """Its score, and whether the sentence only supposes it."""
        return f"score {self.relation.score:.4f}" + ("; speculative" if self.relation.speculative else "")


@dataclass(frozen=True)
class MarkedArticle:
    """An article, its links in reading order (a composite mention has several, one behind the other), and its relations.

    A relation whose mentions are not among the links (they were left out by their score) is none of its pairs.
    """

    article: Article
    links: tuple[Link, ...] = ()
    relations: tuple[Relation, ...] = ()

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The mentions, in reading order."""
        groups = groupby(self.links, key=lambda link: link.mention)
        return tuple(Mark(f"T{n}", mention, tuple(links)) for n, (mention, links) in enumerate(groups, start=1))

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The associated mentions, in the order of the relations; the identifiers of a composite mention make one pair."""
        places = {_place(mark.mention): mark for mark in self.marks}
        best: dict[tuple[str, str], tuple[Mark, Mark, Relation]] = {}
        for relation in self.relations:
            gene, disease = (places.get(_place(link.mention)) for link in (relation.gene, relation.disease))
            if gene and disease:
                known = best.get((gene.id, disease.id))
                if known is None or relation.score > known[2].score:
                    best[gene.id, disease.id] = (gene, disease, relation)
        return tuple(Pair(f"R{n}", *found) for n, found in enumerate(best.values(), start=1))

    def concept_pairs(self) -> Iterator[tuple[Link, Link, float]]:
        """Each gene and disease that are associated, once, with their best score; the links carry all further identifiers."""
        whole = {(_place(link.mention), link.curie): link for link in self.links}
        best: dict[tuple[str, str], tuple[Link, Link, float]] = {}
        for relation in self.relations:
            gene, disease = (whole.get((_place(link.mention), link.curie)) for link in (relation.gene, relation.disease))
            if gene and disease:
                known = best.get((gene.curie, disease.curie))
                if known is None or relation.score > known[2]:
                    best[gene.curie, disease.curie] = (gene, disease, relation.score)
        yield from best.values()


def _place(mention: Mention) -> tuple[int, int, str]:
    return mention.start, mention.end, mention.type
