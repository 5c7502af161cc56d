from __future__ import annotations

import time
from pathlib import Path

import pytest

from genemine.errors import VocabularyError
from genemine.link.build import build_lexicon
from genemine.link.lexicon import load_lexicon
from genemine.link.linker import Linker
from genemine.records import DISEASE, GENE, Mention

GENE_INFO = (
    "#tax_id\tGeneID\tSymbol\tLocusTag\tSynonyms\tdbXrefs\tchromosome\tmap_location\tdescription\ttype_of_gene\t"
    "Symbol_from_nomenclature_authority\tFull_name_from_nomenclature_authority\tNomenclature_status\tOther_designations\t"
    "Modification_date\tFeature_type\n"
    "9606\t11\tZZP1\t-\t-\tHGNC:HGNC:15\t8\t8p22\tzz pseudogene\tpseudo\tZZP1\t-\tO\t-\t20210611\t-\n"
    "9606\t7157\tTP53\t-\tP53|LFS1\tMIM:191170|HGNC:HGNC:11998\t17\t17p13.1\ttumor protein p53\tprotein-coding\tTP53\t"
    "tumor protein p53\tO\tphosphoprotein p53\t20210711\t-\n"
    "10090\t22059\tTrp53\t-\t-\t-\t11\t-\ttransformation related protein 53\tprotein-coding\t-\t-\tO\t-\t20210711\t-\n"
)
MEDIC = (
    "# The Comparative Toxicogenomics Database\n#\n"
    "# DiseaseName\tDiseaseID\tAltDiseaseIDs\tDefinition\tParentIDs\tTreeNumbers\tParentTreeNumbers\tSynonyms\tSlimMappings\n#\n"
    "Zz Syndrome\tOMIM:999\t\t\t\t\t\tzz disease\t\n"
    "Breast Neoplasms\tMESH:D001943\tDO:DOID:1612|OMIM:114480\t\t\t\t\tBreast Cancer|Cancer of Breast\tCancer\n"
)


def write(tmp_path: Path, gene_info: str = GENE_INFO, medic: str = MEDIC) -> tuple[Path, Path, Path]:
    (tmp_path / "gene_info").write_text(gene_info, encoding="utf-8")
    (tmp_path / "medic.tsv").write_text(medic, encoding="utf-8")
    return tmp_path / "gene_info", tmp_path / "medic.tsv", tmp_path / "lexicon"


def test_human_genes_and_all_diseases_become_a_lexicon(tmp_path: Path) -> None:
    gene_info, medic, folder = write(tmp_path)
    assert build_lexicon(gene_info, medic, folder) == (2, 2)
    lexicon = load_lexicon(folder)
    embedded = {gene.curie: gene for gene in load_lexicon().genes.concepts}["ncbigene:7157"]
    tp53, pseudogene = lexicon.genes.concepts
    assert (tp53.curie, tp53.xrefs) == ("ncbigene:7157", ("hgnc:11998",))
    assert set(tp53.names) == {*embedded.names, "P53", "LFS1", "phosphoprotein p53"}
    assert (pseudogene.curie, pseudogene.names) == ("ncbigene:11", ("ZZP1", "zz pseudogene"))
    breast, zz = lexicon.diseases.concepts
    assert (breast.curie, breast.name, breast.xrefs) == ("mesh:D001943", "Breast Neoplasms", ("doid:1612", "omim:114480"))
    assert (zz.curie, zz.names) == ("omim:999", ("Zz Syndrome", "zz disease"))


@pytest.mark.parametrize(
    ("gene_info", "medic", "message"),
    [
        ("", MEDIC, r"gene_info: the file is empty"),
        (GENE_INFO.split("\n", maxsplit=1)[0] + "\n", MEDIC, r"gene_info: no row below its head"),
        (GENE_INFO.replace("9606", "9598"), MEDIC, r"gene_info: no row of the species 9606"),
        (GENE_INFO.replace("Synonyms", "Names"), MEDIC, r"gene_info:1: other columns than expected, Synonyms not among them"),
        (GENE_INFO + "9606\t5\n", MEDIC, r"gene_info:5: 2 columns, expected 16"),
        (GENE_INFO[:-1], MEDIC, r"gene_info:4: the file ends within a line"),
        ("no\theader\n", MEDIC, r"gene_info: no vocabulary that genemine knows"),
        (GENE_INFO, MEDIC.replace("MESH:D001943", "D001943"), r"medic\.tsv:6: unknown identifier 'D001943'"),
        (GENE_INFO, GENE_INFO, r"neither CTD's MEDIC nor MeSH there"),
        (MEDIC, MEDIC, r"no gene_info of NCBI Gene there"),
    ],
)
def test_foreign_files_are_refused(tmp_path: Path, gene_info: str, medic: str, message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        build_lexicon(*write(tmp_path, gene_info, medic))
    assert not (tmp_path / "lexicon").exists()


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match=r"gone\.gz: cannot be read"):
        build_lexicon(tmp_path / "gone.gz", tmp_path / "gone.tsv", tmp_path / "out")
    (tmp_path / "cut.gz").write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc")
    with pytest.raises(VocabularyError, match=r"cut\.gz: cannot be read"):
        build_lexicon(tmp_path / "cut.gz", tmp_path / "gone.tsv", tmp_path / "out")


def test_the_whole_vocabularies_load_within_seconds_and_link(tmp_path: Path, shared: Path) -> None:
    vocab = shared / "data/vocab"
    assert build_lexicon(vocab / "Homo_sapiens.gene_info.gz", vocab / "CTD_diseases.tsv.gz", tmp_path) == (63281, 11865)
    start = time.process_time()
    linker = Linker(load_lexicon(tmp_path))
    assert time.process_time() - start < 20  # 3 s on an idle core
    text = "GRIN2A, a gene that the embedded lexicon lacks, and Landau-Kleffner syndrome"
    found = linker.link(text, [Mention("1", 0, 6, "GRIN2A", GENE), Mention("1", 52, 76, text[52:76], DISEASE)])
    assert [(link.curie, link.name) for link in found] == [
        ("ncbigene:2903", "GRIN2A"),
        ("mesh:D018887", "Landau-Kleffner Syndrome"),
    ]
