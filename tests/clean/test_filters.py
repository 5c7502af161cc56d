from __future__ import annotations

import pytest

from genemine.clean.filters import clean, drop_reason
from genemine.config import CleanSettings
from genemine.records import Article, Dropped


def test_only_articles_without_words_are_dropped_and_the_reason_is_told() -> None:
    articles = [
        Article("1", "Title  only", ""),
        Article("2", "", "Abstract only"),
        Article("3", "\u200b", " ", vernacular_title="Een brief.", source="a.xml"),
        Article("4", "Retracted", "Words", flags=("retracted",), languages=("chi",)),
    ]
    assert [(found.pmid, type(found)) for found in clean(articles, CleanSettings())] == [
        ("1", Article),
        ("2", Article),
        ("3", Dropped),
        ("4", Article),
    ]
    assert list(clean(articles, CleanSettings()))[2] == Dropped(
        "3", "clean", "no title and no abstract", "vernacular title only: Een brief.", "a.xml"
    )
    assert drop_reason(Article("5", "", ""), CleanSettings()) == Dropped("5", "clean", "no title and no abstract")


@pytest.mark.parametrize(
    ("wanted", "languages", "kept"),
    [
        ((), ("chi",), True),
        (("eng",), ("eng",), True),
        (("ENG", "fre"), ("ger", "Fre"), True),
        (("eng",), ("chi", "ger"), False),
        (("eng",), (), True),
    ],
)
def test_articles_in_none_of_the_wanted_languages_are_dropped(
    wanted: tuple[str, ...], languages: tuple[str, ...], kept: bool
) -> None:
    found = drop_reason(Article("1", "Title", "", languages=languages, source="a.xml"), CleanSettings(languages=wanted))
    assert found == (None if kept else Dropped("1", "clean", "language not wanted", ", ".join(languages), "a.xml"))


@pytest.mark.parametrize(
    ("unwanted", "types", "detail"),
    [
        ((), ("Editorial",), None),
        (("Editorial", "letter"), ("LETTER", "Comment", "Editorial"), "LETTER, Editorial"),
        (("Letter",), ("Newsletter",), None),
        (("Letter",), (), None),
    ],
)
def test_articles_of_an_unwanted_publication_type_are_dropped(
    unwanted: tuple[str, ...], types: tuple[str, ...], detail: str | None
) -> None:
    found = drop_reason(Article("1", "Title", "", publication_types=types, source="a.xml"), CleanSettings(exclude_types=unwanted))
    assert found == (None if detail is None else Dropped("1", "clean", "publication type not wanted", detail, "a.xml"))
