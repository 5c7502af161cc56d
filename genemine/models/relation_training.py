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
from genemine.evaluate.ranking import average_precision, best_threshold, precise_threshold
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
    serves: str = ""  # the corpus whose notion of an association the scores have; where it is trained on, each corpus has an output
    precision: float = 0.0  # 0: the threshold with the best F1; else the lowest that promises this precision on devel data
    repeats: dict[str, int] = field(default_factory=dict)  # how often an epoch reads the sentences of a corpus, 1 if not named


STANDARD = PairRecipe()
# The public corpora: GAD calls a plain statement of a known cause 0 as often as not, BioRED calls 1 what a curator would record.
PUBLIC_RECIPE = PairRecipe(nets=3, serves="BioRED", precision=0.8, repeats={"BioRED": 2})


@dataclass(frozen=True)
class TrainedPairs:
    """A classifier, its shape, the epochs over which its learning rate fell, best epoch and devel AUPRC of each net and of all.

    ``corpora`` names the outputs in their order ("" where there is one for all); ``served`` are the devel sentences that the output
    in use was calibrated on. The AUPRC are those of that output and of these sentences.
    """

    classifier: LstmPairClassifier
    shape: PairShape
    corpora: tuple[str, ...]
    served: list[LabelledSentence]
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

    corpora = _outputs(train, recipe.serves)
    served = [s for s in devel if len(corpora) == 1 or s.corpus == recipe.serves]
    _check(train, devel, served)
    train = [sentence for sentence in train for _ in range(recipe.repeats.get(sentence.corpus, 1))]
    shape = PairShape(**recipe.shape, outputs=len(corpora), serves=corpora.index(recipe.serves) if len(corpora) > 1 else 0)
    examples = [example_of(sentence.text) for sentence in train]
    vocabulary = pair_vocabulary(examples, vectors, recipe.max_words)
    task = _Task(
        rows=[encode(example, vocabulary) for example in examples],
        labels=_labels(train),
        outputs=_output_of(train, corpora),
        devel_rows=[encode(example_of(sentence.text), vocabulary) for sentence in devel],
        devel_labels=_labels(devel),
        devel_outputs=_output_of(devel, corpora),
        vocabulary=vocabulary,
        settings=settings,
        epochs=min(settings.epochs, max(recipe.epochs, -(-recipe.min_steps * settings.batch_size // len(train)))),
    )
    fits = [_train_net(task, shape, number, recipe.nets, checkpoints, progress) for number in range(recipe.nets)]
    nets = [net for net, _, _ in fits]
    classifier = LstmPairClassifier(name, vocabulary, nets, Calibration())
    logits = classifier.logits([example_of(sentence.text) for sentence in served])
    labels = _labels(served)
    classifier.calibration = calibrated(logits, labels, recipe.precision)
    return TrainedPairs(
        classifier=classifier,
        shape=shape,
        corpora=corpora,
        served=served,
        epochs=task.epochs,
        best_epochs=tuple(epoch for _, epoch, _ in fits),
        net_auprc=tuple(score for _, _, score in fits),
        devel_auprc=average_precision(labels, logits),
    )


def calibrated(logits: np.ndarray, labels: np.ndarray, precision: float = 0.0) -> Calibration:
    """Fit temperature and Platt scaling, keep the better, and find the threshold (see :class:`PairRecipe`).

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
    scores = chosen.probability(z)
    threshold = precise_threshold(scores, precision) if precision else best_threshold(labels, scores)
    return Calibration(chosen.slope, chosen.intercept, threshold)


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
    outputs: np.ndarray  # int32, the output that each row teaches
    devel_rows: list[PairRows]
    devel_labels: np.ndarray
    devel_outputs: np.ndarray
    vocabulary: Vocabulary
    settings: TrainSettings
    epochs: int

    def fingerprint(self, shape: PairShape, seed: int) -> str:
        """Tell runs apart: a checkpoint is resumed by a run of equal data and settings only."""
        digest = hashlib.sha256(json.dumps([asdict(shape), asdict(self.settings), self.epochs, seed]).encode())
        digest.update(self.vocabulary.codes.tobytes())
        for rows, labels, outputs in (
            (self.rows, self.labels, self.outputs),
            (self.devel_rows, self.devel_labels, self.devel_outputs),
        ):
            digest.update(labels.tobytes() + outputs.tobytes())
            for row in rows:
                digest.update(row.words.tobytes() + row.gene_places.tobytes())
        return digest.hexdigest()

    def devel_score(self, logits: np.ndarray) -> float:
        """Score devel logits (n, outputs), each row by its own output: AUPRC, weighted by the rows of each corpus."""
        score = 0.0
        for output in np.unique(self.devel_outputs):
            own = self.devel_outputs == output
            z, labels = logits[own, output], self.devel_labels[own]
            loss = log_loss(Calibration().probability(z), labels)
            score += float(own.mean()) * (average_precision(labels, z) - TIE * loss)
        return score


def _train_net(
    task: _Task, shape: PairShape, number: int, n_nets: int, checkpoints: Path | None, progress: Progress | None
) -> tuple[PairNet, int, float]:
    """Train net ``number`` of ``n_nets``: the net (weights rounded as a bundle keeps them), its best epoch, its devel AUPRC."""
    from genemine.models.relation_net import build_pair_net, set_weights, weights_of
    from genemine.models.tagger import emit_function
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
        return [*stacked([task.rows[i] for i in chosen]), task.outputs[chosen], task.labels[chosen]]

    all_logits = emit_function(net.all_outputs)

    def score() -> float:
        return task.devel_score(logits_of(all_logits, task.devel_rows, shape.outputs))

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
    served = task.devel_outputs == shape.serves
    logits = logits_of(all_logits, task.devel_rows, shape.outputs)[:, shape.serves]
    auprc = average_precision(task.devel_labels[served], logits[served])
    log.info("net %d of %d: best epoch %d, devel AUPRC %.4f", number + 1, n_nets, state.best_epoch, auprc)
    return net, state.best_epoch, auprc


def _outputs(train: Sequence[LabelledSentence], serves: str) -> tuple[str, ...]:
    """Name the corpora that get an output of their own; one for all where none of them is the one that serves."""
    names = tuple(sorted({sentence.corpus for sentence in train}))
    return names if serves in names else ("",)


def _output_of(sentences: Sequence[LabelledSentence], corpora: tuple[str, ...]) -> np.ndarray:
    return np.asarray([corpora.index(s.corpus) if len(corpora) > 1 else 0 for s in sentences], np.int32)


def _check(train: Sequence[LabelledSentence], devel: Sequence[LabelledSentence], served: Sequence[LabelledSentence]) -> None:
    check_no_leak(train, devel)
    for part, sentences in (("training", train), ("devel", served)):
        if {sentence.label for sentence in sentences} != {0, 1}:
            raise RecordError(f"the {part} part holds {len(sentences)} sentences, not of both labels; give some of 0 and some of 1")


def _labels(sentences: Sequence[LabelledSentence]) -> np.ndarray:
    return np.asarray([sentence.label for sentence in sentences], np.float32)
