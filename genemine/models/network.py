"""The tagger's network: frozen word vectors + character CNN -> BiLSTM -> three tag weights for each output.

Only ``keras.ops`` and ``keras.layers``. Sources: Lample et al. 2016 (arXiv:1603.01360, BiLSTM-CRF); Ma & Hovy 2016
(arXiv:1603.01354, character CNN); Wang et al. 2018 (arXiv:1801.09851, one output a corpus over a shared BiLSTM).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from genemine.models.crf import CrfLoss
from genemine.models.decode import N_TAGS
from genemine.models.engine_weights import VECTOR_RMS
from genemine.models.vocabulary import MAX_CHARS, PADDING


@dataclass(frozen=True)
class TaggerShape:
    """Sizes and regularisation of the network."""

    char_size: int = 30
    char_filters: int = 50  # for each width
    char_widths: tuple[int, ...] = (2, 3, 4)
    units: int = 200  # LSTM units a direction
    layers: int = 1
    input_dropout: float = 0.4
    output_dropout: float = 0.4
    word_dropout: float = 0.05  # share of tokens that lose their word vector, so that the characters learn to do without
    hints: int = 0  # numbers a token that a dictionary gives (:mod:`genemine.models.dictionary`)


class WordDropout(keras.layers.Layer):
    """In training, drop the whole vector of some tokens."""

    def __init__(self, rate: float, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = rate
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, vectors: Any, training: bool = False) -> Any:
        """Drop vectors in training; give them as they are in use."""
        if not training or not self.rate:
            return vectors
        kept = keras.random.uniform((ops.shape(vectors)[0], ops.shape(vectors)[1], 1), seed=self.generator) >= self.rate
        return vectors * ops.cast(kept, vectors.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape stays."""
        return input_shape


class FormFeatures(keras.layers.Layer):
    """Characters of the distinct words -> features of every token: CNN, maximum over places, then each token takes its word's row.

    Call with ``[chars int (u, MAX_CHARS), forms int (b, t)]``; gives float (b, t, widths x filters).
    """

    def __init__(self, n_chars: int, shape: TaggerShape, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = shape.char_filters * len(shape.char_widths)
        self.embed = keras.layers.Embedding(n_chars, shape.char_size, embeddings_initializer=_uniform(seed))
        self.convs = [
            keras.layers.Conv1D(
                shape.char_filters, width, padding="same", kernel_initializer=keras.initializers.GlorotUniform(seed + width)
            )
            for width in shape.char_widths
        ]

    def call(self, inputs: list[Any]) -> Any:
        """Encode each distinct word once and hand its features to its tokens."""
        chars, forms = inputs
        real = ops.cast(ops.not_equal(chars, PADDING), "float32")[..., None]
        vectors = self.embed(chars) * real
        features = [ops.max(ops.relu(conv(vectors)) * real, axis=1) for conv in self.convs]
        return ops.take(ops.concatenate(features, axis=-1), forms, axis=0)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """One row of features a token."""
        return (*input_shape[1], self.size)


@dataclass(frozen=True)
class TokenParts:
    """The layers that make vectors of tokens; a tagger and a language model of one shape have the same."""

    words: Any
    word_dropout: WordDropout
    characters: FormFeatures

    @classmethod
    def make(cls, matrix: np.ndarray, n_chars: int, shape: TaggerShape, seed: int) -> TokenParts:
        """Make the layers with fresh weights; ``matrix`` float32 (n_words, size) are the word vectors by id, which stay."""
        embed = keras.layers.Embedding(*matrix.shape, embeddings_initializer="zeros", trainable=False, name="word_vectors")
        embed.build((None, None))
        rms = float(np.sqrt(np.mean(np.square(matrix[2:])))) if len(matrix) > 2 else 1.0
        embed.set_weights([matrix * (VECTOR_RMS / max(rms, 1e-6))])
        dropout = WordDropout(shape.word_dropout, seed + 1, name="word_dropout")
        return cls(embed, dropout, FormFeatures(n_chars, shape, seed + 10, name="characters"))


def token_inputs(hints: int = 0) -> list[Any]:
    """Make the inputs of :meth:`genemine.models.encode.Encoded.inputs`; the hints of a dictionary come last."""
    inputs = [
        keras.Input((None,), dtype="int32", name="words"),
        keras.Input((None,), dtype="int32", name="forms"),
        keras.Input((MAX_CHARS,), dtype="int32", name="chars"),
        keras.Input((None,), dtype="float32", name="mask"),
    ]
    return [*inputs, keras.Input((None, hints), dtype="float32", name="hints")] if hints else inputs


def token_vectors(inputs: list[Any], parts: TokenParts) -> Any:
    """Word vector, character features and hints of each token, float (b, t, size)."""
    words, forms, chars, _, *hints = inputs
    vectors = parts.word_dropout(parts.words(words))
    return keras.layers.Concatenate(name="tokens")([vectors, parts.characters([chars, forms]), *hints])


@dataclass(frozen=True)
class Network:
    """``emitter``: inputs -> emissions (b, t, k, 3); ``learner``: inputs, tags, weights -> loss (b,); both share all weights."""

    emitter: Any
    learner: Any
    crf: CrfLoss
    parts: TokenParts
    first: Any  # the first BiLSTM
    soft_learner: Any  # as ``learner``, of chances float (b, t, k, 3) instead of tags


def build_network(matrix: np.ndarray, n_chars: int, n_outputs: int, shape: TaggerShape, seed: int) -> Network:
    """Build the network with fresh weights.

    Args:
        matrix: float32 (n_words, size), the word vectors by id; they stay as they are.
        n_chars: characters known, padding and unknown included.
        n_outputs: number of outputs.
        shape: sizes.
        seed: of the first weights and of dropout.
    """
    keras.utils.set_random_seed(seed)
    inputs = token_inputs(shape.hints)
    mask = inputs[3]
    parts = TokenParts.make(matrix, n_chars, shape, seed)
    hidden = keras.layers.Dropout(shape.input_dropout, seed=seed + 2, name="input_dropout")(token_vectors(inputs, parts))
    layers = []
    for layer in range(shape.layers):
        lstm = keras.layers.LSTM(shape.units, return_sequences=True, seed=seed + 3 + layer)
        layers.append(keras.layers.Bidirectional(lstm, name=f"bilstm_{layer}"))
        hidden = layers[-1](hidden, mask=ops.cast(mask, "bool"))
        hidden = keras.layers.Dropout(shape.output_dropout, seed=seed + 6 + layer, name=f"output_dropout_{layer}")(hidden)
    flat = keras.layers.Dense(n_outputs * N_TAGS, name="emissions")(hidden)
    by_output = keras.layers.Reshape((-1, n_outputs, N_TAGS))
    by_output.supports_masking = True  # tokens stay where they are, so their mask still fits
    emissions = by_output(flat)
    tags = keras.Input((None, n_outputs), dtype="int32", name="tags")
    weights = keras.Input((n_outputs,), dtype="float32", name="weights")
    crf = CrfLoss(n_outputs, name="crf")
    loss = crf([emissions, tags, mask, weights])
    chances = keras.Input((None, n_outputs, N_TAGS), dtype="float32", name="chances")
    soft_loss = crf([emissions, chances, mask, weights])
    learner, soft_learner = keras.Model([*inputs, tags, weights], loss), keras.Model([*inputs, chances, weights], soft_loss)
    return Network(keras.Model(inputs, emissions), learner, crf, parts, layers[0], soft_learner)


def _uniform(seed: int) -> Any:
    return keras.initializers.RandomUniform(-0.3, 0.3, seed=seed)
