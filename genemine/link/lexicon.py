"""A lexicon: the genes and diseases that mentions can be linked to, indexed by the forms of their names.

A lexicon is a folder in one of two forms, which serve alike. For people: ``genes.tsv`` and ``diseases.tsv``, whose first lines name
the columns (resources/lexicon/README.md; lexicon_text.py). For whole vocabularies: ``lexicon.json`` and ``lexicon.bin``, which
``genemine vocab build`` makes and which is mapped instead of read (lexicon_file.py). Where several rows share a name, the earlier
row is preferred when nothing in the article decides, so a file may put the likelier ones first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from genemine.config import EMBEDDED
from genemine.errors import VocabularyError
from genemine.link import lexicon_file, lexicon_text
from genemine.link.concepts import USER, Concept, Hit
from genemine.link.gene_index import GeneWords, pack_words
from genemine.link.packed import Concepts, Index, forms_of, indices, pack
from genemine.link.user_names import UserName, read_user_names
from genemine.records import DISEASE, GENE

__all__ = ["Concept", "Hit", "Index", "Lexicon", "Names", "load_lexicon"]


class Names:
    """The concepts of one type and their indices: by exact name, key, bag of words, and (genes only) by the words that count most.

    ``words`` finds names by the words that they share; of diseases it is empty (disease_ngrams.py finds those).
    """

    def __init__(self, arrays: Mapping[str, np.ndarray], mention_type: str) -> None:
        """``arrays`` are those of :func:`genemine.link.packed.pack`."""
        self.mention_type = mention_type
        self.stops: set[str] = set()
        self.concepts = Concepts(arrays)
        found = indices(arrays, self.concepts, mention_type)
        self.exact, self.keys, self.bags, self.cores = (found[form] for form in ("exact", "keys", "bags", "cores"))
        self._curies = found["curies"]
        self.words = GeneWords(arrays if mention_type == GENE else pack_words(()))

    def hits(self, index: Index, form: str) -> list[Hit]:
        """Return the concepts with a name of this form, each once, in the order of preference."""
        best: dict[int, int] = {}
        for row, position in index.get(form):
            best[row] = min(position, best.get(row, position))
        return [self._hit(row, at) for row, at in sorted(best.items())]

    def _hit(self, row: int, at: int) -> Hit:
        concept = self.concepts[row]
        return Hit(concept, concept.names[at], at == 0, concept.kinds[at] if concept.kinds else "")

    def every(self) -> Iterator[tuple[int, int, str]]:
        """Give row, position and text of every name; those that a user stopped are left out."""
        for row, concept in enumerate(self.concepts):
            for position, name in enumerate(concept.names):
                if (row, position) not in self.exact.dropped:
                    yield row, position, name

    def is_stopped(self, name: str) -> bool:
        """True for a name that the user wants never linked."""
        return bool(self.stops) and forms_of(self.mention_type)["keys"](name) in self.stops

    def lay(self, lines: Sequence[UserName]) -> None:
        """Lay a user's names over these; the lines are of this type."""
        forms = forms_of(self.mention_type)
        indices = {"exact": self.exact, "keys": self.keys, "bags": self.bags, "cores": self.cores}
        for line in lines:  # first, since several lines may give one name to several concepts
            key = forms["keys"](line.name)
            dropped = {*self.exact.get(line.name), *self.keys.get(key)}
            for index in indices.values():
                index.dropped |= dropped
            if key and not line.curie:
                self.stops.add(key)
        for line in lines:
            if not line.curie:
                continue
            row = self.row_of(line.curie)
            known = None if row is None else self.concepts[row]
            concept = _with_name(known, line)
            row = len(self.concepts) if row is None else row
            self.concepts.lay(row, concept)
            place = (row, len(concept.names) - 1)
            for form, index in indices.items():
                if value := forms[form](line.name):
                    index.added.setdefault(value, []).append(place)
            self._curies.added.setdefault(line.curie, []).append((row, 0))

    def row_of(self, curie: str) -> int | None:
        """Give the row of a concept by its own CURIE or by a cross reference (``omim:``, ``doid:``, ``hgnc:``); None: not here."""
        places = self._curies.get(curie)
        return min(places, key=lambda place: (place[1] > 0, place[0]))[0] if places else None


def _with_name(concept: Concept | None, line: UserName) -> Concept:
    if concept is None:
        return Concept(line.curie, (line.name,), kinds=(USER,))
    kinds = concept.kinds or ("",) * len(concept.names)
    return replace(concept, names=(*concept.names, line.name), kinds=(*kinds, USER))


@dataclass(frozen=True)
class Lexicon:
    """Genes and diseases with their names.

    ``version`` goes into run.json and changes with any byte of the content; ``facts`` is what lexicon.json tells of its sources,
    {} for a lexicon of two text files.
    """

    genes: Names
    diseases: Names
    source: str
    version: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def names(self, mention_type: str) -> Names:
        """Return the names of one mention type."""
        return self.genes if mention_type == GENE else self.diseases

    @property
    def sources(self) -> list[dict[str, Any]]:
        """Name, file, sha256, release (ISO date or ""), rows and licence of each vocabulary that it was made of."""
        return list(self.facts.get("sources", ()))

    @property
    def counts(self) -> dict[str, int]:
        """The number of genes and diseases, and of names where that is known without counting."""
        return dict(self.facts.get("counts", ())) or {"genes": len(self.genes.concepts), "diseases": len(self.diseases.concepts)}


def load_lexicon(folder: str | Path = "", names: str | Path = "") -> Lexicon:
    """Load the lexicon of a folder, or the embedded one.

    Args:
        folder: holds lexicon.json and lexicon.bin, or genes.tsv and diseases.tsv; empty or "embedded" for the embedded lexicon.
        names: the user's own names and stop names (user_names.py), a file or a folder that holds names.tsv; empty for none.

    Raises:
        VocabularyError: a file is missing, empty, damaged, has other columns or a broken line.
    """
    named = "" if str(folder) == EMBEDDED else str(folder)
    root = Path(named) if named else Path(str(files("genemine.resources") / "lexicon"))
    if not root.is_dir():
        raise VocabularyError(
            f"{root}: no such lexicon folder; give one that `genemine vocab build` made or that holds genes.tsv and diseases.tsv, "
            f"or set link.lexicon to {EMBEDDED}"
        )
    facts: Mapping[str, Any] = {}
    if (root / lexicon_file.MANIFEST).exists():
        arrays, facts = lexicon_file.read(root)
        version = facts["version"]
    else:
        concepts, version = lexicon_text.read(root)
        arrays = {mention_type: pack(rows, mention_type) for mention_type, rows in concepts.items()}
    genes, diseases = (Names(arrays[mention_type], mention_type) for mention_type in (GENE, DISEASE))
    if names:
        lines, sha256 = read_user_names(Path(names))
        for of_type in (genes, diseases):
            of_type.lay([line for line in lines if of_type.mention_type in _types_of(line, genes, diseases)])
        version = hashlib.sha256(f"{version} {sha256}".encode()).hexdigest()
    return Lexicon(genes, diseases, named or EMBEDDED, version, facts)


def _types_of(line: UserName, genes: Names, diseases: Names) -> Sequence[str]:
    """Tell for which types a line holds; one without a type holds for that of its identifier."""
    if not line.curie or len(line.types) == 1:
        return line.types
    has = [names.mention_type for names in (genes, diseases) if names.row_of(line.curie) is not None]
    if not has:
        raise VocabularyError(
            f"{line.where}: the lexicon has no {line.curie}; give a type, {GENE} or {DISEASE}, in a third column to add it"
        )
    return has
