"""One network in training: make it, feed it gold or silver sentences, take a tagger out of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from genemine import __version__
from genemine.config import TrainSettings
from genemine.models.corpora import Example, Output
from genemine.models.decode import N_TAGS, Chain
from genemine.models.encode import batches, encode
from genemine.models.silver import Silver, soft_inputs
from genemine.models.tagger import Emit, LstmTagger, emit_function
from genemine.models.training import Arrays
from genemine.models.vocabulary import Vocabulary


@dataclass(frozen=True)
class Run:
    """One network in training with what it needs; ``emit`` always answers with the weights of the moment."""

    network: Any
    emit: Emit
    vocabulary: Vocabulary
    outputs: tuple[Output, ...]

    def tagger(self, temperature: np.ndarray | None = None) -> LstmTagger:
        """Make a tagger of the weights that the network has now; the first output of each type serves."""
        import keras

        crf = self.network.crf
        chain = Chain(np.array(keras.ops.convert_to_numpy(crf.steps)), np.array(keras.ops.convert_to_numpy(crf.start)))
        types = [output.type for output in self.outputs]
        serving = tuple(i for i, type_ in enumerate(types) if types.index(type_) == i)
        cool = np.ones(len(types), np.float32) if temperature is None else temperature
        return LstmTagger(f"lstm-tagger {__version__}", self.emit, self.vocabulary, self.outputs, serving, chain, cool)


def gold_batches(examples: Sequence[Example], run: Run, settings: TrainSettings) -> tuple[int, Callable[[int, int], Arrays]]:
    """Give the number of batches an epoch, and the function that makes batch ``number`` of an epoch."""
    lengths = [len(example.tokens) for example in examples]
    orders: dict[int, list[np.ndarray]] = {}

    def batch(epoch: int, number: int) -> Arrays:
        if epoch not in orders:
            orders.clear()
            orders[epoch] = batches(lengths, settings.batch_size, np.random.default_rng([settings.seed, epoch]))
        return training_inputs([examples[i] for i in orders[epoch][number]], run.vocabulary, len(run.outputs))

    return len(batches(lengths, settings.batch_size)), batch


def training_inputs(examples: Sequence[Example], vocabulary: Vocabulary, n_outputs: int) -> Arrays:
    """Encode examples for the learner: inputs, tags int32 (b, t, k), weights float32 (b, k), 0 where nothing is annotated."""
    encoded = encode([example.tokens for example in examples], vocabulary)
    tags = np.zeros((*encoded.mask.shape, n_outputs), np.int32)
    weights = np.zeros((len(examples), n_outputs), np.float32)
    for b, example in enumerate(examples):
        for k, labels in enumerate(example.labels):
            if labels is not None:
                tags[b, : len(labels), k] = labels
                weights[b, k] = 1.0
    return [*encoded.inputs(), tags, weights]


def mixed_batches(
    examples: Sequence[Example], silver: Silver, run: Run, settings: TrainSettings, silver_passes: int
) -> tuple[int, Callable[[int, int], Arrays]]:
    """Mix gold and silver batches for the learner of soft labels.

    Every epoch has all gold sentences, and of the silver ones so many that all epochs together pass them ``silver_passes`` times.

    Returns:
        the number of batches an epoch, and the function that makes batch ``number`` of an epoch.
    """
    n_gold, gold = gold_batches(examples, run, settings)
    lengths = silver.text.text.lengths.tolist()
    n_silver = max(len(lengths) * silver_passes // settings.batch_size // settings.epochs, 1)
    plans: dict[int, np.ndarray] = {}
    orders: dict[int, list[np.ndarray]] = {}

    def batch(epoch: int, number: int) -> Arrays:
        if epoch not in plans:
            plans.clear()
            plans[epoch] = np.random.default_rng([settings.seed, epoch, 1]).permutation(n_gold + n_silver)
        chosen = int(plans[epoch][number])
        if chosen < n_gold:
            return softened(gold(epoch, chosen))
        turn, place = divmod(epoch * n_silver + chosen - n_gold, -(-len(lengths) // settings.batch_size))
        if turn not in orders:
            orders.clear()
            orders[turn] = batches(lengths, settings.batch_size, np.random.default_rng([settings.seed, turn, 2]))
        return soft_inputs(silver, orders[turn][place])

    return n_gold + n_silver, batch


def softened(inputs: Arrays) -> Arrays:
    """Turn the learner's inputs into those of the learner of soft labels: tags into chances of 1 and 0."""
    *given, tags, weights = inputs
    return [*given, np.eye(N_TAGS, dtype=np.float32)[tags], weights]


def fresh_run(
    vocabulary: Vocabulary,
    outputs: tuple[Output, ...],
    shape: Any,
    seed: int,
    encoder: dict[str, list[np.ndarray]] | None = None,
) -> Run:
    """Build a network with the seed's first weights; ``encoder``: those of a language model."""
    from genemine.models.language import give_to_tagger
    from genemine.models.network import build_network

    network = build_network(vocabulary.matrix(), len(vocabulary.chars) + 2, len(outputs), shape, seed)
    if encoder is not None:
        give_to_tagger(encoder, network)
    return Run(network, emit_function(network.emitter), vocabulary, outputs)
