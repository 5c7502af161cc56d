"""Which words raised the score of a sentence: what its logit would lose if attention and maximum passed a word's state over.

The logit of the pair network is linear in four summaries of the states h_t of its words: their mean weighted by attention, their
maximum in each number, and the states at the two marks. So what one word brings is known exactly, without a second reading:

- attention shares a_t among the others: the mean moves by a_t / (1 - a_t) (h_t - mean);
- the maximum of a number falls to its second highest, where the word held the highest alone.

Weights of attention alone tell less of what a network does (Kobayashi et al. 2020, "Attention is Not Only a Weight",
arXiv:2004.10102): ``python -m benchmarks.relation_shading`` removes the words that each names first (the comprehensiveness of
DeYoung et al. 2020, ERASER, arXiv:1911.03429).
"""

from __future__ import annotations

import numpy as np

ROUNDED = 6  # decimals of an effect: what sums in another order could change lies far below
NEARLY_ALL = 1e-6  # of attention that others have at least


def effects(
    states: np.ndarray, attention: np.ndarray, lengths: np.ndarray, attended: np.ndarray, highest: np.ndarray
) -> np.ndarray:
    """Tell what the logit would lose without each word's state, float64 (n_tokens,); below 0 where it would gain.

    Args:
        states: float32 (n_tokens, n), of sentences one behind the other; unchanged.
        attention: float32 (n_tokens,), adding up to 1 in a sentence.
        lengths: int64 (n_sentences,), each at least 2.
        attended: float64 (n,), the output's weights of the states' mean.
        highest: float64 (n,), those of their maximum.
    """
    begins = np.cumsum(lengths) - lengths
    worth, shares = states.astype(np.float64) @ attended, attention.astype(np.float64)
    means = np.repeat(np.add.reduceat(shares * worth, begins), lengths)
    by_attention = shares / np.maximum(1.0 - shares, NEARLY_ALL) * (worth - means)
    return np.round(by_attention + _by_maximum(states, begins, lengths, highest), ROUNDED)


def _by_maximum(states: np.ndarray, begins: np.ndarray, lengths: np.ndarray, highest: np.ndarray) -> np.ndarray:
    n = states.shape[1]
    ends = begins + lengths
    holders = np.stack([states[begin:end].argmax(0) for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)])
    holders += begins[:, None]
    numbers = np.arange(n)
    most, others = states[holders, numbers], states.copy()
    others[holders, numbers] = -np.inf
    lost = (most - np.maximum.reduceat(others, begins, axis=0)) * highest  # nothing where two share the highest
    return np.bincount(holders.ravel(), lost.ravel(), len(states))


def percents(raised: np.ndarray, lengths: np.ndarray) -> list[int]:
    """Share 100 out among the words that raise a sentence's score, by how much they do; rounded down, others have 0.

    Args:
        raised: float64 (n_tokens,), of :func:`effects`, 0 where a token is not to be told.
        lengths: int64 (n_sentences,).
    """
    gained = np.maximum(raised, 0.0)
    sums = np.repeat(np.add.reduceat(gained, np.cumsum(lengths) - lengths), lengths) if len(lengths) else gained
    # rounded first: the last bits of a quotient must not decide between two percents
    shares = np.round(100.0 * gained / np.where(sums > 0, sums, 1.0), 3)
    return np.floor(shares).astype(np.int64).tolist()
