"""Silver labels: what several teachers think of unlabelled sentences, as chances of B and I for each token and output.

A student learns from these chances as it would from gold tags: with the CRF's loss linear in the tags, its gradient by the
emissions is (student's chance - teachers' chance), token by token. Sources: Hinton et al. 2015 (arXiv:1503.02531, soft labels);
Wang et al. 2020 (arXiv:2004.03846, the chances of a CRF's tags as what is taught).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from genemine.models.decode import N_TAGS, B, Chain, I, O, backward, forward
from genemine.models.encode import batches
from genemine.models.text_ids import ReadyText
from genemine.models.training import Arrays

LABEL_BATCH = 256
STEPS = 255  # chances are kept in steps of 1/255


@dataclass(frozen=True)
class Teacher:
    """One trained network: encoded inputs -> emissions float (b, t, k, 3), and its chain."""

    emit: Callable[[list[np.ndarray]], np.ndarray]
    chain: Chain


@dataclass(frozen=True)
class Silver:
    """Sentences and what teachers think of them: ``soft`` uint8 (n_tokens, k, 2), chances of B and I in steps of 1/255."""

    text: ReadyText
    soft: np.ndarray


def marginals(emissions: np.ndarray, lengths: np.ndarray, chain: Chain) -> np.ndarray:
    """Give the chance of each tag of each token, float32 (b, t, k, 3); anything beyond the end of a sentence."""
    alpha, total = forward(emissions, lengths, chain)
    weight = alpha + backward(emissions, lengths, chain) - total[:, None, :, None]
    chances: np.ndarray = np.exp(np.minimum(weight, 0.0))
    return chances / np.maximum(chances.sum(axis=-1, keepdims=True), 1e-9)


def label(teachers: Sequence[Teacher], text: ReadyText, progress: Callable[[int, int], None] | None = None) -> Silver:
    """Give every token the teachers' mean chances."""
    groups = batches(text.text.lengths.tolist(), LABEL_BATCH)
    soft = np.zeros((len(text.text.tokens), len(teachers[0].chain.start), N_TAGS - 1), np.uint8)
    for done, group in enumerate(groups, start=1):
        encoded, places = text.encode(group)
        lengths = np.maximum(encoded.mask.sum(axis=1).astype(np.int64), 1)
        mean = sum(marginals(t.emit(encoded.inputs()), lengths, t.chain.legal()) for t in teachers) / len(teachers)
        soft[places] = np.rint(np.asarray(mean)[encoded.mask > 0][..., B : I + 1] * STEPS).astype(np.uint8)
        if progress is not None:
            progress(done, len(groups))
    return Silver(text, soft)


def soft_inputs(silver: Silver, chosen: np.ndarray) -> Arrays:
    """Encode sentences for the learner of soft labels: inputs, chances float32 (b, t, k, 3), weights float32 (b, k), all 1."""
    encoded, places = silver.text.encode(chosen)
    n_outputs = silver.soft.shape[1]
    chances = np.zeros((*encoded.mask.shape, n_outputs, N_TAGS), np.float32)
    chances[encoded.mask > 0, :, B : I + 1] = silver.soft[places].astype(np.float32) / STEPS
    chances[..., O] = np.maximum(1.0 - chances[..., B] - chances[..., I], 0.0)
    return [*encoded.inputs(), chances, np.ones((len(chances), n_outputs), np.float32)]
