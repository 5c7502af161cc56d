"""Each way in which a run can be too unlike the one before turns its line, and no other; what is no fault turns none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from genemine.config import GateSettings
from genemine.pipeline.gate import differences, judge
from genemine.pipeline.validate_report import Verdict
from genemine.tables.compare import RunComparison

SCORES = (400, 100, 50, 50, 50, 50, 50, 50, 100, 500)
SAME = RunComparison(
    articles=(1000, 1000),
    articles_gone=0,
    articles_new=0,
    mentions_before=10_000,
    mentions_kept=(10_000, 10_000),
    mentions_new=0,
    linked_kept=(0.85, 0.85),
    sentence_scores=(SCORES, SCORES),
    associations=(2000, 2000),
    associations_gone=0,
    association_scores=(SCORES, SCORES),
)
ROWS = {"associations": 2000, "evidence": 5000, "candidates": 800, "dropped": 900, "duplicates": 500}


def out_of_bounds(compared: RunComparison, rows: dict[str, int] = ROWS, copies: tuple[int, int] = (10, 10)) -> dict[str, str]:
    lines = judge(compared, (ROWS, rows), copies, GateSettings())
    return {line.check: line.what for line in lines if line.verdict is Verdict.FAIL}


def test_the_same_again_passes_every_line() -> None:
    assert out_of_bounds(SAME) == {}
    assert len(judge(SAME, (ROWS, ROWS), (10, 10), GateSettings())) == 10


@pytest.mark.parametrize(
    ("changed", "check", "told"),
    [
        (replace(SAME, articles=(4000, 3700), articles_gone=300), "articles", "300 (7.5%) of those before are gone (at most 5%)"),
        (replace(SAME, associations_gone=150), "associations", "150 (7.5%) of those before are gone"),
        (replace(SAME, mentions_kept=(10_000, 8000)), "mentions an article", "10.00 before, 8.00 now, in 1,000 articles"),
        (replace(SAME, mentions_kept=(10_000, 12_000)), "mentions an article", "10.00 before, 12.00 now"),
        (replace(SAME, linked_kept=(0.85, 0.60)), "linked mentions", "85.0% before, 60.0% now"),
        (replace(SAME, articles=(1000, 1200), articles_new=200, mentions_new=20), "new articles", "200, 0.10 mentions each; 10.00"),
        (replace(SAME, sentence_scores=(SCORES, SCORES[1:] + SCORES[:1])), "sentence scores", "over 1,400 pairs in articles"),
        (replace(SAME, association_scores=(SCORES, SCORES[1:] + SCORES[:1])), "association scores", "stability index"),
        (replace(SAME, associations=(2000, 2600)), "associations an article", "2.00 before, 2.60 now (at most 25% more)"),
    ],
)
def test_what_is_out_of_bounds_is_told_with_its_figures(changed: RunComparison, check: str, told: str) -> None:
    found = out_of_bounds(changed)
    assert set(found) == {check}
    assert told in found[check]


def test_tables_that_fell_and_copies_that_rose_are_told() -> None:
    assert out_of_bounds(SAME, ROWS | {"candidates": 0}) == {"rows": "fell by more than 25%: candidates from 800 to 0 rows"}
    assert out_of_bounds(SAME, copies=(10, 200)) == {"copies": "1.0% of all articles before, 16.7% now (at most 2% more)"}
    assert out_of_bounds(SAME, ROWS | {"dropped": 0, "duplicates": 0}) == {}


@pytest.mark.parametrize(
    "fine",
    [
        # a night that brings ten times as many articles, of another kind, with more pairs that are known already
        replace(SAME, articles=(1000, 11_000), articles_new=10_000, mentions_new=40_000, associations=(2000, 15_000)),
        # few rows, though a large share
        replace(SAME, associations=(500, 401), associations_gone=99),
        replace(SAME, articles=(1000, 1099), articles_new=99, mentions_new=0),
        # a run before that is too small to compare with
        replace(SAME, articles=(499, 0), articles_gone=499, mentions_kept=(0, 0)),
    ],
)
def test_large_nights_and_small_numbers_are_no_fault(fine: RunComparison) -> None:
    assert out_of_bounds(fine) == {}


def test_what_made_two_runs_is_told_where_it_differs() -> None:
    def manifest(tagger: str, lexicon: str, use: str) -> dict[str, object]:
        return {
            "models": {"tagger": {"sha256": tagger}, "relations": {"sha256": "r"}},
            "lexicon": {"version": lexicon},
            "versions": {"genemine": "0.1.0"},
            "settings": {"relate": {"use": use}, "entrez": {"email": tagger}},
        }

    assert list(differences(manifest("a", "b", "c"), manifest("a", "b", "c"))) == []
    assert list(differences(manifest("a", "b", "balanced"), manifest("x", "y", "high_recall"))) == [
        "model tagger",
        "vocabulary",
        "setting relate.use: 'balanced' then, 'high_recall' now",
    ]
