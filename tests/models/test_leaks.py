"""No held-out sentence passes, however it is cut, cased or masked."""

from __future__ import annotations

import pytest

from genemine.errors import SourceError
from genemine.models.leaks import HeldOut, letters, refuse_leaks

TEST_SENTENCE = "Mutations in TP53 were found in 12 of 30 ( 40 % ) tumours of patients with Li - Fraumeni syndrome ."
PAIR_SENTENCE = "The variant of @GENE$ raises the risk of early onset @DISEASE$ in this cohort."


@pytest.fixture
def guard() -> HeldOut:
    held = HeldOut()
    held.add(TEST_SENTENCE)
    held.add(PAIR_SENTENCE)
    held.add("Methods .")
    return held


def test_letters_are_blind_to_case_digits_marks_and_punctuation():
    assert letters("TP53 (<dig>-kDa), Sjögren's <cit> x_y") == ["tp", "kda", "sjögren", "s", "x", "y"]


def test_a_training_sentence_that_is_a_test_sentence_stops_the_run(guard: HeldOut):
    train = [["Another", "sentence", "."], TEST_SENTENCE.upper().split()]
    with pytest.raises(SourceError, match="1 training sentences are also test sentences, the first is 'MUTATIONS IN TP53"):
        refuse_leaks(train, guard, "corpus")


def test_training_sentences_that_only_resemble_a_test_sentence_pass(guard: HeldOut):
    refuse_leaks([TEST_SENTENCE.replace("tumours", "cases").split(), ["Methods", "and", "results"]], guard, "corpus")


def test_a_masked_and_split_copy_of_a_test_sentence_is_touched_whole(guard: HeldOut):
    text = [
        "we read many papers.",
        "mutations in tp <dig>",
        "were found in <dig> of <dig>  tumours of patients",
        "with li-fraumeni syndrome.",
        "nothing else.",
    ]
    assert guard.touched(text) == [False, True, True, True, False]


def test_a_pair_sentence_is_known_by_the_fragments_between_its_marks(guard: HeldOut):
    text = ["The variant of BRCA1 raises the risk of early onset breast cancer in this cohort.", "The risk of early death is high."]
    assert guard.touched(text) == [True, False]


def test_a_short_test_sentence_is_touched_only_when_equal(guard: HeldOut):
    assert guard.touched(["METHODS", "Methods were these."]) == [True, False]
