from __future__ import annotations

import pytest

from genemine.link.context import Species, in_capitals, is_other_species, species_words, wider_names


def other(text: str, mention: str, matched: str) -> bool:
    return is_other_species(text, text.index(mention), mention, matched, species_words(text))


def test_species_words_are_counted() -> None:
    assert species_words("In mice and rats, but not in patients or their families, Mus") == Species(others=2, humans=2)
    assert species_words("Dystrophin is a large protein.") == Species(0, 0)


@pytest.mark.parametrize(
    ("text", "mention", "matched"),
    [
        ("Deletion of Brca1 in mice causes tumours.", "Brca1", "BRCA1"),
        ("Patients were compared with mice that lack Trp53.", "Trp53", "TRP53"),
        ("Murine BRCA1 was expressed in cells of patients.", "BRCA1", "BRCA1"),
        ("The rat gene SOD1 in patients", "SOD1", "SOD1"),
        ("SOD1 was measured in zebrafish.", "SOD1", "SOD1"),
        ("Rats, rats, rats and rats were fed; insulin rose as in one patient.", "insulin", "insulin"),
    ],
)
def test_a_gene_of_another_species(text: str, mention: str, matched: str) -> None:
    assert other(text, mention, matched)


@pytest.mark.parametrize(
    ("text", "mention", "matched"),
    [
        ("Brca1 is written so in no other species here.", "Brca1", "BRCA1"),
        ("BRCA1 in patients and in mice.", "BRCA1", "BRCA1"),
        ("Mice with human SOD1 fell ill.", "SOD1", "SOD1"),
        ("Parkin was lost in patients, families and mice.", "Parkin", "parkin"),
    ],
)
def test_a_human_gene(text: str, mention: str, matched: str) -> None:
    assert not other(text, mention, matched)


def test_wider_names_are_longest_first_and_cross_no_punctuation() -> None:
    text = "We saw, in type 1 diabetes mellitus, that"
    start = text.index("diabetes")
    assert wider_names(text, start, start + 8) == [
        "in type 1 diabetes mellitus",
        "type 1 diabetes mellitus",
        "1 diabetes mellitus",
        "in type 1 diabetes",
        "diabetes mellitus",
        "type 1 diabetes",
        "1 diabetes",
    ]
    assert wider_names("anemia", 0, 6) == []
    assert wider_names("(anemia).", 1, 7) == []


def test_a_line_of_capitals_is_seen_line_by_line() -> None:
    text = "THE REST OF THE PATIENTS WAS WELL\nHere REST is a gene of the brain."
    assert in_capitals(text, text.index("REST"), text.index("REST") + 4)
    second = text.rindex("REST")
    assert not in_capitals(text, second, second + 4)
    assert not in_capitals("REST", 0, 4)  # too few letters around it to tell
