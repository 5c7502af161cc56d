"""The deep pair network: the shipped tagger's encoder, trained on, under a second BiLSTM that knows the two marks.

The encoder was a language model before it was a tagger, so it has read twenty million words; a network that begins there makes far
fewer mistakes than one that begins anew, and is thirty times slower than the one that ships. Several of them are a committee
(:mod:`genemine.models.relation_committee`). Source: Howard & Ruder 2018 (arXiv:1801.06146, a classifier that begins as a language
model).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from genemine.config import TrainSettings
from genemine.models.corpora import OUTPUTS
from genemine.models.encode import batches
from genemine.models.relation_encode import MAX_TOKENS, N_PLACES, STAND_INS, PairEncoder, read_tokens
from genemine.models.tagger_start import Start
from genemine.models.text_ids import ReadyText, make_ready, number_texts
from genemine.models.vocabulary import PADDING, Vocabulary
from genemine.records import PairExample

Progress = Callable[[int, int], None]
WORD_DROPOUT = 0.05
READ_BATCH = 128  # sentences a step in use
AVERAGES_PER_EPOCH, AVERAGE_KEEP = 7, 0.8


@dataclass(frozen=True)
class DeepRecipe:
    """Numbers that devel chose: docs/experiments-relations.md."""

    epochs: int = 8
    min_steps: int = 300  # a small training part is read more often
    batch_size: int = 64
    learning_rate: float = 1e-3
    units: int = 96  # LSTM units a direction of the second layer
    narrow: int = 96  # what the encoder's states are brought down to before it
    place_size: int = 20
    input_dropout: float = 0.3
    state_dropout: float = 0.5


@dataclass(frozen=True)
class Reading:
    """Examples ready for the encoder: ``places`` int32 (2, n_tokens) from gene and disease, end to end as the text's tokens."""

    text: ReadyText
    places: np.ndarray

    def __len__(self) -> int:
        """Count the examples."""
        return len(self.text.text)

    def batch(self, chosen: np.ndarray) -> list[np.ndarray]:
        """Give the inputs of the network for some examples."""
        encoded, at = self.text.encode(chosen)
        near = np.full((2, *encoded.words.shape), PADDING, np.int32)
        near[:, encoded.mask > 0] = self.places[:, at]
        return [*encoded.inputs(), *near]


Reader = Callable[[Reading], np.ndarray]  # float32 (n, n_outputs), the logits


def read_examples(examples: Sequence[PairExample], vocabulary: Vocabulary) -> Reading:
    """Make examples ready; the marks are read as the words that they stand for.

    Raises:
        RecordError: an example does not hold each mark once.
    """
    batch = PairEncoder(vocabulary)(examples)
    tokens = ([STAND_INS.get(token, token) for token in read_tokens(example)] for example in examples)
    text = number_texts(tokens, MAX_TOKENS)
    return Reading(make_ready(text, vocabulary), np.stack([batch.gene_places, batch.disease_places]))


def build_deep(start: Start, recipe: DeepRecipe, n_outputs: int, seed: int) -> tuple[Any, Any]:
    """Build the network on the encoder of a finished tagger.

    Returns:
        ``reader``: inputs of :meth:`Reading.batch` -> logits (b, n_outputs); ``learner``: the same, chances and weights float
        (b, n_outputs) each -> loss (b,).
    """
    import keras
    from keras import layers, ops

    from genemine.models.network import build_network, token_inputs, token_vectors
    from genemine.models.relation_net import pair_loss, summaries

    shape = replace(start.shape, word_dropout=WORD_DROPOUT)
    network = build_network(start.vocabulary.matrix(), len(start.vocabulary.chars) + 2, len(OUTPUTS), shape, seed)
    start.give(network, OUTPUTS)
    inputs = token_inputs(shape.hints)
    mask = ops.cast(inputs[3], "bool")
    places = [keras.Input((None,), dtype="int32", name=name) for name in ("gene_places", "disease_places")]
    tokens = layers.Dropout(recipe.input_dropout, seed=seed + 1)(token_vectors(inputs, network.parts))
    states = layers.Dropout(recipe.state_dropout, seed=seed + 2)(network.first(tokens, mask=mask))
    narrow = layers.Dense(recipe.narrow, activation="tanh", kernel_initializer=keras.initializers.GlorotUniform(seed + 3))(states)
    near = [layers.Embedding(N_PLACES, recipe.place_size)(p) for p in places]
    together = layers.Concatenate()([layers.Dropout(recipe.input_dropout, seed=seed + 4)(narrow), *near])
    second = layers.Bidirectional(layers.LSTM(recipe.units, return_sequences=True, seed=seed + 5))(together, mask=mask)
    summary = layers.Concatenate()(summaries(second, mask, places))
    logits = layers.Dense(n_outputs)(layers.Dropout(recipe.state_dropout, seed=seed + 6)(summary))
    chances, weights = (keras.Input((n_outputs,), dtype="float32", name=name) for name in ("chances", "weights"))
    learner = keras.Model([*inputs, *places, chances, weights], pair_loss(logits, chances, weights))
    return keras.Model([*inputs, *places], logits), learner


@dataclass(frozen=True)
class Trained:
    """What training gave: ``weights`` float32, as :func:`load_deep` takes them, and what reads other examples with them."""

    weights: list[np.ndarray]
    logits: Reader


def train_deep(
    start: Start,
    read: Reading,
    chances: np.ndarray,
    weights: np.ndarray,
    recipe: DeepRecipe,
    seed: int,
    progress: Progress | None = None,
) -> Trained:
    """Train one network.

    Args:
        start: the encoder (:func:`genemine.models.tagger_start.from_bundle`).
        read: what it learns from.
        chances: float32 (n, n_outputs), the labels.
        weights: float32 (n, n_outputs), 0 where an output has no label.
        recipe: numbers.
        seed: of weights, order and dropout.
        progress: called with (steps done, steps in all).
    """
    import keras

    from genemine.models.training import compile_learner, fit

    reader, learner = build_deep(start, recipe, chances.shape[1], seed)
    n = -(-len(read) // recipe.batch_size)
    epochs = max(recipe.epochs, -(-recipe.min_steps // n))
    settings = TrainSettings(seed, epochs, epochs, recipe.batch_size, recipe.learning_rate)
    compile_learner(learner, settings)
    lengths = read.text.text.lengths.tolist()

    def batch(epoch: int, step: int) -> list[np.ndarray]:
        if epoch not in plans:
            plans.clear()
            plans[epoch] = batches(lengths, recipe.batch_size, np.random.default_rng([seed, epoch]))
        chosen = plans[epoch][step]
        return [*read.batch(chosen), chances[chosen], weights[chosen]]

    plans: dict[int, list[np.ndarray]] = {}
    every = max(1, round(n / AVERAGES_PER_EPOCH))
    fit(learner, n, batch, None, settings, progress=progress, average_keep=AVERAGE_KEEP, average_every=every)
    return Trained([np.array(keras.ops.convert_to_numpy(v), np.float32) for v in reader.trainable_variables], _reads(reader))


def load_deep(start: Start, recipe: DeepRecipe, n_outputs: int, weights: Sequence[np.ndarray]) -> Reader:
    """Make a trained network again.

    Raises:
        ValueError: the weights are of another shape of network.
    """
    reader, _ = build_deep(start, recipe, n_outputs, seed=0)
    variables = reader.trainable_variables
    if [tuple(v.shape) for v in variables] != [w.shape for w in weights]:
        raise ValueError("the weights are of another shape of network")
    for variable, array in zip(variables, weights, strict=True):
        variable.assign(np.asarray(array, np.float32))
    return _reads(reader)


def _reads(reader: Any) -> Reader:
    """Give what reads examples with a network, the longest first, so that little is padded."""
    from genemine.models.tagger import emit_function

    emit = emit_function(reader)

    def logits(read: Reading) -> np.ndarray:
        found = np.zeros((len(read), reader.output_shape[-1]), np.float32)
        for chosen in batches(read.text.text.lengths.tolist(), READ_BATCH):
            found[chosen] = emit(read.batch(chosen))
        return found

    return logits
