"""Genes of NCBI Gene, with the symbols of HGNC and the OMIM numbers of mim2gene_medgen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from genemine.errors import VocabularyError
from genemine.link.build_entry import Entry
from genemine.link.build_files import Source, rows_of
from genemine.link.concepts import ALIAS, ALIAS_NAME, DESIGNATION, FULL_NAME, PREVIOUS, PREVIOUS_NAME, SYMBOL

# A name that a gene and a pseudogene share hardly ever means the pseudogene. What is not named here comes between.
_ORDER = {"protein-coding": 0, "pseudo": 2, "biological-region": 3}
_SUCCESSOR = re.compile(r"symbol withdrawn, see \[?(?:HGNC:\d+\]?\()?([^\s)\]]+)\)?")
NO_NCBI = "HGNC entry without a gene at NCBI"
WITHDRAWN = "HGNC entry withdrawn without a successor"
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_gene_info(source: Source, taxa: Collection[str], genes: dict[str, Entry]) -> Source:
    """Add the genes of some species, and tell the release: the newest date of its rows.

    Raises:
        VocabularyError: the file is damaged or holds no gene of these species.
    """
    newest, n_rows = "", 0
    for _, row in rows_of(source):
        if row["tax_id"] not in taxa:
            continue
        n_rows += 1
        newest = max(newest, row["Modification_date"])
        gene = Entry(f"ncbigene:{row['GeneID']}", {row["Symbol"]: SYMBOL}, kind=row["type_of_gene"], taxon=row["tax_id"])
        full = row["Full_name_from_nomenclature_authority"]
        gene.add(row["description"] if full == "-" else full, FULL_NAME)
        for column, kind in (("Synonyms", ALIAS), ("Other_designations", DESIGNATION)):
            for name in row[column].split("|"):
                gene.add(name, kind)
        hgnc = re.search(r"HGNC:HGNC:(\d+)", row["dbXrefs"])
        if hgnc:
            gene.xrefs[f"hgnc:{hgnc[1]}"] = None
        genes[gene.curie] = gene
    if not n_rows:
        raise VocabularyError(f"{source.path}: no row of the species {', '.join(taxa)}; is it another species' file?")
    release = f"{newest[:4]}-{newest[4:6]}-{newest[6:8]}" if re.fullmatch(r"\d{8}", newest) else ""
    return replace(source, release=release, rows=n_rows)


def in_order(genes: dict[str, Entry]) -> list[Entry]:
    """Put genes that code for a protein first and pseudogenes behind the others; else the order of the file stands."""
    return sorted(genes.values(), key=lambda gene: _ORDER.get(gene.kind, 1))


def read_hgnc(source: Source, genes: dict[str, Entry], gene_release: str, dropped: Counter[str]) -> Source:
    """Add the symbols of HGNC, previous ones and those withdrawn in favour of another gene among them.

    The approved symbol becomes a gene's first name where HGNC's release is not older than NCBI's; else it is one name more.
    """
    by_hgnc = {xref: gene for gene in genes.values() for xref in gene.xrefs}
    rows = [row for _, row in rows_of(source)]
    release = max((row["date_modified"] for row in rows if _ISO.fullmatch(row["date_modified"])), default="")
    by_symbol: dict[str, Entry] = {}
    withdrawn: list[tuple[str, str]] = []
    for row in rows:
        if row["status"] != "Approved":
            match = _SUCCESSOR.match(row["name"])
            if match:
                withdrawn.append((row["symbol"].removesuffix("~withdrawn"), match[1]))
            else:
                dropped[WITHDRAWN] += 1
            continue
        gene = by_hgnc.get(row["hgnc_id"].lower()) or genes.get(f"ncbigene:{row['entrez_id']}")
        if gene is None:
            dropped[NO_NCBI] += 1
            continue
        by_symbol[row["symbol"]] = gene
        _add_hgnc(gene, row, release >= gene_release)
    for symbol, successor in withdrawn:
        if successor in by_symbol:
            by_symbol[successor].add(symbol, PREVIOUS)
        else:
            dropped[WITHDRAWN] += 1
    return replace(source, release=release, rows=len(rows))


def _add_hgnc(gene: Entry, row: dict[str, str], is_newer: bool) -> None:
    gene.xrefs[row["hgnc_id"].lower()] = None
    if row["symbol"] != next(iter(gene.names)):
        if is_newer:
            gene.rename(row["symbol"], SYMBOL)
        else:
            gene.add(row["symbol"], PREVIOUS)
    gene.add(row["name"], ALIAS_NAME)
    columns = (("prev_symbol", PREVIOUS), ("alias_symbol", ALIAS), ("prev_name", PREVIOUS_NAME), ("alias_name", ALIAS_NAME))
    for column, kind in columns:
        for name in row[column].strip('"').split("|"):
            gene.add(name, kind)


def read_mim2gene(source: Source, genes: dict[str, Entry]) -> tuple[Source, dict[str, list[str]]]:
    """Add the OMIM numbers of genes.

    Returns:
        the source, and the OMIM numbers of phenotypes by their MedGen (UMLS) concept.
    """
    phenotypes: dict[str, list[str]] = {}
    n_rows = 0
    for _, row in rows_of(source):
        n_rows += 1
        omim = f"omim:{row['MIM number']}"
        if row["type"] == "gene":
            gene = genes.get(f"ncbigene:{row['GeneID']}")
            if gene is not None:
                gene.xrefs[omim] = None
        elif row["MedGenCUI"] not in ("", "-"):
            known = phenotypes.setdefault(row["MedGenCUI"], [])
            if omim not in known:
                known.append(omim)
    return replace(source, rows=n_rows), phenotypes
