"""Words are cleaned, sections stay where they are, and copies have one digest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genemine.clean.normalise import clean_words, normalise
from genemine.config import CleanSettings
from genemine.records import Article
from genemine.sources.pubmed_xml import parse_file
from genemine.text import join_sections

SETTINGS = CleanSettings()


@pytest.mark.parametrize(
    ("words", "clean"),
    [
        ("p &lt; 0.05 &amp;amp; more", "p < 0.05 & more"),
        ("EGFR&mdash;TK, P&onemacr;", "EGFR—TK, P&onemacr;"),
        ("60,000/mm<PRE>3</PRE> and &lt;i&gt;BRCA1&lt;/i&gt;", "60,000/mm3 and BRCA1"),
        ("if a<b and b>c", "if a<b and b>c"),
        ("Sjo\u0308gren\u00a0\u2009 a\u00adb\x02\u200bc", "Sjögren abc"),
        ("R&D; AT&T", "R&D; AT&T"),
    ],
)
def test_words_are_decoded_and_put_in_one_form(words: str, clean: str) -> None:
    assert clean_words(words) == clean


def article(title: str, *parts: tuple[str, str]) -> Article:
    abstract, sections = join_sections(parts, title)
    return Article("99000001", title, abstract, sections=sections)


def test_sections_keep_their_offsets_through_every_change() -> None:
    found = normalise(
        article(
            "A  &amp; B", ("AIM", "To\u00a0see"), ("RESULTS", "p &lt; 1."), ("", "Copyright 2019 Nobody. All rights reserved.")
        ),
        SETTINGS,
    )
    assert found.text == "A & B\nAIM: To see. RESULTS: p < 1."
    assert [(part.label, found.text[part.start : part.end]) for part in found.sections] == [
        ("AIM", "To see"),
        ("RESULTS", "p < 1."),
    ]


def test_sections_that_do_not_make_up_the_abstract_never_cost_words() -> None:
    odd = replace(article("T", ("AIM", "Some words."), ("", "More.")), abstract="AIM: Some words. Other words.")
    found = normalise(odd, SETTINGS)
    assert (found.abstract, found.sections) == ("AIM: Some words. Other words.", ())


LONG = "The gene is mutated in most patients with the disease, as was shown before in mice and in yeast cells."


def test_copies_have_one_digest_whatever_their_dashes_labels_and_notices() -> None:
    plain = normalise(article("A title", ("", LONG)), SETTINGS)
    assert len(plain.digest) == 40
    assert normalise(article("a Title.", ("AIM", LONG.replace(" ", "  ")), ("", "© 2019 Wiley.")), SETTINGS).digest == plain.digest
    assert normalise(article("A title", ("", LONG.replace("most", "few"))), SETTINGS).digest != plain.digest


def test_short_texts_and_titles_alone_are_never_copies() -> None:
    assert normalise(article("Reply.", ("", "We agree.")), SETTINGS).digest == ""
    assert normalise(article("Reply.", ("", "We agree.")), CleanSettings(min_digest_chars=5)).digest != ""
    assert normalise(article(LONG), SETTINGS).digest == ""


WORDS = st.text(st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("&;<>/ibamplt©. \u200b")), max_size=40)


@settings(deadline=None)
@given(WORDS, st.lists(st.tuples(st.sampled_from(["", "AIM"]), WORDS), max_size=3))
def test_cleaning_twice_changes_nothing(title: str, parts: list[tuple[str, str]]) -> None:
    once = normalise(article(title, *parts), SETTINGS)
    assert normalise(once, SETTINGS) == once
    assert all(once.text[part.start : part.end] for part in once.sections)


def test_real_abstracts_lose_only_their_notices(shared: Path) -> None:
    """Of 1,199 real abstracts those below lose words, each from where its notice begins."""
    files = sorted((shared / "data" / "pubmed-xml").rglob("*.xml*"))
    lost = []
    for was in (found for path in files for found in parse_file(path) if isinstance(found, Article)):
        now = normalise(was, SETTINGS)
        assert now.title.split() == was.title.split()
        if len(now.abstract.split()) < len(was.abstract.split()):
            lost.append(was.abstract[len(now.abstract) :].strip())
    assert len(lost) == 14
    assert {notice[:24] for notice in lost} == {
        "(ABSTRACT TRUNCATED AT 2",
        "(ABSTRACT TRUNCATED AT 4",
        "© 2017 American Cancer S",
        "© 2015 Wiley Periodicals",
        "(PsycInfo Database Recor",
        "This article is protecte",
    }
