from __future__ import annotations

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
    assert drop_reason(Article("5", "", "")) == Dropped("5", "clean", "no title and no abstract")
