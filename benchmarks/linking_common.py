"""What the benchmarks of linking share: the whole lexicon, exact string match, gold mentions, and how a set of links is judged."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.common import shared_dir
from genemine.link.build import build
from genemine.link.concepts import Concept
from genemine.link.lexicon import Lexicon, Names, load_lexicon
from genemine.link.reasons import NO_MATCH
from genemine.models.gold_links import GoldDocument
from genemine.records import DISEASE, GENE, Link, Mention

Gold = tuple[frozenset[str], ...]


class MentionLinker(Protocol):
    """Whatever gives mentions their identifiers."""

    def link(self, text: str, mentions: Sequence[Mention], short_forms: Mapping[str, str] | None = None) -> Sequence[Link]:
        """Give at least one link for each mention, in their order."""
        ...


def whole_lexicon() -> Lexicon:
    """Build the lexicon of all vocabularies of ../shared/data/vocab (about 10 s) and load it; its folder is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        build(shared_dir() / "data" / "vocab", Path(folder))
        return load_lexicon(folder)


class ExactMatch:
    """The baseline: a mention's very words looked up in the lexicon, as they are and then without letter case; nothing else.

    Of several concepts that share a name the first of the lexicon is taken.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._names = {type_: lexicon.names(type_) for type_ in (GENE, DISEASE)}
        self._lowered = {type_: _lowered(names) for type_, names in self._names.items()}

    def link(self, text: str, mentions: Sequence[Mention], short_forms: Mapping[str, str] | None = None) -> list[Link]:
        """Give each mention one link; text and abbreviations are not looked at."""
        del text, short_forms
        return [self._link(mention) for mention in mentions]

    def _link(self, mention: Mention) -> Link:
        names = self._names[mention.type]
        hits = names.hits(names.exact, mention.text)
        row = self._lowered[mention.type].get(mention.text.lower())
        concept: Concept | None = hits[0].concept if hits else None if row is None else names.concepts[row]
        if concept is None:
            return Link(mention, reason=NO_MATCH)
        return Link(mention, concept.curie, concept.name, mention.text, "exact", 1.0, concept.xrefs)


def _lowered(names: Names) -> dict[str, int]:
    found: dict[str, int] = {}
    for row, _, name in names.every():
        found.setdefault(name.lower(), row)
    return found


@dataclass
class Tally:
    """Counts of gold mentions: ``strict`` right, right in the ``lenient`` sense, and ``linked`` at all."""

    mentions: int = 0
    strict: int = 0
    lenient: int = 0
    linked: int = 0

    def add(self, links: Iterable[Link], gold: Gold) -> None:
        """Judge the links of one mention."""
        own = [frozenset({link.curie, *link.xrefs}) for link in links if link.curie]
        self.mentions += 1
        self.strict += is_right(own, gold)
        self.lenient += any(part & ids for ids in own for part in gold)
        self.linked += bool(own)

    def share(self, count: int) -> float:
        """Give a count as a share of all mentions."""
        return count / self.mentions if self.mentions else 0.0


def is_right(own: Sequence[frozenset[str]], gold: Gold) -> bool:
    """Tell whether links cover every gold part and nothing more.

    Args:
        own: for each link its identifiers (its own and the cross references).
        gold: for each part of the mention the identifiers that are right for it.
    """
    return (
        bool(own) and all(any(part & ids for ids in own) for part in gold) and all(any(part & ids for part in gold) for ids in own)
    )


def tally(linker: MentionLinker, documents: Iterable[GoldDocument], type_: str, lexicon: Lexicon) -> Tally:
    """Judge a linker on the gold mentions of one type; genes without a human identifier are left out."""
    counts = Tally()
    for document in documents:
        by_mention = linked(linker, document, type_)
        for mention, ids in zip(document.mentions, document.ids, strict=True):
            gold = asked(ids, type_, lexicon) if mention.type == type_ else ()
            if gold:
                counts.add(by_mention[mention], gold)
    return counts


def linked(linker: MentionLinker, document: GoldDocument, type_: str) -> dict[Mention, list[Link]]:
    """Link the gold mentions of one type; gives the links of each."""
    mentions = [mention for mention in document.mentions if mention.type == type_]
    found: dict[Mention, list[Link]] = {}
    for link in linker.link(document.text, mentions, document.short_forms):
        found.setdefault(link.mention, []).append(link)
    return found


def asked(ids: Gold, type_: str, lexicon: Lexicon) -> Gold:
    """Give what is asked of a mention: all its parts; of genes those that are human (in the lexicon, which holds no others)."""
    if type_ == DISEASE:
        return ids
    return tuple(part for part in ids if any(lexicon.genes.row_of(curie) is not None for curie in part))


@dataclass
class SetScores:
    """Sets of identifiers, summed over articles: found ones that are right, all found, gold ones that were found, all gold."""

    right: int = 0
    found: int = 0
    covered: int = 0
    gold: int = 0

    def add(self, found: set[str], gold: set[frozenset[str]]) -> None:
        """Add one article."""
        self.right += sum(any(curie in part for part in gold) for curie in found)
        self.found += len(found)
        self.covered += sum(bool(part & found) for part in gold)
        self.gold += len(gold)

    @property
    def precision(self) -> float:
        """The share of found identifiers that are right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of gold identifiers that were found."""
        return self.covered / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def canonical(lexicon: Lexicon, type_: str) -> Callable[[str], str]:
    """Give the function that spells an identifier as the lexicon does, so that OMIM and MeSH numbers of one disease are one."""
    names = lexicon.names(type_)

    def spell(curie: str) -> str:
        row = names.row_of(curie)
        return curie if row is None else names.concepts[row].curie

    return spell
