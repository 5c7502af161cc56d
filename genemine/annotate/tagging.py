"""What a tagger is, and how articles become mentions.

A tagger reads tokens and gives token spans; it knows no text, no offsets and no article. So a ten-line fake tests this stage, and
the lexicon baseline and the LSTM are drop-in replacements of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from genemine.annotate.abbreviations import find_abbreviations
from genemine.annotate.consistency import consistent
from genemine.annotate.sentences import split_sentences
from genemine.config import AnnotateSettings
from genemine.records import AnnotatedArticle, Article, Mention, Sentence, TokenSpan


class TokenTagger(Protocol):
    """Finds names in tokenised sentences."""

    @property
    def name(self) -> str:
        """Model and version, as it is written beside every mention."""
        ...

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[TokenSpan]]:
        """Tag sentences.

        Args:
            sentences: token texts of each sentence, none empty.

        Returns:
            One list of spans a sentence, sorted by ``first``; spans of different types may overlap, spans of one type never do.
        """
        ...


def annotate(articles: Iterable[Article], tagger: TokenTagger, settings: AnnotateSettings) -> Iterator[AnnotatedArticle]:
    """Find the mentions and abbreviations of each article, in the order of the articles; sentences are batched over articles."""
    pool: list[tuple[str, tuple[Sentence, ...]]] = []
    n_pooled = 0
    for article in articles:
        sentences = split_sentences(article.text)
        pool.append((article.pmid, sentences))
        n_pooled += len(sentences)
        if n_pooled >= settings.batch_size:
            yield from _tag_pool(pool, tagger, settings)
            pool, n_pooled = [], 0
    yield from _tag_pool(pool, tagger, settings)


def tag_article(
    pmid: str, sentences: Sequence[Sentence], spans: Sequence[Sequence[TokenSpan]], model: str = ""
) -> tuple[Mention, ...]:
    """Turn token spans, one list a sentence, into mentions sorted by offset."""
    mentions = [_mention(pmid, sentence, span, model) for sentence, found in zip(sentences, spans, strict=True) for span in found]
    return tuple(sorted(mentions, key=lambda m: (m.start, m.end, m.type)))


def _mention(pmid: str, sentence: Sentence, span: TokenSpan, model: str) -> Mention:
    start, end = sentence.tokens[span.first].start, sentence.tokens[span.last - 1].end
    text = sentence.text[start - sentence.start : end - sentence.start]
    return Mention(pmid, start, end, text, span.type, span.score, sentence.index, model)


def _tag_pool(
    pool: Sequence[tuple[str, tuple[Sentence, ...]]], tagger: TokenTagger, settings: AnnotateSettings
) -> Iterator[AnnotatedArticle]:
    flat = [sentence for _, sentences in pool for sentence in sentences]
    spans = iter(_tag_in_batches(flat, tagger, settings.batch_size))
    for pmid, sentences in pool:
        found = [next(spans) for _ in sentences]
        mentions, abbreviations = tag_article(pmid, sentences, found, tagger.name), find_abbreviations(sentences)
        if settings.consistency:
            mentions = consistent(sentences, mentions, abbreviations)
        likely = tuple(mention for mention in mentions if mention.score >= settings.min_score)
        yield AnnotatedArticle(pmid, sentences, likely, abbreviations)


def _tag_in_batches(sentences: Sequence[Sentence], tagger: TokenTagger, batch_size: int) -> list[list[TokenSpan]]:
    tokens = [[token.text for token in sentence.tokens] for sentence in sentences]
    return [spans for begin in range(0, len(tokens), batch_size) for spans in tagger.tag(tokens[begin : begin + batch_size])]
