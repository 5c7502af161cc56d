"""What a pair classifier must beat beside always yes (which every ``RankingReport`` holds): logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from genemine.errors import RecordError
from genemine.records import PairExample


class TfidfClassifier:
    """Logistic regression on TF-IDF weighted runs of one to three words that stand in two sentences at least; a PairClassifier.

    ``threshold`` is 0.5, where logistic regression puts it.
    """

    name = "tfidf-logreg"
    threshold = 0.5

    def __init__(self, examples: Sequence[PairExample], labels: Sequence[int]) -> None:
        """Fit on labelled examples.

        Raises:
            RecordError: they share no word, or are all of one label.
        """
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - takes 4 s, and only baselines need it
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

        self._features: Any = TfidfVectorizer(ngram_range=(1, 3), min_df=2)
        self._model: Any = LogisticRegression(C=1.0, max_iter=1000)
        try:
            self._model.fit(self._features.fit_transform(_texts(examples)), np.asarray(labels))
        except ValueError as error:
            raise RecordError(
                f"logistic regression cannot be fitted on {len(examples)} training sentences ({error}); give more, of both labels"
            ) from error

    def score(self, examples: Sequence[PairExample]) -> list[float]:
        """Return the probability of label 1 for each example."""
        if not examples:
            return []
        return [float(p) for p in self._model.predict_proba(self._features.transform(_texts(examples)))[:, 1]]


def _texts(examples: Sequence[PairExample]) -> list[str]:
    return [" ".join(example.tokens) for example in examples]
