"""The pair classifier's network in NumPy: sentences with two marks in, a logit of each output out. Keras is not imported.

The same numbers as :mod:`genemine.models.relation_net` up to the rounding that makes products exact (:mod:`genemine.models.exact`),
and the same for a sentence whatever it is computed with. What a word adds to the gates of the LSTM, and what its places from gene
and disease add, are tables made once, so a token costs two look-ups and its share of the recurrent product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from threadpoolctl import ThreadpoolController

from genemine.models.engine_forms import gates, recurrent_weights
from genemine.models.engine_lstm import STATE_LARGEST, STATE_STEP, lay_out, run_layer
from genemine.models.engine_weights import Lstm
from genemine.models.exact import exact_weights
from genemine.models.relation_encode import HERE, N_PLACES, PairBatch
from genemine.models.relation_shares import effects
from genemine.models.vocabulary import Vocabulary

LANES = 256  # more than the tagger has: states are a quarter as wide, and fewer steps leave the threads less to wait for
ROUNDED = 6  # decimals of a logit: what sums in another order could change lies far below


@dataclass(frozen=True)
class PairWeights:
    """All weights, float32.

    ``own`` (n_words, own_size) what was learnt of a word beside its vector; ``places`` the vectors (N_PLACES, place_size) of places
    from the gene and from the disease; ``lstm`` forward and backward, whose inputs are word vector, own numbers, both places;
    ``attention`` (2u, 1); ``kernel`` (8u, outputs) over attended, highest, at the gene, at the disease; ``bias`` (outputs,);
    ``word_scale`` what word vectors are multiplied by.
    """

    own: np.ndarray
    places: tuple[np.ndarray, np.ndarray]
    lstm: tuple[Lstm, Lstm]
    attention: np.ndarray
    kernel: np.ndarray
    bias: np.ndarray
    word_scale: float

    def arrays(self) -> dict[str, np.ndarray]:
        """Give what a bundle stores, float16; :meth:`from_arrays` reads it back."""
        named = {"own": self.own, "gene_places": self.places[0], "disease_places": self.places[1]}
        for name, lstm in zip(("forward", "backward"), self.lstm, strict=True):
            named |= {f"{name}/kernel": lstm.kernel, f"{name}/recurrent": lstm.recurrent, f"{name}/bias": lstm.bias}
        named |= {"attention": self.attention, "logit/kernel": self.kernel, "logit/bias": self.bias}
        stored = {f"pair/{name}": array.astype(np.float16) for name, array in named.items()}
        return stored | {"pair/word_scale": np.array(self.word_scale, np.float64)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> PairWeights:
        """Read weights from the arrays of a bundle.

        Raises:
            KeyError: one is missing.
            ValueError: two do not fit together.
        """

        def take(name: str) -> np.ndarray:
            return np.asarray(arrays[f"pair/{name}"], np.float32)

        both = [Lstm(take(f"{way}/kernel"), take(f"{way}/recurrent"), take(f"{way}/bias")) for way in ("forward", "backward")]
        found = cls(
            take("own"),
            (take("gene_places"), take("disease_places")),
            (both[0], both[1]),
            take("attention"),
            take("logit/kernel"),
            take("logit/bias"),
            float(arrays["pair/word_scale"]),
        )
        units = both[0].recurrent.shape[0]
        if found.attention.shape != (2 * units, 1) or found.kernel.shape != (8 * units, found.bias.size):
            raise ValueError("attention or output weights are of another size than the LSTM")
        return found


@dataclass(frozen=True)
class Reading:
    """What the network makes of sentences.

    ``logits`` float32 (n, outputs); ``attention`` float32 (n_tokens,): how much each token weighed, adding up to 1 in a sentence;
    ``raised`` float64 (n_tokens,): what the logit of one output would lose without the token
    (:mod:`genemine.models.relation_shares`), 0 for the marks; empty where it was not asked for.
    """

    logits: np.ndarray
    attention: np.ndarray
    raised: np.ndarray


class PairEngine:
    """Reads encoded sentences."""

    def __init__(self, weights: PairWeights, vocabulary: Vocabulary) -> None:
        """Make the tables.

        Raises:
            ValueError: the weights are of another vocabulary.
        """
        n_words, size = len(vocabulary.words) + 2, vocabulary.size
        own_size, place_size = weights.own.shape[1], weights.places[0].shape[1]
        kernels = [lstm.kernel.astype(np.float64) for lstm in weights.lstm]
        if weights.own.shape[0] != n_words or kernels[0].shape[0] != size + own_size + 2 * place_size:
            raise ValueError(f"the vocabulary has {n_words} words of {size} numbers, the weights are made for others")
        words = np.concatenate([vocabulary.matrix() * np.float32(weights.word_scale), weights.own], axis=1).astype(np.float64)
        ends = np.cumsum([size + own_size, place_size])
        self._words, self._places = [], []
        for kernel, lstm in zip(kernels, weights.lstm, strict=True):
            of_word, of_gene, of_disease = np.split(kernel, ends)
            self._words.append(gates(words @ of_word + lstm.bias))
            gene, disease = weights.places[0] @ of_gene, weights.places[1] @ of_disease
            self._places.append(gates(gene[:, None] + disease[None]).reshape(N_PLACES * N_PLACES, -1))
        self._recurrent = np.stack([exact_weights(recurrent_weights(lstm), STATE_LARGEST, STATE_STEP) for lstm in weights.lstm])
        self._attention = exact_weights(0.5 * weights.attention, STATE_LARGEST, STATE_STEP)
        self._kernel, self._bias = 0.5 * weights.kernel.astype(np.float64), weights.bias.astype(np.float64)
        self._blas = ThreadpoolController().select(user_api="blas")

    @property
    def n_outputs(self) -> int:
        """How many outputs the network has."""
        return self._bias.size

    def read(self, batch: PairBatch, explained: int | None = None) -> Reading:
        """Compute sentences. Safe to call from several threads at once.

        ``explained`` is the output of which to tell what raised it.
        """
        if not len(batch.lengths):
            return Reading(np.zeros((0, self.n_outputs), np.float32), np.zeros(0, np.float32), np.zeros(0))
        begins = np.cumsum(batch.lengths) - batch.lengths
        with self._blas.limit(limits=1):  # products of this size gain nothing from a second thread of the BLAS
            states = self._states(batch)
            attention = self._weigh(states, begins, batch.lengths)
            attended = np.add.reduceat(states * attention[:, None], begins, axis=0)
            highest = np.maximum.reduceat(states, begins, axis=0)
            at_marks = [states[places == HERE] for places in (batch.gene_places, batch.disease_places)]
            summary = np.concatenate([attended, highest, *at_marks], axis=1).astype(np.float64)
            logits = np.round(summary @ self._kernel + self._bias, ROUNDED).astype(np.float32)
            raised = np.zeros(0) if explained is None else self._raised(batch, states, attention, explained)
            return Reading(logits, attention, raised)

    def _raised(self, batch: PairBatch, states: np.ndarray, attention: np.ndarray, output: int) -> np.ndarray:
        attended, highest = np.split(self._kernel[:, output], 4)[:2]
        found = effects(states, attention, batch.lengths, attended, highest)
        # gene and disease stand for whatever is asked about, and are marked anyhow
        found[(batch.gene_places == HERE) | (batch.disease_places == HERE)] = 0.0
        return found

    def _states(self, batch: PairBatch) -> np.ndarray:
        """Run the LSTM: twice the states of every token, float32 (n_tokens, 2u)."""
        lanes = lay_out(batch.lengths.tolist(), LANES)
        at = (lanes.forward, lanes.backward)
        places = batch.gene_places.astype(np.int64) * N_PLACES + batch.disease_places
        word_rows = [np.append(batch.words, 0)[where] for where in at]
        place_rows = [np.append(places, 0)[where] for where in at]

        def shares(t: int, out: np.ndarray) -> None:
            for way in range(2):
                np.take(self._words[way], word_rows[way][t], axis=0, out=out[way], mode="clip")
                out[way] += self._places[way][place_rows[way][t]]

        found = run_layer(lanes, self._recurrent, shares)
        u = found.shape[-1]
        states = np.empty((lanes.n_tokens + 1, 2 * u), np.float32)
        states[lanes.forward, :u] = found[:, 0]
        states[lanes.backward, u:] = found[:, 1]
        return states[:-1]

    def _weigh(self, states: np.ndarray, begins: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Give the share of attention of each token in its sentence, float32 (n_tokens,)."""
        hints = np.matmul(states, self._attention)[:, 0]
        hints = np.exp(hints - np.repeat(np.maximum.reduceat(hints, begins), lengths))
        return np.asarray(hints / np.repeat(np.add.reduceat(hints, begins), lengths), np.float32)
