"""Short forms and the words they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.annotate.abbreviations import find_abbreviations
from genemine.annotate.sentences import split_sentences
from genemine.records import Abbreviation


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Loss of ataxia telangiectasia mutated (ATM) matters.", [("ATM", "ataxia telangiectasia mutated")]),
        ("We saw transforming growth factor-β (TGF-β).", [("TGF-β", "transforming growth factor-β")]),
        ("In SLE (systemic lupus erythematosus; n = 5) it fell.", [("SLE", "systemic lupus erythematosus")]),
        ("The non-small cell lung cancer (NSCLC, n = 3) grew.", [("NSCLC", "non-small cell lung cancer")]),
        ("Heart failure [HF] and chronic kidney disease (CKD).", [("HF", "Heart failure"), ("CKD", "chronic kidney disease")]),
        ("The tumour protein p53 gene (TP53) is lost.", [("TP53", "tumour protein p53 gene")]),
        ('The "quantitative PCR" method and "whole blood (WB)" here.', [("WB", "whole blood")]),
        ("Patients (ataxia telangiectasia, AT; or (spinal muscular atrophy (SMA)) fell.", [("SMA", "spinal muscular atrophy")]),
        ("The (homologues) of eyes (HE) here.", [("HE", "(homologues) of eyes")]),
        ("At pH 7 and 80% human plasma (pH 7) it fell.", []),
        ("Mucosa (often) and one in twenty (5%) and (p<0.05).", []),
        ("A disease of the heart (MI) was seen.", []),
        ("It was high (H).", []),
        ("Breast cancer 1 (breast cancer 1 gene).", []),
        ("(ATM) begins the sentence.", []),
        ("Breast cancer and\novarian cancer (BC).", []),
    ],
)
def test_pairs(text: str, pairs: list[tuple[str, str]]) -> None:
    assert [(found.short, found.long) for found in find_abbreviations(split_sentences(text))] == pairs


def test_offsets_are_those_of_the_article() -> None:
    text = "A title.\nIn 𝛃 cells, cystic fibrosis (CF) rose."
    assert find_abbreviations(split_sentences(text)) == (Abbreviation("CF", 38, 40, "cystic fibrosis", 21, 36),)
    assert (text[38:40], text[21:36]) == ("CF", "cystic fibrosis")


@given(st.text(alphabet=st.sampled_from("aAbB ()[],;-é"), max_size=80))
def test_forms_stand_where_they_are_said_to(text: str) -> None:
    for found in find_abbreviations(split_sentences(text)):
        assert text[found.short_start : found.short_end] == found.short
        assert text[found.long_start : found.long_end] == found.long
        assert len(found.long) > len(found.short)
