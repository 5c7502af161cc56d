"""Where curated gene-disease pairs are published, under which terms, and whether a file is what it should be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from genemine.errors import ConfigError, SourceError
from genemine.sources.curated import DISGENET, GENE2PHENOTYPE, HPO, OMIM, read_curated_file
from genemine.sources.vocabulary import VOCABULARIES, Vocabulary

_MIM = next(one for one in VOCABULARIES if one.name == "mim2gene")
CURATED = (
    Vocabulary(
        "gene2phenotype",
        "AllG2P.csv",
        "https://www.ebi.ac.uk/gene2phenotype/api/panel/all/download",
        GENE2PHENOTYPE,
        "genes of rare diseases, all panels, each pair with a confidence category",
        "gene symbol",
        "EMBL-EBI's terms of use",
        "https://www.ebi.ac.uk/about/terms-of-use",
        "cite Gene2Phenotype in what you publish",
    ),
    Vocabulary(
        _MIM.name,
        _MIM.file,
        _MIM.url,
        OMIM,
        "genes of the phenotypes of OMIM, as NCBI Gene has them",
        _MIM.marker,
        _MIM.licence,
        _MIM.terms,
    ),
    Vocabulary(
        "hpo",
        "genes_to_disease.txt",
        "http://purl.obolibrary.org/obo/hp/hpoa/genes_to_disease.txt",
        HPO,
        "genes of the diseases of OMIM and Orphanet that the Human Phenotype Ontology annotates",
        "ncbi_gene_id",
        "HPO's licence",
        "https://hpo.jax.org/license",
        "say that you use the Human Phenotype Ontology and which release, link to it, and do not alter its content",
    ),
)
NAMES = tuple(one.name for one in CURATED)
# its downloads ask for an account, so no program can fetch them for everybody
BEHIND_LOGIN = (
    f"{DISGENET} gives its curated pairs only to those who log in (https://disgenet.com) and under its own licence: put the file "
    "that you have (curated_gene_disease_associations.tsv) into the folder, or name it with `genemine curated build --also FILE`"
)


def chosen(only: Sequence[str] = ()) -> list[Vocabulary]:
    """The files to fetch.

    Args:
        only: names of them; none for all.

    Raises:
        ConfigError: a name is not known.
    """
    for name in only:
        if name.casefold() == DISGENET.casefold():
            raise ConfigError(f"--only {name!r}: {BEHIND_LOGIN}")
        if name not in NAMES:
            raise ConfigError(f"--only {name!r}: no such file of curated pairs; known: {', '.join(NAMES)}")
    return [one for one in CURATED if not only or one.name in only]


def fault_of(path: Path, wanted: Vocabulary) -> str:
    """Why a file is not the one that is wanted, whole; "" if it is. Every line is read, as a build will read it."""
    try:
        sources = {pair.source for pair in read_curated_file(path)}
    except SourceError as error:
        # the path is that of a download which is thrown away
        return str(error).removeprefix(str(path)).lstrip(":, ").rpartition(";")[0]
    return "" if sources == {wanted.title} else f"not {wanted.title}: pairs of {', '.join(sorted(sources))}"
