from __future__ import annotations

from pathlib import Path

import pytest

from genemine.errors import VocabularyError
from genemine.link.concepts import ALIAS, FULL_NAME, HEADING, SYMBOL, SYNONYM
from genemine.link.lexicon import Concept, Hit, load_lexicon
from genemine.records import DISEASE, GENE

GENES = "id\tsymbol\tname\tsynonyms\txrefs\nncbigene:672\tBRCA1\tBRCA1 DNA repair associated\tRNF53|breast cancer 1\thgnc:1100\n"
DISEASES = "id\tname\tsynonyms\txrefs\nmesh:D001943\tBreast Neoplasms\tbreast cancer\tomim:114480|doid:1612\n"
BRCA1 = Concept(
    "ncbigene:672",
    ("BRCA1", "BRCA1 DNA repair associated", "RNF53", "breast cancer 1"),
    ("hgnc:1100",),
    (SYMBOL, FULL_NAME, ALIAS, ALIAS),
    taxon="9606",
)
BREAST_CANCER = Concept("mesh:D001943", ("Breast Neoplasms", "breast cancer"), ("omim:114480", "doid:1612"), (HEADING, SYNONYM))


def folder_with(tmp_path: Path, genes: str | bytes = GENES, diseases: str | bytes = DISEASES) -> Path:
    for name, content in (("genes.tsv", genes), ("diseases.tsv", diseases)):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    lexicon = load_lexicon(folder_with(tmp_path))
    assert tuple(lexicon.names(GENE).concepts) == (BRCA1,)
    assert tuple(lexicon.names(DISEASE).concepts) == (BREAST_CANCER,)
    assert lexicon.source == str(tmp_path)


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    lexicon = load_lexicon(folder_with(tmp_path, b"\xef\xbb\xbf" + GENES.replace("\n", "\r\n").encode()))
    assert tuple(lexicon.genes.concepts) == (BRCA1,)


def test_names_are_found_exactly_by_key_and_by_bag(tmp_path: Path) -> None:
    lexicon = load_lexicon(folder_with(tmp_path))
    genes, diseases = lexicon.genes, lexicon.diseases
    assert genes.hits(genes.exact, "BRCA1") == [Hit(BRCA1, "BRCA1", preferred=True, kind=SYMBOL)]
    assert genes.hits(genes.keys, "breastcancer1") == [Hit(BRCA1, "breast cancer 1", preferred=False, kind=ALIAS)]
    assert diseases.hits(diseases.bags, "breast neoplasm") == [Hit(BREAST_CANCER, "Breast Neoplasms", preferred=True, kind=HEADING)]
    assert genes.hits(genes.exact, "BRCA2") == []
    assert "brca1" in genes.keys
    assert "BRCA1" not in genes.keys


def test_names_are_given_one_by_one_and_concepts_by_any_of_their_curies(tmp_path: Path) -> None:
    lexicon = load_lexicon(folder_with(tmp_path))
    assert list(lexicon.diseases.every()) == [(0, 0, "Breast Neoplasms"), (0, 1, "breast cancer")]
    rows = [lexicon.diseases.row_of(curie) for curie in ("mesh:D001943", "omim:114480", "doid:1612", "hgnc:1100")]
    assert rows == [0, 0, 0, None]


def test_the_version_is_that_of_the_content(tmp_path: Path) -> None:
    one = load_lexicon(folder_with(tmp_path)).version
    assert one == load_lexicon(folder_with(tmp_path)).version
    assert one != load_lexicon(folder_with(tmp_path, GENES + "ncbigene:675\tBRCA2\tBRCA2\t\thgnc:1101\n")).version
    assert len(one) == 64


def test_a_missing_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(
        VocabularyError,
        match=r"nowhere: no such lexicon folder; give one that `genemine vocab build` made or that holds genes\.tsv",
    ):
        load_lexicon(tmp_path / "nowhere")
    with pytest.raises(VocabularyError, match=r"genes\.tsv: cannot be read \(No such file"):
        load_lexicon(tmp_path)


@pytest.mark.parametrize(
    ("genes", "message"),
    [
        ("", r"genes\.tsv: the file is empty"),
        ("id\tsymbol\tname\tsynonyms\txrefs\n\n", r"genes\.tsv: no row below the header"),
        ("symbol,id\nBRCA1,672\n", r"genes\.tsv:1: the columns are 'symbol,id', expected id symbol name synonyms xrefs"),
        (GENES + "ncbigene:675\tBRCA2\n", r"genes\.tsv:3: 2 columns, expected 5"),
        (GENES + "675\tBRCA2\t\t\t\n", r"genes\.tsv:3: the id is '675', expected a prefix and a number such as ncbigene:672"),
        (GENES + "NCBIGene:675\tBRCA2\t\t\t\n", r"genes\.tsv:3: the id is 'NCBIGene:675'"),
        (GENES + "ncbigene:675\t\tname\t\t\n", r"genes\.tsv:3: ncbigene:675 has no symbol"),
        (GENES + GENES.split("\n")[1] + "\n", r"genes\.tsv:3: ncbigene:672 stands on an earlier line too"),
        (b"\x1f\x8b\x08\x00\xff\xfe", r"genes\.tsv: not UTF-8 text"),
    ],
)
def test_a_broken_file_is_refused_with_file_line_and_what_is_expected(tmp_path: Path, genes: str | bytes, message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        load_lexicon(folder_with(tmp_path, genes))


def test_an_empty_disease_file_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match=r"diseases\.tsv: the file is empty"):
        load_lexicon(folder_with(tmp_path, diseases=" \n"))


def test_the_embedded_lexicon_says_that_it_is_embedded() -> None:
    assert load_lexicon().source == "embedded"
