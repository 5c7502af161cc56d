"""Names that mislead: the lexicon finds them in many articles, and the tagger almost never takes them for a gene or disease.

Words such as "rest" and "impact" are symbols of genes, too. A name is confirmed where the tagger's own mention of the same type
overlaps it, and an article counts once: what a name means in one article it means throughout. Nothing is stopped here: a person
reads the list and puts the names that mislead into a stop list.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from genemine.annotate.lexicon_tagger import SHORT_NAME, LexiconTagger
from genemine.annotate.sentences import split_sentences
from genemine.config import Settings
from genemine.errors import StorageError
from genemine.link.lexicon import Lexicon, load_lexicon
from genemine.records import MENTION_TYPES, Article, Link, Mention, Sentence
from genemine.storage.layout import Layout
from genemine.storage.shards import read_shard
from genemine.text import fold

_EXAMPLE_CHARS = 200
_Z = 1.959964  # two-sided 95 %


@dataclass
class Suspect:
    """A name: times and articles it was found, articles in which it was confirmed, and times it was tagged as the other type."""

    name: str
    type: str
    n_found: int = 0
    n_articles: int = 0
    n_confirmed: int = 0
    n_other_type: int = 0
    pmid: str = ""
    example: str = ""

    @property
    def share(self) -> float:
        """In which share of its articles it is confirmed, in [0, 1]."""
        return self.n_confirmed / self.n_articles

    @property
    def at_most(self) -> float:
        """Upper end of the 95 % interval of the share.

        Source: Wilson (1927), "Probable inference", JASA 22(158): 209-212.
        """
        n, share = self.n_articles, self.share
        middle = share + _Z * _Z / (2 * n)
        return (middle + _Z * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))) / (1 + _Z * _Z / n)


@dataclass
class SuspectReport:
    """The names that mislead, the surest first; ``n_names`` different ones were found in ``n_articles``."""

    lexicon: str
    min_articles: int
    max_share: float
    suspects: list[Suspect] = field(default_factory=list)
    n_names: int = 0
    n_articles: int = 0

    def summary(self) -> str:
        """What was looked at, for the screen."""
        told = (
            f"{self.n_names:,} names of the lexicon ({self.lexicon}) stand in {self.n_articles:,} articles. "
            f"{len(self.suspects):,} of them stand in {self.min_articles} or more and are confirmed in at most {self.max_share:.0%}"
        )
        return told if self.suspects else f"{told}; --min-articles and --max-share ask for less"

    def stop_list(self) -> str:
        """A list in the form of a names file (``name<TAB>-`` a line), with the reason as a comment above each name."""
        lines = []
        for one in self.suspects:
            other = f", tagged as the other type {one.n_other_type:,} times" if one.n_other_type else ""
            lines += [
                f"# {one.type}: found {one.n_found:,} times in {one.n_articles:,} articles, confirmed in {one.n_confirmed:,}"
                f" ({one.share:.0%}, surely at most {one.at_most:.0%}){other}",
                f"# PMID {one.pmid}: {one.example}",
                f"{one.name}\t-",
            ]
        return "\n".join(lines)


def suspects(
    settings: Settings,
    min_articles: int = 10,
    max_share: float = 0.3,
    progress: Callable[[int, int], None] | None = None,
) -> SuspectReport:
    """Compare the lexicon's finds with the tagger's mentions in every mined article of the data folder.

    Args:
        settings: the data folder and the lexicon.
        min_articles: names found in fewer articles are left out.
        max_share: names of which a larger share may be confirmed (upper end of the 95 % interval) are left out; in [0, 1].
        progress: called with (shards done, shards in all).

    Raises:
        StorageError: nothing is mined yet.
        VocabularyError: the lexicon cannot be used.
    """
    pairs = _shards(Layout(settings.data_dir))
    lexicon = load_lexicon(settings.link.lexicon)
    tally = _Tally(LexiconTagger(_names(lexicon)))
    for done, (articles, mentions) in enumerate(pairs):
        if progress is not None:
            progress(done, len(pairs))
        tally.add(read_shard(articles, Article), read_shard(mentions, Link))
    if progress is not None:
        progress(len(pairs), len(pairs))
    found = [one for one in tally.found.values() if one.n_articles >= min_articles and one.at_most <= max_share]
    found.sort(key=lambda one: (one.at_most, -one.n_articles, -one.n_found, one.name))
    return SuspectReport(lexicon.source, min_articles, max_share, found, len(tally.found), len(tally.pmids))


def _shards(layout: Layout) -> list[tuple[Path, Path]]:
    """Articles and mentions of each batch; those of the embedded sample only where there is nothing else."""
    layout.require()
    pairs = [(layout.processed / "articles" / path.name, path) for path in layout.shards("mentions")]
    pairs = [pair for pair in pairs if pair[0].is_file()]
    if not pairs:
        raise StorageError(
            f"{layout.processed}: no mined articles; run `genemine mine` first, or give another folder with --data-dir"
        )
    return [pair for pair in pairs if not pair[1].name.startswith("sample.")] or pairs


def _names(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    for kind in MENTION_TYPES:
        for concept in lexicon.names(kind).concepts:
            for name in concept.names:
                yield name, kind


class _Tally:
    """Counts over articles; one PMID counts once."""

    def __init__(self, tagger: LexiconTagger) -> None:
        self.tagger = tagger
        self.found: dict[tuple[str, str], Suspect] = {}
        self.pmids: set[str] = set()

    def add(self, articles: Iterable[Article], links: Iterable[Link]) -> None:
        """Take in the articles of one shard and what was tagged in them."""
        mentions: dict[str, list[Mention]] = {}
        for link in links:
            mentions.setdefault(link.mention.pmid, []).append(link.mention)
        for article in articles:
            if article.pmid not in self.pmids:
                self.pmids.add(article.pmid)
                self._add_article(article, mentions.get(article.pmid, []))

    def _add_article(self, article: Article, mentions: Sequence[Mention]) -> None:
        sentences = split_sentences(article.text)
        tagged = self.tagger.tag([[token.text for token in sentence.tokens] for sentence in sentences])
        seen: dict[tuple[str, str], bool] = {}  # name of this article -> confirmed
        for sentence, spans in zip(sentences, tagged, strict=True):
            for span in spans:
                start, end = sentence.tokens[span.first].start, sentence.tokens[span.last - 1].end
                kinds = {m.type for m in mentions if m.start < end and start < m.end}
                key = self._count(article.pmid, sentence, article.text[start:end], span.type, kinds)
                seen[key] = seen.get(key, False) or span.type in kinds
        for key, confirmed in seen.items():
            self.found[key].n_articles += 1
            self.found[key].n_confirmed += confirmed

    def _count(self, pmid: str, sentence: Sentence, text: str, kind: str, tagged_as: set[str]) -> tuple[str, str]:
        # as the tagger takes them: short names with their case, long ones however they are written
        key = (kind, text if len(text) <= SHORT_NAME else fold(text))
        one = self.found.setdefault(key, Suspect(text, kind))
        one.n_found += 1
        one.n_other_type += bool(tagged_as) and kind not in tagged_as
        if not one.example and kind not in tagged_as:
            one.pmid, one.example = pmid, _around(sentence, text)
        return key


def _around(sentence: Sentence, name: str) -> str:
    """The sentence on one line, cut around the name where it is long."""
    text = " ".join(sentence.text.split())
    if len(text) <= _EXAMPLE_CHARS:
        return text
    middle = max(text.find(name), 0) + len(name) // 2
    start = max(0, min(middle - _EXAMPLE_CHARS // 2, len(text) - _EXAMPLE_CHARS))
    cut = text[start : start + _EXAMPLE_CHARS].strip()
    return f"{'… ' if start else ''}{cut}{' …' if start + _EXAMPLE_CHARS < len(text) else ''}"
