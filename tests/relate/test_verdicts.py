"""What curators said goes before scores and cues, sentence by sentence."""

from __future__ import annotations

from genemine.records import Article
from tests.relate.summed import Summed, relation

RELATIONS = [
    relation("1", 0.9),
    relation("1", 0.8, index=1),
    relation("2", 0.3),
    relation("3", 0.9, negated=True),
    relation("4", 0.9, gene="B"),
    relation("5", 0.7, disease="y"),
    relation("6", 0.95),
]
ARTICLES = [Article("6", "", "", flags=("retracted",))]


def summed(*judged: tuple[str, str, str, str, str]) -> Summed:
    return Summed(RELATIONS, ARTICLES, judged=judged)


def stances(found: Summed) -> dict[str, tuple[str, str]]:
    rows = found.rows("SELECT r.sentence_text, e.stance, e.verdict FROM evidence e JOIN relations r USING (position, row)")
    return {text: (stance, verdict) for text, stance, verdict in rows}


def test_without_verdicts_nothing_is_marked() -> None:
    found = summed()
    assert set(stances(found).values()) == {("supporting", ""), ("denied", ""), ("retracted", "")}
    assert found.rows("SELECT DISTINCT verdict, n_rejected FROM associations") == [("", 0)]
    assert found.rows("FROM rejected") == []


def test_a_rejected_sentence_is_no_evidence_and_its_pair_goes_with_the_last() -> None:
    found = summed(("A", "x", "1", "1-0 A x", "rejected"), ("B", "x", "4", "4-0 B x", "rejected"))
    assert "1-0 A x" not in stances(found)
    assert found.rows("SELECT gene_name, disease_name, n_sentences, n_rejected FROM associations ORDER BY ALL") == [
        ("AAA", "Xitis", 1, 1),
        ("AAA", "Yoma", 1, 0),
    ]
    assert found.rows("SELECT gene_curie, verdict, is_pair_out FROM rejected ORDER BY ALL") == [
        ("ncbigene:1", "rejected", False),
        ("ncbigene:2", "rejected", True),
    ]
    assert found.n_lapsed == 0


def test_an_accepted_sentence_supports_below_the_threshold_and_against_a_cue() -> None:
    found = summed(("A", "x", "2", "2-0 A x", "accepted"), ("A", "x", "3", "3-0 A x", "accepted"))
    assert {text: said for text, said in stances(found).items() if said[1]} == {
        "2-0 A x": ("supporting", "accepted"),
        "3-0 A x": ("supporting", "accepted"),
    }
    assert found.rows(
        "SELECT verdict, n_articles, n_denied FROM associations WHERE disease = 'mesh:D1' AND gene = 'ncbigene:1'"
    ) == [("accepted", 3, 0)]


def test_a_denial_that_a_curator_read_denies_and_a_dispute_changes_nothing() -> None:
    found = summed(
        ("A", "y", "5", "5-0 A y", "denied"), ("B", "x", "4", "4-0 B x", "disputed"), ("A", "x", "2", "2-0 A x", "disputed")
    )
    assert found.rows("SELECT gene_name, disease_name, direction, verdict FROM associations ORDER BY ALL") == [
        ("AAA", "Xitis", "stated", ""),
        ("AAA", "Yoma", "denied", "denied"),
        ("BBB", "Xitis", "stated", "disputed"),
    ]
    assert "2-0 A x" not in stances(found), "below the threshold"


def test_what_is_retracted_stays_so_and_other_sentences_or_pairs_are_not_meant() -> None:
    found = summed(
        ("A", "x", "6", "6-0 A x", "accepted"),
        ("B", "y", "1", "1-0 A x", "rejected"),
        ("A", "x", "1", "an older wording", "rejected"),
    )
    assert stances(found)["6-0 A x"] == ("retracted", "accepted")
    assert found.rows("SELECT DISTINCT verdict, n_rejected FROM associations") == [("", 0)]
    assert found.n_lapsed == 2
