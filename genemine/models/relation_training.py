"""Train the pair classifier that ships. The devel part tells when to stop, and gives calibration and threshold."""

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
from genemine.evaluate.calibration import log_loss
from genemine.evaluate.ranking import average_precision
from genemine.models.encode import batches
from genemine.models.relation import Calibration, LstmPairClassifier
from genemine.models.relation_calibration import calibrated
from genemine.models.relation_encode import PairRows, encode, example_of, pair_vocabulary, stacked
from genemine.models.relation_engine import PairWeights
from genemine.models.relation_targets import labels_of, output_names, targets
from genemine.models.vectors import WordVectors
from genemine.models.vocabulary import Vocabulary
from genemine.sources.pair_corpus import LabelledSentence, check_no_leak

if TYPE_CHECKING:
    from genemine.models.relation_net import PairNet, PairShape

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
AVERAGE_KEEP = 0.8  # with 7 updates an epoch: an average over about 5/7 epoch; over two epochs and more it was worse
AVERAGES_PER_EPOCH = 7
DEVEL_BATCH = 128
TIE = 1e-3  # weight of the log-loss beside AUPRC: where AUPRC no longer tells epochs apart (few devel sentences), it does


@dataclass(frozen=True)
class PairRecipe:
    """What training needs beside :class:`TrainSettings`, whose ``epochs`` is the upper bound."""

    epochs: int = 8  # the learning rate falls over these, so more is another recipe
    min_steps: int = 500  # a small training part is read more often than ``epochs``, until it has made so many steps
    max_words: int = 20_000
    shape: dict[str, Any] = field(default_factory=dict)  # fields of PairShape that differ from its defaults
    serves: str = ""  # the corpus whose notion of an association the scores have; where it is trained on, each corpus has an output
    precision: float = 0.0  # 0: as many are called as have label 1; else the lowest that promises this precision on devel data
    repeats: dict[str, int] = field(default_factory=dict)  # how often an epoch reads the sentences of a corpus, 1 if not named


STANDARD = PairRecipe()
# The public corpora: GAD calls a plain statement of a known cause 0 as often as not, BioRED calls 1 what a curator would record.
PUBLIC_RECIPE = PairRecipe(
    serves="BioRED", precision=0.8, repeats={"BioRED": 2}, max_words=12_000, shape={"input_dropout": 0.3, "state_dropout": 0.5}
)


@dataclass(frozen=True)
class TrainedPairs:
    """A classifier, its shape, what it learnt from, and its devel AUPRC.

    ``corpora`` names the outputs in their order ("" where there is one for all); ``served`` are the devel sentences that the output
    in use was calibrated on, ``devel_auprc`` is of these. ``epochs`` were planned, ``best_epoch`` was kept.
    """

    classifier: LstmPairClassifier
    shape: PairShape
    corpora: tuple[str, ...]
    served: list[LabelledSentence]
    epochs: int
    best_epoch: int
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
    """Train a classifier and calibrate it.

    Args:
        train: what is learnt from.
        devel: what decides when to stop, the calibration and the threshold; none of it may stand in ``train``.
        settings: seed, epochs, patience, batch size and learning rate.
        recipe: numbers and the net's shape.
        vectors: word vectors; None makes random ones (worse, for trials and tests).
        name: of the classifier, kept with what it scores.
        checkpoints: folder to resume from and to write to after every epoch; None keeps none.
        progress: called with (steps done, steps in all).

    Raises:
        RecordError: a devel sentence stands in ``train``, or devel or train has one label only.
        StorageError: a checkpoint cannot be written.
    """
    from genemine.models.relation_net import PairShape, build_pair_net, pair_weights

    corpora = output_names(train, recipe.serves)
    served = [s for s in devel if len(corpora) == 1 or s.corpus == recipe.serves]
    _check(train, devel, served)
    train = [sentence for sentence in train for _ in range(recipe.repeats.get(sentence.corpus, 1))]
    shape = PairShape(**recipe.shape, outputs=len(corpora))
    serves = corpora.index(recipe.serves) if len(corpora) > 1 else 0
    examples = [example_of(sentence.text) for sentence in train]
    vocabulary = pair_vocabulary(examples, vectors, recipe.max_words)
    net = build_pair_net(vocabulary.matrix(), shape, settings.seed)
    learnt, held = (_encoded(part, corpora, vocabulary) for part in (train, devel))
    course = _Course(net, vocabulary, settings, recipe, learnt, held, checkpoints, progress)
    epochs, best = course.run()
    weights = PairWeights.from_arrays(pair_weights(net).arrays())  # rounded as a bundle keeps them
    classifier = LstmPairClassifier(name, vocabulary, weights, Calibration(), serves)
    logits, labels = classifier.logits([example_of(sentence.text) for sentence in served]), labels_of(served)
    classifier.calibration = calibrated(logits, labels, recipe.precision)
    auprc = average_precision(labels, logits)
    log.info("best epoch %d of %d, devel AUPRC %.4f", best, epochs, auprc)
    return TrainedPairs(classifier, shape, corpora, served, epochs, best, auprc)


@dataclass(frozen=True)
class _Encoded:
    """Encoded sentences with their labels as chances and the weights of these, float32 (n, outputs)."""

    rows: list[PairRows]
    chances: np.ndarray
    weights: np.ndarray

    def digest(self) -> bytes:
        made = hashlib.sha256(self.chances.tobytes() + self.weights.tobytes())
        for row in self.rows:
            made.update(row.words.tobytes() + row.gene_places.tobytes())
        return made.digest()


@dataclass(frozen=True)
class _Course:
    """One training."""

    net: PairNet
    vocabulary: Vocabulary
    settings: TrainSettings
    recipe: PairRecipe
    learnt: _Encoded
    devel: _Encoded
    checkpoints: Path | None
    progress: Progress | None

    def run(self) -> tuple[int, int]:
        """Train; gives the epochs planned and the best of them."""
        from genemine.models.training import compile_learner, fit

        recipe, part = self.recipe, self.learnt
        least = -(-recipe.min_steps * self.settings.batch_size // len(part.rows))
        settings = replace(self.settings, epochs=min(self.settings.epochs, max(recipe.epochs, least)))
        compile_learner(self.net.learner, settings)
        lengths = [len(row.words) for row in part.rows]
        n_batches = -(-len(part.rows) // settings.batch_size)
        plans: dict[int, list[np.ndarray]] = {}

        def batch(epoch: int, step: int) -> list[np.ndarray]:
            if epoch not in plans:
                plans.clear()
                plans[epoch] = batches(lengths, settings.batch_size, np.random.default_rng([settings.seed, epoch]))
            chosen = plans[epoch][step]
            return [*stacked([part.rows[i] for i in chosen]), part.chances[chosen], part.weights[chosen]]

        state = fit(
            self.net.learner,
            n_batches,
            batch,
            self._score,
            settings,
            checkpoint=self.checkpoints / "gold.npz" if self.checkpoints else None,
            fingerprint=self._fingerprint(settings) if self.checkpoints else "",
            progress=self.progress,
            average_keep=AVERAGE_KEEP,
            average_every=max(1, round(n_batches / AVERAGES_PER_EPOCH)),
        )
        return settings.epochs, state.best_epoch

    def _score(self) -> float:
        """Score the devel part, each row by its own output: AUPRC, weighted by the rows of each output."""
        from genemine.models.tagger import emit_function

        emit = emit_function(self.net.reader)
        rows, found = self.devel.rows, np.zeros_like(self.devel.chances)
        for chosen in batches([len(row.words) for row in rows], DEVEL_BATCH):
            found[chosen] = emit(stacked([rows[i] for i in chosen]))
        score = 0.0
        for output in np.flatnonzero(self.devel.weights.any(axis=0)):
            own = self.devel.weights[:, output] > 0
            z, labels = found[own, output], self.devel.chances[own, output]
            loss = log_loss(Calibration().probability(z), labels)
            score += float(own.mean()) * (average_precision(labels, z) - TIE * loss)
        return score

    def _fingerprint(self, settings: TrainSettings) -> str:
        """Tell runs apart: a checkpoint is resumed by a run of equal data and settings only."""
        digest = hashlib.sha256(json.dumps([asdict(settings), asdict(self.recipe)], sort_keys=True).encode())
        digest.update(self.vocabulary.codes.tobytes())
        for part in (self.learnt, self.devel):
            digest.update(part.digest())
        return digest.hexdigest()


def _encoded(sentences: Sequence[LabelledSentence], corpora: tuple[str, ...], vocabulary: Vocabulary) -> _Encoded:
    return _Encoded([encode(example_of(sentence.text), vocabulary) for sentence in sentences], *targets(sentences, corpora))


def _check(train: Sequence[LabelledSentence], devel: Sequence[LabelledSentence], served: Sequence[LabelledSentence]) -> None:
    check_no_leak(train, devel)
    for part, sentences in (("training", train), ("devel", served)):
        if {sentence.label for sentence in sentences} != {0, 1}:
            raise RecordError(f"the {part} part holds {len(sentences)} sentences, not of both labels; give some of 0 and some of 1")
