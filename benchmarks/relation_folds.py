"""One fold of GAD or EU-ADR: trained anew on its train.tsv, measured once on its test.tsv (benchmarks/relation_accuracy.py)."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from genemine.config import TrainSettings
from genemine.evaluate.baselines import TfidfClassifier
from genemine.evaluate.calibration import expected_calibration_error
from genemine.evaluate.ranking import RankingReport, best_threshold, report
from genemine.models.quiet import load_backend
from genemine.models.relation_biored import read_biored
from genemine.models.relation_bundle import word_vectors
from genemine.models.relation_calibration import calibrated
from genemine.models.relation_committee import CommitteeClassifier, CommitteeRecipe, train_committee
from genemine.models.relation_data import cut_devel
from genemine.models.relation_encode import example_of
from genemine.models.relation_training import PairRecipe, train_pair_classifier
from genemine.models.relation_words import fit_words
from genemine.records import PairExample
from genemine.sources.pair_corpus import LabelledSentence, bare_text, check_no_leak, normal_text, read_pair_corpus, without_copies

BIORED, GAD = "BioRED", "GAD"
PARTS = 5  # of EU-ADR's training files: each part's logits come from the others


@dataclasses.dataclass(frozen=True)
class Fold:
    """Figures of one fold; ``fresh`` is measured without the test sentences whose copies were taken out of training."""

    model: RankingReport
    fresh: RankingReport
    calibration_error: float
    quick: RankingReport
    n_copies: int
    logreg: RankingReport
    logreg_tuned: RankingReport
    seconds: float


@dataclasses.dataclass(frozen=True)
class FoldJob:
    """One fold of GAD: its folder, the committee, and the recipe of the network of the shipped size."""

    folder: Path
    committee: CommitteeRecipe = dataclasses.field(default_factory=CommitteeRecipe)
    quick: PairRecipe = dataclasses.field(default_factory=PairRecipe)


def measure_gad(job: FoldJob, told: Callable[[int, int], None]) -> Fold:
    """Train and measure the committee and the network of the shipped size on one fold of GAD."""
    load_backend()
    began, settings = time.monotonic(), TrainSettings()
    test, whole = read_pair_corpus(job.folder / "test.tsv"), read_pair_corpus(job.folder / "train.tsv")
    usable = without_copies(whole, test)
    train, devel = cut_devel(usable, settings.seed)
    check_no_leak([*train, *devel], test, bare_text)
    classifier = train_committee(
        train, devel, settings.seed, job.committee, workers=0, progress=lambda _, done, total: told(done, total)
    )
    quick = train_pair_classifier(train, devel, settings, job.quick, vectors=word_vectors(None)).classifier
    scores = np.asarray(classifier.score(_examples(test)))
    return _fold(
        (test, whole, usable),
        scores,
        classifier.threshold,
        report(_labels(test), np.asarray(quick.score(_examples(test))), quick.threshold),
        (train, devel),
        began,
    )


def measure_euadr(folder: Path, source: CommitteeClassifier) -> Fold:
    """Measure on one fold of EU-ADR, whose 320 training sentences are too few for a network.

    Words by place are weighed anew, beside them what ``source`` says, which has learnt from other corpora alone. Logits of parts of
    the training file by the other parts give calibration and threshold (as many are called as have label 1).
    """
    began = time.monotonic()
    test, whole = read_pair_corpus(folder / "test.tsv"), read_pair_corpus(folder / "train.tsv")
    usable = without_copies(whole, test)
    check_no_leak(usable, test, bare_text)
    texts = sorted({normal_text(s.text) for s in usable})
    order = np.random.default_rng(TrainSettings().seed).permutation(len(texts))
    part_of = {texts[i]: k % PARTS for k, i in enumerate(order)}
    parts = np.asarray([part_of[normal_text(s.text)] for s in usable])
    left_out = np.zeros(len(usable))
    for part in range(PARTS):
        others, own = ([s for s, p in zip(usable, parts, strict=True) if (p == part) == is_own] for is_own in (False, True))
        left_out[parts == part] = _weighed(others, own, source)
    calibration = calibrated(left_out, _labels(usable))
    scores = calibration.probability(_weighed(usable, test, source))
    train, devel = cut_devel(usable, TrainSettings().seed, share=0.2)
    alone = source.calibration.probability(source.logits(_examples(test)))
    return _fold(
        (test, whole, usable),
        scores,
        calibration.threshold,
        report(_labels(test), alone, source.threshold),
        (train, devel),
        began,
    )


def train_source(relations: Path, recipe: CommitteeRecipe) -> CommitteeClassifier:
    """Train what EU-ADR's folds lean on: a committee of GAD and BioRED Train, no sentence of EU-ADR among them; BioRED's output."""
    held = [s for n in range(1, 11) for s in read_pair_corpus(relations / "euadr" / str(n) / "test.tsv")]
    folds = [s for n in range(1, 11) for s in read_pair_corpus(relations / "GAD" / str(n) / "test.tsv")]
    gad = [LabelledSentence(text, label, GAD) for text, label in dict.fromkeys((s.text, s.label) for s in folds)]
    pairs = read_biored(relations / "BioRED" / "Train.PubTator.gz")
    biored = [LabelledSentence(" ".join(pair.example.tokens), pair.label, BIORED) for pair in pairs]
    usable = without_copies([*gad, *biored], held, bare_text)
    check_no_leak(usable, held, bare_text)
    of_biored = [s for s in usable if s.corpus == BIORED]
    _, devel = cut_devel(of_biored, TrainSettings().seed)
    train = without_copies(usable, devel, bare_text)
    return train_committee(train, devel, TrainSettings().seed, recipe, workers=0)


def _weighed(train: Sequence[LabelledSentence], asked: Sequence[LabelledSentence], source: CommitteeClassifier) -> np.ndarray:
    learnt, other = _examples(train), _examples(asked)
    model = fit_words(learnt, _labels(train).tolist(), source.logits(learnt)[:, None])
    return model.logits(other, source.logits(other)[:, None])


def _fold(
    parts: tuple[Sequence[LabelledSentence], Sequence[LabelledSentence], Sequence[LabelledSentence]],
    scores: np.ndarray,
    threshold: float,
    quick: RankingReport,
    learnt: tuple[Sequence[LabelledSentence], Sequence[LabelledSentence]],
    began: float,
) -> Fold:
    """Measure scores of a test part, beside baselines trained on the same sentences; ``parts``: test, whole and usable training."""
    (test, whole, usable), (train, devel) = parts, learnt
    labels = _labels(test)
    copied = {normal_text(sentence.text) for sentence in whole}
    is_fresh = np.asarray([normal_text(sentence.text) not in copied for sentence in test])
    plain = TfidfClassifier(_examples(usable), _labels(usable).tolist())
    smaller = TfidfClassifier(_examples(train), _labels(train).tolist())
    tuned = best_threshold(_labels(devel), np.asarray(smaller.score(_examples(devel))))
    return Fold(
        model=report(labels, scores, threshold),
        fresh=report(labels[is_fresh], scores[is_fresh], threshold),
        calibration_error=expected_calibration_error(scores, labels),
        quick=quick,
        n_copies=len(whole) - len(usable),
        logreg=report(labels, np.asarray(plain.score(_examples(test))), plain.threshold),
        logreg_tuned=report(labels, np.asarray(smaller.score(_examples(test))), tuned),
        seconds=time.monotonic() - began,
    )


def _examples(sentences: Sequence[LabelledSentence]) -> list[PairExample]:
    return [example_of(sentence.text) for sentence in sentences]


def _labels(sentences: Sequence[LabelledSentence]) -> np.ndarray:
    return np.asarray([sentence.label for sentence in sentences])
