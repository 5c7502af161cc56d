"""Accuracy of the pair classifier on the ten folds of GAD (and of EU-ADR), trained anew for each fold.

In each fold: training sentences that also stand in the test file are taken out (1 to 28 in GAD; the run stops if one is left), a
tenth of the rest is cut off as devel part, which alone decides when to stop, the calibration and the threshold; then the test file
is scored once. The recipe is that of ``make models`` and was fixed beforehand on the training file of fold 1
(docs/experiments-relations.md). Word vectors are the shipped tagger's, learnt from texts without the sentences of GAD and EU-ADR.

Beside it, on the same parts: always yes; logistic regression on TF-IDF at 0.5, and at a threshold chosen on the devel part.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.common import emit, shared_dir
from genemine.config import TrainSettings
from genemine.evaluate.baselines import TfidfClassifier
from genemine.evaluate.calibration import expected_calibration_error
from genemine.evaluate.ranking import RankingReport, best_threshold, report
from genemine.models.quiet import load_backend
from genemine.models.relation_bundle import word_vectors
from genemine.models.relation_data import cut_devel
from genemine.models.relation_encode import example_of
from genemine.models.relation_training import STANDARD, PairRecipe, train_pair_classifier
from genemine.models.vectors import WordVectors
from genemine.records import PairExample
from genemine.sources.pair_corpus import LabelledSentence, check_no_leak, normal_text, read_pair_corpus, without_copies

FOLDS = range(1, 11)
QUICK = dataclasses.replace(STANDARD, nets=1, epochs=5, min_steps=0)


@dataclasses.dataclass(frozen=True)
class Fold:
    """Figures of one fold; ``fresh`` is measured without the test sentences whose copies were taken out of training."""

    model: RankingReport
    fresh: RankingReport
    calibration_error: float
    n_copies: int
    logreg: RankingReport
    logreg_tuned: RankingReport


def measure_fold(folder: Path, vectors: WordVectors, settings: TrainSettings, recipe: PairRecipe) -> Fold:
    """Train and measure on one fold's train.tsv and test.tsv."""
    test, whole = read_pair_corpus(folder / "test.tsv"), read_pair_corpus(folder / "train.tsv")
    usable = without_copies(whole, test)
    train, devel = cut_devel(usable, settings.seed)
    check_no_leak(usable, test)
    classifier = train_pair_classifier(train, devel, settings, recipe, vectors=vectors).classifier
    labels, scores = _labels(test), np.asarray(classifier.score(_examples(test)))
    copied = {normal_text(sentence.text) for sentence in whole}
    is_fresh = np.asarray([normal_text(sentence.text) not in copied for sentence in test])
    plain = TfidfClassifier(_examples(usable), _labels(usable).tolist())
    smaller = TfidfClassifier(_examples(train), _labels(train).tolist())
    tuned = best_threshold(_labels(devel), np.asarray(smaller.score(_examples(devel))))
    return Fold(
        model=report(labels, scores, classifier.threshold),
        fresh=report(labels[is_fresh], scores[is_fresh], classifier.threshold),
        calibration_error=expected_calibration_error(scores, labels),
        n_copies=len(whole) - len(usable),
        logreg=report(labels, np.asarray(plain.score(_examples(test))), plain.threshold),
        logreg_tuned=report(labels, np.asarray(smaller.score(_examples(test))), tuned),
    )


def measure(
    corpus: Path, folds: Sequence[int], vectors: WordVectors, settings: TrainSettings, recipe: PairRecipe
) -> dict[str, float]:
    """Measure all folds of a corpus, print a line for each, give means (and standard deviations over folds)."""
    print(f"\n{corpus.name}: fold  P     R     F1    AUPRC MCC   | logreg F1, tuned F1, AUPRC, MCC | copies, seconds")
    done: list[Fold] = []
    for number in folds:
        began = time.monotonic()
        fold = measure_fold(corpus / str(number), vectors, settings, recipe)
        m, base, tuned = fold.model, fold.logreg, fold.logreg_tuned
        print(
            f"{corpus.name:>6} {number:>4}  {m.precision:.3f} {m.recall:.3f} {m.f1:.3f} {m.auprc:.3f} {m.mcc:.3f} | "
            f"{base.f1:.3f} {tuned.f1:.3f} {base.auprc:.3f} {base.mcc:.3f} | {fold.n_copies} {time.monotonic() - began:.0f}",
            flush=True,
        )
        done.append(fold)
    return figures(done)


def figures(folds: Sequence[Fold]) -> dict[str, float]:
    """Average over folds; ``_sd`` is the sample standard deviation over folds, 0 for one fold."""
    result: dict[str, float] = {}
    for part, names in (
        ("model", ("f1", "auprc", "mcc", "precision", "recall", "roc_auc", "always_yes_f1")),
        ("fresh", ("f1", "auprc")),
        ("logreg", ("f1", "auprc", "mcc")),
        ("logreg_tuned", ("f1", "mcc")),
    ):
        for name in names:
            values = [getattr(getattr(fold, part), name) for fold in folds]
            key = name if part == "model" else f"{part}_{name}"
            result[key] = round(float(np.mean(values)), 4)
            if part == "model" and name in ("f1", "auprc", "mcc"):
                result[f"{key}_sd"] = round(float(np.std(values, ddof=1)), 4) if len(values) > 1 else 0.0
    result["calibration_error"] = round(float(np.mean([fold.calibration_error for fold in folds])), 4)
    result["copies_removed"] = sum(fold.n_copies for fold in folds)
    return result


def _examples(sentences: Sequence[LabelledSentence]) -> list[PairExample]:
    return [example_of(sentence.text) for sentence in sentences]


def _labels(sentences: Sequence[LabelledSentence]) -> np.ndarray:
    return np.asarray([sentence.label for sentence in sentences])


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one fold of GAD, one net, few epochs: within 50 s")
    parser.add_argument("--vectors", type=Path, help="word vectors to use instead of the shipped tagger's")
    given = parser.parse_args()
    load_backend()
    relations = shared_dir() / "data" / "relations"
    vectors = word_vectors(given.vectors)
    settings = TrainSettings()
    if given.quick:
        gad = measure(relations / "GAD", [1], vectors, settings, QUICK)
        euadr: dict[str, float] = {}
    else:
        gad = measure(relations / "GAD", FOLDS, vectors, settings, STANDARD)
        euadr = measure(relations / "euadr", FOLDS, vectors, settings, STANDARD)
    shared_keys = ("always_yes_f1", "logreg_f1", "logreg_auprc", "logreg_mcc", "logreg_tuned_f1", "logreg_tuned_mcc")
    emit(
        {(key if key in shared_keys else f"gad_{key}"): value for key, value in gad.items()}
        | {f"euadr_{key}": value for key, value in euadr.items()}
    )


if __name__ == "__main__":
    main()
