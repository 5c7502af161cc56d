"""Labelled sentences of any corpus: O, B, I for each token, one row for each mention type that the sentence annotates.

Documents (PubTator) are cut into sentences and tokens as production cuts them. What does not fit is counted by reason:

==================  ===================================================================================================
moved               the words stand a little beside their offsets: taken from there
not found           nor there: the sentence is not labelled with that type (it teaches that output nothing)
crosses sentences   the mention begins in one sentence and ends in another: neither is labelled with that type
inside a token      it begins or ends inside of a token: grown to whole tokens, for whole tokens are what the tagger gives
overlapping         two mentions of one type share a token: the longer one is kept
==================  ===================================================================================================
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from genemine.annotate.sentences import split_sentences
from genemine.models.decode import B, I, O
from genemine.records import Sentence
from genemine.sources.iob import TaggedSentence
from genemine.sources.mention_types import mention_type
from genemine.sources.pubtator import PubTatorDocument, PubTatorMention

NEAR = 200  # characters around its offsets in which a misplaced mention is looked for
MOVED, NOT_FOUND, CROSSES, INSIDE, OVERLAPPING = "moved", "not found", "crosses sentences", "inside a token", "overlapping"

Span = tuple[int, int]


@dataclass(frozen=True)
class LabelledSentence:
    """``labels[type]`` has O, B or I for each token; a type that is missing is not annotated. ``pmid`` is "" where unknown."""

    tokens: tuple[str, ...]
    labels: Mapping[str, tuple[int, ...]]
    pmid: str = ""


def tagged_sentence(sentence: TaggedSentence, types: Sequence[str], pmid: str = "") -> LabelledSentence:
    """Turn IOB2 tags into labels of each type; tags of other types are O."""
    known = {tag: mention_type(tag[2:]) for tag in set(sentence.tags)}
    labels = {
        type_: tuple(O if known[tag] != type_ else (B if tag.startswith("B") else I) for tag in sentence.tags) for type_ in types
    }
    return LabelledSentence(sentence.tokens, labels, pmid)


def labelled_document(document: PubTatorDocument, types: Sequence[str], counts: Counter[str]) -> Iterator[LabelledSentence]:
    """Cut a document into labelled sentences, all of them; ``counts`` takes up what did not fit."""
    sentences = split_sentences(document.text)
    rows = {type_: _label(document, sentences, type_, counts) for type_ in types}
    for i, sentence in enumerate(sentences):
        labels = {type_: found for type_ in types if (found := rows[type_][i]) is not None}
        yield LabelledSentence(tuple(token.text for token in sentence.tokens), labels, document.pmid)


def _label(
    document: PubTatorDocument, sentences: Sequence[Sentence], type_: str, counts: Counter[str]
) -> list[tuple[int, ...] | None]:
    """Label each sentence with one type; None where it cannot be said what is annotated."""
    spans: list[list[Span]] = [[] for _ in sentences]
    broken: set[int] = set()
    for mention in document.mentions:
        if mention_type(mention.type) != type_:
            continue
        place = find_mention(document.text, mention)
        start, end = place or (mention.start, mention.end)
        touched = [i for i, sentence in enumerate(sentences) if sentence.start < end and start < sentence.end]
        if place is None or len(touched) != 1:
            counts[CROSSES if place else NOT_FOUND] += 1
            broken.update(touched)
            continue
        counts[MOVED] += place[0] != _begin(mention)
        spans[touched[0]].append(_whole_tokens(sentences[touched[0]], start, end, counts))
    return [None if i in broken else _row(len(sentence.tokens), _longest(spans[i], counts)) for i, sentence in enumerate(sentences)]


def find_mention(text: str, mention: PubTatorMention) -> Span | None:
    """Find the words of a mention at its offsets or near them, white space at its edges left out; None if they are not there."""
    words, begin = mention.text.strip(), _begin(mention)
    if not words:
        return None
    if text.startswith(words, begin):
        return begin, begin + len(words)
    first = max(0, begin - NEAR)
    window = text[first : begin + NEAR + len(words)]
    starts = [first + at for at in range(len(window)) if window.startswith(words, at)]
    nearest = min(starts, key=lambda at: abs(at - begin), default=None)
    return None if nearest is None else (nearest, nearest + len(words))


def _begin(mention: PubTatorMention) -> int:
    return mention.start + len(mention.text) - len(mention.text.lstrip())


def _whole_tokens(sentence: Sentence, start: int, end: int, counts: Counter[str]) -> Span:
    """Give the tokens (first, last exclusive) that a stretch of text touches."""
    inside = [k for k, token in enumerate(sentence.tokens) if token.start < end and start < token.end]
    first, last = inside[0], inside[-1]
    counts[INSIDE] += sentence.tokens[first].start != start or sentence.tokens[last].end != end
    return first, last + 1


def _longest(spans: Sequence[Span], counts: Counter[str]) -> list[Span]:
    """Keep of overlapping spans the longest, of equal ones the first."""
    kept: list[Span] = []
    for first, last in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if any(first < after and before < last for before, after in kept):
            counts[OVERLAPPING] += 1
        else:
            kept.append((first, last))
    return kept


def _row(n: int, spans: Sequence[Span]) -> tuple[int, ...]:
    row = [O] * n
    for first, last in spans:
        row[first:last] = [B, *[I] * (last - first - 1)]
    return tuple(row)
