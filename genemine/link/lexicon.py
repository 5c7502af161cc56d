"""A lexicon: the genes and diseases that mentions can be linked to, indexed by the forms of their names.

A lexicon is a folder with two tab-separated files, ``genes.tsv`` and ``diseases.tsv``, whose first lines name the columns
(resources/lexicon/README.md). Lists are separated by ``|``. Where several rows share a name, the earlier row is preferred when
nothing in the article decides, so a file may put the likelier ones first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from genemine.errors import VocabularyError
from genemine.link.variants import disease_bag, disease_key, gene_key
from genemine.records import DISEASE, GENE

GENE_COLUMNS = ("id", "symbol", "name", "synonyms", "xrefs")
DISEASE_COLUMNS = ("id", "name", "synonyms", "xrefs")
FILES = {GENE: ("genes.tsv", GENE_COLUMNS), DISEASE: ("diseases.tsv", DISEASE_COLUMNS)}


@dataclass(frozen=True, slots=True)
class Concept:
    """One gene or disease. ``names[0]`` is the preferred symbol or name; ``xrefs`` are further CURIEs of the same thing."""

    curie: str
    names: tuple[str, ...]
    xrefs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The preferred symbol or name."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept whose ``matched`` name has the form that was looked up; ``preferred`` when that is its symbol or heading."""

    concept: Concept
    matched: str
    preferred: bool


# form of a name -> (row of the concept, position of the name in it)
Index = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Names:
    """The concepts of one type and their indices by exact name, key, and (diseases only) bag of words."""

    concepts: tuple[Concept, ...]
    exact: Index = field(repr=False)
    keys: Index = field(repr=False)
    bags: Index = field(repr=False)

    def hits(self, index: Index, form: str) -> list[Hit]:
        """Return the concepts with a name of this form, each once, in the order of the file."""
        best: dict[int, int] = {}
        for row, position in index.get(form, ()):
            best[row] = min(position, best.get(row, position))
        return [Hit(self.concepts[row], self.concepts[row].names[at], at == 0) for row, at in sorted(best.items())]


@dataclass(frozen=True)
class Lexicon:
    """Genes and diseases with their names; ``version`` goes into run.json and changes with any byte of the two files."""

    genes: Names
    diseases: Names
    source: str
    version: str

    def names(self, mention_type: str) -> Names:
        """Return the names of one mention type."""
        return self.genes if mention_type == GENE else self.diseases


def load_lexicon(folder: str | Path = "") -> Lexicon:
    """Load the lexicon of a folder, or the embedded one.

    Args:
        folder: holds genes.tsv and diseases.tsv; empty for the embedded lexicon.

    Raises:
        VocabularyError: a file is missing, empty, has other columns or a broken line.
    """
    root = Path(folder) if folder else Path(str(files("genemine.resources") / "lexicon"))
    if not root.is_dir():
        raise VocabularyError(
            f"{root}: no such lexicon folder; give one that holds genes.tsv and diseases.tsv, or leave link.lexicon empty"
        )
    digest = hashlib.sha256()
    loaded = {}
    for mention_type, (file_name, columns) in FILES.items():
        path = root / file_name
        raw = _read(path)
        digest.update(f"{file_name} {len(raw)}\n".encode())
        digest.update(raw)
        loaded[mention_type] = _index(tuple(_concepts(path, raw, columns)), mention_type)
    return Lexicon(loaded[GENE], loaded[DISEASE], str(folder) or "embedded", digest.hexdigest())


def _read(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise VocabularyError(
            f"{path}: cannot be read ({error.strerror}); a lexicon folder holds genes.tsv and "
            "diseases.tsv, see resources/lexicon/README.md"
        ) from error
    if not raw.strip():
        raise VocabularyError(f"{path}: the file is empty; a lexicon without names would silently link nothing")
    return raw


def _concepts(path: Path, raw: bytes, columns: tuple[str, ...]) -> Iterator[Concept]:
    try:
        lines = raw.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        raise VocabularyError(f"{path}: not UTF-8 text ({error.reason}); save it as UTF-8, not compressed") from error
    if tuple(lines[0].split("\t")) != columns:
        raise VocabularyError(
            f"{path}:1: the columns are {lines[0][:80]!r}, expected {' '.join(columns)} separated by tabs; "
            "is this another program's file?"
        )
    if not any(line.strip() for line in lines[1:]):
        raise VocabularyError(f"{path}: no row below the header; a lexicon without names would silently link nothing")
    seen: set[str] = set()
    for line_no, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        concept = _concept(path, line_no, line.split("\t"), columns)
        if concept.curie in seen:
            raise VocabularyError(f"{path}:{line_no}: {concept.curie} stands on an earlier line too; merge the two rows")
        seen.add(concept.curie)
        yield concept


def _concept(path: Path, line_no: int, fields: list[str], columns: tuple[str, ...]) -> Concept:
    if len(fields) != len(columns):
        raise VocabularyError(f"{path}:{line_no}: {len(fields)} columns, expected {len(columns)} ({' '.join(columns)})")
    curie, *names, synonyms, xrefs = (value.strip() for value in fields)
    prefix, colon, local = curie.partition(":")
    if not (colon and local and prefix and prefix == prefix.lower()):
        raise VocabularyError(
            f"{path}:{line_no}: the id is {curie!r}, expected a prefix and a number such as ncbigene:672 or mesh:D001943"
        )
    if not names[0]:
        raise VocabularyError(f"{path}:{line_no}: {curie} has no {columns[1]}; every row needs one")
    every = dict.fromkeys(name for name in (*names, *synonyms.split("|")) if name)
    return Concept(curie, tuple(every), tuple(xref for xref in xrefs.split("|") if xref))


def _index(concepts: tuple[Concept, ...], mention_type: str) -> Names:
    exact: Index = {}
    keys: Index = {}
    bags: Index = {}
    key_of = gene_key if mention_type == GENE else disease_key
    for row, concept in enumerate(concepts):
        for position, name in enumerate(concept.names):
            at = (row, position)
            exact.setdefault(name, []).append(at)
            key = key_of(name)
            if key:
                keys.setdefault(key, []).append(at)
            if mention_type == DISEASE and key:
                bags.setdefault(disease_bag(key), []).append(at)
    return Names(concepts, exact, keys, bags)
