from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.link.variants import (
    disease_bag,
    disease_key,
    gene_key,
    strip_disease_words,
    strip_gene_words,
    without_parentheses,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TNF-α", "TNFA"),
        ("TNF-alpha", "tnf a"),
        ("TGF-β1", "TGFbeta1"),
        ("factor VIII", "Factor 8"),
        ("coagulation factor V", "coagulation factor 5"),
        ("BRCA‑1", "BRCA1"),
        ("alpha-synuclein", "α-synuclein"),
        ("NF-κB", "NFkappaB"),
        ("α1-antitrypsin", "alpha-1-antitrypsin"),
    ],
)
def test_spellings_of_one_gene_have_one_key(one: str, other: str) -> None:
    assert gene_key(one) == gene_key(other)


@pytest.mark.parametrize(("one", "other"), [("BRCA1", "BRCA2"), ("factor V", "factor X"), ("IL-1", "IL-11"), ("TNF", "TNFA")])
def test_different_genes_have_different_keys(one: str, other: str) -> None:
    assert gene_key(one) != gene_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Huntington's disease", "Huntington disease"),
        ("Graves’ disease", "Graves disease"),
        ("haemophilia A", "hemophilia A"),
        ("tumours", "tumor"),
        ("Fanconi anaemia", "Fanconi anemia"),
        ("oesophageal oedema", "esophageal edema"),
        ("type II diabetes", "Type 2 Diabetes"),
        ("cardiomyopathies", "cardiomyopathy"),
        ("non-small-cell", "non small cell"),
        ("Sjögren", "sjogren"),
        ("diagnoses", "diagnosis"),
        ("hypertensive", "hypertension"),
        ("α1-antitrypsin deficiency", "alpha 1-Antitrypsin Deficiency"),
        ("non-polyposis", "nonpolyposis"),
    ],
)
def test_spellings_of_one_disease_have_one_key(one: str, other: str) -> None:
    assert disease_key(one) == disease_key(other)


@pytest.mark.parametrize("name", ["diabetes", "arthritis", "sclerosis", "lupus", "rickets", "abscess"])
def test_an_s_that_is_no_plural_stays(name: str) -> None:
    assert disease_key(name) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cancer of the breast", "Neoplasms, Breast"),
        ("mammary tumour", "Breast Neoplasms"),
        ("stenosis of the pulmonary valve", "lung valve stenosis"),
        ("prostatic cancer", "cancer of prostate"),
    ],
)
def test_word_order_does_not_matter_in_a_bag(one: str, other: str) -> None:
    assert disease_bag(disease_key(one)) == disease_bag(disease_key(other))


@pytest.mark.parametrize(
    ("mention", "stripped"),
    [
        ("BRCA1 gene mutations", "BRCA1"),
        ("human MLH1 protein", "MLH1"),
        ("mutant huntingtin", "huntingtin"),
        ("LRRK2 G2019S", "LRRK2"),
        ("RET codon 634 mutations", "RET"),
        ("APOE ε4 allele", "APOE"),
        ("tumour suppressor gene NF1", "NF1"),
        ("TCF7L2 rs7903146", "TCF7L2"),
        ("gene", "gene"),
        ("insulin receptor", "insulin receptor"),
    ],
)
def test_words_around_a_gene_are_stripped_down_to_one(mention: str, stripped: str) -> None:
    assert strip_gene_words(mention) == stripped


def test_words_after_a_disease_are_stripped() -> None:
    assert strip_disease_words("breast cancer patients") == "breast cancer"
    assert strip_disease_words("patients") == "patients"
    assert strip_disease_words("family history") == "family history"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("von Hippel-Lindau (VHL) disease", ("von Hippel-Lindau disease",)),
        ("breast cancer 1 (BRCA1)", ("breast cancer 1", "BRCA1")),
        ("no bracket", ()),
        ("(VHL)", ("VHL",)),
    ],
)
def test_brackets_give_the_words_outside_and_a_last_one_those_inside(text: str, parts: tuple[str, ...]) -> None:
    assert without_parentheses(text) == parts


@given(st.text(max_size=40))
def test_keys_do_not_change_when_made_again(text: str) -> None:
    assert gene_key(gene_key(text).upper()) == gene_key(gene_key(text))
    assert disease_bag(disease_bag(disease_key(text))) == disease_bag(disease_key(text))
