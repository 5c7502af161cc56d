"""Tags to spans and back, in the IOB2 scheme of the corpora: ``O``, ``B-Gene``, ``I-Gene``.

One rule mends what is not strict IOB2, the rule of the CoNLL evaluation: an ``I-`` that follows ``O``, the start of the sentence or
another type begins a new span.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from genemine.errors import RecordError
from genemine.records import TokenSpan

OUTSIDE = "O"


def to_spans(tags: Sequence[str]) -> tuple[TokenSpan, ...]:
    """Read the spans out of the tags of one sentence; each span has score 1.

    Raises:
        RecordError: a tag is not ``O``, ``B-...`` or ``I-...``.
    """
    spans: list[TokenSpan] = []
    first, open_type = 0, ""
    for position, tag in enumerate(tags):
        prefix, kind = _parts(tag, position)
        if open_type and (prefix != "I" or kind != open_type):
            spans.append(TokenSpan(first, position, open_type))
            open_type = ""
        if kind and not open_type:
            first, open_type = position, kind
    if open_type:
        spans.append(TokenSpan(first, len(tags), open_type))
    return tuple(spans)


def to_tags(spans: Iterable[TokenSpan], n_tokens: int) -> list[str]:
    """Write spans as the IOB2 tags of a sentence of ``n_tokens`` tokens.

    Raises:
        RecordError: a span is empty, lies outside the sentence or overlaps another; one row of tags cannot say that.
    """
    tags = [OUTSIDE] * n_tokens
    for span in spans:
        if not 0 <= span.first < span.last <= n_tokens:
            raise RecordError(f"span {span.first}-{span.last} does not lie in a sentence of {n_tokens} tokens; end is exclusive")
        if any(tag != OUTSIDE for tag in tags[span.first : span.last]):
            raise RecordError(
                f"span {span.first}-{span.last} {span.type} overlaps another; give each type a row of tags of its own"
            )
        tags[span.first : span.last] = [f"B-{span.type}", *[f"I-{span.type}"] * (span.last - span.first - 1)]
    return tags


def _parts(tag: str, position: int) -> tuple[str, str]:
    if tag == OUTSIDE:
        return OUTSIDE, ""
    prefix, dash, kind = tag.partition("-")
    if prefix not in ("B", "I") or not dash or not kind:
        raise RecordError(f"tag {position} of the sentence is {tag!r}; IOB2 tags are O, B-Type and I-Type")
    return prefix, kind
