"""Accuracy of the pair classifiers on the ten folds of GAD and of EU-ADR, trained anew for each fold.

In each fold of GAD: training sentences that also stand in the test file are taken out (1 to 28; the run stops if one is left), a
tenth of the rest is cut off as devel part, which alone decides calibration and threshold. On the others a committee learns, what
`genemine train relations --accurate` makes (genemine/models/relation_committee.py); then the test file is scored once. Beside it,
on the same parts: a network of the size that ships (`quick`), always yes, logistic regression on TF-IDF at 0.5, and at a threshold
chosen on the devel part.

EU-ADR has 320 sentences to learn from in a fold, too few for a network: words by place are weighed on them, beside what a committee
says that learnt from GAD and BioRED Train, without any sentence of EU-ADR, once for all folds (`quick` is that committee alone).

The recipes were fixed beforehand on the training files of fold 1 (docs/experiments-relations.md). With --keep FOLDER each fold's
figures are written there, and a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import emit, shared_dir
from benchmarks.relation_folds import Fold, FoldJob, measure_euadr, measure_gad, train_source
from genemine.evaluate.ranking import RankingReport
from genemine.models.parallel import run_jobs
from genemine.models.relation_committee import CommitteeRecipe
from genemine.models.relation_deep import DeepRecipe
from genemine.models.relation_training import PairRecipe
from genemine.storage.files import write_whole

FOLDS = range(1, 11)
REPORTS = ("model", "fresh", "quick", "logreg", "logreg_tuned")


def measure(relations: Path, folds: Sequence[int], keep: Path | None, workers: int | None) -> dict[str, float]:
    """Measure folds of GAD, a process each, and give the means."""
    known = {n: found for n in folds if (found := _read(keep, f"gad-{n}"))}
    jobs: dict[str, Any] = {str(n): FoldJob(relations / "GAD" / str(n)) for n in folds if n not in known}
    _head("GAD")
    for n, fold in sorted(known.items()):
        _line(n, fold)
    # a few at a time, so that what is done is kept
    names, at_once = list(jobs), workers or 2
    for i in range(0, len(names), at_once):
        for name, fold in run_jobs(measure_gad, {n: jobs[n] for n in names[i : i + at_once]}, lambda *_: None, at_once).items():
            known[int(name)] = fold
            _keep(keep, f"gad-{name}", fold)
            _line(int(name), fold)
    return figures(list(known.values()))


def measure_small(relations: Path, folds: Sequence[int], keep: Path | None) -> dict[str, float]:
    """Measure folds of EU-ADR and give the means."""
    found = [_read(keep, f"euadr-{n}") for n in folds]
    _head("EU-ADR")
    if not all(found):
        source = train_source(relations, CommitteeRecipe(members=1, deep=DeepRecipe(epochs=6), serves="BioRED"))
        found = [measure_euadr(relations / "euadr" / str(n), source) for n in folds]
    for n, fold in zip(folds, found, strict=True):
        assert fold is not None
        _keep(keep, f"euadr-{n}", fold)
        _line(n, fold)
    return figures([fold for fold in found if fold])


def figures(folds: Sequence[Fold]) -> dict[str, float]:
    """Average over folds; ``_sd`` is the sample standard deviation over folds, 0 for one fold."""
    result: dict[str, float] = {}
    for part, names in (
        ("model", ("f1", "auprc", "mcc", "precision", "recall", "roc_auc", "always_yes_f1")),
        ("fresh", ("f1", "auprc", "mcc")),
        ("quick", ("f1", "auprc", "mcc")),
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


def _head(corpus: str) -> None:
    print(f"\n{corpus}: fold P     R     F1    AUPRC MCC   | quick F1, AUPRC, MCC | logreg F1, tuned, AUPRC, MCC | copies, s")


def _line(number: int, fold: Fold) -> None:
    m, quick, base, tuned = fold.model, fold.quick, fold.logreg, fold.logreg_tuned
    print(
        f"{number:>4} {m.precision:.3f} {m.recall:.3f} {m.f1:.3f} {m.auprc:.3f} {m.mcc:.3f} | "
        f"{quick.f1:.3f} {quick.auprc:.3f} {quick.mcc:.3f} | "
        f"{base.f1:.3f} {tuned.f1:.3f} {base.auprc:.3f} {base.mcc:.3f} | {fold.n_copies} {fold.seconds:.0f}",
        flush=True,
    )


def _keep(folder: Path | None, name: str, fold: Fold) -> None:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{name}.json", json.dumps(dataclasses.asdict(fold)).encode("utf-8"))


def _read(folder: Path | None, name: str) -> Fold | None:
    path = folder / f"{name}.json" if folder else None
    if path is None or not path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Fold(**(kept | {part: RankingReport(**kept[part]) for part in REPORTS}))


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one fold of GAD, one member, one epoch: within 50 s; only GAD")
    parser.add_argument("--keep", type=Path, help="folder of the figures of each fold; a stopped run goes on from it")
    parser.add_argument("--workers", type=int, help="folds at once; default: 2")
    given = parser.parse_args()
    relations = shared_dir() / "data" / "relations"
    if given.quick:
        short = CommitteeRecipe(members=1, deep=DeepRecipe(epochs=1, min_steps=0))
        jobs = {"1": FoldJob(relations / "GAD" / "1", short, PairRecipe(epochs=1, min_steps=0))}
        gad, euadr = figures(list(run_jobs(measure_gad, jobs, lambda *_: None, 1).values())), {}
    else:
        gad = measure(relations, FOLDS, given.keep, given.workers)
        euadr = measure_small(relations, FOLDS, given.keep)
    shared_keys = ("always_yes_f1", "logreg_f1", "logreg_auprc", "logreg_mcc", "logreg_tuned_f1", "logreg_tuned_mcc")
    emit(
        {(key if key in shared_keys else f"gad_{key}"): value for key, value in gad.items()}
        | {f"euadr_{key}": value for key, value in euadr.items()}
    )


if __name__ == "__main__":
    main()
