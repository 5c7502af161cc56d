"""The lexicon tagger finds whole names, the longest first."""

from __future__ import annotations

import pytest

from genemine.annotate.lexicon_tagger import LexiconTagger
from genemine.annotate.tokens import tokenize
from genemine.errors import VocabularyError

NAMES = [
    ("WAS", "Gene"),
    ("TNF-alpha", "Gene"),
    ("BRCA1", "Gene"),
    ("breast cancer", "Disease"),
    ("breast cancer susceptibility", "Disease"),
    ("cancer", "Disease"),
    ("breast cancer 1", "Gene"),
    ("", "Gene"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("WAS was lost", [("WAS", "Gene")]),
        ("TNF-α and tnf alpha", [("TNF-α", "Gene")]),
        ("Breast Cancer susceptibility to cancers", [("Breast Cancer susceptibility", "Disease")]),
        ("breast cancer 1 gene", [("breast cancer 1", "Gene"), ("breast cancer", "Disease")]),
        ("BRCA1B xBRCA1 brca1", []),
        ("BRCA1/BRCA1", [("BRCA1", "Gene"), ("BRCA1", "Gene")]),
        ("cancer", [("cancer", "Disease")]),
        ("nothing", []),
    ],
)
def test_names(text: str, found: list[tuple[str, str]]) -> None:
    tokens = tokenize(text)
    (spans,) = LexiconTagger(NAMES).tag([[token.text for token in tokens]])
    assert [(text[tokens[s.first].start : tokens[s.last - 1].end], s.type) for s in spans] == found
    assert spans == sorted(spans, key=lambda s: s.first)


def test_one_list_a_sentence() -> None:
    spans = LexiconTagger([("BRCA1", "Gene")], name="mine").tag([["x"], ["BRCA1"], []])
    assert [len(found) for found in spans] == [0, 1, 0]


def test_an_empty_lexicon_is_refused() -> None:
    with pytest.raises(VocabularyError, match="lexicon 'mine' holds no name"):
        LexiconTagger([(" ", "Gene")], name="mine")
