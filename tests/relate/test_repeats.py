from __future__ import annotations

from genemine.relate.repeats import LOOKED_AT, WANTED, repeats


def test_a_sentence_that_says_the_same_again_is_a_repeat() -> None:
    sentences = [
        "Mutations in BRCA1 cause breast cancer.",
        "BRCA1 is lost in many tumours of the breast.",
        "CONCLUSIONS: Mutations in BRCA1 cause breast cancer",
        "mutations in BRCA1 cause breast cancer!",
    ]
    assert repeats(sentences) == [2, 3]
    assert repeats(sentences[1:]) == [2]
    assert repeats([]) == []


def test_after_five_different_sentences_no_more_are_looked_at() -> None:
    different = [f"word{n} other{n} third{n}" for n in range(WANTED)]
    assert repeats([*different, different[0]]) == []
    assert LOOKED_AT > WANTED


def test_sentences_without_words_are_the_same() -> None:
    assert repeats(["...", "?!"]) == [1]
