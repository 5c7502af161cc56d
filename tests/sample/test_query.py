"""PubMed's query language as trees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.errors import QueryError
from genemine.sample.query import Chain, History, Node, Range, parse_query


def written(node: Node) -> str:
    """A tree on one line: every operand with its field, every operator, every group."""
    if isinstance(node, Chain):
        return " ".join(f"{operator} {written(part)}" for operator, part in node.parts).join("()")
    if isinstance(node, Range):
        return f"{node.low}..{node.high}:{node.field.code}"
    if isinstance(node, History):
        return f"#{node.key}"
    code = node.field.code if node.field else f"?{node.unknown_tag}" if node.unknown_tag else "-"
    return f"{node.text!r}{'!' if node.quoted else ''}:{code}"


TREES = [
    ("brca1", "(AND 'brca1':-)"),
    ("breast cancer", "(AND 'breast cancer':-)"),
    ('"breast cancer"', "(AND 'breast cancer'!:-)"),
    ("breast cancer[tiab]", "(AND 'breast cancer':TIAB)"),
    ("breast cancer [Title/Abstract]", "(AND 'breast cancer':TIAB)"),
    ('brca1[ti] "breast cancer"[tw]', "(AND 'brca1':TITL AND 'breast cancer'!:WORD)"),
    ("a[ti] AND b[tiab] OR c NOT d", "(AND 'a':TITL AND 'b':TIAB OR 'c':- NOT 'd':-)"),
    ("a[ti] AND (b OR c)", "(AND 'a':TITL AND (AND 'b':- OR 'c':-))"),
    ("NOT a", "(NOT 'a':-)"),
    ("a AND NOT b", "(AND 'a':- NOT 'b':-)"),
    ("a and b", "(AND 'a and b':-)"),
    ("cancer 2024[pdat]", "(AND 'cancer':- AND '2024':PDAT)"),
    ("1:5000[uid]", "(AND 1..5000:UID)"),
    ("1 : 5000 [UID]", "(AND 1..5000:UID)"),
    ('"2024/01/01":"2024/12/31"[edat]', "(AND 2024/01/01..2024/12/31:EDAT)"),
    ('("2019/01/01"[Date - Publication] : "3000"[Date - Publication])', "(AND (AND 2019/01/01..3000:PDAT))"),
    ("brca1 2024:2025[dp]", "(AND 'brca1':- AND 2024..2025:PDAT)"),
    ("2024/05:2025[crdt]", "(AND 2024/05..2025:CRDT)"),
    ("2024/05:2025[lr]", "(AND 2024/05..2025:MDAT)"),
    ("immun*[ti]", "(AND 'immun*':TITL)"),
    ("smith j[au] eng[la] review[pt] humans[mh]", "(AND 'smith j':FULL AND 'eng':LANG AND 'review':PTYP AND 'humans':MESH)"),
    ("#1 AND #2", "(AND #1 AND #2)"),
    ("foo[xyz]", "(AND 'foo':?xyz)"),
    ("melanoma AND (", "(AND 'melanoma':-)"),
    ("a) OR b", "(AND 'a':- OR 'b':-)"),
    ("(a", "(AND (AND 'a':-))"),
    ('"a', "(AND 'a':-)"),
]


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_a_query_becomes_a_tree(text: str, tree: str) -> None:
    assert written(parse_query(text).root) == tree


@pytest.mark.parametrize(
    ("text", "ignored"),
    [("melanoma AND", ("AND",)), ("OR melanoma", ("OR",)), ("a AND OR b", ("AND",)), ("(a OR b)[ti]", ("[ti]",))],
)
def test_what_has_no_place_is_named(text: str, ignored: tuple[str, ...]) -> None:
    assert parse_query(text).ignored == ignored


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Empty term"),
        ("  ()  ", "Empty term"),
        ("AND", "Empty term"),
        ("(" * 300 + "a" + ")" * 300, "nested deeper than 200"),
        ("a* " * 257, "wildcards .* exceeds 256"),
        ("a" * 200_001, "may have 200000 characters"),
    ],
)
def test_what_cannot_be_asked_is_refused(text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        parse_query(text)


@given(st.text(alphabet='ab1*#"()[]: \tANDORTti/-é', max_size=80))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    """The parser ends on every input, and gives a tree with at least one operand or says why not."""
    try:
        query = parse_query(text)
    except QueryError:
        return
    assert query.root.parts


@given(
    st.lists(
        st.tuples(st.sampled_from(["AND", "OR", "NOT"]), st.sampled_from(["aa[ti]", "bb[tiab]", "cc[tw]"])), min_size=1, max_size=8
    )
)
def test_operators_stay_in_their_order(parts: list[tuple[str, str]]) -> None:
    text = "zz[ti] " + " ".join(f"{operator} {operand}" for operator, operand in parts)
    assert [operator for operator, _ in parse_query(text).root.parts] == ["AND", *(operator for operator, _ in parts)]
