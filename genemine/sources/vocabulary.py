"""The vocabularies that a lexicon is made of: where they are published, under which terms, and what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from genemine.errors import ConfigError

HUMAN = "9606"
_NCBI_GENE = "https://ftp.ncbi.nlm.nih.gov/gene/DATA/"
# Taxon -> file below GENE_INFO on NCBI's server, which has one for each of the species most asked for.
SPECIES = {
    HUMAN: "Mammalia/Homo_sapiens",
    "10090": "Mammalia/Mus_musculus",
    "10116": "Mammalia/Rattus_norvegicus",
    "9913": "Mammalia/Bos_taurus",
    "9823": "Mammalia/Sus_scrofa",
    "9031": "Non-mammalian_vertebrates/Gallus_gallus",
    "7955": "Non-mammalian_vertebrates/Danio_rerio",
    "8355": "Non-mammalian_vertebrates/Xenopus_laevis",
    "7227": "Invertebrates/Drosophila_melanogaster",
    "6239": "Invertebrates/Caenorhabditis_elegans",
    "559292": "Fungi/Saccharomyces_cerevisiae",
}


@dataclass(frozen=True)
class Vocabulary:
    """One file of a vocabulary.

    ``marker`` begins a line near the head of every release, the columns' names as a rule; ``licence`` is in a few words, ``terms``
    the address of its text; ``duty`` is what its users have to do, "" for nothing. ``holds`` stands somewhere in
    the head, where other vocabularies begin in the same way.
    """

    name: str
    file: str
    url: str
    title: str
    purpose: str
    marker: str
    licence: str
    terms: str
    duty: str = ""
    holds: str = ""


_NCBI_TERMS = "https://www.ncbi.nlm.nih.gov/home/about/policies/"
GENE_INFO = Vocabulary(
    "gene_info",
    "",
    f"{_NCBI_GENE}GENE_INFO/",
    "NCBI Gene",
    "genes: symbols, synonyms, full names",
    "#tax_id\tGeneID\tSymbol\t",
    "public domain (NLM)",
    _NCBI_TERMS,
)
# fetched unless others are asked for
VOCABULARIES = (
    Vocabulary(
        "hgnc",
        "hgnc_complete_set.txt",
        "https://storage.googleapis.com/public-download-files/hgnc/tsv/tsv/hgnc_complete_set.txt",
        "HGNC complete set",
        "human genes: approved, alias and previous symbols",
        "hgnc_id\tsymbol\t",
        "CC0 1.0",
        "https://www.genenames.org/about/license/",
    ),
    Vocabulary(
        "medic",
        "CTD_diseases.tsv.gz",
        "https://ctdbase.org/reports/CTD_diseases.tsv.gz",
        "CTD MEDIC diseases",
        "diseases: MeSH and OMIM identifiers, names, parents",
        "# DiseaseName\tDiseaseID\t",
        "CTD's terms",
        "https://ctdbase.org/about/legal.jsp",
        "cite CTD in what you publish, link to CTD's pages from what shows its data, and notify CTD of your use",
    ),
    Vocabulary(
        "disease-ontology",
        "doid.obo",
        "http://purl.obolibrary.org/obo/doid.obo",
        "Disease Ontology",
        "diseases: more synonyms, DOID identifiers",
        "format-version:",
        "CC0 1.0",
        "https://disease-ontology.org/resources/citing-resources",
        holds="DOID:",
    ),
    Vocabulary(
        "mim2gene",
        "mim2gene_medgen",
        f"{_NCBI_GENE}mim2gene_medgen",
        "MIM to gene to MedGen",
        "OMIM numbers of genes and of their diseases",
        "#MIM number\tGeneID\t",
        "public domain (NLM)",
        _NCBI_TERMS,
    ),
)
# only when asked for: a lexicon can do without it, since MEDIC has its disease headings
MESH = Vocabulary(
    "mesh",
    "desc{year}.gz",
    "https://nlmpubs.nlm.nih.gov/projects/mesh/MESH_FILES/xmlmesh/desc{year}.gz",
    "MeSH descriptors",
    "all headings of MeSH as XML; only with --only mesh",
    "<DescriptorRecordSet",
    "NLM's terms for MeSH",
    "https://www.nlm.nih.gov/databases/download/terms_and_conditions_mesh.html",
    "name the National Library of Medicine as its source, and the year of the release",
)
NAMES = (GENE_INFO.name, *(one.name for one in VOCABULARIES), MESH.name)


def chosen(only: Sequence[str] = (), species: Sequence[str] = (HUMAN,), *, year: int) -> list[Vocabulary]:
    """The files to fetch.

    Args:
        only: names of vocabularies; none for all but MeSH.
        species: NCBI's taxon numbers, for gene_info.
        year: that of MeSH's release.

    Raises:
        ConfigError: a name or a species is not known.
    """
    for name in only:
        if name not in NAMES:
            raise ConfigError(f"--only {name!r}: no such vocabulary; known: {', '.join(NAMES)}")
    for taxon in species:
        if taxon not in SPECIES:
            raise ConfigError(f"--species {taxon!r}: NCBI has no gene_info file of that taxon alone; known: {', '.join(SPECIES)}")
    wanted = [_gene_info(taxon) for taxon in dict.fromkeys(species)] + list(VOCABULARIES)
    if "mesh" in only:
        wanted.append(replace(MESH, file=MESH.file.format(year=year), url=MESH.url.format(year=year)))
    return [one for one in wanted if not only or one.name in only]


def _gene_info(taxon: str) -> Vocabulary:
    path = f"{SPECIES[taxon]}.gene_info.gz"
    return replace(GENE_INFO, file=path.rpartition("/")[2], url=f"{GENE_INFO.url}{path}")
