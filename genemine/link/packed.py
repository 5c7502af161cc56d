"""Concepts of one type in a few flat arrays, which can be mapped from a file: nothing is read but what is looked up.

``records`` holds one line of UTF-8 a concept (fields by tabs, then its names), ``record_at`` where each begins. Each of the five
indices is sorted by the 64-bit hash of a form, with the row of the concept and the position of the name beside it. A lookup is a
binary search; what it finds is compared with the form itself, so that two forms of one hash are never taken for each other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import overload

import numpy as np

from genemine.link.concepts import KINDS, Concept
from genemine.link.gene_index import bag_of, core_of, pack_words
from genemine.link.hashing import text_hash
from genemine.link.variants import disease_bag, disease_key, gene_key
from genemine.records import GENE

Place = tuple[int, int]  # row of a concept, position of a name in it
FORMS = ("exact", "keys", "bags", "cores", "curies")
_LETTERS = {kind: letter for letter, kind in KINDS.items()}
_REMEMBERED = 20_000  # concepts; about 20 MB at most
_UNKNOWN = "-"


def pack(concepts: Sequence[Concept], mention_type: str) -> dict[str, np.ndarray]:
    """Make the arrays of one type.

    Args:
        concepts: in the order of preference.
        mention_type: Gene or Disease, whose forms the names are looked up by.
    """
    records = [_record(concept) for concept in concepts]
    record_at = np.cumsum([0, *map(len, records)], dtype=np.uint64)
    arrays: dict[str, np.ndarray] = {"records": np.frombuffer(b"".join(records), np.uint8), "record_at": record_at}
    forms = forms_of(mention_type)
    for form in FORMS[:-1]:
        of = forms[form]
        hashed = ((text_hash(value), row, at) for row, c in enumerate(concepts) for at, n in enumerate(c.names) if (value := of(n)))
        arrays.update(_index(form, list(hashed)))
    own = [(text_hash(curie), row, at) for row, c in enumerate(concepts) for at, curie in enumerate((c.curie, *c.xrefs))]
    arrays.update(_index("curies", own))
    return {**arrays, **pack_words(concepts)} if mention_type == GENE else arrays


def forms_of(mention_type: str) -> dict[str, Callable[[str], str]]:
    """Give the function that makes each form of a name; "" for a name that has no such form."""
    if mention_type == GENE:
        return {"exact": str, "keys": gene_key, "bags": bag_of, "cores": core_of}
    return {"exact": str, "keys": disease_key, "bags": lambda name: disease_bag(disease_key(name)), "cores": lambda _: ""}


def _record(concept: Concept) -> bytes:
    kinds = "".join(_LETTERS.get(kind, _UNKNOWN) for kind in concept.kinds)
    lists = ("|".join(concept.xrefs), kinds, concept.kind, concept.taxon, "|".join(concept.parents), "|".join(concept.trees))
    return "\t".join((concept.curie, *lists, *concept.names)).encode()


def _index(form: str, hashed: list[tuple[int, int, int]]) -> dict[str, np.ndarray]:
    hashed.sort()
    hashes, rows, places = zip(*hashed, strict=True) if hashed else ((), (), ())
    return {
        f"{form}_hash": np.array(hashes, np.uint64),
        f"{form}_row": np.array(rows, np.uint32),
        f"{form}_place": np.array(places, np.uint16),
    }


class Concepts(Sequence[Concept]):
    """The concepts of one type; each is made when it is asked for. ``laid`` are those that a user's names changed or added."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        self.laid: dict[int, Concept] = {}
        self._records = arrays["records"].data
        self._record_at = arrays["record_at"].data
        self._n = len(self._record_at) - 1
        self._made = lru_cache(maxsize=_REMEMBERED)(self._make)

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, row: int) -> Concept: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Concept, ...]: ...
    def __getitem__(self, row: int | slice) -> Concept | tuple[Concept, ...]:
        if isinstance(row, slice):
            return tuple(self._make(one) for one in range(*row.indices(self._n)))
        if not -self._n <= row < self._n:
            raise IndexError(f"row {row} of {self._n} concepts")
        return self._made(row % self._n)

    def __iter__(self) -> Iterator[Concept]:
        return (self._make(row) for row in range(len(self)))

    def lay(self, row: int, concept: Concept) -> None:
        """Put a concept in the place of a row's, or behind the last row."""
        self.laid[row] = concept
        self._n = max(self._n, row + 1)
        self._made.cache_clear()

    def _make(self, row: int) -> Concept:
        if self.laid and row in self.laid:
            return self.laid[row]
        raw = bytes(self._records[self._record_at[row] : self._record_at[row + 1]])
        curie, xrefs, kinds, kind, taxon, parents, trees, *names = raw.decode().split("\t")
        return Concept(
            curie,
            tuple(names),
            tuple(xrefs.split("|")) if xrefs else (),
            tuple([KINDS.get(letter, "") for letter in kinds]),
            kind,
            taxon,
            tuple(parents.split("|")) if parents else (),
            tuple(trees.split("|")) if trees else (),
        )


class Index:
    """One form of all names. ``get`` gives the places of a form: (row of the concept, position of the name in it)."""

    def __init__(self, arrays: Mapping[str, np.ndarray], form: str, named: Callable[[int, int], str]) -> None:
        """``named`` gives the form of the name at a place, by which a find is verified."""
        self._hashes = arrays[f"{form}_hash"].data
        self._rows = arrays[f"{form}_row"].data
        self._places = arrays[f"{form}_place"].data
        self._named = named
        self.added: dict[str, list[Place]] = {}
        self.dropped: set[Place] = set()

    def get(self, form: str, default: Sequence[Place] = ()) -> Sequence[Place]:
        """Give the places of a form, in the order of rows; ``default`` for a form that no name has."""
        return self._found(form) or default

    def __contains__(self, form: str) -> bool:
        return bool(self._found(form))

    def _found(self, form: str) -> list[Place]:
        if not form:
            return []
        wanted = text_hash(form)
        at = bisect_left(self._hashes, wanted)
        found = []
        while at < len(self._hashes) and self._hashes[at] == wanted:
            place = (self._rows[at], self._places[at])
            if self._named(*place) == form and place not in self.dropped:
                found.append(place)
            at += 1
        return found + self.added[form] if form in self.added else found


def indices(arrays: Mapping[str, np.ndarray], concepts: Sequence[Concept], mention_type: str) -> dict[str, Index]:
    """Give the five indices of the arrays of one type."""
    forms = forms_of(mention_type)

    def by(form: Callable[[str], str]) -> Callable[[int, int], str]:
        return lambda row, at: form(concepts[row].names[at])

    def curie(row: int, at: int) -> str:
        return concepts[row].xrefs[at - 1] if at else concepts[row].curie

    named = {**{form: by(of) for form, of in forms.items()}, "curies": curie}
    return {form: Index(arrays, form, named[form]) for form in FORMS}
