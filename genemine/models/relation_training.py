"""Train the pair classifier: several nets over one vocabulary, stopped early on a devel part, calibrated together on it."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genemine.config import TrainSettings
from genemine.errors import RecordError
from genemine.evaluate.calibration import binary_temperature, log_loss
from genemine.evaluate.ranking import average_precision, best_threshold
from genemine.models.encode import batches
from genemine.models.relation import Calibration, LstmPairClassifier, logits_of
from genemine.models.relation_encode import PairRows, encode, example_of, pair_vocabulary, stacked
from genemine.models.vectors import WordVectors
from genemine.models.vocabulary import Vocabulary
from genemine.sources.pair_corpus import LabelledSentence, check_no_leak

if TYPE_CHECKING:
    from genemine.models.relation_net import PairNet, PairShape

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
AVERAGE_KEEP = 0.8  # with 7 updates an epoch: an average over about 5/7 epoch; over two epochs and more it was worse
AVERAGES_PER_EPOCH = 7
TIE = 1e-3  # weight of the log-loss beside AUPRC: where AUPRC no longer tells epochs apart (few devel sentences), it does


@dataclass(frozen=True)
class PairRecipe:
    """What training needs beside :class:`TrainSettings`, whose ``epochs`` is the upper bound."""

    nets: int = 2  # a third gained 0.001 of devel AUPRC
    epochs: int = 8  # the learning rate falls to its last value over these, so more of them is another recipe
    min_steps: int = 500  # a small training part is read more often than ``epochs``, until it has made so many steps
    max_words: int = 12_000
    shape: dict[str, Any] = field(default_factory=dict)  # fields of PairShape that differ from its defaults


STANDARD = PairRecipe()


@dataclass(frozen=True)
class TrainedPairs:
    """A classifier, its shape, the epochs over which its learning rate fell, best epoch and devel AUPRC of each net and of all."""

    classifier: LstmPairClassifier
    shape: PairShape
    epochs: int
    best_epochs: tuple[int, ...]
    net_auprc: tuple[float, ...]
    devel_auprc: float


def train_pair_classifier(
    train: Sequence[LabelledSentence],
    devel: Sequence[LabelledSentence],
    settings: TrainSettings,
    recipe: PairRecipe = STANDARD,
    *,
    vectors: WordVectors | None = None,
    name: str = "lstm-pairs",
    checkpoints: Path | None = None,
    progress: Progress | None = None,
) -> TrainedPairs:
    """Train the nets of a classifier and calibrate them.

    Args:
        train: what is learnt from.
        devel: what decides when to stop, the calibration and the threshold; none of it may stand in ``train``.
        settings: seed, epochs, patience, batch size and learning rate.
        recipe: number of nets, words and the nets' shape.
        vectors: word vectors; None makes random ones (worse, for trials and tests).
        name: of the classifier, kept with what it scores.
        checkpoints: folder to resume from and to write to after every epoch; None keeps none.
        progress: called with (steps done, steps in all) over all nets.

    Raises:
        RecordError: a devel sentence stands in ``train``, or devel or train has one label only.
        StorageError: a checkpoint cannot be written.
    """
    from genemine.models.relation_net import PairShape

    _check(train, devel)
    shape = PairShape(**recipe.shape)
    examples = [example_of(sentence.text) for sentence in train]
    vocabulary = pair_vocabulary(examples, vectors, recipe.max_words)
    task = _Task(
        rows=[encode(example, vocabulary) for example in examples],
        labels=_labels(train),
        devel_rows=[encode(example_of(sentence.text), vocabulary) for sentence in devel],
        devel_labels=_labels(devel),
        vocabulary=vocabulary,
        settings=settings,
        epochs=min(settings.epochs, max(recipe.epochs, -(-recipe.min_steps * settings.batch_size // len(train)))),
    )
    fits = [_train_net(task, shape, number, recipe.nets, checkpoints, progress) for number in range(recipe.nets)]
    nets = [net for net, _, _ in fits]
    classifier = LstmPairClassifier(name, vocabulary, nets, Calibration())
    logits = classifier.logits([example_of(s.text) for s in devel])
    classifier.calibration = calibrated(logits, task.devel_labels)
    return TrainedPairs(
        classifier=classifier,
        shape=shape,
        epochs=task.epochs,
        best_epochs=tuple(epoch for _, epoch, _ in fits),
        net_auprc=tuple(score for _, _, score in fits),
        devel_auprc=average_precision(task.devel_labels, logits),
    )


def calibrated(logits: np.ndarray, labels: np.ndarray) -> Calibration:
    """Fit temperature and Platt scaling, keep the better, and find the threshold with the best F1.

    Labels are drawn in a little from 0 and 1, as Platt does, so that logits that part the labels perfectly are no certainties.
    Platt scaling has one number more, so it must lower the log-loss by more than 1 / n (Akaike) to be kept.
    Source: Platt (1999), "Probabilistic Outputs for Support Vector Machines".
    """
    z, positive = np.asarray(logits, float), np.asarray(labels) == 1
    y = np.where(positive, (positive.sum() + 1) / (positive.sum() + 2), 1 / ((~positive).sum() + 2))
    plain = Calibration(slope=1.0 / binary_temperature(z, y))
    slope, intercept = _platt(z, y)
    platt = Calibration(slope, intercept)
    gain = log_loss(plain.probability(z), y) - log_loss(platt.probability(z), y)
    chosen = platt if gain > 1.0 / len(z) and slope > 0 else plain
    return Calibration(chosen.slope, chosen.intercept, best_threshold(labels, chosen.probability(z)))


def _platt(z: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    from scipy.optimize import minimize

    def loss(ab: np.ndarray) -> float:
        return log_loss(Calibration(float(ab[0]), float(ab[1])).probability(z), y)

    found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-7})
    return float(found.x[0]), float(found.x[1])


@dataclass(frozen=True)
class _Task:
    """What every net of one classifier is trained on."""

    rows: list[PairRows]
    labels: np.ndarray
    devel_rows: list[PairRows]
    devel_labels: np.ndarray
    vocabulary: Vocabulary
    settings: TrainSettings
    epochs: int

    def fingerprint(self, shape: PairShape, seed: int) -> str:
        """Tell runs apart: a checkpoint is resumed by a run of equal data and settings only."""
        digest = hashlib.sha256(json.dumps([asdict(shape), asdict(self.settings), self.epochs, seed]).encode())
        digest.update(self.vocabulary.codes.tobytes())
        for rows, labels in ((self.rows, self.labels), (self.devel_rows, self.devel_labels)):
            digest.update(labels.tobytes())
            for row in rows:
                digest.update(row.words.tobytes() + row.gene_places.tobytes())
        return digest.hexdigest()


def _train_net(
    task: _Task, shape: PairShape, number: int, n_nets: int, checkpoints: Path | None, progress: Progress | None
) -> tuple[PairNet, int, float]:
    """Train net ``number`` of ``n_nets``: the net (weights rounded as a bundle keeps them), its best epoch, its devel AUPRC."""
    from genemine.models.relation_net import build_pair_net, mean_logits, set_weights, weights_of
    from genemine.models.training import compile_learner, fit

    seed = task.settings.seed + 100 * number
    net = build_pair_net(task.vocabulary.matrix(), shape, seed)
    compile_learner(net.learner, task.settings)
    lengths = [len(row.words) for row in task.rows]
    n_batches = -(-len(task.rows) // task.settings.batch_size)
    total = n_batches * task.epochs
    plans: dict[int, list[np.ndarray]] = {}

    def batch(epoch: int, step: int) -> list[np.ndarray]:
        if epoch not in plans:
            plans.clear()
            plans[epoch] = batches(lengths, task.settings.batch_size, np.random.default_rng([seed, epoch]))
        chosen = plans[epoch][step]
        return [*stacked([task.rows[i] for i in chosen]), task.labels[chosen]]

    score_logits = mean_logits([net])

    def score() -> float:
        logits = logits_of(score_logits, task.devel_rows)
        return average_precision(task.devel_labels, logits) - TIE * log_loss(Calibration().probability(logits), task.devel_labels)

    state = fit(
        net.learner,
        n_batches,
        batch,
        score,
        replace(task.settings, epochs=task.epochs),
        checkpoint=checkpoints / f"net{number}.npz" if checkpoints else None,
        fingerprint=task.fingerprint(shape, seed) if checkpoints else "",
        progress=(lambda done, _: progress(number * total + done, n_nets * total)) if progress else None,
        average_keep=AVERAGE_KEEP,
        average_every=max(1, round(n_batches / AVERAGES_PER_EPOCH)),
    )
    set_weights(net, [weight.astype(np.float16) for weight in weights_of(net)])
    auprc = average_precision(task.devel_labels, logits_of(score_logits, task.devel_rows))
    log.info("net %d of %d: best epoch %d, devel AUPRC %.4f", number + 1, n_nets, state.best_epoch, auprc)
    return net, state.best_epoch, auprc


def _check(train: Sequence[LabelledSentence], devel: Sequence[LabelledSentence]) -> None:
    check_no_leak(train, devel)
    for part, sentences in (("training", train), ("devel", devel)):
        if {sentence.label for sentence in sentences} != {0, 1}:
            raise RecordError(f"the {part} part holds {len(sentences)} sentences, not of both labels; give some of 0 and some of 1")


def _labels(sentences: Sequence[LabelledSentence]) -> np.ndarray:
    return np.asarray([sentence.label for sentence in sentences], np.float32)
