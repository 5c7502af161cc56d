"""Read mentions off a linear-chain CRF: best legal tags, and the probability of each mention. NumPy only.

Three tags an output: O = 0, B = 1, I = 2. I follows B or I alone, so every tag path is a set of whole spans.

Source: Lafferty, McCallum, Pereira (2001), ICML; Forney (1973), "The Viterbi Algorithm", Proceedings of the IEEE 61(3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

O, B, I = 0, 1, 2  # noqa: E741  # the names of the scheme
N_TAGS = 3
FORBIDDEN = -1e4  # log weight of an impossible step; finite, so that sums of it stay numbers


@dataclass(frozen=True)
class Chain:
    """Step weights of k outputs: ``steps`` float (k, 3, 3), [k, i, j] = log weight of tag j after tag i; ``start`` float (k, 3)."""

    steps: np.ndarray
    start: np.ndarray

    def legal(self) -> Chain:
        """Give the weights with the impossible steps (O to I, start to I) forbidden."""
        steps, start = np.array(self.steps, np.float32), np.array(self.start, np.float32)
        steps[:, O, I] = FORBIDDEN
        start[:, I] = FORBIDDEN
        return Chain(steps, start)

    def cooled(self, temperature: np.ndarray) -> Chain:
        """Divide the weights of each output by its temperature, float (k,)."""
        return Chain(self.steps / temperature[:, None, None], self.start / temperature[:, None])


def viterbi(emissions: np.ndarray, lengths: np.ndarray, chain: Chain) -> np.ndarray:
    """Find the best legal tags.

    Args:
        emissions: float (b, t, k, 3), log weight of each tag.
        lengths: int (b,), tokens of each sentence, at least 1.
        chain: legal step weights of the k outputs.

    Returns:
        int8 (b, t, k); 0 beyond the end of a sentence.
    """
    n, longest, k, _ = emissions.shape
    score = chain.start + emissions[:, 0]
    came_from = np.zeros((longest, n, k, N_TAGS), np.int8)
    for t in range(1, longest):
        options = score[..., None] + chain.steps
        best = options.argmax(axis=2)
        came_from[t] = best
        moved = np.take_along_axis(options, best[:, :, None], axis=2)[:, :, 0] + emissions[:, t]
        score = np.where((t < lengths)[:, None, None], moved, score)
    tags = np.zeros((n, longest, k), np.int8)
    tag = score.argmax(axis=2)
    for t in range(longest - 1, -1, -1):
        inside = (t < lengths)[:, None]
        tags[:, t] = np.where(inside, tag, O)
        if t:
            before = np.take_along_axis(came_from[t], tag[..., None], axis=2)[..., 0]
            tag = np.where(inside, before, tag)
    return tags


def forward(emissions: np.ndarray, lengths: np.ndarray, chain: Chain) -> tuple[np.ndarray, np.ndarray]:
    """Sum over all paths up to each token: log weights float (b, t, k, 3), and over whole sentences: (b, k)."""
    alpha = np.empty_like(emissions)
    alpha[:, 0] = chain.start + emissions[:, 0]
    for t in range(1, emissions.shape[1]):
        moved = _logsum(alpha[:, t - 1][..., None] + chain.steps, 2) + emissions[:, t]
        alpha[:, t] = np.where((t < lengths)[:, None, None], moved, alpha[:, t - 1])
    return alpha, _logsum(alpha[:, -1], 2)


def backward(emissions: np.ndarray, lengths: np.ndarray, chain: Chain) -> np.ndarray:
    """Sum over all paths after each token: log weights float (b, t, k, 3)."""
    beta = np.zeros_like(emissions)
    for t in range(emissions.shape[1] - 2, -1, -1):
        after = _logsum(chain.steps + (emissions[:, t + 1] + beta[:, t + 1])[:, :, None], 3)
        beta[:, t] = np.where((t + 1 < lengths)[:, None, None], after, 0.0)
    return beta


def spans_of(tags: Sequence[int]) -> list[tuple[int, int]]:
    """List the spans (first, last exclusive) in the legal tags of one sentence."""
    spans: list[tuple[int, int]] = []
    first = -1
    for t, tag in enumerate(tags):
        if tag != I and first >= 0:
            spans.append((first, t))
            first = -1
        if tag == B:
            first = t
    if first >= 0:
        spans.append((first, len(tags)))
    return spans


def span_probabilities(
    emissions: np.ndarray, lengths: np.ndarray, chain: Chain, spans: Sequence[tuple[int, int, int, int]]
) -> list[float]:
    """Give the probability that exactly these tokens are one mention, for each span (sentence, output, first, last).

    It is the share of all tag paths' weight that begins a mention at ``first`` and ends it before ``last``.
    """
    if not spans:
        return []
    alpha, total = forward(emissions, lengths, chain)
    beta = backward(emissions, lengths, chain)
    at_b, at_i = emissions[..., B], emissions[..., I]
    result = []
    for b, k, first, last in spans:
        steps = chain.steps[k]
        enter = chain.start[k, B] if first == 0 else _logsum(alpha[b, first - 1, k] + steps[:, B], 0)
        weight = enter + at_b[b, first, k] + at_i[b, first + 1 : last, k].sum()
        end = B
        if last - first > 1:
            weight += steps[B, I] + (last - first - 2) * steps[I, I]
            end = I
        if last < lengths[b]:
            weight += _logsum((steps[end] + emissions[b, last, k] + beta[b, last, k])[:I], 0)
        result.append(float(np.exp(min(weight - total[b, k], 0.0))))
    return result


def _logsum(values: np.ndarray, axis: int) -> np.ndarray:
    top = values.max(axis=axis, keepdims=True)
    total: np.ndarray = np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)
    return total
