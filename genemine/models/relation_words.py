"""Words by their place beside the two marks, weighed by logistic regression: the plain member of a committee of pair classifiers.

A run of one to three words counts by where it stands: before both marks, between them, after both, or right beside one of them.
On a few hundred sentences this is better than any network here; on thousands it still makes other mistakes than these.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack

from genemine.errors import RecordError
from genemine.models.relation_encode import STAND_INS, places_of_marks
from genemine.records import PairExample

COST = 3.0  # C of the logistic regression: chosen as docs/experiments-relations.md tells
BESIDE = 3  # words on either side of a mark that count by their distance from it
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class WordsModel:
    """Features with their weights.

    ``column`` is the place of each feature in ``rarity`` (inverse document frequency) and ``weights``, float64 (n_features,);
    ``given`` float64 (k, 3): mean, spread and weight of each number that is given beside the words; ``bias`` is the intercept.
    """

    column: Mapping[str, int]
    rarity: np.ndarray
    weights: np.ndarray
    given: np.ndarray
    bias: float

    def logits(self, examples: Sequence[PairExample], given: np.ndarray | None = None) -> np.ndarray:
        """Give the logit of each example, float64 (n,).

        Args:
            examples: with both marks.
            given: float (n, k), the numbers beside the words, as in training; None where there were none.

        Raises:
            RecordError: an example does not hold each mark once.
        """
        found = _weighed(examples, self.column, self.rarity) @ self.weights
        if len(self.given):
            mean, spread, weight = self.given.T
            found = found + ((np.asarray(given, np.float64) - mean) / spread) @ weight
        return np.asarray(found + self.bias)

    def arrays(self) -> dict[str, np.ndarray]:
        """Give what a bundle stores."""
        names = np.frombuffer("\n".join(self.column).encode("utf-8"), np.uint8)
        numbers = {"rarity": self.rarity.astype(np.float32), "weights": self.weights.astype(np.float32)}
        numbers |= {"given": self.given, "bias": np.array(self.bias)}
        return {"words/names": names} | {f"words/{name}": array for name, array in numbers.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> WordsModel:
        """Read it back.

        Raises:
            KeyError: an array is missing.
            ValueError: names and weights differ in number.
        """
        names = arrays["words/names"].tobytes().decode("utf-8").split("\n")
        rarity, weights = (np.asarray(arrays[f"words/{name}"], np.float64) for name in ("rarity", "weights"))
        if not len(names) == len(weights) == len(rarity):
            raise ValueError(f"{len(names)} features, {len(weights)} weights")
        column = {name: i for i, name in enumerate(names)}
        return cls(column, rarity, weights, np.asarray(arrays["words/given"]).reshape(-1, 3), float(arrays["words/bias"]))


def fit_words(examples: Sequence[PairExample], labels: Sequence[int], given: np.ndarray | None = None) -> WordsModel:
    """Fit on labelled examples; only features of two examples at least count.

    Args:
        examples: with both marks.
        labels: 0 or 1.
        given: float (n, k), further numbers of each example, brought to one scale; None for none.

    Raises:
        RecordError: the examples share no word, are all of one label, or do not hold each mark once.
    """
    from sklearn.linear_model import LogisticRegression

    seen = Counter(feature for example in examples for feature in set(features(example)))
    kept = sorted(feature for feature, n in seen.items() if n > 1)
    if not kept or len(set(labels)) < 2:
        raise RecordError(f"{len(examples)} sentences share no word or are of one label; give more, of both labels")
    column = {feature: i for i, feature in enumerate(kept)}
    rarity = 1 + np.log((1 + len(examples)) / (1 + np.array([seen[feature] for feature in kept])))
    numbers = np.zeros((len(examples), 0)) if given is None else np.asarray(given, np.float64)
    mean, spread = numbers.mean(axis=0), np.maximum(numbers.std(axis=0), 1e-6)
    rows = hstack([_weighed(examples, column, rarity), csr_matrix((numbers - mean) / spread)]).tocsr()
    model = LogisticRegression(C=COST, max_iter=3000).fit(rows, np.asarray(labels))
    weights, beside = np.split(model.coef_[0], [len(kept)])
    return WordsModel(column, rarity, weights, np.stack([mean, spread, beside], axis=1), float(model.intercept_[0]))


def features(example: PairExample) -> Iterator[str]:
    """Give the features of an example, one that stands twice twice.

    Raises:
        RecordError: the example does not hold each mark once.
    """
    gene, disease = places_of_marks(example.tokens)
    words = [token if token in STAND_INS else _NUMBER.sub("0", token.lower()) for token in example.tokens]
    first, last = sorted((gene, disease))
    order = "gd" if gene < disease else "dg"
    between = words[first + 1 : last]
    yield f"order={order}"
    yield f"between={min(last - first, 20) // 2}"
    yield f"length={len(words) // 8}"
    yield from _runs("any", words, 3)
    yield from _runs("before", words[:first], 2)
    yield from _runs(f"between {order}", between, 2)
    yield from _runs("between", between, 3)
    yield from _runs("after", words[last + 1 :], 2)
    for name, mark in (("gene", gene), ("disease", disease)):
        for step in range(-BESIDE, BESIDE + 1):
            if step and 0 <= mark + step < len(words):
                yield f"{name}{step:+d}:{words[mark + step]}"


def _runs(where: str, words: Sequence[str], longest: int) -> Iterator[str]:
    for n in range(1, longest + 1):
        for i in range(len(words) - n + 1):
            yield f"{where}:{' '.join(words[i : i + n])}"


def _weighed(examples: Sequence[PairExample], column: Mapping[str, int], rarity: np.ndarray) -> Any:
    """Give the features as TF-IDF, rows of length 1 (float64 CSR); what is not in ``column`` is passed over."""
    ends, at, values = [0], [], []
    for example in examples:
        counts = Counter(column[feature] for feature in features(example) if feature in column)
        own = np.fromiter(counts, np.int64, len(counts))
        weighed = (1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))) * rarity[own]
        at.append(own)
        values.append(weighed / max(float(np.sqrt(weighed @ weighed)), 1e-12))
        ends.append(ends[-1] + len(own))
    return csr_matrix(
        (np.concatenate(values or [np.zeros(0)]), np.concatenate(at or [np.zeros(0, np.int64)]), ends),
        shape=(len(examples), len(column)),
    )
