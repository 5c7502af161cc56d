from __future__ import annotations

import pytest

from genemine.records import PairExample
from genemine.relate.cues import Stance
from genemine.relate.learnt_stance import CueWeights, LearntStance

LEARNT = LearntStance(
    "stance 1",
    denial=CueWeights({"this one": 2.0, "place=after": -3.0}, bias=-1.0, floor=0.01),
    doubt=CueWeights({"word=may": 4.0}, bias=-1.0, slope=2.0, shift=-1.0, floor=0.02),
)


def say(text: str) -> Stance:
    return LEARNT(PairExample(tuple(text.split())))


def test_the_likeliest_cue_makes_the_chance_and_the_words() -> None:
    found = say("@GENE$ was not associated with @DISEASE$ and , it may be , not associated with asthma")
    # log-odds of "not associated": -1 + 2; of "may": 2 (-1 + 4) - 1
    assert found == Stance(True, True, "not associated; may", pytest.approx(0.7311, abs=1e-4), pytest.approx(0.9933, abs=1e-4))


def test_a_doubtful_cue_counts_no_more_than_it_is_worth() -> None:
    found = say("TP53 was not associated but @GENE$ causes @DISEASE$")
    assert found == Stance(False, False, "", pytest.approx(0.2689, abs=1e-4), 0.02)


def test_a_sentence_without_a_cue_or_a_mark_has_the_least_chance() -> None:
    assert say("@GENE$ causes @DISEASE$") == Stance(False, False, "", 0.01, 0.02)
    assert say("@GENE$ is not associated") == Stance(False, False, "", 0.01, 0.02)
