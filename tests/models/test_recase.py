"""Lower-cased texts get capitals and numbers back as cased texts write them."""

from __future__ import annotations

from genemine.models.recase import is_lower_cased, learn_case
from genemine.models.text_ids import number_texts

CASED = [
    ["The", "TP53", "gene", "and", "TP53", "again", ",", "TP63", "too"],
    ["In", "DNA", "of", "mice", "the", "DNA", "of", "type", "1", "diabetes"],
    ["We", "type", "the", "type", "of", "DNA", "in", "patients", "with", "type2", "X"],
]


def test_words_are_written_as_cased_texts_write_them():
    recaser = learn_case(number_texts(CASED), ["BRCA2", "MICE"])
    given = ["mutated", "brca2", "and", "tp53", "in", "dna", "of", "mice"]
    assert recaser.sentence(given) == [
        "Mutated",
        "BRCA2",
        "and",
        "TP53",
        "in",
        "DNA",
        "of",
        "MICE",
    ]  # "mice" occurs only once, so the symbol decides


def test_a_word_that_cased_texts_have_is_no_symbol():
    recaser = learn_case(number_texts([*CASED, *CASED]), ["MICE"])
    assert recaser.sentence(["the", "mice"]) == ["The", "mice"]


def test_lost_numbers_come_back_where_letters_seldom_stand_alone():
    recaser = learn_case(number_texts([*CASED, *CASED]))
    found = recaser.sentence(["loss", "of", "tp", "0", "in", "type", "0", "diabetes"])
    assert found[2] in ("TP53", "TP63")
    assert found[3:] == ["in", "type", "0", "diabetes"]
    assert found == recaser.sentence(["loss", "of", "tp", "0", "in", "type", "0", "diabetes"])


def test_an_empty_sentence_stays_empty():
    assert learn_case(number_texts(CASED)).sentence([]) == []


def test_texts_without_capitals_are_told_from_abstracts():
    assert is_lower_cased("mutations of brca1 were found " * 20)
    assert not is_lower_cased("Mutations of BRCA1 were found.")
    assert not is_lower_cased("")
