"""What an article says elsewhere about a name: second thoughts on mentions that were found sentence by sentence.

A tagger reads one sentence at a time, so it may find a name in one sentence and miss it in the next, or take an abbreviation for a
gene though the article explains it as a disease. :func:`consistent` looks at the whole article and applies these rules, in this
order; each can be measured alone (``python -m benchmarks.document_context``, docs/experiments-context.md):

=============  ====================================================================================================
``brackets``   a mention that closes a bracket it did not open is dropped; one that leaves a bracket open ends before it
``long_form``  the short form of an abbreviation is what its long form is: a gene, a disease, or neither
``majority``   a name mostly found as a disease, with a high score, is a disease where it was found as a gene alone
``rare``       a name that stands at three places or more, found at one alone and with a low score, is dropped
``repeat``     a name found with a high score is a mention at every other place where nothing was found
=============  ====================================================================================================

Every number below was measured on devel documents: a score given to a new mention is the share of such mentions that were right,
one hit and one miss added, for they are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from genemine.records import DISEASE, GENE, Abbreviation, Mention, Sentence

RULES = frozenset({"brackets", "long_form", "majority", "rare", "repeat"})

_Steps = tuple[tuple[float, float], ...]  # (a score of the source, the share of right ones from there on), highest first
# A name in another place, by the best score that it has in the article.
_REPEATED: dict[str, _Steps] = {
    GENE: ((0.9, 0.81), (0.8, 0.5)),
    DISEASE: ((0.7, 0.81),),
}
# A short form, by the score of the long form that the article gives.
_EXPLAINED: dict[str, _Steps] = {
    GENE: ((0.7, 0.92),),
    DISEASE: ((0.7, 0.94),),
}
_UNEXPLAINED = 0.9  # a short form whose long form is no mention stays one from this score on
_MAJORITY = 0.8  # the best score that a disease needs to displace a gene
_RARE = {GENE: 0.7, DISEASE: 0.5}  # a name found once in three places or more stays a mention from this score on
_RARE_PLACES = 3
_SHORTEST = 2  # characters of a name that is looked for elsewhere
_OPEN, _CLOSE = "([", ")]"

_Span = tuple[int, int]  # start and end in the article's text, end exclusive


def consistent(
    sentences: Sequence[Sentence],
    mentions: Iterable[Mention],
    abbreviations: Sequence[Abbreviation],
    rules: AbstractSet[str] = RULES,
) -> tuple[Mention, ...]:
    """Make the mentions of one article agree with each other.

    Args:
        sentences: all sentences of the article, with tokens.
        mentions: found in them, in any order; those of one type do not overlap.
        abbreviations: explained in them.
        rules: which of :data:`RULES` to apply.

    Returns:
        The mentions sorted by offset; those of one type do not overlap, every one begins and ends with a token of one sentence or
        is one that was given. Mentions that no rule touches are returned as they are.
    """
    page = _Page(sentences, mentions)
    if "brackets" in rules:
        _mend_brackets(page)
    if page.mentions and "long_form" in rules:
        _follow_long_forms(page, abbreviations)
    if page.mentions and "majority" in rules:
        _follow_majority(page)
    if page.mentions and "rare" in rules:
        _drop_rare(page)
    if page.mentions and "repeat" in rules:
        _repeat(page)
    return tuple(page.mentions[key] for key in sorted(page.mentions))


class _Page:
    """The text of an article, padded between sentences, and its mentions by (start, end, type), which the rules change."""

    def __init__(self, sentences: Sequence[Sentence], mentions: Iterable[Mention]) -> None:
        self.mentions: dict[tuple[int, int, str], Mention] = {}
        self._names: list[tuple[str, str, list[Mention]]] | None = None
        length = max((sentence.end for sentence in sentences), default=0)
        self.covered = {GENE: bytearray(length), DISEASE: bytearray(length)}
        for mention in mentions:
            self.put(mention)
        if not self.mentions:
            return
        parts, position = [], 0
        for sentence in sentences:
            parts += ["\n" * (sentence.start - position), sentence.text]
            position = sentence.end
        self.text = "".join(parts)
        self.folded = _folded(self.text)
        self.starts = {token.start: sentence.index for sentence in sentences for token in sentence.tokens}
        self.ends = {token.end: sentence.index for sentence in sentences for token in sentence.tokens}
        self._places: dict[str, list[_Span]] = {}

    def put(self, mention: Mention) -> None:
        self._names = None
        self.mentions[mention.start, mention.end, mention.type] = mention
        self.covered[mention.type][mention.start : mention.end] = b"\1" * (mention.end - mention.start)

    def take(self, mention: Mention) -> None:
        self._names = None
        del self.mentions[mention.start, mention.end, mention.type]
        self.covered[mention.type][mention.start : mention.end] = bytes(mention.end - mention.start)

    def is_free(self, span: _Span, type_: str) -> bool:
        return 1 not in self.covered[type_][slice(*span)]

    def moved(self, mention: Mention, span: _Span, type_: str, score: float) -> Mention:
        """The mention as it would stand somewhere else."""
        start, end = span
        return replace(
            mention, start=start, end=end, text=self.text[start:end], type=type_, score=score, sentence_index=self.starts[start]
        )

    def places(self, name: str) -> list[_Span]:
        """Where a name stands between borders of tokens; long ones in any case."""
        key = _key(name)
        if key not in self._places:
            self._places[key] = list(self._find(key, self.folded if _is_long(name) else self.text))
        return self._places[key]

    def _find(self, key: str, text: str) -> Iterator[_Span]:
        start = text.find(key)
        while start >= 0:
            end = start + len(key)
            sentence = self.starts.get(start)
            if sentence is not None and self.ends.get(end) == sentence:
                yield start, end
            start = text.find(key, start + 1)

    def names(self) -> list[tuple[str, str, list[Mention]]]:
        """Each name with its type and mentions, the longest first; the mentions by offset."""
        if self._names is not None:
            return self._names
        groups: dict[tuple[str, str], list[Mention]] = {}
        for place in sorted(self.mentions):
            mention = self.mentions[place]
            if len(mention.text) >= _SHORTEST:
                groups.setdefault((_key(mention.text), mention.type), []).append(mention)
        ranked = sorted(groups.items(), key=lambda group: (-len(group[0][0]), group[0]))
        self._names = [(found[0].text, type_, found) for (_, type_), found in ranked]
        return self._names


def _is_long(name: str) -> bool:
    """True for names in words, whose case means nothing; the case of symbols does."""
    return " " in name or (len(name) > 5 and name[1:].islower())


def _key(name: str) -> str:
    return _folded(name) if _is_long(name) else name


def _folded(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _share(steps: _Steps, score: float) -> float | None:
    return next((share for least, share in steps if score >= least), None)


def _best(mentions: Iterable[Mention]) -> float:
    return max((mention.score for mention in mentions), default=0.0)


def _mend_brackets(page: _Page) -> None:
    """Drop "LH) subunit" and cut "beta-APP (A4" to "beta-APP"; the rest of such finds is rarely a name."""
    for mention in list(page.mentions.values()):
        opened: list[int] = []
        closes = False
        for position, character in enumerate(mention.text):
            if character in _OPEN:
                opened.append(position)
            elif character in _CLOSE:
                closes = closes or not opened
                del opened[-1:]
        if closes:
            page.take(mention)
        elif opened and mention.text[opened[0] - 1 : opened[0]] == " ":
            end = mention.start + len(mention.text[: opened[0]].rstrip())
            page.take(mention)
            if end > mention.start:
                page.put(page.moved(mention, (mention.start, end), mention.type, mention.score))


def _follow_long_forms(page: _Page, abbreviations: Sequence[Abbreviation]) -> None:
    explained: dict[str, list[Mention | None]] = {}
    for abbreviation in abbreviations:
        long = abbreviation.long_start, abbreviation.long_end
        named = [type_ for type_ in page.covered if not page.is_free(long, type_)]
        if not named:
            explained.setdefault(abbreviation.short, []).append(None)
        elif len(named) == 1 and (*long, named[0]) in page.mentions:
            explained.setdefault(abbreviation.short, []).append(page.mentions[*long, named[0]])
    for short in sorted(explained):
        sources = explained[short]
        types = {source.type if source else "" for source in sources}
        if len(types) > 1:
            continue
        best = max((source for source in sources if source), key=lambda source: source.score, default=None)
        if best:
            _name_short_form(page, short, best)
        else:
            _drop_short_form(page, short)


def _name_short_form(page: _Page, short: str, long: Mention) -> None:
    share = _share(_EXPLAINED[long.type], long.score)
    other = DISEASE if long.type == GENE else GENE
    if share is None:
        return
    for place in page.places(short):
        wrong = page.mentions.get((*place, other))
        if wrong:
            page.take(wrong)
        if page.is_free(place, long.type) and page.is_free(place, other):
            page.put(page.moved(long, place, long.type, share))


def _drop_short_form(page: _Page, short: str) -> None:
    for type_ in page.covered:
        found = [page.mentions[*place, type_] for place in page.places(short) if (*place, type_) in page.mentions]
        if _best(found) < _UNEXPLAINED:
            for mention in found:
                page.take(mention)


def _follow_majority(page: _Page) -> None:
    for name, type_, found in page.names():
        share = _share(_REPEATED[DISEASE], _best(found))
        if type_ != DISEASE or share is None or _best(found) < _MAJORITY:
            continue
        wrong = [page.mentions[*place, GENE] for place in page.places(name) if (*place, GENE) in page.mentions]
        wrong = [mention for mention in wrong if page.is_free((mention.start, mention.end), DISEASE)]
        if len(wrong) < len(found):
            for mention in wrong:
                page.take(mention)
                page.put(page.moved(mention, (mention.start, mention.end), DISEASE, share))


def _drop_rare(page: _Page) -> None:
    for name, type_, found in page.names():
        if len(found) > 1 or found[0].score >= _RARE[type_]:
            continue
        free = sum(page.is_free(place, type_) for place in page.places(name))
        if free >= _RARE_PLACES - 1:
            page.take(found[0])


def _repeat(page: _Page) -> None:
    for name, type_, found in page.names():
        share = _share(_REPEATED[type_], _best(found))
        if share is None:
            continue
        for place in page.places(name):
            if all(page.is_free(place, any_type) for any_type in page.covered):
                page.put(page.moved(found[0], place, type_, share))
