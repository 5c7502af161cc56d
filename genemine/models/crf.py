"""The linear-chain CRF as a Keras layer: its loss in training; :mod:`genemine.models.decode` reads mentions off it.

All outputs (annotation guidelines) are one layer: k chains of three tags each that share nothing but the network below.
Only ``keras.ops`` and ``keras.layers``, so the same file trains on Keras' JAX backend.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from genemine.models.decode import FORBIDDEN, N_TAGS, I, O

TINY = 1e-30  # keeps log away from 0 where only forbidden steps lead to a tag


class _ForwardCell(keras.layers.Layer):
    """One token of the forward sum, as an RNN cell: state = log weights of all paths so far, (b, 3k)."""

    def __init__(self, n_outputs: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n_outputs = n_outputs
        self.state_size = n_outputs * N_TAGS
        self.output_size = n_outputs * N_TAGS
        self._forbidden = np.zeros((1, N_TAGS, N_TAGS), np.float32)
        self._forbidden[:, O, I] = FORBIDDEN

    def build(self, _: Any) -> None:
        self.steps = self.add_weight(shape=(self.n_outputs, N_TAGS, N_TAGS), initializer="zeros", name="steps")
        self.built = True

    def call(self, inputs: Any, states: Any) -> tuple[Any, list[Any]]:
        alpha = ops.reshape(states[0], (-1, self.n_outputs, N_TAGS))
        top = ops.stop_gradient(ops.max(alpha, axis=-1, keepdims=True))
        summed = ops.einsum("bki,kij->bkj", ops.exp(alpha - top), ops.exp(self.steps + self._forbidden))
        new = ops.reshape(ops.log(summed + TINY) + top, (-1, self.state_size)) + inputs
        return new, [new]


class CrfLoss(keras.layers.Layer):
    """Negative log-likelihood of the gold tags, summed over the outputs that a sentence's corpus annotates.

    Call with ``[emissions (b, t, k, 3), tags int (b, t, k), mask (b, t), weights (b, k)]``; gives float (b,). An output of weight 0
    adds nothing to the loss, so nothing is learnt from what a corpus does not annotate. Tags may also be chances, float
    (b, t, k, 3): then the gradient by the emissions is (own chance - given chance), and the step weights learn as if neighbouring
    tokens' chances were independent, which is exact where they are 0 or 1.
    """

    def __init__(self, n_outputs: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n_outputs = n_outputs
        self.supports_masking = True  # Keras' own mask may come in; `mask` among the inputs is the one that counts
        self._forbidden_start = np.array([[0.0, 0.0, FORBIDDEN]], np.float32)
        self.forward_sum = keras.layers.RNN(_ForwardCell(n_outputs), return_state=True)

    def build(self, _: Any) -> None:
        """Make the weights."""
        self.forward_sum.build((None, None, self.n_outputs * N_TAGS))
        self.start = self.add_weight(shape=(self.n_outputs, N_TAGS), initializer="zeros", name="start")
        self.built = True

    @property
    def steps(self) -> Any:
        """The step weights (k, 3, 3), without what is forbidden."""
        return self.forward_sum.cell.steps

    def call(self, inputs: list[Any]) -> Any:
        """Give the loss of each sentence."""
        emissions, tags, mask, weights = inputs
        first = emissions[:, 0] + self.start + self._forbidden_start
        flat = (-1, self.n_outputs * N_TAGS)
        rest = ops.reshape(emissions[:, 1:], (-1, ops.shape(emissions)[1] - 1, self.n_outputs * N_TAGS))
        # the state, not the output: a sentence of one token has no further output
        _, total = self.forward_sum(rest, mask=ops.cast(mask[:, 1:], "bool"), initial_state=[ops.reshape(first, flat)])
        log_z = ops.logsumexp(ops.reshape(total, (-1, self.n_outputs, N_TAGS)), axis=-1)
        return ops.sum(weights * (log_z - self._gold(emissions, tags, mask)), axis=-1)

    def _gold(self, emissions: Any, tags: Any, mask: Any) -> Any:
        """Give the log weight of the gold path, (b, k)."""
        chances = tags if len(tags.shape) == 4 else ops.one_hot(tags, N_TAGS, dtype="float32")
        chosen = chances * mask[:, :, None, None]
        moves = ops.einsum("btki,kij,btkj->bk", chosen[:, :-1], self.steps, chosen[:, 1:])
        return ops.einsum("btki,btki->bk", chosen, emissions) + moves + ops.einsum("bki,ki->bk", chosen[:, 0], self.start)

    def compute_mask(self, inputs: Any, previous_mask: Any) -> None:
        """A loss has no tokens to mask."""

    def compute_output_shape(self, input_shape: Any) -> tuple[Any]:
        """One number a sentence."""
        return (input_shape[0][0],)
