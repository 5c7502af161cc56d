from __future__ import annotations

import time
from pathlib import Path

import pytest

from genemine.errors import VocabularyError
from genemine.link.build import build, build_lexicon
from genemine.link.concepts import ALIAS, DO_NAME, DO_SYNONYM, PREVIOUS
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


HGNC = (
    "hgnc_id\tsymbol\tname\tstatus\talias_symbol\talias_name\tprev_symbol\tprev_name\tdate_modified\tentrez_id\n"
    'HGNC:11998\tTP53\ttumor protein p53\tApproved\t"p53|LFS1"\t\tOLD53\t\t2022-01-01\t7157\n'
    "HGNC:15\tZZNEW\tzz pseudogene\tApproved\t\t\t\t\t2022-01-01\t11\n"
    "HGNC:77\tGONE\tsymbol withdrawn, see TP53\tEntry Withdrawn\t\t\t\t\t\t\n"
    "HGNC:78\tLOST\tentry withdrawn\tEntry Withdrawn\t\t\t\t\t\t\n"
)
OBO = (
    "format-version: 1.2\ndate: 11:11:2015 21:54\ndefault-namespace: disease_ontology\n\n"
    "[Term]\nid: DOID:1612\nname: breast cancer\n"
    'synonym: "mammary cancer" EXACT []\nsynonym: "a lump" RELATED []\nxref: MSH:D001943\nxref: UMLS_CUI:C1\n\n[Term]\nid: DOID:9\n'
    "name: zz disease\nxref: MSH:D001943\n\n[Term]\nid: DOID:10\nname: other\nis_obsolete: true\n"
)
MIM = "#MIM number\tGeneID\ttype\tSource\tMedGenCUI\tComment\n191170\t7157\tgene\t-\t-\t-\n5\t-\tphenotype\t-\tC1\t-\n"


def folder_of_all(tmp_path: Path) -> Path:
    folder = tmp_path / "vocab"
    folder.mkdir()
    write(folder)
    for name, text in (("a.txt", HGNC), ("b.obo", OBO), ("c", MIM), ("vocab.json", "{}\n")):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_all_vocabularies_of_a_folder_go_into_one_lexicon(tmp_path: Path) -> None:
    report = build(folder_of_all(tmp_path), tmp_path / "out")
    assert [source.kind for source in report.sources] == ["gene_info", "hgnc", "mim2gene", "medic", "disease-ontology"]
    assert [path.name for path in report.passed] == ["vocab.json"]
    lexicon = load_lexicon(tmp_path / "out")
    tp53, pseudogene = lexicon.genes.concepts
    kinds = dict(zip(tp53.names, tp53.kinds, strict=True))
    assert (kinds["OLD53"], kinds["GONE"], kinds["LFS1"]) == (PREVIOUS, PREVIOUS, ALIAS)
    assert (pseudogene.names, pseudogene.kind) == (("ZZNEW", "ZZP1", "zz pseudogene"), "pseudo")
    assert tp53.xrefs == ("hgnc:11998", "omim:191170")
    breast = lexicon.diseases.concepts[0]
    kinds = dict(zip(breast.names, breast.kinds, strict=True))
    assert kinds["mammary cancer"] == DO_SYNONYM
    assert kinds["breast cancer"] == DO_NAME
    assert "a lump" not in kinds
    assert "zz disease" not in kinds, "another disease has that name"
    assert lexicon.diseases.row_of("omim:5") == 0
    assert lexicon.sources[4]["release"] == "2015-11-11"
    assert lexicon.counts["genes"] == 2


def test_the_same_files_give_the_same_bytes_and_damage_is_refused(tmp_path: Path) -> None:
    folder = folder_of_all(tmp_path)
    one, two = build(folder, tmp_path / "one"), build(folder, tmp_path / "two")
    content = (tmp_path / "one/lexicon.bin").read_bytes()
    assert content == (tmp_path / "two/lexicon.bin").read_bytes()
    assert one.version == two.version == load_lexicon(tmp_path / "one").version
    (tmp_path / "one/lexicon.bin").write_bytes(content[:-1])
    with pytest.raises(VocabularyError, match=r"lexicon\.bin: damaged"):
        load_lexicon(tmp_path / "one")


def test_mesh_alone_gives_diseases_with_parents(tmp_path: Path) -> None:
    gene_info, _, out = write(tmp_path)

    def record(local: str, heading: str, tree: str) -> str:
        terms = f"<ConceptList><Concept><TermList><Term><String>{heading} term</String></Term></TermList></Concept></ConceptList>"
        trees = f"<TreeNumberList><TreeNumber>{tree}</TreeNumber></TreeNumberList>"
        name = f"<DescriptorName><String>{heading}</String></DescriptorName>"
        return f"<DescriptorRecord><DescriptorUI>{local}</DescriptorUI>{name}{trees}{terms}</DescriptorRecord>"

    records = record("D1", "Wide", "C04") + record("D2", "Narrow", "C04.588") + record("D3", "Water", "D01.1")
    mesh = tmp_path / "desc2026.xml"
    mesh.write_text(f'<?xml version="1.0"?><DescriptorRecordSet>{records}</DescriptorRecordSet>', encoding="utf-8")
    build({"genes": gene_info, "mesh": mesh}, out)
    assert [(one.curie, one.names, one.parents) for one in load_lexicon(out).diseases.concepts] == [
        ("mesh:D1", ("Wide", "Wide term"), ()),
        ("mesh:D2", ("Narrow", "Narrow term"), ("mesh:D1",)),
    ]
