"""A lexicon: the genes and diseases that mentions can be linked to, indexed by the forms of their names.

A lexicon is a folder in one of two forms, which serve alike. For people: ``genes.tsv`` and ``diseases.tsv``, whose first lines name
the columns (resources/lexicon/README.md; lexicon_text.py). For whole vocabularies: ``lexicon.json`` and ``lexicon.bin``, which
``genemine vocab build`` makes and which is mapped instead of read (lexicon_file.py). Where several rows share a name, the earlier
row is preferred when nothing in the article decides, so a file may put the likelier ones first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from genemine.errors import VocabularyError
from genemine.link import lexicon_file, lexicon_text
from genemine.link.concepts import Concept, Hit
from genemine.link.packed import Concepts, Index, indices, pack
from genemine.records import DISEASE, GENE

__all__ = ["Concept", "Hit", "Index", "Lexicon", "Names", "load_lexicon"]


class Names:
    """The concepts of one type and their indices by exact name, key, and (diseases only) bag of words."""

    def __init__(self, arrays: Mapping[str, np.ndarray], mention_type: str) -> None:
        """``arrays`` are those of :func:`genemine.link.packed.pack`."""
        self.concepts: Sequence[Concept] = Concepts(arrays)
        found = indices(arrays, self.concepts, mention_type)
        self.exact, self.keys, self.bags, self._curies = found["exact"], found["keys"], found["bags"], found["curies"]

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
        """Give row, position and text of every name."""
        for row, concept in enumerate(self.concepts):
            for position, name in enumerate(concept.names):
                yield row, position, name

    def row_of(self, curie: str) -> int | None:
        """Give the row of a concept by its own CURIE or by a cross reference (``omim:``, ``doid:``, ``hgnc:``); None: not here."""
        places = self._curies.get(curie)
        return min(places, key=lambda place: (place[1] > 0, place[0]))[0] if places else None


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


def load_lexicon(folder: str | Path = "") -> Lexicon:
    """Load the lexicon of a folder, or the embedded one.

    Args:
        folder: holds lexicon.json and lexicon.bin, or genes.tsv and diseases.tsv; empty for the embedded lexicon.

    Raises:
        VocabularyError: a file is missing, empty, damaged, has other columns or a broken line.
    """
    root = Path(folder) if folder else Path(str(files("genemine.resources") / "lexicon"))
    if not root.is_dir():
        raise VocabularyError(
            f"{root}: no such lexicon folder; give one that `genemine vocab build` made or that holds genes.tsv and diseases.tsv, "
            "or leave link.lexicon empty"
        )
    facts: Mapping[str, Any] = {}
    if (root / lexicon_file.MANIFEST).exists():
        arrays, facts = lexicon_file.read(root)
        version = facts["version"]
    else:
        concepts, version = lexicon_text.read(root)
        arrays = {mention_type: pack(rows, mention_type) for mention_type, rows in concepts.items()}
    genes, diseases = (Names(arrays[mention_type], mention_type) for mention_type in (GENE, DISEASE))
    return Lexicon(genes, diseases, str(folder) or "embedded", version, facts)
