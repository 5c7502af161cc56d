"""The shipped pair classifier on BioRED's development part: does it believe what a curator of whole abstracts recorded?

    python -m benchmarks.relation_transfer [--quick] [--bundle FOLDER]

Each pair of gene and disease identifiers in a sentence is one example, label 1 where the document lists a relation of the two
(``genemine/models/relation_biored.py``). **This part chose the recipe, the epochs and the threshold, so its figures flatter**; it
was never trained on. ``crossfit`` figures call each half at the calibration and threshold of the other half. Beside it: always yes,
which is co-occurrence; logistic regression on TF-IDF trained on BioRED's training part.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from benchmarks.common import emit, shared_dir
from genemine.evaluate.relations import evaluate_relations
from genemine.models.quiet import load_backend
from genemine.models.relation import load_pair_classifier
from genemine.models.relation_biored import read_biored
from genemine.models.relation_crossfit import cross_fit
from genemine.models.relation_training import PUBLIC_RECIPE
from genemine.resources import bundle_folder


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the same: the whole takes seconds")
    parser.add_argument("--bundle", type=Path, default=bundle_folder("relations"), help="another bundle than the shipped one")
    given = parser.parse_args()
    load_backend()
    folder = shared_dir() / "data" / "relations" / "BioRED"
    train, dev = read_biored(folder / "Train.PubTator.gz"), read_biored(folder / "Dev.PubTator")
    classifier = load_pair_classifier(given.bundle)
    examples, labels = [pair.example for pair in dev], [pair.label for pair in dev]
    found = evaluate_relations(classifier, examples, labels, ([pair.example for pair in train], [pair.label for pair in train]))
    model, logreg = found.model, found.logreg
    crossed = cross_fit(classifier.logits(examples), np.asarray(labels), PUBLIC_RECIPE.precision)
    print(f"{model.n} pairs in sentences, {model.n_positive} related; threshold {model.threshold:.3f}")
    print(f"the halves' own thresholds: {crossed.thresholds[0]:.3f}, {crossed.thresholds[1]:.3f}")
    figures = {name: getattr(model, name) for name in ("auprc", "roc_auc", "f1", "mcc", "precision", "recall", "always_yes_f1")}
    figures["always_yes_precision"] = model.n_positive / model.n
    figures["calibration_error"] = found.calibration_error
    figures |= {f"crossfit_{name}": getattr(crossed, name) for name in ("f1", "mcc", "precision", "recall", "calibration_error")}
    if logreg is not None:
        figures |= {f"logreg_{name}": getattr(logreg, name) for name in ("auprc", "roc_auc", "f1", "mcc")}
    emit({f"biored_dev_{name}": round(value, 4) for name, value in figures.items()})


if __name__ == "__main__":
    main()
