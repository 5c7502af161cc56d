from __future__ import annotations

from genemine.records import PairExample
from genemine.relate.cue_features import candidates
from genemine.relate.cues import load_cues, read


def test_a_cue_is_told_by_its_words_its_place_and_what_stands_between() -> None:
    text = "It was not found that TP53 , but that @GENE$ causes @DISEASE$"
    reading = read(PairExample(tuple(text.split())), load_cues())
    assert reading is not None
    assert reading.negations == []
    found = candidates(reading)
    assert found.doubts == ()
    ((span, features),) = found.denials
    assert reading.words([span]) == "not found"
    assert features == {
        "place=before": 1,
        "word=not": 1,
        "last=found": 1,
        "distance": 5 / 30,
        "between": 2 / 30,
        "clauses": 1,
        "commas": 1,
        "verb": 0.0,
        "pair has verb": 1.0,
        "rules": 0.0,
        "before over that": 1,
        "before over but": 1,
        "after was": 0.5,
        "before that": 0.5,
    }


def test_a_cue_that_the_rules_count_says_so() -> None:
    reading = read(PairExample(("@GENE$", "may", "cause", "@DISEASE$")), load_cues())
    assert reading is not None
    ((_, features),) = candidates(reading).doubts
    assert (features["rules"], features["this one"], features["this one between"]) == (2.0, 1, 1)
