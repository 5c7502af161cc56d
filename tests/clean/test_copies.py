"""The rule about copies, case by case: what is one, what is none, and which is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from genemine.clean.copies import candidate, compare, duplicates_in, find_duplicates, rank, text_number, words_of
from genemine.clean.normalise import normalise
from genemine.config import CleanSettings, CopySettings
from genemine.records import AlikeTexts, Article, Candidate, Duplicate

SETTINGS = CopySettings()
ABSTRACT = (
    "We looked for mutations of a gene that builds the wall of the heart in ninety families with an enlarged ventricle. Of the "
    "patients twelve had a change that stops the protein early, and none of the healthy relatives of the same age had one. "
    "Carriers fell ill ten years earlier than other patients. The gene should be read in every family in which the disease is "
    "found twice."
)
CHANGED = ABSTRACT.replace("should be", "ought to be")
LESS = " ".join(ABSTRACT.split()[10:]) + " So much for a family disease of the heart and its gene."
OTHER = (
    "A wholly different study of kidneys in rats that were fed with salt for as long as they lived, which was longer than we had "
    "thought that a rat could live on such a diet."
)
PAPER = Article("5", "Mutations of a gene of the wall of the heart", ABSTRACT, doi="10.1/a", publication_types=("Journal Article",))


def cleaned(article: Article) -> Article:
    return normalise(article, CleanSettings())


def duplicates(*articles: Article) -> list[Duplicate]:
    return duplicates_in([cleaned(article) for article in articles], SETTINGS)


COPIES = [
    pytest.param(replace(PAPER, pmid="9", doi=""), "exact copy", 1.0, id="same words"),
    pytest.param(
        replace(PAPER, pmid="9", title=PAPER.title.upper() + ".", abstract=ABSTRACT.replace(" ", "  ")),
        "exact copy",
        1.0,
        id="typography",
    ),
    pytest.param(replace(PAPER, pmid="9", doi="10.1/b", abstract=CHANGED), "near copy", 69 / 76, id="words changed"),
    pytest.param(
        replace(PAPER, pmid="9", doi="", title="A gene of the wall of the heart in ninety families", abstract=CHANGED),
        "near copy",
        67 / 78,
        id="retitled",
    ),
    pytest.param(
        replace(PAPER, pmid="9", doi="", title=f"{PAPER.title}: 2006 update", abstract=CHANGED), "near copy", 67 / 80, id="update"
    ),
    pytest.param(
        replace(PAPER, pmid="9", doi="", publication_types=("Corrected and Republished Article",), abstract=CHANGED),
        "near copy",
        69 / 76,
        id="republished",
    ),
    pytest.param(
        replace(PAPER, pmid="9", publication_types=("Preprint",), flags=("preprint",), doi="10.1101/b", abstract=CHANGED),
        "near copy",
        69 / 76,
        id="preprint",
    ),
    pytest.param(replace(PAPER, pmid="9", abstract=OTHER), "same DOI", 8 / 107, id="DOI and title"),
    pytest.param(replace(PAPER, pmid="9", abstract=""), "same DOI", 8 / 72, id="DOI and title, no abstract"),
    pytest.param(replace(PAPER, pmid="9", title="Herzwand und Gene", abstract=LESS), "same DOI", 57 / 86, id="DOI and text"),
]
NO_COPIES = [
    pytest.param(
        replace(PAPER, pmid="9", publication_types=("Published Erratum",), flags=("erratum",)),
        id="erratum that repeats title and abstract",
    ),
    pytest.param(replace(PAPER, pmid="9", title=f"Correction to: {PAPER.title}"), id="correction by its title"),
    pytest.param(
        replace(PAPER, pmid="9", publication_types=("Retraction Notice",), flags=("retraction_notice",)), id="retraction notice"
    ),
    pytest.param(replace(PAPER, pmid="9", publication_types=("Expression of Concern",)), id="expression of concern"),
    pytest.param(replace(PAPER, pmid="9", publication_types=("Comment",)), id="comment"),
    pytest.param(replace(PAPER, pmid="9", title=f"Reply to {PAPER.title}"), id="reply"),
    pytest.param(replace(PAPER, pmid="9", title=f"{PAPER.title}. Part II"), id="part II of a paper without part I"),
    pytest.param(replace(PAPER, pmid="9", abstract=OTHER, doi="10.1/b"), id="same title, other abstract"),
    pytest.param(replace(PAPER, pmid="9", abstract="", doi=""), id="same title, no abstract"),
    pytest.param(replace(PAPER, pmid="9", title="Abstracts", abstract=OTHER), id="supplement: one DOI, other abstract"),
    pytest.param(replace(PAPER, pmid="9", doi="", abstract=LESS), id="half of the words"),
]


@pytest.mark.parametrize(("other", "reason", "similarity"), COPIES)
def test_copies(other: Article, reason: str, similarity: float) -> None:
    assert duplicates(PAPER, other) == [Duplicate("9", "5", reason, pytest.approx(similarity, abs=0.005))]
    assert duplicates(other, PAPER) == duplicates(PAPER, other)


@pytest.mark.parametrize("other", NO_COPIES)
def test_no_copies(other: Article) -> None:
    assert duplicates(PAPER, other) == []


SERIES = [
    ("Genes of the heart. Part I", "Genes of the heart. Part II"),
    ("12th annual meeting on the heart", "13th annual meeting on the heart"),
    ("Genes of the heart, 2018", "Genes of the heart, 2019"),
    ("BRCA1 and the heart", "BRCA2 and the heart"),
]


@pytest.mark.parametrize(("one", "other"), SERIES)
@pytest.mark.parametrize("doi", ["", "10.1/a"])
def test_members_of_a_series_are_no_copies(one: str, other: str, doi: str) -> None:
    assert duplicates(replace(PAPER, title=one, doi=doi), replace(PAPER, pmid="9", title=other, doi=doi)) == []


def test_short_texts_are_no_copies() -> None:
    report = Article("5", "Annual report.", "Nothing to report.")
    assert duplicates(report, replace(report, pmid="9")) == []
    assert duplicates(replace(report, doi="10.1/a"), replace(report, pmid="9", doi="10.1/a", title="Report")) == []


def test_notices_of_one_kind_can_be_copies_of_each_other() -> None:
    notice = replace(PAPER, publication_types=("Published Erratum",))
    assert duplicates(PAPER, replace(notice, pmid="8"), replace(notice, pmid="9")) == [Duplicate("9", "8", "exact copy", 1.0)]


RETRACTED = replace(PAPER, flags=("retracted",))
PREPRINT = replace(PAPER, flags=("preprint",))


@pytest.mark.parametrize(
    ("kept", "left_out"),
    [
        (PAPER, replace(PAPER, pmid="12")),
        (replace(PAPER, pmid="9"), RETRACTED),
        (replace(PAPER, pmid="9"), PREPRINT),
        (replace(PREPRINT, pmid="9"), RETRACTED),
        (RETRACTED, replace(RETRACTED, pmid="9", flags=("retracted", "preprint"))),
    ],
)
def test_the_sound_published_oldest_one_is_kept(kept: Article, left_out: Article) -> None:
    assert rank(candidate(kept)) < rank(candidate(left_out))
    assert duplicates(left_out, kept) == [Duplicate(left_out.pmid, kept.pmid, "exact copy", 1.0)]


def test_an_article_is_left_out_only_for_one_that_is_kept_and_like_it() -> None:
    """1 is like 2, and 2 like 3, but 3 is not like 1: it stays, for what it is like is left out."""
    articles = [Candidate(str(number), number, True) for number in (3, 2, 1)]
    alike = [AlikeTexts(1, 2, 0.85, True), AlikeTexts(2, 3, 0.9, True)]
    assert find_duplicates(articles, alike) == [Duplicate("2", "1", "near copy", 0.85)]


def test_the_strongest_reason_and_the_most_alike_are_named() -> None:
    near = [AlikeTexts(1, 4, 0.85, True), AlikeTexts(2, 4, 0.9, True), AlikeTexts(3, 4, 0.6, False)]
    kept = [Candidate("1", 1, True), Candidate("2", 2, True), Candidate("3", 3, True, "10.1/a")]
    assert find_duplicates([*kept, Candidate("4", 4, True)], near) == [Duplicate("4", "2", "near copy", 0.9)]
    assert find_duplicates([*kept, Candidate("4", 4, True, "10.1/a")], near) == [Duplicate("4", "3", "same DOI", 0.6)]
    exact = Candidate("5", 1, True, "10.1/a")
    assert find_duplicates([*kept, exact], near) == [Duplicate("5", "1", "exact copy", 1.0)]


def test_texts_that_are_not_near_are_copies_under_one_doi_only() -> None:
    pair, articles = [AlikeTexts(1, 2, 0.6, False)], [Candidate("1", 1, True, "10.1/a"), Candidate("2", 2, True, "10.1/b")]
    assert find_duplicates(articles, pair) == []
    assert find_duplicates([replace(one, doi="10.1/a") for one in articles], pair) == [Duplicate("2", "1", "same DOI", 0.6)]


def test_a_text_has_a_number() -> None:
    one, other = cleaned(PAPER), cleaned(replace(PAPER, title=PAPER.title.upper()))
    assert candidate(one).text == candidate(other).text == text_number(one.title, one.abstract, one.digest)
    assert text_number("A", "B", "") != text_number("A B", "", "")
    assert -(2**63) <= text_number("", "", "") < 2**63


def test_the_similarity_is_that_of_the_setting() -> None:
    one, other = (words_of(number, PAPER.title, text, SETTINGS) for number, text in ((2, ABSTRACT), (1, CHANGED)))
    found = compare(one, other, SETTINGS)
    assert found is not None
    assert (found.text_a, found.text_b, found.near) == (1, 2, True)
    assert compare(one, other, replace(SETTINGS, min_similarity=0.95)) == replace(found, near=False)
    assert compare(one, other, replace(SETTINGS, min_shingles=100)) == replace(found, near=False)
