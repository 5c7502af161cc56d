"""Hints: the longest known names of each kind, however they are written; kept through a bundle's arrays."""

from __future__ import annotations

import numpy as np

from genemine.models.dictionary import LONGEST, dictionary_from, make_dictionary

KINDS = [
    ["vascular endothelial growth factor", "was", "BRCA1"],
    ["Diabetes Mellitus, Type 2", "diabetes mellitus", "Breast Cancer"],
]
DICTIONARY = make_dictionary(KINDS, ["WAS", "BRCA1", "HLA-A"], common=["was", "type"])
BEGIN_GENE, IN_GENE, BEGIN_DISEASE, IN_DISEASE, BEGIN_SYMBOL, IN_SYMBOL = range(6)


def marked(text: str, hint: int) -> list[str]:
    tokens = text.split()
    return [token for token, row in zip(tokens, DICTIONARY.hints(tokens), strict=True) if row[hint]]


def test_the_longest_name_is_marked_whatever_its_case():
    text = "Vascular Endothelial growth factor , growth factor"
    assert marked(text, BEGIN_GENE) == ["Vascular"]
    assert marked(text, IN_GENE) == ["Endothelial", "growth", "factor"]
    assert marked("a diabetes mellitus case", IN_DISEASE) == ["mellitus"]


def test_inverted_names_and_plurals_are_known():
    assert marked("type 2 diabetes mellitus", BEGIN_DISEASE) == ["type"]
    assert marked("breast cancers and breast cancer", BEGIN_DISEASE) == ["breast", "breast"]


def test_everyday_words_are_names_only_where_they_are_spelt_as_symbols():
    assert marked("it was WAS", BEGIN_GENE) == []
    assert marked("it was WAS", BEGIN_SYMBOL) == ["WAS"]
    assert marked("brca1 BRCA1", BEGIN_GENE) == ["brca1", "BRCA1"]
    assert marked("brca1 BRCA1", BEGIN_SYMBOL) == ["BRCA1"]
    assert marked("HLA - A", IN_SYMBOL) == ["-", "A"]


def test_names_do_not_overlap_within_a_kind_and_too_long_ones_are_left_out():
    long = make_dictionary([["a b", "b c", " ".join("x" * (LONGEST + 1))]], [])
    assert long.hints(["a", "b", "c"])[:, 0].tolist() == [1, 0, 0]
    assert not long.hints(["x"] * (LONGEST + 1)).any()
    assert long.hints([]).shape == (0, 4)


def test_a_dictionary_comes_back_from_its_arrays():
    again = dictionary_from(DICTIONARY.arrays())
    assert again is not None
    tokens = ["type", "2", "diabetes", "mellitus", "and", "BRCA1", "was", "HLA", "-", "A"]
    assert np.array_equal(again.hints(tokens), DICTIONARY.hints(tokens))
    assert again.size == DICTIONARY.size == 6
    assert dictionary_from({}) is None
