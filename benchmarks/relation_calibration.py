"""Do the probabilities of associations keep what they promise? On folds of articles that nothing was fitted on.

    python -m benchmarks.relation_calibration [--quick]

Five folds of BioRED Train. The sentences of a fold are scored by a classifier trained on the other four, and everything after it
is fitted on labels and scores of the other four as well: Platt scaling of the scores, what an article's sentences make of a pair
(``ArticleChance``), the trees of whole articles. (Those scores are of classifiers that had learnt from this fold, as each has from
four.) ``ece``: associations, summed as in the table; ``best_sentence_ece``: the same were an article to count with the score of its
best sentence; ``sentences_ece``, ``article_pairs_ece``: the scores of ``relations`` and ``article_pairs``; ``least_ece``: what
``ece`` would show on average if every chance were exactly right, as so few pairs lie in a bin.

``dev_...``: the committed bundle on BioRED's development part, which its article model has not seen, but which calibrated its
sentence scores; only for ``dev_sentences_ece`` each half is calibrated by the other. With ``--quick``, which trains nothing,
``ece`` is ``dev_ece``. ECE: the mean distance between promised and true share over 15 bins of equal width, weighted by their pairs.
Writes docs/calibration.md and its diagram, unless ``--quick``. ``--record`` writes what sentence scores promise and what is true of
the development part, bin by bin, into the committed bundle's config.json, as training does; reports of runs draw it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from benchmarks.calibration_page import Called, Kind, write_page
from benchmarks.common import emit, shared_dir
from genemine.config import USES, RelateSettings, TrainSettings
from genemine.evaluate.calibration import least_error, platt_scaled
from genemine.models.quiet import load_backend
from genemine.models.relation import AnyClassifier
from genemine.models.relation_article_chance import Supported, fit_article_chance, fit_scores, supported
from genemine.models.relation_articles import FOLDS, Scored, chances_left_out, scored_pairs, scores_left_out, table
from genemine.models.relation_biored import BioredDocument, read_biored_documents
from genemine.models.relation_bundle import word_vectors
from genemine.models.relation_crossfit import CrossFit, cross_fit
from genemine.models.relation_training import PUBLIC_RECIPE, STANDARD
from genemine.pipeline.models import pair_classifier
from genemine.relate.measures import AS_IT_IS, ArticleChance, combined
from genemine.resources import bundle_folder

Documents = Sequence[BioredDocument]


def sentence_labels(documents: Documents) -> np.ndarray:
    """Give the label of each pair of each sentence, int64 (n,)."""
    return np.array([(p.gene.curie, p.disease.curie) in d.related for d in documents for p in d.pairs()], np.int64)


def associations(name: str, rows: Supported, chances: np.ndarray) -> Kind:
    """Sum the chances of articles by pair, as the table does; a pair is true where one of its articles relates it."""
    found: dict[tuple[str, str], list[tuple[float, int]]] = {}
    for key, chance, label in zip(rows.keys, chances.tolist(), rows.labels.tolist(), strict=True):
        found.setdefault(key, []).append((chance, label))
    scores = [combined(chance for chance, _ in own) for own in found.values()]
    return Kind(name, np.array(scores), np.array([max(label for _, label in own) for own in found.values()]))


def on_devel(documents: Documents, classifier: AnyClassifier) -> dict[str, Kind]:
    """Measure the committed bundle."""
    assert classifier.articles is not None
    scored = [scored_pairs(document, classifier) for document in documents]
    scores = [[score for _, score in own] for own in scored]
    reached = supported(documents, scores, classifier.threshold)
    chances = classifier.article_chance(reached.best, reached.n_sentences)
    rows, labels, _ = table(documents, scored)
    return {
        "dev_ece": associations("associations, committed bundle", reached, chances),
        "dev_best_sentence_ece": associations("associations by best sentence, committed bundle", reached, reached.best),
        "dev_article_pairs_ece": Kind(
            "pairs of articles, committed bundle", classifier.articles.chances(rows), labels.astype(np.int64)
        ),
    }


class Folds:
    """Documents with scores of classifiers that learnt from other folds, and what is fitted on those other folds."""

    def __init__(self, documents: Documents, scored: Sequence[Scored]) -> None:
        """Calibrate the scores of each fold by the others, and fit what articles make of them."""
        self.documents, self.scored = documents, scored
        raw = [[score for _, score in own] for own in scored]
        self.scores: list[list[float]] = [[] for _ in documents]
        self.laws: list[ArticleChance] = []
        for fold in range(FOLDS):
            others = [i for i in range(len(documents)) if i % FOLDS != fold]
            known, theirs = [documents[i] for i in others], [raw[i] for i in others]
            slope, shift = fit_scores(known, theirs)
            right = [platt_scaled(own, slope, shift).tolist() for own in theirs]
            # the numbers of the documents among the others are no folds of the fit: any five parts of them will do
            self.laws.append(fit_article_chance(supported(known, right)))
            for i in range(fold, len(documents), FOLDS):
                self.scores[i] = platt_scaled(raw[i], slope, shift).tolist()

    def chances(self, rows: Supported) -> np.ndarray:
        """Give the chance of each row by the law of the other folds."""
        laws = [self.laws[owner % FOLDS] for owner in rows.owners.tolist()]
        each = zip(laws, rows.best.tolist(), rows.n_sentences.tolist(), strict=True)
        return np.array([float(law(best, n)) for law, best, n in each])

    def kinds(self, threshold: float) -> dict[str, Kind]:
        """Measure what is promised of sentences, of pairs of articles, and of associations from a threshold on."""
        reached = supported(self.documents, self.scores, threshold)
        rows, wanted, owners = table(self.documents, self.scored)
        sentences = np.array([score for own in self.scores for score in own])
        return {
            "ece": associations("associations", reached, self.chances(reached)),
            "best_sentence_ece": associations(
                "associations by best sentence", reached, AS_IT_IS(reached.best, reached.n_sentences)
            ),
            "sentences_ece": Kind("sentences", sentences, sentence_labels(self.documents)),
            "article_pairs_ece": Kind("pairs of articles", chances_left_out(rows, wanted, owners), wanted.astype(np.int64)),
        }

    def called(self, use: str, threshold: float) -> Called:
        """Count what a threshold calls associations, and how many of the related pairs of a sentence these are."""
        reached = supported(self.documents, self.scores, threshold)
        every = associations(use, everything := supported(self.documents, self.scores, 0.0), everything.best)
        found = associations(use, reached, self.chances(reached))
        return Called(use, threshold, len(found.labels), int(found.labels.sum()), int(every.labels.sum()))


def record(crossed: CrossFit) -> None:
    """Write the bins of sentence scores into the committed bundle, where training leaves them."""
    path = bundle_folder("relations") / "config.json"
    head = json.loads(path.read_text(encoding="utf-8"))
    head["model"]["training"]["reliability"] = [asdict(one) for one in crossed.bins]
    path.write_text(f"{json.dumps(head, indent=1, ensure_ascii=False)}\n", encoding="utf-8")


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="without the five folds, whose classifiers have to be trained")
    parser.add_argument("--record", action="store_true", help="write the reliability of sentence scores into the committed bundle")
    given = parser.parse_args()
    folder = shared_dir() / "data" / "relations" / "BioRED"
    classifier = pair_classifier(RelateSettings())
    devel = read_biored_documents(folder / "Dev.PubTator")
    kinds = on_devel(devel, classifier)
    logits = classifier.logits([pair.example for document in devel for pair in document.pairs()])
    crossed = cross_fit(logits, sentence_labels(devel), PUBLIC_RECIPE.precision)
    if given.record:
        record(crossed)
    folds = {} if given.quick else on_folds(read_biored_documents(folder / "Train.PubTator.gz"), classifier, kinds)
    figures = {name: kind.error for name, kind in (folds | kinds).items()} | {"dev_sentences_ece": crossed.calibration_error}
    headline = folds.get("ece", kinds["dev_ece"])
    figures = {"ece": headline.error, "least_ece": least_error(headline.chances)} | figures
    for kind in (folds | kinds).values():
        print(kind.bins())
    emit({name: round(value, 4) for name, value in figures.items()} | {"associations": len(headline.labels)})


def on_folds(documents: Documents, classifier: AnyClassifier, on_devel: dict[str, Kind]) -> dict[str, Kind]:
    """Train, measure and write the page."""
    load_backend()
    folds = Folds(documents, scores_left_out(documents, word_vectors(None), TrainSettings(), STANDARD))
    kinds = folds.kinds(classifier.threshold)
    write_page(kinds, on_devel, [folds.called(use, classifier.thresholds[use]) for use in USES])
    return kinds


if __name__ == "__main__":
    main()
