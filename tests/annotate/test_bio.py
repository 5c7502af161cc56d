"""Tags and spans say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.annotate.bio import to_spans, to_tags
from genemine.errors import RecordError
from genemine.records import TokenSpan


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("O O", []),
        ("", []),
        ("B-Gene I-Gene O B-Gene", [(0, 2, "Gene"), (3, 4, "Gene")]),
        ("B-Gene B-Gene I-Gene", [(0, 1, "Gene"), (1, 3, "Gene")]),
        ("I-Gene I-Gene O I-Gene", [(0, 2, "Gene"), (3, 4, "Gene")]),
        ("B-Gene I-Disease I-Disease", [(0, 1, "Gene"), (1, 3, "Disease")]),
        ("B-Gene_or-product I-Gene_or-product", [(0, 2, "Gene_or-product")]),
    ],
)
def test_spans_of_tags(tags: str, spans: list[tuple[int, int, str]]) -> None:
    assert to_spans(tags.split()) == tuple(TokenSpan(*span) for span in spans)


def test_tags_of_spans() -> None:
    assert to_tags([TokenSpan(3, 4, "Gene"), TokenSpan(0, 3, "Disease")], 5) == [
        "B-Disease",
        "I-Disease",
        "I-Disease",
        "B-Gene",
        "O",
    ]


@st.composite
def sentences(draw: st.DrawFn) -> tuple[tuple[TokenSpan, ...], int]:
    """Spans that touch but do not overlap, and the number of tokens."""
    spans, position = [], 0
    for gap, length, kind in draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4), st.sampled_from(["Gene", "Disease"])), max_size=8)
    ):
        spans.append(TokenSpan(position + gap, position + gap + length, kind))
        position += gap + length
    return tuple(spans), position + draw(st.integers(0, 3))


@given(sentences())
def test_spans_survive_tags(sentence: tuple[tuple[TokenSpan, ...], int]) -> None:
    spans, n_tokens = sentence
    tags = to_tags(spans, n_tokens)
    assert len(tags) == n_tokens
    assert to_spans(tags) == spans


@given(st.lists(st.sampled_from(["O", "B-Gene", "I-Gene", "B-Disease", "I-Disease"])))
def test_mended_tags_mean_the_same(tags: list[str]) -> None:
    """Whatever the tags, their spans can be written as strict IOB2 and read again."""
    spans = to_spans(tags)
    assert to_spans(to_tags(spans, len(tags))) == spans


@pytest.mark.parametrize("tag", ["X", "B", "B-", "S-Gene", "", "b-Gene"])
def test_a_foreign_tag_is_refused(tag: str) -> None:
    with pytest.raises(RecordError, match=r"tag 1 of the sentence is .*IOB2 tags are O, B-Type and I-Type"):
        to_spans(["O", tag])


@pytest.mark.parametrize("span", [(2, 2), (3, 2), (-1, 1), (2, 4)])
def test_a_span_outside_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(RecordError, match="does not lie in a sentence of 3 tokens"):
        to_tags([TokenSpan(*span, "Gene")], 3)


def test_overlapping_spans_are_refused() -> None:
    with pytest.raises(RecordError, match="span 1-3 Disease overlaps another"):
        to_tags([TokenSpan(0, 2, "Gene"), TokenSpan(1, 3, "Disease")], 3)
