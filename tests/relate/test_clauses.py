from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.relate.clauses import PLACES, scopes

WORDS = ["but", "not", "only", "and", "that", ",", ";", "(", ")", "although", "which", "was", "x", "G", "D"]


def places(text: str) -> dict[str, str]:
    tokens = text.split()
    found = scopes(tokens, *sorted((tokens.index("G"), tokens.index("D"))))
    kept = [word if at not in found.aside else "·" for at, word in enumerate(tokens)]
    return {place: " ".join(kept[slice(*getattr(found, place))]) for place in PLACES}


@pytest.mark.parametrize(
    ("sentence", "place", "words"),
    [
        ("a b G c D e", "before", "a b G"),
        ("a but b G c D e", "before", "but b G"),
        ("although a , b G c D e", "before", ", b G"),
        ("a G but c D e", "before", "G"),
        ("a G b but c D e", "between", "but c D"),
        ("a G not only b but c D e", "between", "G not only b but c D"),
        ("a G b and also that c D e", "between", "and also that c D"),
        ("a D b ( c ; G d ) e", "between", "D b ( c ; G"),
        ("a D b ; G e", "between", "; G"),
        ("G , which was x , causes D", "between", "G · · · · · causes D"),
        ("G , which causes D , was x", "between", "G , which causes D"),
        ("a G b D c and d , e", "after", "c and d"),
        ("a G b D c and was d", "after", "c"),
        ("a G b D was not c", "predicate", "was not c"),
        ("a G causes D was not c", "predicate", ""),
    ],
)
def test_where_the_clause_of_a_pair_begins_and_ends(sentence: str, place: str, words: str) -> None:
    assert places(sentence)[place] == words


@given(st.lists(st.sampled_from(WORDS), max_size=15))
def test_scopes_lie_in_the_sentence_and_hold_their_mentions(words: list[str]) -> None:
    tokens = [*(word for word in words[:7] if word not in "GD"), "G", *(word for word in words[7:] if word not in "GD"), "D", "x"]
    first, second = tokens.index("G"), tokens.index("D")
    found = scopes(tokens, first, second)
    assert 0 <= found.before[0] <= first < found.before[1]
    assert first <= found.between[0] <= second < found.between[1]
    assert second < found.after[0] <= found.after[1] <= len(tokens)
    assert found.predicate in (found.after, (second + 1, second + 1))
    assert all(first < at < second for at in found.aside)
