"""The tagger's network in NumPy: sentences in, tag weights out. Neither Keras nor TensorFlow is imported.

Same numbers as :mod:`genemine.models.network` up to the rounding that makes them exact (docs/engine.md), and bit for bit the same
for a sentence whatever it is computed with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from genemine.models.decode import N_TAGS
from genemine.models.engine_forms import Form, FormEncoder, FormTable, gates, recurrent_weights
from genemine.models.engine_lstm import STATE_LARGEST, STATE_STEP, Lanes, lay_out, run_layer
from genemine.models.engine_weights import Weights
from genemine.models.exact import exact_weights
from genemine.models.vocabulary import Vocabulary

POOL_TOKENS = 24_000  # tokens computed together; bounds the memory (1,600 bytes a token and layer of 200 units)
# A longer sentence is computed in windows. Beyond some dozens of tokens an LSTM's state remembers next to nothing.
WINDOW = 512  # tokens
OVERLAP = 64  # tokens at each side of a window whose numbers are taken from the neighbouring window


@dataclass(frozen=True)
class _Piece:
    """A sentence or one window of it: tokens ``first`` to ``last`` of all tokens are computed, ``keep`` of them count."""

    first: int
    last: int
    keep: slice


class Engine:
    """Computes emissions."""

    def __init__(self, weights: Weights, vocabulary: Vocabulary) -> None:
        """Prepare the weights; the table of forms fills up as sentences come."""
        self._weights, self._dictionary = weights, vocabulary.dictionary
        self._encoder = FormEncoder(weights, vocabulary)
        self._table = FormTable(self._encoder, vocabulary, weights.units)
        self._recurrent = [
            np.stack([exact_weights(recurrent_weights(lstm), STATE_LARGEST, STATE_STEP) for lstm in both])
            for both in weights.layers
        ]
        self._kernels = [
            [(exact_weights(0.5 * gates(lstm.kernel), STATE_LARGEST, STATE_STEP), gates(lstm.bias)) for lstm in both]
            for both in weights.layers[1:]
        ]
        # Products of this size gain nothing from a second thread, and lose much where other work keeps the cores busy.
        self._blas = ThreadpoolController().select(user_api="blas")
        self._outputs: dict[tuple[int, ...], tuple[np.ndarray, np.ndarray]] = {}

    @property
    def n_outputs(self) -> int:
        """How many outputs the network has."""
        return self._weights.bias.size // N_TAGS

    def emissions(self, sentences: Sequence[Sequence[str]], chosen: Sequence[int]) -> list[np.ndarray]:
        """Compute the tag weights of sentences by the outputs chosen: float32 (tokens, len(chosen), 3) for each."""
        forms = self._forms_of(sentences)
        lengths = [len(sentence) for sentence in sentences]
        found = np.empty((len(forms), len(chosen), N_TAGS), np.float32)
        most = min(POOL_TOKENS, self._table.capacity)
        for pool in _pools(_pieces(lengths), most):
            rows = self._table.rows([form for piece in pool for form in forms[piece.first : piece.last]])
            emitted = self._emit(self._table.tables, rows, [piece.last - piece.first for piece in pool], chosen)
            begin = 0
            for piece in pool:
                found[piece.first : piece.last][piece.keep] = emitted[begin : begin + piece.last - piece.first][piece.keep]
                begin += piece.last - piece.first
        return np.split(found, np.cumsum(lengths)[:-1]) if lengths else []

    def emit(self, inputs: Sequence[np.ndarray]) -> np.ndarray:
        """Compute the emissions (b, t, k, 3) of one encoded batch by all outputs, as the network does; 0 for padding."""
        words, forms, chars, mask, *hints = inputs
        inside = mask > 0
        emitted = np.zeros((*mask.shape, self.n_outputs, N_TAGS), np.float32)
        if not inside.any():
            return emitted
        given = _as_bits(hints[0][inside]) if hints else np.zeros(int(inside.sum()), np.int64)
        ids = np.zeros(len(chars), np.int64)
        ids[forms] = words
        distinct, rows = np.unique(np.stack([forms[inside], given]), axis=1, return_inverse=True)
        tables = self._encoder(ids[distinct[0]], chars[distinct[0]], distinct[1])
        lengths = inside.sum(axis=1)
        emitted[inside] = self._emit(tables, rows.reshape(-1), lengths[lengths > 0], range(self.n_outputs))
        return emitted

    def _forms_of(self, sentences: Sequence[Sequence[str]]) -> list[Form]:
        """Give the form of each token of all sentences."""
        if self._dictionary is None:
            return [token for sentence in sentences for token in sentence]
        forms: list[Form] = []
        for sentence in sentences:
            given = self._dictionary.bits(sentence)
            forms += [(token, hints) if hints else token for token, hints in zip(sentence, given, strict=True)]
        return forms

    def _emit(self, tables: Sequence[np.ndarray], rows: np.ndarray, lengths: Sequence[int], chosen: Sequence[int]) -> np.ndarray:
        with self._blas.limit(limits=1):
            return self._emitted(tables, rows, lengths, chosen)

    def _emitted(self, tables: Sequence[np.ndarray], rows: np.ndarray, lengths: Sequence[int], chosen: Sequence[int]) -> np.ndarray:
        lanes = lay_out(lengths)
        padded = np.append(rows, 0)
        places = (padded[lanes.forward], padded[lanes.backward])

        def first_shares(t: int, out: np.ndarray) -> None:
            for direction, table in enumerate(tables):
                np.take(table, places[direction][t], axis=0, out=out[direction], mode="clip")

        states = run_layer(lanes, self._recurrent[0], first_shares)
        for recurrent, kernels in zip(self._recurrent[1:], self._kernels, strict=True):
            states = run_layer(lanes, recurrent, _upper_shares(lanes, states, kernels))
        return self._read_out(lanes, states, tuple(chosen))

    def _read_out(self, lanes: Lanes, states: np.ndarray, chosen: tuple[int, ...]) -> np.ndarray:
        """Multiply states by the output weights: coarse and fine part apart, each exact."""
        kernel, bias = self._output_weights(chosen)
        n = bias.size
        emitted = np.empty((lanes.n_tokens + 1, n), np.float32)
        parts = [np.matmul(states[:, direction], kernel[direction]) for direction in range(2)]
        emitted[lanes.forward] = parts[0][..., :n] + parts[0][..., n:] + bias
        emitted[lanes.backward] += parts[1][..., :n] + parts[1][..., n:]
        return emitted[:-1].reshape(-1, len(chosen), N_TAGS)

    def _output_weights(self, chosen: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
        if chosen not in self._outputs:
            columns = [N_TAGS * k + tag for k in chosen for tag in range(N_TAGS)]
            wanted = 0.5 * self._weights.kernel[:, columns].astype(np.float64)
            split = []
            for half in np.split(wanted, 2):
                coarse = exact_weights(half, STATE_LARGEST, STATE_STEP)
                split.append(np.concatenate([coarse, exact_weights(half - coarse, STATE_LARGEST, STATE_STEP)], axis=1))
            self._outputs[chosen] = (np.stack(split), self._weights.bias[columns])
        return self._outputs[chosen]


def _as_bits(hints: np.ndarray) -> np.ndarray:
    """Put the hints of a token, 0 or 1 (n, h), into one number: int64 (n,)."""
    return hints.astype(np.int64) @ (1 << np.arange(hints.shape[1]))


def _upper_shares(lanes: Lanes, states: np.ndarray, kernels: Sequence[tuple[np.ndarray, np.ndarray]]) -> Any:
    """Give the input's share of a layer whose input is another layer's states."""
    u = states.shape[-1]
    below = np.zeros((lanes.n_tokens + 1, 2 * u), np.float32)
    below[lanes.forward, :u] = states[:, 0]
    below[lanes.backward, u:] = states[:, 1]
    below[-1] = 0

    def shares(t: int, out: np.ndarray) -> None:
        for direction, (places, (kernel, bias)) in enumerate(zip((lanes.forward, lanes.backward), kernels, strict=True)):
            np.matmul(below[places[t]], kernel, out=out[direction])
            out[direction] += bias

    return shares


def _pieces(lengths: Sequence[int]) -> list[_Piece]:
    pieces = []
    begin = 0
    for length in lengths:
        if 0 < length <= WINDOW:
            pieces.append(_Piece(begin, begin + length, slice(None)))
        elif length:
            core = WINDOW - 2 * OVERLAP
            for first in range(0, length, core):
                last = min(first + core, length)
                left, right = max(first - OVERLAP, 0), min(last + OVERLAP, length)
                pieces.append(_Piece(begin + left, begin + right, slice(first - left, last - left)))
        begin += length
    return pieces


def _pools(pieces: Sequence[_Piece], most: int) -> list[list[_Piece]]:
    pools: list[list[_Piece]] = []
    n_tokens = most
    for piece in pieces:
        size = piece.last - piece.first
        if n_tokens + size > most:
            pools.append([])
            n_tokens = 0
        pools[-1].append(piece)
        n_tokens += size
    return pools
