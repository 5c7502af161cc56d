"""The pair classifier's network as it is trained: word vectors and places -> BiLSTM -> attention, maximum, states at the marks.

In use :mod:`genemine.models.relation_engine` computes it without Keras. Only ``keras.ops`` and ``keras.layers``. Sources: Zhou et
al. 2016, "Attention-Based Bidirectional LSTM for Relation Classification", ACL P16-2034 (attention); Zeng et al. 2014, COLING
C14-1220 (places); Hinton et al. 2015 (arXiv:1503.02531, learning from the chances that teachers give).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from genemine.models.engine_weights import Lstm
from genemine.models.relation_encode import HERE, N_PLACES
from genemine.models.relation_engine import PairWeights
from genemine.models.vocabulary import PADDING

VECTOR_RMS = 0.5  # word vectors are scaled to this; as gensim leaves them the net learns slower and ends lower
FAR_BELOW = 1e9  # taken from what padding shows, so that it never wins a softmax or a maximum


@dataclass(frozen=True)
class PairShape:
    """Sizes and regularisation, chosen on devel data: docs/experiments-relations.md."""

    place_size: int = 20
    units: int = 64  # LSTM units a direction
    own_size: int = 32  # numbers of a word that are learnt, beside its frozen vector; zeros for words not trained on
    input_dropout: float = 0.15
    state_dropout: float = 0.3
    outputs: int = 1  # one for each corpus, where corpora differ in what they call an association


@dataclass(frozen=True)
class PairNet:
    """Two models that share all weights.

    ``reader``: words, places from the gene, places from the disease, int32 (b, t) each -> logits (b, outputs). ``learner``: the
    same, chances float (b, outputs) and their weights float (b, outputs), 0 where nothing is known -> loss (b,).
    """

    reader: Any
    learner: Any
    word_scale: float


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
    scale = word_scale(matrix)
    known = layers.Embedding(*matrix.shape, embeddings_initializer="zeros", trainable=False, name="word_vectors")
    known.build()
    known.set_weights([matrix * scale])
    own = layers.Embedding(len(matrix), shape.own_size, embeddings_initializer="zeros", name="own_vectors")(inputs[0])
    tokens = layers.Dropout(shape.input_dropout, seed=seed + 1)(layers.Concatenate()([known(inputs[0]), own]))
    near = [layers.Embedding(N_PLACES, shape.place_size, name=f"{p.name}_vectors")(p) for p in inputs[1:]]
    lstm = layers.LSTM(shape.units, return_sequences=True, seed=seed + 2)
    states = layers.Bidirectional(lstm, name="bilstm")(layers.Concatenate()([tokens, *near]), mask=mask)
    summary = layers.Concatenate(name="summary")(summaries(states, mask, inputs[1:]))
    logits = layers.Dense(shape.outputs, name="logit")(layers.Dropout(shape.state_dropout, seed=seed + 3)(summary))
    chances = keras.Input((shape.outputs,), dtype="float32", name="chances")
    weights = keras.Input((shape.outputs,), dtype="float32", name="weights")
    return PairNet(
        keras.Model(inputs, logits), keras.Model([*inputs, chances, weights], pair_loss(logits, chances, weights)), scale
    )


def word_scale(matrix: np.ndarray) -> float:
    """Give what word vectors are multiplied by to have a root mean square of :data:`VECTOR_RMS`."""
    rms = float(np.sqrt(np.mean(np.square(matrix[2:])))) if len(matrix) > 2 else 1.0
    return VECTOR_RMS / max(rms, 1e-6)


def summaries(states: Any, mask: Any, places: Sequence[Any]) -> list[Any]:
    """Sum states (b, t, n) up: weighted by attention, by maximum, and as they are at the two marks; (b, n) each."""
    below = FAR_BELOW * (1.0 - ops.cast(mask, "float32"))[..., None]
    hints = layers.Dense(1, use_bias=False, name="attention")(states)
    attended = ops.sum(states * ops.softmax(hints - below, axis=1), axis=1)
    highest = ops.max(states - below, axis=1)
    return [attended, highest, *(ops.sum(states * at_mark(p), axis=1) for p in places)]


def at_mark(places: Any) -> Any:
    """Give 1 at the mark and 0 elsewhere, float (b, t, 1)."""
    return ops.cast(ops.equal(places, HERE), "float32")[..., None]


def pair_loss(logits: Any, chances: Any, weights: Any) -> Any:
    """Give the cross-entropy of each example, (b,): that of its outputs, weighted."""
    # log(1 + e^z) - p z, which is the cross-entropy of sigmoid(z) with the chance p
    losses = ops.softplus(logits) - chances * logits
    return ops.sum(losses * weights, axis=1) / ops.maximum(ops.sum(weights, axis=1), 1e-6)


def pair_weights(net: PairNet) -> PairWeights:
    """Take the weights out, as the engine reads them."""

    def of(layer: str, part: int = 0) -> np.ndarray:
        return np.asarray(net.reader.get_layer(layer).get_weights()[part], np.float32)

    both = net.reader.get_layer("bilstm")
    lstms = [Lstm(*map(np.asarray, layer.get_weights())) for layer in (both.forward_layer, both.backward_layer)]
    places = (of("gene_places_vectors"), of("disease_places_vectors"))
    output = (of("logit"), of("logit", 1))
    return PairWeights(of("own_vectors"), places, (lstms[0], lstms[1]), of("attention"), *output, net.word_scale)
