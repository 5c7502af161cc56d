"""Notices are told from papers, and two subjects from one, in otherwise equal words."""

from __future__ import annotations

import pytest

from genemine.clean.guards import COMMENT, CONCERN, CORRECTION, PAPER, RETRACTION, kind_of, other_subject, same_title, spelt


@pytest.mark.parametrize(
    ("types", "flags", "kind"),
    [
        (["Journal Article"], [], PAPER),
        (["Journal Article", "Published Erratum"], [], CORRECTION),
        (["PUBLISHED ERRATUM"], [], CORRECTION),
        (["Retraction Notice"], [], RETRACTION),
        (["Retraction of Publication", "Comment"], [], RETRACTION),
        (["Editorial"], ["retraction_notice"], RETRACTION),
        (["Expression of Concern"], [], CONCERN),
        (["Comment", "Letter"], [], COMMENT),
        (["Retracted Publication"], ["retracted"], PAPER),
        (["Journal Article"], ["erratum", "expression_of_concern"], PAPER),
        (["Corrected and Republished Article"], [], PAPER),
        (["Duplicate Publication"], [], PAPER),
        (["Preprint"], ["preprint"], PAPER),
    ],
)
def test_publication_types_tell_a_notice_from_its_paper(types: list[str], flags: list[str], kind: str) -> None:
    assert kind_of("Genes of the heart", types, flags) == kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Correction to: Genes of the heart", CORRECTION),
        ("Author Correction: Genes of the heart", CORRECTION),
        ("Publisher’s Correction: Genes of the heart", CORRECTION),
        ("Erratum", CORRECTION),
        ("Errata in: Genes of the heart", CORRECTION),
        ("[Corrigendum to: Genes of the heart]", CORRECTION),
        ("Addendum to Genes of the heart", CORRECTION),
        ("Correction of congenital heart defects", PAPER),
        ("Corrective surgery of the heart", PAPER),
        ("Retraction: Genes of the heart", RETRACTION),
        ("Retraction Note to: Genes of the heart", RETRACTION),
        ("Notice of retraction. Genes of the heart", RETRACTION),
        ("Statement of Retraction: Genes of the heart", RETRACTION),
        ("RETRACTED: Genes of the heart", PAPER),
        ("Retraction of the ear drum in children", PAPER),
        ("Expression of Concern: Genes of the heart", CONCERN),
        ("Editorial expression of concern", CONCERN),
        ("Reply to “Genes of the heart”", COMMENT),
        ("Authors' reply", COMMENT),
        ("Author's response to Smith", COMMENT),
        ("Response to: Genes of the heart", COMMENT),
        ("Comment on “Genes of the heart”", COMMENT),
        ("Commentary: genes of the heart", COMMENT),
        ("Re: Genes of the heart", COMMENT),
        ("Repair of the heart", PAPER),
        ("Letter to the editor regarding genes of the heart", COMMENT),
        ("", PAPER),
    ],
)
def test_titles_tell_where_the_types_do_not(title: str, kind: str) -> None:
    assert kind_of(title, ["Journal Article"]) == kind


SUMMARY = (
    "This summary of the evidence is for doctors who treat {0}. It is written by editors who know {0} and who meet each month."
)


def test_a_template_filled_in_twice_has_two_subjects() -> None:
    one, other = (
        (f"{name.capitalize()} treatment: a summary for doctors", SUMMARY.format(name))
        for name in ("vascular tumours", "lymphomas")
    )
    assert other_subject(spelt(*one), spelt(*other))
    assert other_subject(spelt(*other), spelt(*one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            ("Lymphomas: a summary", SUMMARY.format("lymphomas")),
            ("A summary of lymphoma treatment", SUMMARY.format("lymphoma")),
            id="retitled",
        ),
        pytest.param(
            ("Tumours: a summary", SUMMARY.format("tumours")),
            ("Tumors: a summary", SUMMARY.format("tumors")),
            id="American spelling",
        ),
        *(
            pytest.param((f"{one}: a summary", SUMMARY.format(one)), (f"{other}: a summary", SUMMARY.format(other)), id=one)
            for one, other in (
                ("tumours", "tumor"),
                ("oedema", "edemas"),
                ("randomised trials", "randomized trial"),
                ("paralysed", "paralyzed"),
                ("signalling", "signaling"),
                ("multicentre", "multicenter"),
                ("fibres", "fibers"),
            )
        ),
        pytest.param(
            ("Leukaemias: a summary", SUMMARY.format("leukaemia")),
            ("Leukemia: a summary", SUMMARY.format("leukemias")),
            id="American spelling, plural",
        ),
        pytest.param(
            ("Lymphomas: a summary for doctors", SUMMARY.format("lymphomas")),
            ("Lymphomas: a summary", SUMMARY.format("lymphomas") + " Updated yearly."),
            id="one longer",
        ),
        pytest.param(
            ("Lymphomas: a digest", SUMMARY.format("lymphomas")),
            ("Lymphomas: an overview", SUMMARY.format("lymphomas")),
            id="words of the title alone",
        ),
        pytest.param(("", ""), ("", ""), id="nothing"),
    ],
)
def test_one_subject_in_other_words(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert not other_subject(spelt(*one), spelt(*other))
    assert not other_subject(spelt(*other), spelt(*one))


def test_a_title_names_one_paper_only_if_it_is_long_enough() -> None:
    assert same_title("Genes of the human heart.", "GENES OF THE HUMAN HEART")
    assert not same_title("Genes of the human heart", "Genes of the mouse heart")
    assert not same_title("Reply.", "Reply")
    assert not same_title("Letter to the editor", "Letter to the editor")
