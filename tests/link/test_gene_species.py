"""What an article says of the species of its genes."""

from __future__ import annotations

from genemine.link.gene_species import FEATURES, GROUPS, species_features, species_view


def told(text: str, name: str) -> dict[str, float]:
    start = text.index(name)
    values = species_features(species_view(text, [name]), text, start, start + len(name))
    return dict(zip(FEATURES, values, strict=False))


def test_words_of_species_are_counted_and_looked_for_around_the_mention():
    found = told("Loss of Brca1 in mice. Patients were not studied.", "Brca1")
    assert found["n_mouse"] > 0
    assert found["n_people"] > 0
    assert found["sentence_other"] == 1
    assert found["sentence_human"] == 0
    assert found["near_other"] < found["near_human"]


def test_style_of_a_symbol_and_signs_of_a_knock_out():
    rodent = told("We bred Trp53-/- animals.", "Trp53")
    human = told("We sequenced TP53 in families.", "TP53")
    assert (rodent["rodent_style"], rodent["knocked_out"]) == (1, 1)
    assert (human["rodent_style"], human["knocked_out"], human["upper_style"]) == (0, 0, 1)


def test_a_species_right_before_the_name_is_ahead_of_it():
    assert told("The murine Sod1 gene was cloned.", "Sod1")["ahead_other"] == 1
    assert told("The human SOD1 gene was cloned.", "SOD1")["ahead_human"] == 1


def test_a_text_without_words_of_species_says_nothing():
    found = told("ABC1 binds DNA.", "ABC1")
    assert all(found[f"n_{group}"] == 0 for group in GROUPS)
    assert found["share_human"] == 0.5


def test_three_features_are_learnt_and_added_later():
    text = "TP53"
    assert len(species_features(species_view(text, [text]), text, 0, 4)) == len(FEATURES) - 3
