"""One network in training: make it, feed it gold or silver sentences, take a tagger out of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from genemine import __version__
from genemine.config import TrainSettings
from genemine.models.corpora import Example, Output
from genemine.models.decode import Chain
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


def silver_batches(silver: Silver, batch_size: int, seed: int, slices: int) -> tuple[int, Callable[[int, int], Arrays]]:
    """Give the number of batches a slice, and the function that makes batch ``number`` of a slice; ``slices`` make one pass."""
    lengths = silver.text.text.lengths.tolist()
    n = max(len(lengths) // batch_size // slices, 1)
    orders: dict[int, list[np.ndarray]] = {}

    def batch(slice_: int, number: int) -> Arrays:
        turn, part = divmod(slice_, slices)
        if turn not in orders:
            orders.clear()
            orders[turn] = batches(lengths, batch_size, np.random.default_rng([seed, turn]))
        order = orders[turn]
        return soft_inputs(silver, order[(part * n + number) % len(order)])

    return n, batch


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


def set_dropout(network: Any, rate: float) -> None:
    """Set the dropout around the BiLSTM; holds for learners that have not taken a step yet."""
    for layer in network.learner.layers:
        if layer.name.startswith(("input_dropout", "output_dropout")):
            layer.rate = rate
