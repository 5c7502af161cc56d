"""A lexicon as two files for people: ``genes.tsv`` and ``diseases.tsv`` (resources/lexicon/README.md).

Lists are separated by ``|``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from genemine.errors import VocabularyError
from genemine.link.concepts import ALIAS, FULL_NAME, HEADING, SYMBOL, SYNONYM, Concept
from genemine.records import DISEASE, GENE

GENE_COLUMNS = ("id", "symbol", "name", "synonyms", "xrefs")
DISEASE_COLUMNS = ("id", "name", "synonyms", "xrefs")
FILES = {GENE: ("genes.tsv", GENE_COLUMNS), DISEASE: ("diseases.tsv", DISEASE_COLUMNS)}
_KINDS = {GENE_COLUMNS: (SYMBOL, FULL_NAME, ALIAS), DISEASE_COLUMNS: (HEADING, SYNONYM)}  # last: of the synonyms
_HUMAN = "9606"


def read(root: Path) -> tuple[dict[str, list[Concept]], str]:
    """Read both files of a folder.

    Returns:
        the concepts by type, and the sha256 of the files' bytes.

    Raises:
        VocabularyError: a file is missing, empty, has other columns or a broken line.
    """
    digest = hashlib.sha256()
    concepts = {}
    for mention_type, (file_name, columns) in FILES.items():
        path = root / file_name
        raw = _bytes(path)
        digest.update(f"{file_name} {len(raw)}\n".encode())
        digest.update(raw)
        concepts[mention_type] = list(_concepts(path, raw, columns))
    return concepts, digest.hexdigest()


def _bytes(path: Path) -> bytes:
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
    *leading, of_synonyms = _KINDS[columns]
    every = dict.fromkeys(synonyms.split("|"), of_synonyms)
    for name, kind in reversed(list(zip(names, leading, strict=True))):  # a name that is also the symbol is the symbol
        every[name] = kind
    ordered = [name for name in dict.fromkeys((*names, *every)) if name]
    return Concept(
        curie,
        tuple(ordered),
        tuple(xref for xref in xrefs.split("|") if xref),
        tuple(every[name] for name in ordered),
        taxon=_HUMAN if columns == GENE_COLUMNS else "",
    )
