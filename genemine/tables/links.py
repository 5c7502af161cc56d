"""Where an identifier can be looked up."""

from __future__ import annotations

PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
# By the prefix of a CURIE; {} is what follows the colon.
HOMES = {
    "ncbigene": "https://www.ncbi.nlm.nih.gov/gene/{}",
    "hgnc": "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:{}",
    "mesh": "https://meshb.nlm.nih.gov/record/ui?ui={}",
    "omim": "https://omim.org/entry/{}",
    "doid": "https://disease-ontology.org/term/DOID:{}/",
    "orphanet": "https://www.orpha.net/en/disease/detail/{}",
}


def pubmed_url(pmid: str) -> str:
    """The page of an article; empty for what is no PMID."""
    return f"{PUBMED}{pmid}/" if pmid.isascii() and pmid.isdecimal() else ""


def curie_url(curie: str) -> str:
    """The page of a gene or disease by its CURIE; empty where its home is not known or it is no plain identifier."""
    prefix, _, number = curie.partition(":")
    home = HOMES.get(prefix, "")
    return home.format(number) if home and number.isascii() and number.isalnum() else ""
