"""Make a lexicon folder of the whole vocabularies, as their homes publish them: NCBI Gene's gene_info and CTD's MEDIC diseases."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from genemine.errors import VocabularyError
from genemine.link.concepts import Concept
from genemine.link.lexicon import load_lexicon
from genemine.link.lexicon_text import DISEASE_COLUMNS, GENE_COLUMNS

HUMAN = "9606"
_GENE_INFO = (
    "tax_id GeneID Symbol LocusTag Synonyms dbXrefs chromosome map_location description type_of_gene "
    "Symbol_from_nomenclature_authority Full_name_from_nomenclature_authority Nomenclature_status Other_designations "
    "Modification_date Feature_type"
)
_MEDIC = "DiseaseName DiseaseID AltDiseaseIDs Definition ParentIDs TreeNumbers ParentTreeNumbers Synonyms SlimMappings"
_PREFIXES = {"MESH": "mesh", "OMIM": "omim", "DOID": "doid"}


def build_lexicon(gene_info: Path, medic: Path, folder: Path) -> tuple[int, int]:
    """Write genes.tsv and diseases.tsv.

    Args:
        gene_info: NCBI Gene's gene_info, ``.gz`` or plain; rows of other species than human are left out. Genes that code for a
            protein come first, because a name that a gene and a pseudogene share hardly ever means the pseudogene. Rows of the
            embedded lexicon come before them and keep its synonyms, since its genes and diseases are the best known.
        medic: CTD_diseases.tsv, ``.gz`` or plain.
        folder: made if it is not there.

    Returns:
        the number of genes and of diseases written.

    Raises:
        VocabularyError: an input cannot be read, has other columns, or holds no row.
    """
    embedded = load_lexicon()
    typed = sorted(_genes(gene_info), key=lambda row: row[0] != "protein-coding")
    genes = _with_embedded([row[1:] for row in typed], tuple(embedded.genes.concepts))
    diseases = _with_embedded(list(_diseases(medic)), tuple(embedded.diseases.concepts))
    for path, rows in ((gene_info, genes), (medic, diseases)):
        if not rows:
            raise VocabularyError(f"{path}: no row to make a lexicon of; is the download complete?")
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "genes.tsv", GENE_COLUMNS, genes)
    _write(folder / "diseases.tsv", DISEASE_COLUMNS, diseases)
    return len(genes), len(diseases)


def _with_embedded(rows: list[tuple[str, ...]], known: tuple[Concept, ...]) -> list[tuple[str, ...]]:
    """Add the embedded synonyms to the rows they belong to and put those rows first; synonyms are the last column but one."""
    names = {concept.curie: concept.names for concept in known}
    merged = []
    for row in rows:
        *start, synonyms, xrefs = row
        every = dict.fromkeys((*names.get(row[0], ()), *synonyms.split("|")))
        merged.append((*start, "|".join(name for name in every if name and name not in start), xrefs))
    return sorted(merged, key=lambda row: row[0] not in names)


def _genes(path: Path) -> Iterator[tuple[str, ...]]:
    for _, row in _rows(path, _GENE_INFO.split(), header="#tax_id"):
        if row["tax_id"] != HUMAN:
            continue
        full = row["Full_name_from_nomenclature_authority"]
        name = row["description"] if full == "-" else full
        synonyms = [part for key in ("Synonyms", "Other_designations") for part in row[key].split("|") if part not in ("-", "")]
        hgnc = re.search(r"HGNC:HGNC:(\d+)", row["dbXrefs"])
        xrefs = f"hgnc:{hgnc[1]}" if hgnc else ""
        yield row["type_of_gene"], f"ncbigene:{row['GeneID']}", row["Symbol"], name, "|".join(synonyms), xrefs


def _diseases(path: Path) -> Iterator[tuple[str, ...]]:
    for line_no, row in _rows(path, _MEDIC.split(), header="# DiseaseName"):
        xrefs = [_curie(path, line_no, alt) for alt in row["AltDiseaseIDs"].split("|") if alt]
        yield _curie(path, line_no, row["DiseaseID"]), row["DiseaseName"], row["Synonyms"], "|".join(xrefs)


def _curie(path: Path, line_no: int, identifier: str) -> str:
    prefix, _, local = identifier.removeprefix("DO:").partition(":")
    if prefix not in _PREFIXES or not local:
        raise VocabularyError(f"{path}:{line_no}: unknown identifier {identifier!r}, expected MESH:..., OMIM:... or DO:DOID:...")
    return f"{_PREFIXES[prefix]}:{local}"


def _rows(path: Path, columns: list[str], header: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Give line number and fields of each row below the header line, which both files write as a comment."""
    found = False
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line_no, line in enumerate(lines, start=1):
                fields = line.rstrip("\r\n").split("\t")
                if line.startswith(header) and fields[0].lstrip("# ") == columns[0]:
                    found = True
                    if [name.lstrip("# ") for name in fields] != columns:
                        raise VocabularyError(f"{path}:{line_no}: other columns than expected ({' '.join(columns)})")
                elif not line.startswith("#") and line.strip():
                    if not found or len(fields) > len(columns):
                        raise VocabularyError(f"{path}:{line_no}: expected a header line and then {len(columns)} columns")
                    yield line_no, dict(zip(columns, fields + [""] * (len(columns) - len(fields)), strict=True))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise VocabularyError(f"{path}: cannot be read ({error}); download it again") from error


def _write(path: Path, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    lines = ["\t".join(columns), *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
