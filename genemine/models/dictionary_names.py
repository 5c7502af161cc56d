"""Where a dictionary's names come from: NCBI Gene, HGNC, CTD's MEDIC, Disease Ontology, Human Phenotype Ontology.

Only hashes of the names go into a bundle. Genes are human ones that make a protein or an RNA; diseases and phenotypes apart, for
what one guideline calls a disease is a finding for another.
"""

from __future__ import annotations

import csv
import gzip
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from genemine.errors import SourceError
from genemine.models.dictionary import Dictionary, make_dictionary

log = logging.getLogger(__name__)

HUMAN = "9606"
GENE_TYPES = ("protein-coding", "ncRNA", "rRNA", "scRNA", "snRNA", "snoRNA")
COMMON_WORDS = 3000  # of a vocabulary by falling frequency that are no names
FILES = {
    "genes": "vocab/Homo_sapiens.gene_info.gz",
    "hgnc": "vocab/hgnc_complete_set.txt.gz",
    "medic": "vocab/CTD_diseases.tsv.gz",
    "disease ontology": "vocab/disease-ontology/do_sparql_results(1).csv.gz",
    "phenotypes": "vocab/hp.obo.gz",
}
_SYNONYM = re.compile(r'synonym: "(.+?)\.?" ')


def read_dictionary(data_dir: Path, words: Sequence[str]) -> Dictionary:
    """Make the dictionary of the vocabularies in a data folder.

    Args:
        data_dir: holds the files of ``FILES``.
        words: the vocabulary's words, folded, by falling frequency; the commonest are no names.

    Raises:
        SourceError: a file is missing or broken.
    """
    symbols, genes = _read(data_dir, "genes", _genes)
    more_symbols, more_genes = _read(data_dir, "hgnc", _hgnc)
    _, diseases = _read(data_dir, "medic", _medic)
    _, more_diseases = _read(data_dir, "disease ontology", _disease_ontology)
    _, phenotypes = _read(data_dir, "phenotypes", _phenotypes)
    symbols |= more_symbols
    kinds = [symbols | genes | more_genes, diseases | more_diseases, phenotypes]
    log.info("dictionary: %d symbols, %s names", len(symbols), " + ".join(str(len(kind)) for kind in kinds))
    common = [word for word in words[:COMMON_WORDS] if word.isalpha()]
    return make_dictionary([sorted(kind) for kind in kinds], sorted(symbols), common)


def dictionary_files(data_dir: Path) -> list[Path]:
    """List the files that a dictionary is made of."""
    return [data_dir / name for name in FILES.values()]


Names = tuple[set[str], set[str]]  # symbols, other names


def _read(data_dir: Path, name: str, read: Callable[[Iterator[str]], Names]) -> Names:
    path = data_dir / FILES[name]
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            found = read(line.rstrip("\r\n") for line in lines)
    except (OSError, EOFError, IndexError, KeyError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: the vocabulary cannot be read ({error}); fetch the file again") from error
    if not any(found):
        raise SourceError(f"{path}: no name in it; fetch the file again")
    return found


def _genes(lines: Iterator[str]) -> Names:
    symbols: set[str] = set()
    names: set[str] = set()
    for line in lines:
        cells = line.split("\t")
        if cells[0] == HUMAN and cells[9] in GENE_TYPES and not cells[2].startswith("LOC"):
            symbols.update((cells[2], *_listed(cells[4])))
            names.update(name for cell in (cells[8], cells[11], cells[13]) for name in _listed(cell))
    return symbols, {name for name in names if not name.startswith("uncharacterized")}


def _hgnc(lines: Iterator[str]) -> Names:
    symbols: set[str] = set()
    names: set[str] = set()
    for line in lines:
        cells = line.split("\t")
        if cells[3] == "protein-coding gene":
            symbols.update(name for cell in (cells[1], cells[8], cells[10]) for name in _listed(cell))
            names.update(name for cell in (cells[2], cells[9], cells[11], cells[12]) for name in _listed(cell))
    return symbols, names


def _medic(lines: Iterator[str]) -> Names:
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return set(), {name for cells in rows for name in (cells[0], *_listed(cells[7]))}


def _disease_ontology(lines: Iterator[str]) -> Names:
    return set(), {name for row in csv.DictReader(lines) for name in (row["label"], row["synonym"]) if name}


def _phenotypes(lines: Iterator[str]) -> Names:
    found = set()
    for line in lines:
        synonym = _SYNONYM.match(line)
        if line.startswith("name: "):
            found.add(line.removeprefix("name: "))
        elif synonym:
            found.add(synonym[1])
    return set(), found


def _listed(cell: str) -> list[str]:
    return [name for name in cell.strip('"').split("|") if name not in ("", "-")]
