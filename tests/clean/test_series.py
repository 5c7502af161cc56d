"""Members of a series are told apart by the marks of their titles; the same mark may be written in many ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.clean.series import other_member

MEMBERS = [
    ("Genes of the heart. Part I.", "Genes of the heart. Part II."),
    ("Genes of the heart. Part 1: mice", "Genes of the heart. Part 2: mice"),
    ("Genes of the heart, part A", "Genes of the heart, part B"),
    ("Genes of the heart. 1. Growth", "Genes of the heart. 2. Growth"),
    ("Stages I and II of cancer. Part I.", "Stages I and II of cancer. Part II."),
    ("Genes of the heart (1)", "Genes of the heart (2)"),
    ("Genes of the heart", "Genes of the heart. II"),
    ("Genes of the heart", "Genes of the heart, part two"),
    ("Proceedings of the 12th annual meeting", "Proceedings of the 13th annual meeting"),
    ("Proceedings of the twelfth annual meeting", "Proceedings of the thirteenth annual meeting"),
    ("Cancer statistics, 2018", "Cancer statistics, 2019"),
    ("Influenza in England, March", "Influenza in England, April"),
    ("The second survey of rare diseases", "The third survey of rare diseases"),
    ("Germline mutations of BRCA1 in families", "Germline mutations of BRCA2 in families"),
    ("Screening for hepatitis B in prisons", "Screening for hepatitis C in prisons"),
    ("Type 1 diabetes in children", "Type 2 diabetes in children"),
    ("A trial of 10,000 women", "A trial of 12,000 women"),
]
SAME = [
    ("Genes of the heart. Part II.", "Genes of the heart: part 2"),
    ("Genes of the heart. Second part", "Genes of the heart, part II"),
    ("The 3rd survey", "The third survey"),
    ("A trial of 10,000 women", "Trial of 10000 women"),
    ("A case of Crohn's disease", "Case of Crohns disease"),
    ("Treatment of hypertension", "Treatment of hypertension: 2006 update"),
    ("Annual meeting of the society", "12th annual meeting of the society"),
    ("First report of a new gene", "Report of a new gene"),
    ("Vitamin C: a review", "Vitamin C – review"),
    ("Pulse pressure (the LIFE study)", "Pulse pressure (the LIFE study): a review"),
    ("Pulse pressure in the LIFE study", "Pulse pressure in the LIFE study: a review"),
    ("TNF-α and IL-2", "TNF alpha and IL2"),
    ("Civil mix of ideas", "Mild mix of ideas"),
]


@pytest.mark.parametrize(("one", "other"), MEMBERS)
def test_members_of_a_series(one: str, other: str) -> None:
    assert other_member(one, other)
    assert other_member(other, one)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_titles_of_one_article(one: str, other: str) -> None:
    assert not other_member(one, other)
    assert not other_member(other, one)


@given(st.text(max_size=40))
def test_every_title_agrees_with_itself(title: str) -> None:
    assert not other_member(title, title)


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_order_of_the_titles_does_not_matter(one: str, other: str) -> None:
    assert other_member(one, other) == other_member(other, one)


def test_a_number_of_any_length_is_read() -> None:
    assert other_member("1" * 5000, "2" * 5000)
