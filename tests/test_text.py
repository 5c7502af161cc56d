"""Folding is stable, and tells apart only what differs in letters and digits."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genemine.records import Section
from genemine.text import (
    alnum_key,
    fold,
    fold_whitespace,
    join_sections,
    strip_invisible,
    tidy,
)

# letters, marks, dashes, spaces and invisible characters as abstracts have them
TEXT = st.text(
    st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("aB1 -‐–−αΔµßſﬁé²\u00a0\u2009\u00ad\u200b\u0301İ\t\n"))
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("TNF‑α", "tnf-alpha"),
        ("TNF−Α", "tnf-alpha"),
        ("Sjögren\u2009 syndrome", "sjogren syndrome"),
        ("Sjo\u0308gren", "sjogren"),
        ("β₂-microglobulin", "beta2-microglobulin"),
        ("µ-opioid", "mu-opioid"),
        ("ﬁbrosis", "fibrosis"),
        ("soft\u00adware\u200b", "software"),
        ("Straße", "strasse"),
        ("  ", ""),
    ],
)
def test_names_that_look_alike_fold_alike(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(deadline=None)
@given(TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert tidy(tidy(text)) == tidy(text)
    assert alnum_key(fold(text)) == alnum_key(text)


@settings(deadline=None)
@given(TEXT)
def test_tidy_text_is_nfc_with_single_spaces_and_nothing_invisible(text: str) -> None:
    clean = tidy(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert clean == fold_whitespace(clean)
    assert not any(unicodedata.category(char) in ("Cc", "Cf") for char in clean)


def test_small_helpers() -> None:
    assert strip_invisible("a\u200bb\x01c\td") == "abc\td"
    assert alnum_key("p53–Δ², (x)") == "p53delta2x"


def test_sections_are_joined_so_that_sentences_do_not_run_together() -> None:
    parts = [("AIM", "To see"), ("", "More (of it)."), ("UNLABELLED", 'He said "so."'), ("EMPTY", ""), ("END:", "Done.")]
    abstract, sections = join_sections(parts, "Title")
    assert abstract == 'AIM: To see. More (of it). He said "so." END: Done.'
    assert sections == (Section("AIM", 11, 17), Section("", 19, 32), Section("UNLABELLED", 33, 46), Section("END:", 52, 57))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "AIM", "END:"]), st.text(max_size=20)), max_size=5), st.text(max_size=10))
def test_section_offsets_always_cut_out_the_words(parts: list[tuple[str, str]], title: str) -> None:
    abstract, sections = join_sections(parts, title)
    text = f"{title}\n{abstract}"
    with_words = [(label, words) for label, words in parts if words]
    if len(with_words) == 1 and not with_words[0][0]:
        assert (abstract, sections) == (with_words[0][1], ())
    else:
        assert [(part.label, text[part.start : part.end]) for part in sections] == with_words
