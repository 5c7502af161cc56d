"""Accuracy of the pair classifier on the ten folds of GAD and of EU-ADR, trained anew for each fold.

In each fold: training sentences that also stand in the test file are taken out (1 to 28 in GAD; the run stops if one is left), a
tenth of the rest is cut off as devel part, which alone decides when to stop, the calibration and the threshold. On the others two
teachers are trained (the shipped tagger's encoder under a second BiLSTM), they label sentences of unlabelled abstracts that name a
gene and a disease (none that touches GAD, EU-ADR or another held-out sentence), the small network that ships learns from these and
then from the fold's sentences; then the test file is scored once. EU-ADR has 320 sentences to learn from, so its teachers and its
network learn beside it, with an output of its own, from BioRED Train without sentences of the test file. The recipe was fixed
beforehand on the training file of GAD's fold 1 (docs/experiments-relations.md).

Beside it, on the same parts: the teachers themselves, which are too slow to ship; always yes; logistic regression on TF-IDF at 0.5,
and at a threshold chosen on the devel part.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import emit, shared_dir
from genemine.config import TrainSettings
from genemine.evaluate.baselines import TfidfClassifier
from genemine.evaluate.calibration import expected_calibration_error
from genemine.evaluate.ranking import RankingReport, best_threshold, matched_threshold, report
from genemine.models.parallel import run_jobs
from genemine.models.quiet import load_backend
from genemine.models.relation_biored import read_biored
from genemine.models.relation_bundle import word_vectors
from genemine.models.relation_data import cut_devel
from genemine.models.relation_encode import example_of
from genemine.models.relation_lessons import TeacherJob, chances_of, teach
from genemine.models.relation_mined import mined_pairs
from genemine.models.relation_teacher import TeacherRecipe
from genemine.models.relation_training import Lessons, PairRecipe, train_pair_classifier
from genemine.models.tagger import load_tagger
from genemine.records import PairExample
from genemine.sources.pair_corpus import LabelledSentence, bare_text, check_no_leak, normal_text, read_pair_corpus, without_copies

FOLDS = range(1, 11)
N_TEACHERS = 2
N_MINED = {"GAD": 60_000, "euadr": 20_000}  # sentences that the teachers of a fold label; the shipped bundle learns from all
EUADR = "EU-ADR"


@dataclasses.dataclass(frozen=True)
class Fold:
    """Figures of one fold; ``fresh`` is measured without the test sentences whose copies were taken out of training."""

    model: RankingReport
    fresh: RankingReport
    calibration_error: float
    teachers: RankingReport
    n_copies: int
    logreg: RankingReport
    logreg_tuned: RankingReport
    seconds: float


@dataclasses.dataclass(frozen=True)
class FoldJob:
    """One fold: its folder, the file of mined sentences, how many of them, and how many epochs (None: those of the recipe)."""

    folder: Path
    mined: Path
    n_mined: int
    teacher: TeacherRecipe
    n_teachers: int = N_TEACHERS


def measure_fold(job: FoldJob, told: Callable[[int, int], None]) -> Fold:
    """Train and measure on one fold's train.tsv and test.tsv."""
    load_backend()
    began, settings = time.monotonic(), TrainSettings()
    is_euadr = job.folder.parent.name == "euadr"
    test, whole = read_pair_corpus(job.folder / "test.tsv"), read_pair_corpus(job.folder / "train.tsv")
    usable = without_copies(whole, test)
    train, devel = cut_devel(usable, settings.seed, share=0.2 if is_euadr else 0.1)
    recipe = PairRecipe(serves=EUADR) if is_euadr else PairRecipe()
    learnt = (
        [*(dataclasses.replace(s, corpus=EUADR) for s in train), *_others(job.folder.parents[1], test, devel)]
        if is_euadr
        else train
    )
    held = [dataclasses.replace(s, corpus=EUADR) for s in devel] if is_euadr else devel
    check_no_leak(learnt, test, bare_text)
    mined = [PairExample(tuple(tokens)) for tokens in json.loads(job.mined.read_text())]
    chosen = np.sort(np.random.default_rng(settings.seed).permutation(len(mined))[: job.n_mined])
    examples = [mined[i] for i in chosen]
    asked = _examples([*test, *devel])
    found = [
        teach(TeacherJob(learnt, examples, asked, recipe, job.teacher, settings.seed + n), told) for n in range(job.n_teachers)
    ]
    lessons = Lessons(examples, chances_of([labels for labels, _ in found]))
    classifier = train_pair_classifier(learnt, held, settings, recipe, vectors=word_vectors(None), lessons=lessons).classifier
    labels, scores = _labels(test), np.asarray(classifier.score(_examples(test)))
    copied = {normal_text(sentence.text) for sentence in whole}
    is_fresh = np.asarray([normal_text(sentence.text) not in copied for sentence in test])
    plain = TfidfClassifier(_examples(usable), _labels(usable).tolist())
    smaller = TfidfClassifier(_examples(train), _labels(train).tolist())
    tuned = best_threshold(_labels(devel), np.asarray(smaller.score(_examples(devel))))
    taught = np.mean([answers[:, classifier.serves] for _, answers in found], axis=0)
    return Fold(
        model=report(labels, scores, classifier.threshold),
        fresh=report(labels[is_fresh], scores[is_fresh], classifier.threshold),
        calibration_error=expected_calibration_error(scores, labels),
        teachers=report(labels, taught[: len(test)], matched_threshold(_labels(devel), taught[len(test) :])),
        n_copies=len(whole) - len(usable),
        logreg=report(labels, np.asarray(plain.score(_examples(test))), plain.threshold),
        logreg_tuned=report(labels, np.asarray(smaller.score(_examples(test))), tuned),
        seconds=time.monotonic() - began,
    )


def _others(relations: Path, *held: Sequence[LabelledSentence]) -> list[LabelledSentence]:
    """Give the sentences of BioRED Train, without copies of those held out."""
    pairs = read_biored(relations / "BioRED" / "Train.PubTator.gz")
    biored = [LabelledSentence(" ".join(pair.example.tokens), pair.label, "BioRED") for pair in pairs]
    return without_copies(biored, [s for part in held for s in part], bare_text)


def measure(corpus: Path, folds: Sequence[int], mined: Path, teacher: TeacherRecipe, n_teachers: int, n: int) -> dict[str, float]:
    """Measure all folds of a corpus, a process each, print a line for each, give means (and standard deviations over folds)."""
    jobs: dict[str, Any] = {str(number): FoldJob(corpus / str(number), mined, n, teacher, n_teachers) for number in folds}
    print(
        f"\n{corpus.name}: fold  P     R     F1    AUPRC MCC   | teachers F1, AUPRC, MCC | logreg F1, tuned, AUPRC, MCC | copies, s"
    )
    done: list[Fold] = []
    for number, fold in run_jobs(measure_fold, jobs, lambda *_: None).items():
        m, best, base, tuned = fold.model, fold.teachers, fold.logreg, fold.logreg_tuned
        print(
            f"{corpus.name:>6} {number:>4}  {m.precision:.3f} {m.recall:.3f} {m.f1:.3f} {m.auprc:.3f} {m.mcc:.3f} | "
            f"{best.f1:.3f} {best.auprc:.3f} {best.mcc:.3f} | "
            f"{base.f1:.3f} {tuned.f1:.3f} {base.auprc:.3f} {base.mcc:.3f} | {fold.n_copies} {fold.seconds:.0f}",
            flush=True,
        )
        done.append(fold)
    return figures(done)


def figures(folds: Sequence[Fold]) -> dict[str, float]:
    """Average over folds; ``_sd`` is the sample standard deviation over folds, 0 for one fold."""
    result: dict[str, float] = {}
    for part, names in (
        ("model", ("f1", "auprc", "mcc", "precision", "recall", "roc_auc", "always_yes_f1")),
        ("fresh", ("f1", "auprc", "mcc")),
        ("teachers", ("f1", "auprc", "mcc")),
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
    parser.add_argument(
        "--quick", action="store_true", help="one fold of GAD, one teacher, one epoch, 2,000 sentences: within 50 s"
    )
    parser.add_argument(
        "--mined", type=Path, help="file of mined sentences, written if it is not there; default: in a temporary folder"
    )
    given = parser.parse_args()
    data = shared_dir() / "data"
    relations = data / "relations"
    with tempfile.TemporaryDirectory() as name:
        mined = given.mined or Path(name) / "mined.json"
        if given.quick:
            quick_mined(mined, relations)
            gad = measure(relations / "GAD", [1], mined, TeacherRecipe(epochs=1, min_steps=0), 1, 2_000)
            euadr: dict[str, float] = {}
        else:
            mined_pairs(data, load_tagger(), mined)
            gad = measure(relations / "GAD", FOLDS, mined, TeacherRecipe(), N_TEACHERS, N_MINED["GAD"])
            euadr = measure(relations / "euadr", FOLDS, mined, TeacherRecipe(), N_TEACHERS, N_MINED["euadr"])
    shared_keys = ("always_yes_f1", "logreg_f1", "logreg_auprc", "logreg_mcc", "logreg_tuned_f1", "logreg_tuned_mcc")
    emit(
        {(key if key in shared_keys else f"gad_{key}"): value for key, value in gad.items()}
        | {f"euadr_{key}": value for key, value in euadr.items()}
    )


def quick_mined(path: Path, relations: Path) -> None:
    """Stand in for mined sentences with those of BioRED Train: reading all abstracts takes minutes."""
    pairs = read_biored(relations / "BioRED" / "Train.PubTator.gz")
    path.write_text(json.dumps([pair.example.tokens for pair in pairs]), encoding="utf-8")


if __name__ == "__main__":
    main()
