"""Forms under which gene names are looked up."""

from __future__ import annotations

import pytest

from genemine.link import gene_forms as forms


@pytest.mark.parametrize(
    ("name", "way", "form"),
    [
        ("hBRCA1", forms.HUMAN_PREFIX, "BRCA1"),
        ("p110-PIK3CA", forms.MASS, "PIK3CA"),
        ("mTrp53", forms.RODENT, "Trp53"),
        ("EGF receptor", forms.SHORT_TAIL, "EGFr"),
        ("KIT receptor kinase", forms.TAIL, "KIT"),
        ("c-myc", forms.PREFIX, "myc"),
        ("p53 (TP53)", forms.BRACKET, "TP53"),
    ],
)
def test_a_form_and_the_way_it_was_made(name: str, way: int, form: str):
    assert (way, form) in list(forms.key_forms(name))


def test_the_name_itself_comes_first():
    assert next(forms.key_forms("c-myc")) == (forms.KEY, "c-myc")


def test_plural_and_family_members_of_a_key():
    found = list(forms.key_variants("smads", "SMADs"))
    assert (forms.PLURAL, "smad") in found
    assert (forms.MEMBER, "smads1") in found
    assert (forms.PLURAL, "fa") not in list(forms.key_variants("fas", "FAS"))


def test_tokens_fold_greek_and_roman_numerals():
    assert forms.gene_tokens("TNF-α1") == ("tnf", "a", "1")
    assert forms.gene_tokens("coagulation factor VII") == ("coagulation", "factor", "7")


def test_every_way_has_a_name():
    assert len(forms.WAYS) == forms.MEMORY + 1
    assert len(set(forms.WAYS)) == len(forms.WAYS)
