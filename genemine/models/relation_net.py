"""The net of the pair classifier: word vectors and places -> BiLSTM -> attention, maximum and the states at the two marks.

Only ``keras.ops`` and ``keras.layers``. Sources: Zhou et al. 2016, "Attention-Based Bidirectional LSTM for Relation
Classification", ACL P16-2034 (attention); Zeng et al. 2014, COLING C14-1220 (places).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from genemine.models.relation_encode import MAX_DISTANCE, N_PLACES
from genemine.models.tagger import emit_function
from genemine.models.vocabulary import PADDING

VECTOR_RMS = 0.5  # word vectors are scaled to this; as gensim leaves them the net learns slower and ends lower
FAR_BELOW = 1e9  # taken from what padding shows, so that it never wins a softmax or a maximum


@dataclass(frozen=True)
class PairShape:
    """Sizes and regularisation, chosen on devel data: docs/experiments-relations.md."""

    place_size: int = 20
    units: int = 96  # LSTM units a direction
    attention: int = 64
    own_size: int = 32  # numbers of a word that are learnt, beside its frozen vector; zeros for words not trained on
    input_dropout: float = 0.3
    state_dropout: float = 0.5
    outputs: int = 1  # one for each corpus, where corpora differ in what they call an association
    serves: int = 0  # the output that scores


@dataclass(frozen=True)
class PairNet:
    """Three models that share all weights.

    ``scorer``: three inputs -> logit (b,) of the output that serves; ``all_outputs``: the same -> (b, outputs); ``learner``: the
    same, the example's own output int32 (b,) and its label float (b,) -> loss (b,). The other outputs learn nothing from it.
    """

    scorer: Any
    all_outputs: Any
    learner: Any


def build_pair_net(matrix: np.ndarray, shape: PairShape, seed: int) -> PairNet:
    """Build the net with fresh weights.

    Args:
        matrix: float32 (n_words, size), the word vectors by id; they stay as they are.
        shape: sizes.
        seed: of the first weights and of dropout.
    """
    keras.utils.set_random_seed(seed)
    inputs = [keras.Input((None,), dtype="int32", name=name) for name in ("words", "gene_places", "disease_places")]
    mask = ops.not_equal(inputs[0], PADDING)
    tokens = layers.Dropout(shape.input_dropout, seed=seed + 1)(_vectors(matrix)(inputs[0]))
    own = layers.Embedding(len(matrix), shape.own_size, embeddings_initializer="zeros", name="own_vectors")(inputs[0])
    near = [layers.Embedding(N_PLACES, shape.place_size)(places) for places in inputs[1:]]
    lstm = layers.LSTM(shape.units, return_sequences=True, seed=seed + 2)
    states = layers.Bidirectional(lstm, name="bilstm")(
        layers.Concatenate()([tokens, layers.Dropout(shape.input_dropout, seed=seed + 4)(own), *near]), mask=mask
    )
    summary = layers.Concatenate(name="summary")(_summaries(states, mask, inputs[1:], shape))
    logits = layers.Dense(shape.outputs, name="logit")(layers.Dropout(shape.state_dropout, seed=seed + 3)(summary))
    output = keras.Input((), dtype="int32", name="output")
    labels = keras.Input((), dtype="float32", name="labels")
    own_logit = ops.sum(logits * ops.one_hot(output, shape.outputs), axis=1) if shape.outputs > 1 else logits[:, 0]
    loss = ops.binary_crossentropy(labels, own_logit, from_logits=True)
    return PairNet(
        scorer=keras.Model(inputs, logits[:, shape.serves]),
        all_outputs=keras.Model(inputs, logits),
        learner=keras.Model([*inputs, output, labels], loss),
    )


def _vectors(matrix: np.ndarray) -> Any:
    embed = layers.Embedding(*matrix.shape, embeddings_initializer="zeros", trainable=False, name="word_vectors")
    embed.build()
    rms = float(np.sqrt(np.mean(np.square(matrix[2:])))) if len(matrix) > 2 else 1.0
    embed.set_weights([matrix * (VECTOR_RMS / max(rms, 1e-6))])
    return embed


def _summaries(states: Any, mask: Any, places: Sequence[Any], shape: PairShape) -> list[Any]:
    """Sum the states up: weighted by attention, by maximum, and the states at the two marks."""
    below = FAR_BELOW * (1.0 - ops.cast(mask, "float32"))[..., None]
    hints = layers.Dense(1, name="attention_score")(layers.Dense(shape.attention, activation="tanh", name="attention")(states))
    attended = ops.sum(states * ops.softmax(hints - below, axis=1), axis=1)
    highest = ops.max(states - below, axis=1)
    at_marks = [ops.sum(states * ops.cast(ops.equal(p, MAX_DISTANCE + 1), "float32")[..., None], axis=1) for p in places]
    return [attended, highest, *at_marks]


def weights_of(net: PairNet) -> list[np.ndarray]:
    """Give all weights but the word vectors, in the order in which :func:`set_weights` takes them."""
    return [np.asarray(ops.convert_to_numpy(variable)) for variable in net.scorer.trainable_variables]


def set_weights(net: PairNet, weights: Sequence[np.ndarray]) -> None:
    """Put weights into a net of the same shape."""
    for variable, value in zip(net.scorer.trainable_variables, weights, strict=True):
        variable.assign(value.astype(np.float32))


def mean_logits(nets: Sequence[PairNet]) -> Callable[[list[np.ndarray]], np.ndarray]:
    """Join nets into one function: three int32 arrays (b, length) -> the mean of their logits, float32 (b,)."""
    inputs = [keras.Input((None,), dtype="int32") for _ in range(3)]
    logits = [net.scorer(inputs) for net in nets]
    return emit_function(keras.Model(inputs, logits[0] if len(logits) == 1 else layers.Average()(logits)))
