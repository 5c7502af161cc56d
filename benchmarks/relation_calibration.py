"""Do the probabilities of associations keep what they promise? On folds and parts that nothing was fitted on.

    python -m benchmarks.relation_calibration [--quick]

``ece``: pairs of whole articles, the chances that the article model gives to BioRED's development part, of which it has seen
nothing (the sentence scores below it were calibrated there). ``folds_ece``: the same model made anew for five folds of BioRED
Train, each fold's articles scored by sentence classifiers and trees that had not seen them. ``sentences_ece``: scores of sentences,
each half of the development part by the calibration of the other half (``relation_transfer``). ECE: the mean distance between
promised and true share over ten bins of equal width, weighted by their pairs.
"""

from __future__ import annotations

import argparse

import numpy as np

from benchmarks.common import emit, shared_dir
from genemine.config import RelateSettings, TrainSettings
from genemine.evaluate.calibration import expected_calibration_error
from genemine.models.quiet import load_backend
from genemine.models.relation import AnyClassifier
from genemine.models.relation_articles import chances_left_out, scored_pairs, scores_left_out, table
from genemine.models.relation_biored import BioredDocument, read_biored, read_biored_documents
from genemine.models.relation_bundle import word_vectors
from genemine.models.relation_crossfit import cross_fit
from genemine.models.relation_training import PUBLIC_RECIPE, STANDARD
from genemine.pipeline.models import pair_classifier

BINS = 10


def of_articles(documents: list[BioredDocument], classifier: AnyClassifier) -> tuple[np.ndarray, np.ndarray]:
    """Give labels and chances of all pairs of documents."""
    rows, labels, _ = table(documents, [scored_pairs(document, classifier) for document in documents])
    assert classifier.articles is not None
    return labels.astype(np.int64), classifier.articles.chances(rows)


def tell(name: str, labels: np.ndarray, chances: np.ndarray) -> None:
    """Print the reliability table: pairs, mean chance and true share of each bin."""
    within = np.minimum((chances * BINS).astype(int), BINS - 1)
    print(f"{name}\n{'chance':>10}{'pairs':>8}{'promised':>10}{'true':>8}")
    for number in range(BINS):
        own = within == number
        if own.any():
            bounds = f"{number / BINS:.1f}-{(number + 1) / BINS:.1f}"
            print(f"{bounds:>10}{own.sum():>8}{chances[own].mean():>10.3f}{labels[own].mean():>8.3f}")


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="without the five folds, whose classifiers have to be trained")
    given = parser.parse_args()
    folder = shared_dir() / "data" / "relations" / "BioRED"
    classifier = pair_classifier(RelateSettings())
    labels, chances = of_articles(read_biored_documents(folder / "Dev.PubTator"), classifier)
    tell("development part", labels, chances)
    figures = {"ece": expected_calibration_error(chances, labels)}
    pairs = read_biored(folder / "Dev.PubTator")
    logits = classifier.logits([pair.example for pair in pairs])
    crossed = cross_fit(logits, np.array([pair.label for pair in pairs]), PUBLIC_RECIPE.precision)
    figures["sentences_ece"] = crossed.calibration_error
    if not given.quick:
        load_backend()
        documents = read_biored_documents(folder / "Train.PubTator.gz")
        rows, wanted, owners = table(documents, scores_left_out(documents, word_vectors(None), TrainSettings(), STANDARD))
        held = chances_left_out(rows, wanted, owners)
        figures["folds_ece"] = expected_calibration_error(held, wanted.astype(np.int64))
        tell("five folds", wanted, held)
    emit({name: round(value, 4) for name, value in figures.items()} | {"pairs": len(labels)})


if __name__ == "__main__":
    main()
