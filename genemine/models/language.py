"""The recurrent language model: the tagger's token encoder and a forward and a backward LSTM that each guess the next word.

The forward LSTM reads a sentence from the left and predicts the word after each token, the backward one reads from the right and
predicts the word before. Together they are the first BiLSTM of a tagger, so :func:`give_to_tagger` hands their weights on. In
training the softmax is sampled: the words of the batch's own draw, the same for all tokens, corrected for how likely each was to
be drawn; perplexity and next-word probabilities always use the whole softmax.

Only ``keras.ops`` and ``keras.layers``. Sources: Peters et al. 2018 (arXiv:1802.05365, two directions), Sachan et al. 2018
(arXiv:1711.07908, hand the weights to a tagger), Jean et al. 2015 (arXiv:1412.2007, sampled softmax).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from genemine.models.network import TaggerShape, TokenParts, token_inputs, token_vectors
from genemine.models.text_ids import FormTable, encode_rows
from genemine.models.vocabulary import UNKNOWN, Vocabulary

DIRECTIONS = ("forward", "backward")
HIT = 1e4  # taken off the log weight of a drawn word that is the very word to be guessed


@dataclass(frozen=True)
class LanguageShape:
    """Sizes: ``encoder`` as the tagger's (first layer), ``output_words`` guessed words (the commonest), ``drawn`` words a batch."""

    encoder: TaggerShape
    output_words: int = 30_000
    drawn: int = 1024
    dropout: float = 0.1


class SampledSoftmax(keras.layers.Layer):
    """Guess words from states; both directions share the words' output vectors and biases.

    Call with ``[states (b, t, units), targets int (b, t), drawn int (s,), log_odds float (n_words,)]``: targets are output word
    ids, 0 where nothing is guessed; gives the summed loss float (b,).
    """

    def __init__(self, vectors: np.ndarray, units: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n_words, self.size = vectors.shape
        self._first = vectors
        glorot = keras.initializers.GlorotUniform(seed)
        self.down = {way: keras.layers.Dense(self.size, kernel_initializer=glorot, name=f"{way}_down") for way in DIRECTIONS}
        self.units = units

    def build(self, _: Any) -> None:
        """Make the weights; output vectors begin as the word vectors."""
        for layer in self.down.values():
            layer.build((None, None, self.units))
        self.table = self.add_weight(
            shape=(self.n_words, self.size), initializer=lambda *_a, **_k: ops.array(self._first), name="table"
        )
        self.bias = self.add_weight(shape=(self.n_words,), initializer="zeros", name="bias")
        self.built = True

    def call(self, inputs: list[Any], way: str = "forward") -> Any:
        """Give the sampled loss of one direction."""
        states, targets, drawn, log_odds = inputs
        guess = self.down[way](states)
        right = ops.sum(guess * ops.take(self.table, targets, axis=0), axis=-1) + ops.take(self.bias - log_odds, targets)
        wrong = ops.matmul(guess, ops.transpose(ops.take(self.table, drawn, axis=0))) + ops.take(self.bias - log_odds, drawn)
        same = ops.cast(ops.equal(targets[..., None], drawn), wrong.dtype)
        every = ops.concatenate([right[..., None], wrong - HIT * same], axis=-1)
        loss = ops.logsumexp(every, axis=-1) - right
        return ops.sum(loss * ops.cast(targets > 0, loss.dtype), axis=-1)

    def log_probabilities(self, states: Any, way: str) -> Any:
        """Give the whole softmax in logs: (n, units) -> (n, n_words)."""
        scores = ops.matmul(self.down[way](states[None])[0], ops.transpose(self.table)) + self.bias
        return scores - ops.logsumexp(scores, axis=-1, keepdims=True)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """One number a sentence."""
        return (input_shape[0][0],)


@dataclass(frozen=True)
class LanguageModel:
    """``states``: inputs -> forward and backward states (b, t, units) each; ``learner``: inputs, targets, draw -> loss (b,).

    ``output_ids`` int32: output word id by word id of the vocabulary, 0 where a word is not guessed.
    """

    states: Any
    learner: Any
    softmax: SampledSoftmax
    parts: TokenParts
    lstms: dict[str, Any]
    output_ids: np.ndarray


def build_language_model(vocabulary: Vocabulary, shape: LanguageShape, seed: int) -> LanguageModel:
    """Build the model with fresh weights; words come by falling frequency in the vocabulary."""
    keras.utils.set_random_seed(seed)
    inputs = token_inputs()
    parts = TokenParts.make(vocabulary.matrix(), len(vocabulary.chars) + 2, shape.encoder, seed)
    hidden = keras.layers.Dropout(shape.dropout, seed=seed + 2)(token_vectors(inputs, parts))
    mask = ops.cast(inputs[3], "bool")
    lstms = {
        way: keras.layers.LSTM(shape.encoder.units, return_sequences=True, go_backwards=way == "backward", name=way)
        for way in DIRECTIONS
    }
    forward = lstms["forward"](hidden, mask=mask)
    backward = ops.flip(lstms["backward"](hidden, mask=mask), axis=1)
    n_out = min(shape.output_words, len(vocabulary.words))
    start = np.concatenate([np.zeros((1, vocabulary.size), np.float32), vocabulary.matrix()[2 : n_out + 2]])
    softmax = SampledSoftmax(start, shape.encoder.units, seed + 20, name="softmax")
    targets = keras.Input((None,), dtype="int32", name="targets")
    drawn = keras.Input((), dtype="int32", name="drawn")
    log_odds = keras.Input((), dtype="float32", name="log_odds")
    drop = keras.layers.Dropout(shape.dropout, seed=seed + 3)
    # the last guess of the forward and the first of the backward direction have nothing to guess; so have words left out
    ahead = softmax([drop(forward)[:, :-1], targets[:, 1:], drawn, log_odds], way="forward")
    behind = softmax([drop(backward)[:, 1:], targets[:, :-1], drawn, log_odds], way="backward")
    guessed = ops.cast(targets > 0, "float32")
    n_guessed = ops.sum(guessed[:, 1:]) + ops.sum(guessed[:, :-1])
    share = ops.sum(ops.ones_like(guessed[:, 0])) / ops.maximum(n_guessed, 1.0)  # so that the mean loss is one of guesses
    learner = keras.Model([*inputs, targets, drawn, log_odds], (ahead + behind) * share)
    output_ids = np.zeros(len(vocabulary.words) + 2, np.int32)
    output_ids[2 : n_out + 2] = np.arange(1, n_out + 1)
    return LanguageModel(keras.Model(inputs, [forward, backward]), learner, softmax, parts, lstms, output_ids)


def give_to_tagger(weights: dict[str, list[np.ndarray]], network: Any) -> None:
    """Set a tagger's characters and first BiLSTM to the language model's (:func:`encoder_weights`)."""
    network.parts.characters.set_weights(weights["characters"])
    both = network.first
    both.forward_layer.set_weights(_fitted(weights["forward"], both.forward_layer))
    both.backward_layer.set_weights(_fitted(weights["backward"], both.backward_layer))


def encoder_weights(model: LanguageModel) -> dict[str, list[np.ndarray]]:
    """Take out what a tagger can use."""
    layers = {"characters": model.parts.characters, **model.lstms}
    return {name: [np.array(ops.convert_to_numpy(w)) for w in layer.weights] for name, layer in layers.items()}


def _fitted(given: list[np.ndarray], layer: Any) -> list[np.ndarray]:
    """Fit the input kernel: inputs that the language model does not know (further features) keep their first weights."""
    own = layer.get_weights()
    own[0][: len(given[0])] = given[0]
    return [own[0], *given[1:]]


def draw_odds(counts: np.ndarray, drawn: int) -> tuple[np.ndarray, np.ndarray]:
    """Give how words are drawn: cumulative chances float64 (n,), and log(drawn x chance) float32 (n,); counts of word 0 are 0."""
    chances = counts / counts.sum()
    with np.errstate(divide="ignore"):
        logs = np.log(drawn * chances)
    return np.cumsum(chances), np.where(np.isfinite(logs), logs, 0.0).astype(np.float32)


def language_inputs(rows: np.ndarray, table: FormTable, output_ids: np.ndarray) -> list[np.ndarray]:
    """Encode sentences for the learner, without the draw: inputs and targets int32 (b, t)."""
    encoded = encode_rows(rows, table)
    return [*encoded.inputs(), np.where(encoded.words > UNKNOWN, output_ids[encoded.words], 0).astype(np.int32)]


def perplexity(model: LanguageModel, batches: list[list[np.ndarray]]) -> dict[str, float]:
    """Give the perplexity of each direction over the words that it can guess; ``batches`` as of :func:`language_inputs`."""
    totals = dict.fromkeys(DIRECTIONS, 0.0)
    n = dict.fromkeys(DIRECTIONS, 0)
    for *inputs, targets in batches:
        forward, backward = model.states(inputs, training=False)
        shifted = {"forward": (forward[:, :-1], targets[:, 1:]), "backward": (backward[:, 1:], targets[:, :-1])}
        for way, (states, wanted) in shifted.items():
            at = np.nonzero(wanted)
            logs = model.softmax.log_probabilities(ops.array(ops.convert_to_numpy(states)[at]), way)
            totals[way] -= float(np.take_along_axis(ops.convert_to_numpy(logs), wanted[at][:, None], axis=1).sum())
            n[way] += len(at[0])
    return {way: float(np.exp(totals[way] / max(n[way], 1))) for way in DIRECTIONS}
