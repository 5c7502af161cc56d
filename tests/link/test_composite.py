from __future__ import annotations

import pytest

from genemine.link.composite import disease_parts, gene_parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("BRCA1/2", ("BRCA1", "BRCA2")),
        ("BRCA1 and 2", ("BRCA1", "BRCA2")),
        ("SMAD2-4", ("SMAD2", "SMAD3", "SMAD4")),
        ("SMAD1/5/8", ("SMAD1", "SMAD5", "SMAD8")),
        ("SMADs 2, 3 and 4", ("SMAD2", "SMAD3", "SMAD4")),
        ("IL-4/13", ("IL-4", "IL-13")),
        ("BRCA1 and BRCA2", ("BRCA1", "BRCA2")),
        ("MLH1, MSH2, and MSH6", ("MLH1", "MSH2", "MSH6")),
        ("BCR-ABL1", ("BCR", "ABL1")),
        ("EWSR1::FLI1", ("EWSR1", "FLI1")),
    ],
)
def test_the_first_proposal_for_genes(text: str, parts: tuple[str, ...]) -> None:
    assert next(gene_parts(text)) == parts


@pytest.mark.parametrize("text", ["BRCA1", "insulin receptor", "p53", "TNF-alpha", "IL-6"])
def test_a_single_gene_is_not_taken_apart(text: str) -> None:
    assert list(gene_parts(text)) == []


def test_a_span_that_is_no_range_is_not_expanded() -> None:
    assert all(len(parts) == 2 for parts in gene_parts("MIR1-99"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("breast and ovarian cancer", ("breast cancer", "ovarian cancer")),
        ("type 1 and type 2 diabetes", ("type 1 diabetes", "type 2 diabetes")),
        ("breast, ovarian and colon cancer", ("breast cancer", "ovarian cancer", "colon cancer")),
        ("hepatitis B and C", ("hepatitis B", "hepatitis C")),
        ("obesity and hypertension", ("obesity", "hypertension")),
        ("Duchenne/Becker muscular dystrophy", ("Duchenne muscular dystrophy", "Becker muscular dystrophy")),
    ],
)
def test_a_composite_disease_is_among_the_proposals(text: str, expected: tuple[str, ...]) -> None:
    assert expected in list(disease_parts(text))


def test_a_single_disease_is_not_taken_apart() -> None:
    assert list(disease_parts("cystic fibrosis")) == []
