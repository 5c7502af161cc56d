"""Articles become mentions, whatever the tagger."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from genemine.annotate.sentences import split_sentences
from genemine.annotate.tagging import annotate, tag_article
from genemine.config import AnnotateSettings
from genemine.records import Abbreviation, Article, Mention, TokenSpan


class FakeTagger:
    """Tags each token in capitals as a gene and each that ends in "oma" as a disease; remembers how often it was asked."""

    name = "fake-1"

    def __init__(self) -> None:
        self.calls: list[int] = []

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[TokenSpan]]:
        self.calls.append(len(sentences))
        return [
            [TokenSpan(i, i + 1, "Gene", 0.9) for i, token in enumerate(tokens) if token.isupper()]
            + [TokenSpan(i, i + 1, "Disease", 0.4) for i, token in enumerate(tokens) if token.endswith("oma")]
            for tokens in sentences
        ]


ARTICLE = Article("1", "RB and retinoblastoma.", "Loss of retinoblastoma 1 (RB1). In 𝛃-glioma, TP53 fell.")


def test_mentions_have_offsets_sentence_score_and_model() -> None:
    (article,) = annotate([ARTICLE], FakeTagger(), AnnotateSettings())
    assert article.pmid == "1"
    assert article.sentences == split_sentences(ARTICLE.text)
    assert article.mentions == (
        Mention("1", 0, 2, "RB", "Gene", 0.9, 0, "fake-1"),
        Mention("1", 7, 21, "retinoblastoma", "Disease", 0.4, 0, "fake-1"),
        Mention("1", 31, 45, "retinoblastoma", "Disease", 0.4, 1, "fake-1"),
        Mention("1", 49, 52, "RB1", "Gene", 0.9, 1, "fake-1"),
        Mention("1", 60, 66, "glioma", "Disease", 0.4, 2, "fake-1"),
        Mention("1", 68, 72, "TP53", "Gene", 0.9, 2, "fake-1"),
    )
    assert all(ARTICLE.text[m.start : m.end] == m.text for m in article.mentions)
    assert article.abbreviations == (Abbreviation("RB1", 49, 52, "retinoblastoma 1", 31, 47),)


def test_unlikely_mentions_are_left_out() -> None:
    (article,) = annotate([ARTICLE], FakeTagger(), AnnotateSettings(min_score=0.5))
    assert [m.text for m in article.mentions] == ["RB", "RB1", "TP53"]


@pytest.mark.parametrize("batch_size", [1, 2, 3, 100])
def test_batches_change_nothing(batch_size: int) -> None:
    """Articles keep their order and their mentions, however the sentences are batched; none is longer than asked."""
    articles = [Article(str(n), f"TITLE{n} of glioma.", "It is. " * (n % 7) + "A lymphoma has GENE." * (n % 2)) for n in range(60)]
    tagger = FakeTagger()
    annotated = list(annotate(articles, tagger, AnnotateSettings(batch_size=batch_size)))
    alone = [next(annotate([article], FakeTagger(), AnnotateSettings())) for article in articles]
    assert annotated == alone
    assert max(tagger.calls) <= batch_size
    assert sum(tagger.calls) == sum(len(article.sentences) for article in annotated)


def test_articles_are_read_as_they_are_needed() -> None:
    """The first article comes out before the last one is read: a corpus need not fit into memory."""
    read: list[int] = []

    def articles() -> object:
        for n in range(1000):
            read.append(n)
            yield Article(str(n), "A GENE.", "")

    next(annotate(articles(), FakeTagger(), AnnotateSettings(batch_size=1)))  # type: ignore[arg-type]
    assert len(read) == 1


def test_no_text_no_mentions() -> None:
    (article,) = annotate([Article("1", "", "")], FakeTagger(), AnnotateSettings())
    assert (article.sentences, article.mentions, article.abbreviations) == ((), (), ())


def test_mentions_of_two_types_may_overlap() -> None:
    sentences = split_sentences("The ATM gene defect.")
    spans = [[TokenSpan(1, 4, "Disease", 0.7), TokenSpan(1, 2, "Gene", 0.8)]]
    assert tag_article("5", sentences, spans, "m") == (
        Mention("5", 4, 7, "ATM", "Gene", 0.8, 0, "m"),
        Mention("5", 4, 19, "ATM gene defect", "Disease", 0.7, 0, "m"),
    )
