"""Curators' verdicts as training sentences of the pair classifier, and what they bring: before and after, on verdicts held out.

A verdict is kept from training when its sentence stands in a test or devel part of the corpora, or shares a run of eight words with
one (:mod:`genemine.models.leaks`), so that their figures stay what they were. What verdicts bring is measured in folds of whole
articles: each fold is scored by a classifier that learnt from the others, beside one that learnt from none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from genemine.evaluate.calibration import log_loss
from genemine.evaluate.ranking import average_precision
from genemine.evaluate.relations import Scorer
from genemine.models.leaks import HeldOut
from genemine.models.relation_encode import example_of
from genemine.sources.pair_corpus import LabelledSentence

FOLDS = 3
FEWEST = 30  # verdicts, with at least FEWEST_EACH of each label, below which a figure would tell nothing
FEWEST_EACH = 5
RESAMPLED = 1000  # times, for intervals


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """A sentence that curators judged: ``plain`` as the article has it, ``marked`` with both marks, and its label, 1 or 0."""

    pmid: str
    plain: str
    marked: str
    label: int

    def labelled(self, corpus: str) -> LabelledSentence:
        """Give it as a training sentence of a corpus."""
        return LabelledSentence(self.marked, self.label, corpus)


@dataclass(frozen=True, slots=True)
class Gain:
    """AUPRC and log-loss over ``n`` verdicts, without and with the other verdicts in training; ``interval`` is of the difference
    in AUPRC, 95 %, by drawing articles anew.
    """

    n: int
    n_positive: int
    folds: int
    auprc: tuple[float, float]
    loss: tuple[float, float]
    interval: tuple[float, float]

    def line(self) -> str:
        """Tell it in a line, honest about chance."""
        low, high = self.interval
        sure = "more than chance" if low > 0 else "less than none" if high < 0 else "may be chance"
        return (
            f"held-out verdicts ({self.n}, {self.n_positive} of them accepted; {self.folds} folds by article): "
            f"AUPRC {self.auprc[0]:.3f} before, {self.auprc[1]:.3f} after, difference 95 % {low:+.3f} to {high:+.3f}, {sure}; "
            f"log-loss {self.loss[0]:.3f} before, {self.loss[1]:.3f} after"
        )


def not_held_out(judged: Iterable[JudgedSentence], held_out: Iterable[LabelledSentence]) -> list[JudgedSentence]:
    """Leave out what stands in a test or devel part, whole or in part."""
    guard = HeldOut()
    for sentence in held_out:
        guard.add(sentence.text)
    return [one for one in judged if not guard.touched([one.plain])[0]]


def too_few(judged: Sequence[JudgedSentence]) -> str:
    """Say why so few verdicts give no figure; "" where there are enough."""
    n_positive = sum(one.label for one in judged)
    if (
        len(judged) >= FEWEST
        and min(n_positive, len(judged) - n_positive) >= FEWEST_EACH
        and len({o.pmid for o in judged}) >= FOLDS
    ):
        return ""
    return (
        f"held-out verdicts: {len(judged)}, {n_positive} of them accepted, are too few to tell before from after; "
        f"{FEWEST} with {FEWEST_EACH} of each label are needed"
    )


def gain(
    judged: Sequence[JudgedSentence], fit: Callable[[Sequence[JudgedSentence]], Scorer], seed: int, folds: int = FOLDS
) -> Gain:
    """Measure what verdicts bring.

    Args:
        judged: the verdicts; :func:`too_few` must find them enough.
        fit: trains a classifier on the corpora and on the verdicts given.
        seed: of folds and intervals.
        folds: at least 2.
    """
    draw = np.random.default_rng(seed)
    pmids = sorted({one.pmid for one in judged})
    folds = min(folds, len(pmids))
    fold_of = dict(zip(pmids, draw.permutation(len(pmids)) % folds, strict=True))
    fold = np.array([fold_of[one.pmid] for one in judged])
    examples, labels = [example_of(one.marked) for one in judged], np.array([one.label for one in judged])
    before, after = np.asarray(fit(()).score(examples)), np.zeros(len(judged))
    for k in range(folds):
        inside = np.flatnonzero(fold == k)
        learnt = fit([one for one, own in zip(judged, fold, strict=True) if own != k])
        after[inside] = learnt.score([examples[i] for i in inside])
    return Gain(
        n=len(judged),
        n_positive=int(labels.sum()),
        folds=folds,
        auprc=(average_precision(labels, before), average_precision(labels, after)),
        loss=(log_loss(before, labels), log_loss(after, labels)),
        interval=_interval([one.pmid for one in judged], labels, before, after, draw),
    )


def _interval(
    pmids: Sequence[str], labels: np.ndarray, before: np.ndarray, after: np.ndarray, draw: np.random.Generator
) -> tuple[float, float]:
    """Where 95 % of the differences lie when whole articles are drawn with replacement."""
    rows: dict[str, list[int]] = {}
    for row, pmid in enumerate(pmids):
        rows.setdefault(pmid, []).append(row)
    articles = list(rows.values())
    found = []
    for _ in range(RESAMPLED):
        chosen = np.concatenate([articles[i] for i in draw.integers(len(articles), size=len(articles))])
        if labels[chosen].any():
            found.append(average_precision(labels[chosen], after[chosen]) - average_precision(labels[chosen], before[chosen]))
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)
