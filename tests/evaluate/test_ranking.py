"""Ranking figures by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from genemine.errors import RecordError
from genemine.evaluate import ranking
from genemine.evaluate.ranking import Counts, RankingReport


def test_counts_by_hand() -> None:
    counts = ranking.count(np.array([1, 1, 1, 0, 0, 0, 0, 0]), np.array([1, 1, 0, 1, 0, 0, 0, 0]))
    assert counts == Counts(true_positives=2, false_positives=1, false_negatives=1, true_negatives=4)
    assert (counts.precision, counts.recall, counts.f1) == (2 / 3, 2 / 3, 2 / 3)
    assert counts.mcc == pytest.approx((2 * 4 - 1 * 1) / 15)


def test_precision_of_the_first_is_the_mean_over_the_orders_of_equals() -> None:
    labels, scores = np.array([1, 0, 1, 0, 0, 1]), np.array([0.9, 0.8, 0.5, 0.5, 0.5, 0.1])
    assert [ranking.precision_at(labels, scores, n) for n in (1, 2, 3, 5, 6)] == pytest.approx([1, 1 / 2, 4 / 9, 2 / 5, 1 / 2])
    assert ranking.precision_at(labels, scores, 100) == 0.5


def test_report_by_hand() -> None:
    report = ranking.report(np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.4, 0.1]), 0.5)
    assert report == RankingReport(
        n=4,
        n_positive=2,
        threshold=0.5,
        precision=0.5,
        recall=0.5,
        f1=0.5,
        mcc=0.0,
        auprc=(1 + 2 / 3) / 2,
        roc_auc=0.75,
        always_yes_f1=2 / 3,
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("steps", [5, 1000])  # few distinct scores: many ties
def test_same_as_scikit_learn(seed: int, steps: int) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, 200)
    scores = np.round(np.clip(rng.normal(0.4 + 0.2 * labels, 0.2), 0, 1) * steps) / steps
    report = ranking.report(labels, scores, 0.45)
    called = scores >= 0.45
    assert report.auprc == pytest.approx(metrics.average_precision_score(labels, scores))
    assert report.roc_auc == pytest.approx(metrics.roc_auc_score(labels, scores))
    assert report.mcc == pytest.approx(metrics.matthews_corrcoef(labels, called))
    assert (report.precision, report.recall, report.f1) == pytest.approx(
        metrics.precision_recall_fscore_support(labels, called, average="binary")[:3]
    )
    assert report.always_yes_f1 == pytest.approx(metrics.f1_score(labels, np.ones(200)))


@pytest.mark.parametrize("seed", range(5))
def test_best_threshold_beats_every_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels, scores = rng.integers(0, 2, 60), np.round(rng.random(60), 1)
    best = ranking.count(labels, scores >= ranking.best_threshold(labels, scores)).f1
    assert best == max(ranking.count(labels, scores >= cut).f1 for cut in np.linspace(-0.05, 1.05, 23))


def test_threshold_promises_a_precision() -> None:
    scores = np.array([0.5, 0.9, 0.7, 0.9, 0.1])
    assert ranking.precise_threshold(scores, 0.75) == pytest.approx(0.3)  # (0.9 + 0.9 + 0.7 + 0.5) / 4
    assert ranking.precise_threshold(scores, 0.8) == pytest.approx(0.6)
    assert ranking.precise_threshold(scores, 0.95) == 0.9  # out of reach
    assert ranking.precise_threshold(scores, 0.2) == 0.1  # all


def test_promised_precision_is_kept_where_scores_are_calibrated() -> None:
    rng = np.random.default_rng(0)
    scores = rng.random(20_000)
    labels = rng.random(20_000) < scores
    cut = ranking.precise_threshold(scores, 0.8)
    assert cut == pytest.approx(0.6, abs=0.01)
    assert ranking.count(labels, scores >= cut).precision == pytest.approx(0.8, abs=0.01)


def test_one_class_only() -> None:
    assert ranking.report(np.array([0, 0]), np.array([0.2, 0.3]), 0.5) == RankingReport(2, 0, 0.5, 0, 0, 0, 0, 0, 0.5, 0)
    assert ranking.average_precision(np.array([1, 1]), np.array([0.2, 0.3])) == 1.0


@pytest.mark.parametrize(
    ("labels", "scores", "message"),
    [
        ([1, 0], [0.5], "one length"),
        ([], [], "not empty"),
        ([2, 0], [0.5, 0.1], "must be 0 or 1"),
        ([1, 0], [float("nan"), 0.1], "not a number"),
    ],
)
def test_bad_input_is_refused(labels: list[int], scores: list[float], message: str) -> None:
    with pytest.raises(RecordError, match=message):
        ranking.report(np.array(labels), np.array(scores), 0.5)


def test_threshold_promises_a_recall() -> None:
    scores = np.array([0.5, 0.9, 0.7, 0.9, 0.0])
    assert ranking.sensitive_threshold(scores, 0.6) == pytest.approx(0.8)  # 1.8 of 3.0
    assert ranking.sensitive_threshold(scores, 0.61) == pytest.approx(0.6)
    assert ranking.sensitive_threshold(scores, 1.0) == pytest.approx(0.25)
    assert ranking.sensitive_threshold(np.array([0.4]), 0.5) == 0.4


def test_matched_threshold_calls_as_many_as_there_are() -> None:
    labels, scores = np.array([1, 0, 1, 0, 0]), np.array([0.9, 0.8, 0.3, 0.2, 0.1])
    cut = ranking.matched_threshold(labels, scores)
    assert cut == pytest.approx(0.55)
    assert (scores >= cut).sum() == labels.sum()
    assert ranking.matched_threshold(np.ones(3), np.array([0.1, 0.2, 0.3])) == pytest.approx(0.1)
