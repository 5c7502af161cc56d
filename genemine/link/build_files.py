"""The files of vocabularies as their homes publish them: which is which, and their rows. All are read plain or gzipped."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from genemine.errors import VocabularyError

GENE_INFO, HGNC, MEDIC, DISEASE_ONTOLOGY, MIM2GENE, MESH = "gene_info", "hgnc", "medic", "disease-ontology", "mim2gene", "mesh"
_HEAD = 1 << 16  # characters: MEDIC's columns stand below a page of terms
_COLUMNS = {
    GENE_INFO: ("#tax_id", "GeneID", "Symbol"),
    HGNC: ("hgnc_id", "symbol", "name"),
    MEDIC: ("# DiseaseName", "DiseaseID"),
    MIM2GENE: ("#MIM number", "GeneID", "type"),
}
_NEEDED = {
    GENE_INFO: "tax_id GeneID Symbol Synonyms dbXrefs description type_of_gene Full_name_from_nomenclature_authority "
    "Other_designations Modification_date",
    HGNC: "hgnc_id symbol name status alias_symbol alias_name prev_symbol prev_name date_modified entrez_id",
    MEDIC: "DiseaseName DiseaseID AltDiseaseIDs ParentIDs TreeNumbers Synonyms",
    MIM2GENE: "MIM number|GeneID|type|MedGenCUI",
}
LICENCES = {
    GENE_INFO: "public domain (NLM)",
    HGNC: "CC0 1.0",
    MEDIC: "CTD's terms: cite CTD, link to it, notify it of your use (https://ctdbase.org/about/legal.jsp)",
    DISEASE_ONTOLOGY: "CC0 1.0 (releases before 2018: CC BY 3.0)",
    MIM2GENE: "public domain (NLM)",
    MESH: "NLM's terms for MeSH: name the National Library of Medicine and the year",
}


@dataclass(frozen=True)
class Source:
    """One file: ``kind`` is one of the names above; ``release`` an ISO date, "" where the file tells none."""

    kind: str
    path: Path
    sha256: str
    release: str = ""
    rows: int = 0

    def facts(self) -> dict[str, str | int]:
        """What lexicon.json tells of it."""
        return {
            "name": self.kind,
            "file": self.path.name,
            "sha256": self.sha256,
            "release": self.release,
            "rows": self.rows,
            "licence": LICENCES[self.kind],
        }


def find_sources(given: Mapping[str, Path] | Path) -> tuple[list[Source], list[Path]]:
    """Recognise files by what is in them, whatever their names.

    Args:
        given: files by any name, each of which must be a vocabulary; or a folder, in which others are passed over.

    Returns:
        the vocabularies, and the files passed over.

    Raises:
        VocabularyError: a file is empty, cannot be read, or was given by name and is no vocabulary that is known.
    """
    if isinstance(given, Mapping):
        paths, is_folder = list(given.values()), False
    elif given.is_dir():
        paths, is_folder = sorted(path for path in given.iterdir() if path.is_file() and not path.name.startswith(".")), True
    else:
        raise VocabularyError(f"{given}: no such folder; `genemine vocab pull` fetches the vocabularies into one")
    found, passed = [], []
    for path in paths:
        kind = _kind(path)
        if kind:
            found.append(Source(kind, path, hashlib.sha256(path.read_bytes()).hexdigest()))
        elif is_folder:
            passed.append(path)
        else:
            raise VocabularyError(
                f"{path}: no vocabulary that genemine knows; expected one of {', '.join(LICENCES)} (docs/vocab.md)"
            )
    return found, passed


def _kind(path: Path) -> str:
    """Name the vocabulary of a file by its head; "" for any other file."""
    try:
        with gzip.open(path, "rb") if _is_gzip(path) else path.open("rb") as stream:
            head = stream.read(_HEAD).decode("utf-8", "replace").removeprefix("\ufeff")
    except (OSError, EOFError, zlib.error) as error:
        raise VocabularyError(f"{path}: cannot be read ({error}); fetch it again") from error
    if not head.strip():
        raise VocabularyError(f"{path}: the file is empty; fetch it again")
    for line in head.split("\n"):
        fields = tuple(line.rstrip("\r").split("\t"))
        for kind, columns in _COLUMNS.items():
            if fields[: len(columns)] == columns:
                return kind
        if line and not line.startswith("#"):
            break
    if head.startswith("format-version:") and "disease_ontology" in head:
        return DISEASE_ONTOLOGY
    return MESH if "<DescriptorRecordSet" in head else ""


def rows_of(source: Source) -> Iterator[tuple[int, dict[str, str]]]:
    """Give line number and fields, by the columns' names, of each row of a file with columns.

    Raises:
        VocabularyError: the file is damaged or cut off, lacks a column, holds a line of another shape or no row at all.
    """
    columns: Sequence[str] = ()
    n_rows = 0
    for line_no, line in lines_of(source.path):
        fields = line.split("\t")
        if not columns:
            if tuple(fields[: len(_COLUMNS[source.kind])]) == _COLUMNS[source.kind]:
                columns = [name.lstrip("# ") for name in fields]
                _check_columns(source, line_no, columns)
        elif line and not line.startswith("#"):
            if len(fields) > len(columns) or (len(fields) < len(columns) and source.kind != MEDIC):
                raise VocabularyError(
                    f"{source.path}:{line_no}: {len(fields)} columns, expected {len(columns)}; fetch the file again"
                )
            n_rows += 1
            yield line_no, dict(zip(columns, fields + [""] * (len(columns) - len(fields)), strict=True))
    if not n_rows:
        raise VocabularyError(f"{source.path}: no row below its head; is the download complete?")


def _check_columns(source: Source, line_no: int, columns: Sequence[str]) -> None:
    needed = _NEEDED[source.kind]
    lacking = [name for name in (needed.split("|") if "|" in needed else needed.split()) if name not in columns]
    if lacking:
        raise VocabularyError(
            f"{source.path}:{line_no}: other columns than expected, {', '.join(lacking)} not among them; "
            "is this a release that genemine knows?"
        )


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Give number and text of each line, without its end.

    Raises:
        VocabularyError: the file cannot be read, is damaged, is no UTF-8 or ends within a line.
    """
    line_no, line = 0, "\n"
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig") if _is_gzip(path) else path.open(encoding="utf-8-sig") as lines:
            for line_no, line in enumerate(lines, start=1):
                yield line_no, line.rstrip("\r\n")
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise VocabularyError(f"{path}: cannot be read after line {line_no} ({error}); fetch it again") from error
    if not line.endswith("\n"):
        raise VocabularyError(f"{path}:{line_no}: the file ends within a line; is the download complete?")


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"
