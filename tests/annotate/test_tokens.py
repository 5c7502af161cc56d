"""Tokens cover every character once and are those of the corpora."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.annotate.tokens import PLACEHOLDERS, tokenize
from genemine.records import Token
from genemine.sources.iob import read_iob


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("BRCA1-null (p<0.05)", "BRCA1 - null ( p < 0 . 05 )"),
        ("TNFα, IFN-γ and NF-κB", "TNFα , IFN - γ and NF - κB"),
        ("the 3' end and 5′-UTR", "the 3 ' end and 5 ′ - UTR"),
        ("Sjo\u0308gren's syndrome", "Sjo\u0308gren ' s syndrome"),
        ("a_b 10% +/- 2", "a _ b 10 % + / - 2"),
        ("𝛃-catenin 🧬", "𝛃 - catenin 🧬"),
        ("@GENE$ causes @DISEASE$.", "@GENE$ causes @DISEASE$ ."),
        ("mail@GENE.org costs 5$", "mail @ GENE . org costs 5 $"),
        ("a\u00a0b\u2003c\r\n\td", "a b c d"),
        ("  ", ""),
    ],
)
def test_words(text: str, words: str) -> None:
    assert " ".join(token.text for token in tokenize(text)) == words


def test_placeholders_are_one_token() -> None:
    assert [[token.text for token in tokenize(mark)] for mark in PLACEHOLDERS] == [["@GENE$"], ["@DISEASE$"]]


def test_offset_moves_the_tokens() -> None:
    assert tokenize("p53 +", offset=10) == (Token("p53", 10, 13), Token("+", 14, 15))


@given(st.text(), st.integers(0, 1000))
def test_tokens_cover_each_character_once(text: str, offset: int) -> None:
    tokens = tokenize(text, offset)
    covered = [place for token in tokens for place in range(token.start - offset, token.end - offset)]
    assert covered == [place for place, char in enumerate(text) if not char.isspace()]
    assert all(text[token.start - offset : token.end - offset] == token.text for token in tokens)


@pytest.mark.parametrize("corpus", ["BC2GM-IOB/devel.tsv", "NCBI-disease-IOB/devel.tsv", "BC5CDR-disease-IOB/devel.tsv"])
def test_corpus_tokens_come_back_from_joined_text(shared: Path, corpus: str) -> None:
    """Each token of the corpora is a token again, none is cut and none are joined."""
    sentences = [sentence.tokens for sentence in read_iob(shared / "data" / "ner" / corpus)]
    assert [tuple(token.text for token in tokenize(" ".join(tokens))) for tokens in sentences] == sentences


def test_tokens_of_real_text_are_those_of_the_corpora(references: list) -> None:
    """On the abstracts as printed, agreement is complete: 23,969 + 117,453 tokens begin where the token files begin them."""
    wrong = [r.text for r in references if {token.start for token in tokenize(r.text)} != r.token_starts]
    assert wrong == []
    assert sum(len(r.token_starts) for r in references) == 23_969 + 117_453
