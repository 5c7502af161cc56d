"""Train the pair classifier on a data folder and write its bundle."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np

from genemine import __version__
from genemine.config import TrainSettings
from genemine.evaluate.ranking import average_precision, roc_auc
from genemine.evaluate.relations import RelationEvaluation, evaluate_relations
from genemine.models.bundle import read_bundle
from genemine.models.corpora import file_sha256
from genemine.models.quiet import load_backend
from genemine.models.relation import LstmPairClassifier, save_pair_classifier
from genemine.models.relation_articles import learn_articles
from genemine.models.relation_biored import read_biored_documents
from genemine.models.relation_card import RelationReport, pair_card
from genemine.models.relation_crossfit import CrossFit, cross_fit
from genemine.models.relation_data import BIORED_TRAIN, read_pair_data
from genemine.models.relation_encode import example_of
from genemine.models.relation_training import PUBLIC_RECIPE, STANDARD, PairRecipe, TrainedPairs, train_pair_classifier
from genemine.models.relation_verdicts import FOLDS, JudgedSentence, gain, too_few
from genemine.models.tagger import KIND as TAGGER
from genemine.models.tagger import default_bundle
from genemine.models.vectors import WordVectors, load_vectors
from genemine.models.vocabulary import from_arrays
from genemine.sources.pair_corpus import LabelledSentence

log = logging.getLogger(__name__)


def train_relations(
    data_dir: Path,
    out_dir: Path,
    settings: TrainSettings,
    vectors: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    resume: bool = True,
    recipe: PairRecipe | None = None,
    judged: Sequence[JudgedSentence] = (),
    folds: int = FOLDS,
) -> RelationReport:
    """Train a pair classifier and write its bundle to ``out_dir``.

    Args:
        data_dir: holds ``GAD-BLURB``, ``euadr`` and ``BioRED`` below ``relations`` and texts below ``abstracts``, or one's own
            train.tsv (devel.tsv, test.tsv), which teaches a classifier of its own notion.
        out_dir: the bundle; checkpoints lie beside it while training goes on.
        settings: seed, epochs, patience, batch_size, learning_rate.
        vectors: word vectors of :func:`genemine.models.vectors.build_vectors`; None takes those of the shipped tagger.
        progress: called with (steps done, steps in all).
        resume: go on from checkpoints of the same data and settings.
        recipe: number of nets, words and the nets' shape; None takes the one for the public corpora or for one's own.
        judged: curators' verdicts that join the training sentences.
        folds: by which it is measured what they bring, each a training of its own, and one more; 0 measures nothing.

    Raises:
        SourceError: a corpus or the vectors are missing.
        RecordError: a corpus has a broken line, or too few sentences.
        BundleError: ``vectors`` is None and the shipped tagger is missing or damaged.
        StorageError: ``out_dir`` cannot be written.
    """
    load_backend()
    data = read_pair_data(data_dir, settings.seed, judged)
    log.info(
        "relations: %d sentences to learn from, %d devel, %d dropped as copies", len(data.train), len(data.devel), data.n_dropped
    )
    recipe = recipe or (PUBLIC_RECIPE if data.is_public else STANDARD)
    checkpoints = out_dir.parent / f".{out_dir.name}-checkpoints"
    if not resume:
        shutil.rmtree(checkpoints, ignore_errors=True)
    learn = partial(
        train_pair_classifier,
        devel=data.devel,
        settings=settings,
        recipe=recipe,
        vectors=word_vectors(vectors),
        name=f"lstm-pairs {__version__}",
        progress=progress,
    )
    trained = learn(data.with_verdicts(data.judged), checkpoints=checkpoints)
    effect = None
    if data.judged and folds and not too_few(data.judged):
        effect = gain(data.judged, lambda some: learn(data.with_verdicts(some)).classifier, settings.seed, folds)
    if data.is_public:
        documents = read_biored_documents(data_dir / BIORED_TRAIN)
        trained.classifier.articles = learn_articles(documents, word_vectors(vectors), settings)
    report = RelationReport(
        data=data,
        trained=trained,
        vectors_sha256=file_sha256(vectors) if vectors else "",
        devel=measured(trained.classifier, trained.served),
        crossfit=_cross_fit(trained, recipe),
        outputs=_own_outputs(trained, data.tests),
        tests={corpus: measured(trained.classifier, part) for corpus, part in data.tests.items()},
        n_verdicts_held_out=len(judged) - len(data.judged),
        gain=effect,
    )
    record = asdict(settings) | {"files": {path: [data.parts[path], digest] for path, digest in data.files.items()}}
    record["reliability"] = [asdict(one) for one in report.crossfit.bins]
    save_pair_classifier(trained.classifier, out_dir, pair_card(report, settings, recipe), record)
    shutil.rmtree(checkpoints, ignore_errors=True)
    return report


def measured(classifier: LstmPairClassifier, sentences: list[LabelledSentence]) -> RelationEvaluation:
    """Measure a classifier on labelled sentences, without the baseline that has to be trained."""
    return evaluate_relations(classifier, [example_of(s.text) for s in sentences], [s.label for s in sentences])


def _cross_fit(trained: TrainedPairs, recipe: PairRecipe) -> CrossFit:
    logits = trained.classifier.logits([example_of(s.text) for s in trained.served])
    return cross_fit(logits, np.asarray([s.label for s in trained.served]), recipe.precision)


def _own_outputs(trained: TrainedPairs, tests: dict[str, list[LabelledSentence]]) -> dict[str, tuple[float, float]]:
    """Measure the outputs that do not serve on the test part of their own corpus: AUPRC and ROC-AUC."""
    figures = {}
    for corpus, part in tests.items():
        if corpus in trained.corpora and len(trained.corpora) > 1:
            logits = trained.classifier.output_logits([example_of(s.text) for s in part])[:, trained.corpora.index(corpus)]
            labels = np.asarray([s.label for s in part])
            figures[corpus] = (average_precision(labels, logits), roc_auc(labels, logits))
    return figures


def word_vectors(path: Path | None) -> WordVectors:
    """Read word vectors; those of the shipped tagger where ``path`` is None.

    Raises:
        SourceError: the file is missing or holds no vectors; BundleError: the shipped tagger is missing or damaged.
    """
    if path is not None:
        return load_vectors(path)
    shipped = from_arrays(read_bundle(default_bundle(), TAGGER).arrays)
    return WordVectors(shipped.words, shipped.matrix()[2:])
