"""A bidirectional LSTM layer in NumPy, over sentences laid end to end.

Sentences of all lengths are laid into a few **lanes**, one after the other, so that no step works on padding: all lanes are about
equally long, and where a sentence begins, the state of its lane begins anew. Step t works on token t of every lane. The backward
direction runs over the same places with each sentence turned round. Both directions share each step's element-wise work.

States are kept on a grid (``STATE_STEP``), and so is what they are multiplied by: see :mod:`genemine.models.exact`. What a sentence
gets can therefore not depend on its lane, its neighbours or the number of lanes.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from genemine.models.exact import put_on_grid

MAX_LANES = 96  # rows of a matrix product; the BLAS is at its full speed from 64 on, and 128 were slower for the cache
LANE_STEP = 8
# What is kept of a state h is 2 h = (1 + tanh(o)) tanh(c), between -2 and 2: the weights that meet it are halved.
STATE_LARGEST = 2.0
STATE_STEP = 2.0**-8  # so h is known to 2^-9; see docs/engine.md for what it costs

Shares = Callable[[int, np.ndarray], None]  # (step, out float32 (2, lanes, 4u)): put the input's share of the gates into out


@dataclass(frozen=True)
class Lanes:
    """Where each token is worked on.

    ``forward`` and ``backward`` int64 (steps, lanes): the number of the token that stands there, ``n_tokens`` for none;
    ``begins``: for each step the lanes in which a sentence begins; ``n_tokens`` of all sentences together.
    """

    forward: np.ndarray
    backward: np.ndarray
    begins: list[np.ndarray]
    n_tokens: int


def lay_out(lengths: Sequence[int], most: int = MAX_LANES) -> Lanes:
    """Lay sentences of these lengths, each at least 1, into at most ``most`` lanes: the longest first, into the emptiest lane."""
    sizes = np.asarray(lengths, np.int64)
    n_tokens = int(sizes.sum())
    wanted = -(-n_tokens // int(sizes.max()))
    n_lanes = min(most, -(-wanted // LANE_STEP) * LANE_STEP)
    loads = [(0, lane) for lane in range(n_lanes)]
    begin, lane_of = np.empty(len(sizes), np.int64), np.empty(len(sizes), np.int64)
    for i in np.argsort(-sizes, kind="stable").tolist():
        load, lane = loads[0]
        begin[i], lane_of[i] = load, lane
        heapq.heapreplace(loads, (load + int(sizes[i]), lane))
    n_steps = max(load for load, _ in loads)
    offsets = np.cumsum(sizes) - sizes
    tokens = np.arange(n_tokens)
    steps, lanes = np.repeat(begin - offsets, sizes) + tokens, np.repeat(lane_of, sizes)
    forward = np.full((n_steps, n_lanes), n_tokens, np.int64)
    backward = forward.copy()
    forward[steps, lanes] = tokens
    backward[steps, lanes] = np.repeat(2 * offsets + sizes - 1, sizes) - tokens
    order = np.argsort(begin, kind="stable")
    begins = np.split(lane_of[order], np.searchsorted(begin[order], np.arange(1, n_steps)))
    return Lanes(forward, backward, begins, n_tokens)


def run_layer(lanes: Lanes, recurrent: np.ndarray, shares: Shares) -> np.ndarray:
    """Run both directions of a layer.

    Args:
        lanes: where each token is.
        recurrent: float32 (2, u, 4u), exact weights of both directions; gates i, f, o, c.
        shares: gives the input's share of the gates of a step.

    Returns:
        float32 (steps, 2, lanes, u): twice the states, on the grid of STATE_STEP.
    """
    n_steps, n_lanes = lanes.forward.shape
    u = recurrent.shape[1]
    states = np.empty((n_steps, 2, n_lanes, u), np.float32)
    z, fed_back = np.empty((2, n_lanes, 4 * u), np.float32), np.empty((2, n_lanes, 4 * u), np.float32)
    cell, work = np.zeros((2, n_lanes, u), np.float32), np.empty((2, n_lanes, u), np.float32)
    sigmoids, i, f, o, c = z[..., : 3 * u], z[..., :u], z[..., u : 2 * u], z[..., 2 * u : 3 * u], z[..., 3 * u :]
    for t in range(n_steps):
        shares(t, z)
        if t:
            np.matmul(states[t - 1], recurrent, out=fed_back)
            if len(lanes.begins[t]):
                fed_back[:, lanes.begins[t]] = 0
                cell[:, lanes.begins[t]] = 0
            z += fed_back
        np.tanh(z, out=z)
        sigmoids += 1  # twice the sigmoid
        cell *= f
        np.multiply(i, c, out=work)
        cell += work
        cell *= 0.5
        np.tanh(cell, out=work)
        state = states[t]
        np.multiply(o, work, out=state)
        put_on_grid(state, STATE_STEP)
    return states
