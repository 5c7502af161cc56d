"""Labels of several corpora as targets of one network with an output for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genemine.sources.pair_corpus import LabelledSentence


def output_names(train: Sequence[LabelledSentence], serves: str) -> tuple[str, ...]:
    """Name the corpora that get an output of their own; one for all where none of them is the one that serves."""
    names = tuple(sorted({sentence.corpus for sentence in train}))
    return names if serves in names else ("",)


def targets(sentences: Sequence[LabelledSentence], corpora: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Give the labels as chances of each output and their weights, float32 (n, outputs): 0 for outputs of other corpora."""
    own = np.asarray([corpora.index(s.corpus) if len(corpora) > 1 else 0 for s in sentences], np.int64)
    weights = np.zeros((len(sentences), len(corpora)), np.float32)
    weights[np.arange(len(sentences)), own] = 1
    return weights * labels_of(sentences)[:, None], weights


def labels_of(sentences: Sequence[LabelledSentence]) -> np.ndarray:
    """Give the labels, float32 (n,)."""
    return np.asarray([sentence.label for sentence in sentences], np.float32)
