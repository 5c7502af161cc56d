"""What the benchmarks of linking share: the whole lexicon, exact string match, and sets of identifiers of whole articles."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import shared_dir
from genemine.link.build import build
from genemine.link.concepts import Concept
from genemine.link.lexicon import Lexicon, Names, load_lexicon
from genemine.link.reasons import NO_MATCH
from genemine.records import DISEASE, GENE, Link, Mention


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
