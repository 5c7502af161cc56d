"""The spellings of the corpora."""

from __future__ import annotations

import pytest

from genemine.sources.mention_types import mention_type


@pytest.mark.parametrize("name", ["GENE", "Gene_or_gene_product", "GeneOrGeneProduct", "GENE-Y", "GENE-N", "protein"])
def test_a_gene_by_any_other_name(name: str):
    assert mention_type(name) == "Gene"


@pytest.mark.parametrize(
    "name", ["DISEASE", "SpecificDisease", "DiseaseClass", "Modifier", "CompositeMention", "DiseaseOrPhenotypicFeature"]
)
def test_a_disease_by_any_other_name(name: str):
    assert mention_type(name) == "Disease"


@pytest.mark.parametrize("name", ["Species", "FamilyName", "cell_type", "O", ""])
def test_all_else_is_neither(name: str):
    assert mention_type(name) is None
