"""The genes that one name may mean, with the way each was found; nothing of the article is looked at."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from genemine.link import gene_forms as forms
from genemine.link.lexicon import Names
from genemine.link.variants import gene_key
from genemine.text import fold

_MOST = 8  # candidates of one name
_SHORTEST_KEY = 2
_LEAST_NEAR = 0.4
_REMEMBERED = 50_000  # names


@dataclass(frozen=True, slots=True)
class Candidate:
    """One gene that a name may mean.

    ``row`` is its row in the lexicon, ``matched`` the name that matched, at place ``at`` among the gene's names, ``way`` the way it
    was found (gene_forms), ``shared`` the number of genes found the same way, ``words`` the weight of the words that both names
    share in 0-1, ``letters`` the same of their pairs of letters.
    """

    row: int
    matched: str
    at: int
    way: int
    shared: int
    words: float
    letters: float


class GeneNames:
    """Looks names up among the genes of one lexicon; names repeat, so what was found is kept."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.words = names.words
        self.find = lru_cache(maxsize=_REMEMBERED)(self._find)
        self.known = lru_cache(maxsize=_REMEMBERED)(self._known)

    def _find(self, name: str) -> tuple[Candidate, ...]:
        """Give the genes that a name may mean, surest way first."""
        found: dict[int, tuple[int, int, int, float]] = {}  # row -> way, place of the name, genes found so, likeness of words
        self._add(found, forms.EXACT, self.names.exact.get(name, ()))
        for way, form in forms.key_forms(name):
            key = gene_key(form)
            if len(key) < _SHORTEST_KEY:
                continue
            self._add(found, way, self.names.keys.get(key, ()))
            if way in (forms.KEY, forms.STRIPPED):
                for variant, other in forms.key_variants(key, form):
                    self._add(found, variant, self.names.keys.get(other, ()))
        self._add_by_words(found, name)
        size = self.names.concepts
        ordered = sorted(found.items(), key=lambda item: (item[1][0], -item[1][3], -len(size[item[0]].names), item[0]))
        return tuple(self._candidate(name, row, *values) for row, values in ordered[:_MOST])

    def _add_by_words(self, found: dict[int, tuple[int, int, int, float]], name: str) -> None:
        tokens = forms.gene_tokens(name)
        if len(tokens) > 1:
            self._add(found, forms.BAG, self.names.bags.get(forms.gene_bag(tokens), ()))
            core = forms.core_bag(tokens)
            if core:
                self._add(found, forms.CORE_BAG, self.names.cores.get(core, ()))
        surest = min((values[0] for values in found.values()), default=forms.NEAR)
        if surest >= forms.BAG and any(len(token) > 3 for token in tokens):
            for likeness, row, at in self.words.near(tokens):
                if likeness >= _LEAST_NEAR and row not in found:
                    found[row] = (forms.NEAR, at, 1, likeness)

    def _add(self, found: dict[int, tuple[int, int, int, float]], way: int, places: Iterable[tuple[int, int]]) -> None:
        best: dict[int, int] = {}
        for row, at in places:
            best[row] = min(at, best.get(row, at))
        for row, at in best.items():
            known = found.get(row)
            if known is None or known[0] > way:
                found[row] = (way, at, len(best), 1.0)

    def _candidate(self, name: str, row: int, way: int, at: int, shared: int, likeness: float) -> Candidate:
        matched = self.names.concepts[row].names[at]
        return Candidate(row, matched, at, way, shared, likeness, alike(name, matched))

    def remembered(self, name: str, row: int) -> Candidate:
        """Make the candidate of a gene that only the memory knows under this name."""
        return Candidate(row, self.names.concepts[row].name, 0, forms.MEMORY, 1, 0.0, alike(name, self.names.concepts[row].name))

    def _known(self, row: int) -> tuple[frozenset[str], tuple[float, ...], str]:
        """Give what is known of a gene: the stems of its names' words, features, and the letters that its symbol begins with."""
        concept = self.names.concepts[row]
        words = frozenset(forms.stem(w) for name in concept.names for w in forms.gene_tokens(name) if len(w) > 3)
        local = concept.curie.partition(":")[2]
        number = int(local) if local.isdigit() else 10**6
        long = sum(" " in name for name in concept.names)
        symbol = concept.name
        features = (
            math.log1p(len(concept.names)),
            math.log1p(number),
            math.log1p(long),
            float(symbol.startswith(("LOC", "LINC", "MIR", "RNU"))),
            float(symbol[-2:-1] == "P" and symbol[-1:].isdigit()),
            float(len(symbol)),
        )
        return words, features, symbol.rstrip("0123456789")[:4] if symbol else ""


KNOWN_FEATURES = ("n_names", "number", "n_long_names", "unnamed", "pseudogene", "symbol_length")


def alike(first: str, second: str) -> float:
    """Give the share of pairs of neighbouring letters that two names have in common (Dice), in 0-1."""
    a, b = _pairs(first), _pairs(second)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


@lru_cache(maxsize=50_000)
def _pairs(name: str) -> frozenset[str]:
    plain = f"^{fold(name)}$".replace("-", "").replace(" ", "")
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))
