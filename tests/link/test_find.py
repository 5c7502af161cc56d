from __future__ import annotations

import pytest

from genemine.link.find import find, find_whole_disease
from genemine.link.lexicon import Lexicon, load_lexicon
from genemine.records import DISEASE, GENE

WORDS = frozenset({"CAT", "REST"})


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def found(lexicon: Lexicon, mention_type: str, name: str) -> tuple[str, str, str] | None:
    result = find(lexicon, WORDS, mention_type, name)
    if result is None:
        return None
    (hit,) = result.hits
    return result.how, hit.concept.curie, hit.matched


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BRCA1", ("exact", "ncbigene:672", "BRCA1")),
        ("p53", ("exact", "ncbigene:7157", "p53")),
        ("Huntingtin", ("folded", "ncbigene:3064", "huntingtin")),
        ("TNF-α", ("folded", "ncbigene:7124", "TNF-alpha")),
        ("Factor V", ("folded", "ncbigene:2153", "factor V")),
        ("PARK2", ("exact", "ncbigene:5071", "PARK2")),
        ("GBA", ("exact", "ncbigene:2629", "GBA")),
        ("CFTR gene mutations", ("stripped", "ncbigene:1080", "CFTR")),
        ("hPKD1", ("stripped", "ncbigene:5310", "PKD1")),
        ("the potassium channel gene KCNQ1", ("stripped", "ncbigene:3784", "KCNQ1")),
        ("tumour suppressor genes NF1", ("stripped", "ncbigene:4763", "NF1")),
        ("presenilin 1 (PSEN1)", ("stripped", "ncbigene:5663", "presenilin 1")),
        ("CAT", ("exact", "ncbigene:847", "CAT")),
        ("cat", None),
        ("Rest", None),
        ("unheard-of gene", None),
        ("", None),
    ],
)
def test_genes(lexicon: Lexicon, name: str, expected: tuple[str, str, str] | None) -> None:
    assert found(lexicon, GENE, name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Breast Neoplasms", ("exact", "mesh:D001943", "Breast Neoplasms")),
        ("breast cancer", ("exact", "mesh:D001943", "breast cancer")),
        ("Breast cancers", ("folded", "mesh:D001943", "breast cancer")),
        ("phaeochromocytomas", ("folded", "mesh:D010673", "Pheochromocytoma")),
        ("tumour of the thyroid", ("reordered", "mesh:D013964", "Thyroid Neoplasms")),
        ("Marfan's syndrome", ("folded", "mesh:D008382", "Marfan Syndrome")),
        ("cystic fibrosis patients", ("stripped", "mesh:D003550", "Cystic Fibrosis")),
        ("familial early-onset breast cancer", ("broader", "mesh:D001943", "Breast Neoplasms")),
        ("pink unicorn breast cancer", None),
        ("hereditary disease", None),
        ("", None),
    ],
)
def test_diseases(lexicon: Lexicon, name: str, expected: tuple[str, str, str] | None) -> None:
    assert found(lexicon, DISEASE, name) == expected


@pytest.mark.parametrize(
    "name",
    ["breast cancer", "Breast cancers", "cancer of the breast", "AD", "ad", "Huntington's disease", "early-onset breast cancer",
     "of", "", "patients with ataxia", "Parkinson disease (PD)"],
)  # fmt: skip
def test_a_disease_found_by_its_whole_name_is_what_a_full_search_finds_that_way(lexicon: Lexicon, name: str):
    full = find(lexicon, WORDS, DISEASE, name)
    assert find_whole_disease(lexicon, name) == (full if full is not None and full.how in ("exact", "folded") else None)
