from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.records import PairExample
from genemine.relate.cues import Stance, stance

TABLE = Path(__file__).parents[1] / "data/cue_sentences.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
EXPECTED = {"asserted": (False, False), "denied": (True, False), "supposed": (False, True), "both": (True, True)}


def example(text: str) -> PairExample:
    return PairExample(tuple(re.findall(r"@GENE\$|@DISEASE\$|\w+|[^\w\s]", text)))


@pytest.mark.parametrize(("expected", "sentence"), ROWS)
def test_sentences(expected: str, sentence: str) -> None:
    found = stance(example(sentence))
    assert (found.negated, found.speculative) == EXPECTED[expected], found.cue


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("@GENE$ was not associated with @DISEASE$ .", Stance(True, False, "not associated", 1, 0)),
        ("Neither @GENE$ nor @DISEASE$", Stance(True, False, "neither; nor", 1, 0)),
        ("@GENE$ may not be linked to @DISEASE$", Stance(True, True, "may; not be", 1, 1)),
        ("@GENE$ causes @DISEASE$", Stance()),
    ],
)
def test_the_cue_is_the_words_of_the_sentence(sentence: str, found: Stance) -> None:
    assert stance(example(sentence)) == found


def test_a_sentence_without_both_marks_has_no_stance() -> None:
    assert stance(example("No association with @GENE$ was found")) == Stance()
    assert stance(PairExample(())) == Stance()


def test_a_cue_far_before_the_pair_does_not_count() -> None:
    assert stance(example("no association " + "word " * 40 + "@GENE$ causes @DISEASE$")) == Stance()


@given(
    st.lists(
        st.sampled_from(["not", "associated", "but", ",", "no", "@GENE$", "@DISEASE$", "may", "evidence", "·", "X"]), max_size=12
    )
)
def test_cue_words_are_always_words_of_the_sentence(tokens: list[str]) -> None:
    found = stance(PairExample(tuple(tokens)))
    assert (found.cue == "") == (not found.negated and not found.speculative)
    text = " ".join(tokens).casefold()
    assert all(cue in text for cue in found.cue.split("; "))


def test_sentences_of_gad_that_begin_by_denying_are_seen_to_deny(shared: Path) -> None:
    """Those that begin with "No association", "There was no association" or "Lack of association"; GAD gives them either label."""
    denying = set()
    for fold in range(1, 11):
        path = shared / f"data/relations/GAD/{fold}/test.tsv"
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            text = line.split("\t")[1]
            if re.match(r"(?i)(?:no|lack of|there (?:was|is) no) (?:significant )?association", text):
                denying.add(text)
    assert len(denying) >= 20
    seen = [text for text in denying if stance(example(text)).negated]
    assert len(seen) / len(denying) > 0.9
