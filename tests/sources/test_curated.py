from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from genemine.errors import SourceError
from genemine.sources.curated import CuratedPair, read_curated_file

G2P = (
    '"gene symbol","gene mim","disease name","disease mim","DDD category","hgnc id"\n'
    'SBDS,607444,"SHWACHMAN, TYPE 1",260400,confirmed,19440\n'
    'RAB27A,603868,"Griscelli Type 2","No disease mim",probable,9766\n'
)
MIM = (
    "#MIM number\tGeneID\ttype\tSource\tMedGenCUI\tComment\n"
    "100050\t-\tphenotype\t-\tC3\t-\n"
    "100100\t1131\tphenotype\t GeneMap\tC0\t-\n"
    "1\t2\tgene\t-\t-\t-\n"
)
HPO = (
    "ncbi_gene_id\tgene_symbol\tassociation_type\tdisease_id\tsource\n"
    "NCBIGene:64170\tCARD9\tMENDELIAN\tOMIM:212050\tftp\n"
    "NCBIGene:5\tX\tUNKNOWN\tORPHA:7\tx\n"
)
DISGENET = (
    'geneId\tgeneSymbol\tgeneName\tdiseaseId\tdiseaseName\tscore\n540\tATP7B\t\tumls:C0019202\tHepatolenticular "D"\t0.9726\n'
)


def pairs(folder: Path, text: str) -> list[CuratedPair]:
    path = folder / "any name"
    path.write_text(text, encoding="utf-8")
    return list(read_curated_file(path))


def test_each_publisher_is_known_by_its_columns(tmp_path: Path) -> None:
    assert pairs(tmp_path, G2P) == [
        CuratedPair("Gene2Phenotype", ("hgnc:19440",), "SBDS", "omim:260400", "SHWACHMAN, TYPE 1", "confirmed"),
        CuratedPair("Gene2Phenotype", ("hgnc:9766",), "RAB27A", "", "Griscelli Type 2", "probable"),
    ]
    assert pairs(tmp_path, MIM) == [CuratedPair("OMIM", ("ncbigene:1131",), "", "omim:100100", "", "")]
    assert pairs(tmp_path, HPO) == [
        CuratedPair("HPO", ("ncbigene:64170",), "CARD9", "omim:212050", "", "mendelian"),
        CuratedPair("HPO", ("ncbigene:5",), "X", "orpha:7", "", "unknown"),
    ]
    assert pairs(tmp_path, DISGENET) == [CuratedPair("DisGeNET", ("ncbigene:540",), "ATP7B", "", 'Hepatolenticular "D"', "0.97")]


def test_a_packed_file_and_a_byte_order_mark_make_no_difference(tmp_path: Path) -> None:
    path = tmp_path / "packed"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + HPO.encode()))
    assert list(read_curated_file(path)) == pairs(tmp_path, HPO)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "file: empty; fetch it again"),
        (b"a,b\n1,2\n", "file, line 1: the columns are of no known file of curated pairs; known: Gene2Phenotype"),
        (HPO.encode() + b"NCBIGene:1\tX\n", "file, line 4: 2 columns instead of 5"),
        (HPO.splitlines()[0].encode() + b"\n", "file: no pair of a gene and a disease in it"),
        (gzip.compress(HPO.encode() * 50)[:-20], "file: cut off or damaged"),
        (HPO.encode() + b"\xff\xfe", "file: cut off or damaged"),
        (DISGENET.encode() + b"1\tA\t\tumls:C\tX\tmuch\n", "file, line 3: cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_line(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(SourceError) as raised:
        list(read_curated_file(path))
    assert told in str(raised.value)
    assert "or take it out of the folder" in str(raised.value)
