"""EU-ADR's original tables: sentences with two marked entities and whether they are associated, surely, perhaps, or not.

Tab-separated in spite of ``.csv``, every field in double quotes, ISO-8859-1, character offsets within the sentence.

Source: van Mulligen et al. (2012), "The EU-ADR corpus", Journal of Biomedical Informatics 45:879-884.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from genemine.errors import RecordError, SourceError
from genemine.sources.pair_corpus import DISEASE_MARK, GENE_MARK

POSITIVE, SPECULATIVE, NEGATIVE, NONE = KINDS = ("PA", "SA", "NA", "FA")
_DISEASES = "Diseases & Disorders"
_COLUMNS = ("ASSOCIATION_TYPE", "PMID", "ENTITY1_INI", "ENTITY1_END", "ENTITY1_TYPE", "ENTITY2_INI", "ENTITY2_END", "SENTENCE")


@dataclass(frozen=True, slots=True)
class EuadrRow:
    """A sentence with both marks, its article, and one of :data:`KINDS`."""

    pmid: str
    text: str
    kind: str


def read_euadr_table(path: Path) -> list[EuadrRow]:
    """Read the table of targets and diseases, in its order; the other tables have no disease or no gene.

    Raises:
        SourceError: the file cannot be read.
        RecordError: a column is missing, or a row is broken; file, row and remedy are named.
    """
    try:
        with path.open(encoding="iso-8859-1", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t"))
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); docs/training.md tells where the corpora lie") from error
    if not rows or not set(_COLUMNS) <= rows[0].keys():
        raise RecordError(f"{path}: no table of EU-ADR; its columns are {', '.join(_COLUMNS)} and others, with tabs between")
    return [_row(row, f"{path}: row {number}") for number, row in enumerate(rows, start=1)]


def _row(row: dict[str, str], where: str) -> EuadrRow:
    kind, text = row["ASSOCIATION_TYPE"], row["SENTENCE"]
    if kind not in KINDS:
        raise RecordError(f"{where}: association type {kind!r}; it is one of {', '.join(KINDS)}")
    try:
        spans = sorted((int(row[f"ENTITY{n}_INI"]), int(row[f"ENTITY{n}_END"])) for n in (1, 2))
        is_disease_first = (row["ENTITY1_TYPE"] == _DISEASES) == (int(row["ENTITY1_INI"]) == spans[0][0])
    except ValueError as error:
        raise RecordError(f"{where}: an offset is no number ({error}); give characters from the start of the sentence") from error
    (first, first_end), (second, second_end) = spans
    if not 0 <= first < first_end <= second < second_end <= len(text):
        raise RecordError(
            f"{where}: entities at {first}-{first_end} and {second}-{second_end} of a sentence of {len(text)} characters"
        )
    marks = (DISEASE_MARK, GENE_MARK) if is_disease_first else (GENE_MARK, DISEASE_MARK)
    return EuadrRow(row["PMID"], f"{text[:first]} {marks[0]} {text[first_end:second]} {marks[1]} {text[second_end:]}".strip(), kind)
