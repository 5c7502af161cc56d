"""Any text is tagged or passed: never a crash, and every mention is the text between its offsets."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genemine.annotate.tagging import annotate
from genemine.config import AnnotateSettings
from genemine.link.lexicon import load_lexicon
from genemine.link.linker import Linker
from genemine.models.tagger import LstmTagger, load_tagger
from genemine.records import AnnotatedArticle, Article

NAMES = ["BRCA1", "TP53 mutations", "breast cancer", "cystic fibrosis (CF)", "CFTR", "NF-κB", "Alzheimer's disease"]
BITS = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(
        [" ", ". ", "\n", "\t", ", ", " (", ") ", "-", "\u2028", "\x00", "\x1f", "\u200f", "\ufeff", "e\u0301", "𝛃", "\ud800"]
    ),
    st.sampled_from(["سرطان الثدي", "מוטציות", "癌", "рак", "🧬"]),
    st.text(st.characters(), max_size=12),  # surrogates and control characters among them
)
TEXT = st.lists(BITS, max_size=40).map("".join)


@pytest.fixture(scope="module")
def tagger() -> LstmTagger:
    return load_tagger()


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker(load_lexicon())


def annotated(tagger: LstmTagger, linker: Linker, *texts: tuple[str, str]) -> list[AnnotatedArticle]:
    """Annotate (title, abstract) and check what holds for every text."""
    articles = [Article(str(n), title, abstract) for n, (title, abstract) in enumerate(texts)]
    found = list(annotate(articles, tagger, AnnotateSettings()))
    for article, one in zip(articles, found, strict=True):
        assert all(article.text[m.start : m.end] == m.text for m in one.mentions)
        assert all(m.text.strip() and 0 <= m.score <= 1 for m in one.mentions)
        assert [(s.start, s.end) for s in one.sentences if article.text[s.start : s.end] != s.text] == []
        short_forms = {a.short: a.long for a in one.abbreviations}
        assert len(linker.link(article.text, one.mentions, short_forms)) >= len(one.mentions)
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4))
def test_offsets_are_exact_in_any_text(tagger: LstmTagger, linker: Linker, texts: list[tuple[str, str]]) -> None:
    together = annotated(tagger, linker, *texts)
    for one, text in zip(together, texts, strict=True):
        (alone,) = annotated(tagger, linker, text)
        assert [(m.start, m.end, m.type, m.score) for m in one.mentions] == [
            (m.start, m.end, m.type, m.score) for m in alone.mentions
        ]


def test_names_are_found_among_other_scripts_and_control_characters(tagger: LstmTagger, linker: Linker) -> None:
    text = "\u200fسرطان الثدي 🧬 \x00.\nMutations of BRCA1 cause breast cancer\x1f. מוטציות\ufeff."
    (found,) = annotated(tagger, linker, ("", text))
    assert {"breast cancer", "BRCA1"} <= {m.text for m in found.mentions}


def test_empty_and_blank_articles_are_passed(tagger: LstmTagger, linker: Linker) -> None:
    assert [one.mentions for one in annotated(tagger, linker, ("", ""), (" \n\t", " "), ("\x00", "\u200b"))] == [(), (), ()]


@pytest.mark.parametrize(
    "text",
    [
        "BRCA1 mutations cause breast cancer. " * 1352,  # 50,000 characters
        "BRCA1 mutations cause breast cancer and " * 1250,  # one sentence of 7,500 tokens
        "(" * 25_000 + "BRCA1" + ")" * 25_000,
        "A" * 50_000,
        "-" * 50_000,
        ". " * 25_000,
        "RESULTS: " * 5_500,
    ],
    ids=["sentences", "one sentence", "brackets", "one word", "dashes", "stops", "labels"],
)
def test_50_000_characters_take_seconds(tagger: LstmTagger, linker: Linker, text: str) -> None:
    began = time.process_time()
    (found,) = annotated(tagger, linker, ("BRCA1 in breast cancer", text))
    assert time.process_time() - began < 30
    assert found.mentions[0].text == "BRCA1"
    if text.startswith("BRCA1"):
        assert sum(m.text == "breast cancer" for m in found.mentions) > 1200
