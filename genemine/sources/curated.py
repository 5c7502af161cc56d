"""Curated gene-disease pairs as their publishers give them: which file is which, and the pairs in it.

A file is known by its first line, not by its name, so that a renamed or compressed one serves as well.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from genemine.errors import SourceError

GENE2PHENOTYPE, OMIM, HPO, DISGENET = "Gene2Phenotype", "OMIM", "HPO", "DisGeNET"
_MEND = "fetch it again from its publisher, or take it out of the folder"


@dataclass(frozen=True, slots=True)
class CuratedPair:
    """A pair as a source gives it: ``genes`` and ``disease`` are CURIEs, ``disease`` "" where there is a name alone.

    ``genes`` are several identifiers of the one gene; ``level`` is the source's own word for how sure it is.
    """

    source: str
    genes: tuple[str, ...]
    symbol: str
    disease: str
    disease_name: str
    level: str


@dataclass(frozen=True)
class _Kind:
    """A kind of file: its publisher, the columns it cannot do without, its separator, and a row's pair (None: it holds none)."""

    source: str
    columns: tuple[str, ...]
    separator: str
    pair: Callable[[Mapping[str, str]], CuratedPair | None]


def _gene2phenotype(row: Mapping[str, str]) -> CuratedPair | None:
    mim, hgnc = row["disease mim"], row["hgnc id"]
    level = next((row[name] for name in ("DDD category", "confidence category", "confidence") if row.get(name)), "")
    genes = (f"hgnc:{hgnc.removeprefix('HGNC:')}",) if hgnc else ()
    return CuratedPair(GENE2PHENOTYPE, genes, row["gene symbol"], _omim(mim), row["disease name"], level)


def _mim2gene(row: Mapping[str, str]) -> CuratedPair | None:
    if row["type"] != "phenotype" or not row["GeneID"].isdigit():
        return None
    level = row["Comment"].strip()
    return CuratedPair(OMIM, (f"ncbigene:{row['GeneID']}",), "", _omim(row["#MIM number"]), "", "" if level == "-" else level)


def _hpo(row: Mapping[str, str]) -> CuratedPair | None:
    prefix, _, number = row["disease_id"].partition(":")
    gene = f"ncbigene:{row['ncbi_gene_id'].removeprefix('NCBIGene:')}"
    level = row["association_type"].lower()
    return CuratedPair(HPO, (gene,), row["gene_symbol"], f"{prefix.lower()}:{number}" if number else "", "", level)


def _disgenet(row: Mapping[str, str]) -> CuratedPair | None:
    # its umls: identifiers are in no lexicon, so the name has to do
    return CuratedPair(
        DISGENET, (f"ncbigene:{row['geneId']}",), row["geneSymbol"], "", row["diseaseName"], f"{float(row['score']):.2f}"
    )


_KINDS = (
    _Kind(GENE2PHENOTYPE, ("gene symbol", "disease name", "disease mim", "hgnc id"), ",", _gene2phenotype),
    _Kind(OMIM, ("#MIM number", "GeneID", "type", "Comment"), "\t", _mim2gene),
    _Kind(HPO, ("ncbi_gene_id", "gene_symbol", "association_type", "disease_id"), "\t", _hpo),
    _Kind(DISGENET, ("geneId", "geneSymbol", "diseaseName", "score"), "\t", _disgenet),
)


def read_curated_file(path: Path) -> Iterator[CuratedPair]:
    """Give the pairs of one file, packed with gzip or not.

    Raises:
        SourceError: the file is empty, cut off, of no known kind, or has a line that cannot be read.
    """
    line_number = 0
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8", newline="")
            if _is_packed(path)
            else path.open(encoding="utf-8", newline="") as file
        ):
            head = file.readline().lstrip("\ufeff")
            kind, names = _kind_of(path, head)
            rows = csv.reader(
                file, delimiter=kind.separator, quoting=csv.QUOTE_MINIMAL if kind.separator == "," else csv.QUOTE_NONE
            )
            n_pairs = 0
            for fields in rows:
                line_number = rows.line_num + 1
                if not fields:
                    continue
                if len(fields) != len(names):
                    raise SourceError(f"{path}, line {line_number}: {len(fields)} columns instead of {len(names)}; {_MEND}")
                pair = kind.pair({name: field.strip() for name, field in zip(names, fields, strict=True)})
                if pair is not None:
                    n_pairs += 1
                    yield pair
            if not n_pairs:
                raise SourceError(f"{path}: no pair of a gene and a disease in it; {_MEND}")
    except (EOFError, zlib.error, OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cut off or damaged after line {line_number or 1} ({error}); {_MEND}") from error
    except (csv.Error, ValueError) as error:
        raise SourceError(f"{path}, line {line_number}: cannot be read ({error}); {_MEND}") from error


def _kind_of(path: Path, head: str) -> tuple[_Kind, list[str]]:
    if not head.strip():
        raise SourceError(f"{path}: empty; {_MEND}")
    for kind in _KINDS:
        names = [name.strip() for name in next(csv.reader([head.rstrip("\r\n")], delimiter=kind.separator))]
        if set(kind.columns) <= set(names):
            return kind, names
    known = "; ".join(f"{kind.source} ({', '.join(kind.columns)})" for kind in _KINDS)
    raise SourceError(f"{path}, line 1: the columns are of no known file of curated pairs; known: {known}; {_MEND}")


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _omim(number: str) -> str:
    return f"omim:{number}" if number.isdigit() else ""
