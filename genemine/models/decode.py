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
    weights, steps = _tag_first(emissions), _from_tag(chain)
    score = chain.start.T[:, None] + weights[0]
    came_from = np.zeros((longest, N_TAGS, n, k), np.int8)
    for t in range(1, longest):
        from_o, from_b, from_i = (score[i] + steps[i] for i in range(N_TAGS))
        best = np.maximum(from_o, from_b)
        came_from[t] = from_b > from_o
        came_from[t][from_i > best] = I
        np.maximum(best, from_i, out=best)
        best += weights[t]
        np.copyto(score, best, where=(t < lengths)[:, None])
    tags = np.zeros((longest, n, k), np.int8)
    tag = score.argmax(axis=0)
    sentence, output = np.ogrid[:n, :k]
    for t in range(longest - 1, -1, -1):
        inside = (t < lengths)[:, None]
        np.copyto(tags[t], tag, where=inside, casting="unsafe")
        np.copyto(tag, came_from[t][tag, sentence, output], where=inside)
    return tags.transpose(1, 0, 2)


def forward(emissions: np.ndarray, lengths: np.ndarray, chain: Chain) -> tuple[np.ndarray, np.ndarray]:
    """Sum over all paths up to each token: log weights float (b, t, k, 3), and over whole sentences: (b, k)."""
    weights, steps = _tag_first(emissions), _from_tag(chain)
    alpha = np.empty_like(weights)
    alpha[0] = chain.start.T[:, None] + weights[0]
    for t in range(1, len(weights)):
        alpha[t] = alpha[t - 1]
        moved = _logsum(*(alpha[t - 1, i] + steps[i] for i in range(N_TAGS)))
        moved += weights[t]
        np.copyto(alpha[t], moved, where=(t < lengths)[:, None])
    return alpha.transpose(2, 0, 3, 1), _logsum(*alpha[-1])


def backward(emissions: np.ndarray, lengths: np.ndarray, chain: Chain) -> np.ndarray:
    """Sum over all paths after each token: log weights float (b, t, k, 3)."""
    weights = _tag_first(emissions)
    steps = np.ascontiguousarray(chain.steps.transpose(2, 1, 0)[:, :, None])  # to a tag, from all three
    beta = np.zeros_like(weights)
    for t in range(len(weights) - 2, -1, -1):
        ahead = weights[t + 1] + beta[t + 1]
        after = _logsum(*(ahead[j] + steps[j] for j in range(N_TAGS)))
        np.copyto(beta[t], after, where=(t + 1 < lengths)[:, None])
    return beta.transpose(2, 0, 3, 1)


def _tag_first(emissions: np.ndarray) -> np.ndarray:
    """Turn (b, t, k, 3) into (t, 3, b, k), so that a step works on whole rows."""
    return np.ascontiguousarray(emissions.transpose(1, 3, 0, 2))


def _from_tag(chain: Chain) -> np.ndarray:
    """Turn step weights into (3 from, 3 to, 1, k)."""
    return np.ascontiguousarray(chain.steps.transpose(1, 2, 0)[:, :, None])


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


def spots_of(tags: np.ndarray) -> list[tuple[int, int, int, int]]:
    """List the spans (sentence, output, first, last exclusive) in legal tags (b, t, k), by sentence, output and place."""
    by_output = np.pad(tags.transpose(0, 2, 1), [(0, 0), (0, 0), (0, 1)])
    b, k, first = np.nonzero(by_output == B)
    ends = (by_output[..., :-1] != O) & (by_output[..., 1:] != I)  # the last token of a span; as many as begin, in the same order
    last = np.nonzero(ends)[2] + 1
    return list(zip(b.tolist(), k.tolist(), first.tolist(), last.tolist(), strict=True))


def span_probabilities(
    emissions: np.ndarray, lengths: np.ndarray, chain: Chain, spans: Sequence[tuple[int, int, int, int]]
) -> list[float]:
    """Give the probability that exactly these tokens are one mention, for each span (sentence, output, first, last).

    It is the share of all tag paths' weight that begins a mention at ``first`` and ends it before ``last``.
    """
    if not spans:
        return []
    b, k, first, last = np.array(spans, np.int64).T
    alpha, total = forward(emissions, lengths, chain)
    beta = backward(emissions, lengths, chain)
    padded = [(0, 0), (1, 1), (0, 0), (0, 0)]  # a token before the first and one after the last, for those who look there
    before, after = np.pad(alpha, padded)[b, first, k], np.pad(emissions + beta, padded)[b, last + 1, k]
    inner = np.pad(np.cumsum(emissions[..., I], axis=1, dtype=np.float64), padded[:3])
    steps = chain.steps[k]
    enter = _logsum(*(before[:, i] + steps[:, i, B] for i in range(N_TAGS)))
    weight = (
        np.where(first == 0, chain.start[k, B], enter) + emissions[b, first, k, B] + (inner[b, last, k] - inner[b, first + 1, k])
    )
    long = last - first > 1
    weight += np.where(long, steps[:, B, I] + (last - first - 2) * steps[:, I, I], 0)
    end = np.where(long, I, B)
    leave = [np.take_along_axis(steps[:, :, j], end[:, None], axis=1)[:, 0] + after[:, j] for j in (O, B)]
    weight += np.where(last < lengths[b], np.logaddexp(*leave), 0)
    found: list[float] = np.exp(np.minimum(weight - total[b, k], 0.0)).tolist()
    return found


def _logsum(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Log of the sum of what three arrays are the logs of."""
    top = np.maximum(np.maximum(a, b), c)
    total: np.ndarray = np.exp(a - top)
    total += np.exp(b - top)
    total += np.exp(c - top)
    np.log(total, out=total)
    total += top
    return total
