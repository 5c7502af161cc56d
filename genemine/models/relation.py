"""The pair classifier in use: a small LSTM whose logit becomes a calibrated probability."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from genemine.config import BALANCED, HIGH_PRECISION, HIGH_RECALL
from genemine.errors import BundleError
from genemine.models.bundle import Bundle, read_bundle, write_bundle
from genemine.models.relation_article_model import ArticleModel
from genemine.models.relation_encode import MAX_TOKENS, PairEncoder, read_places
from genemine.models.relation_engine import PairEngine, PairWeights, Reading
from genemine.models.relation_shares import percents
from genemine.models.vocabulary import Vocabulary, from_arrays
from genemine.records import PairExample
from genemine.relate.measures import AS_IT_IS, ArticleChance

if TYPE_CHECKING:
    from genemine.models.relation_committee import CommitteeClassifier

Read = TypeVar("Read")

KIND = "relations"
AT_ONCE = 800  # sentences computed together: enough to fill the lanes of the LSTM, few enough to share among the cores


@dataclass(frozen=True)
class Calibration:
    """A logit z means the probability sigmoid(slope z + intercept).

    With intercept 0 this is temperature scaling, slope = 1 / temperature; else Platt scaling. ``threshold`` is the probability
    from which a sentence counts as support, chosen on devel data; the other two are for those who want few false rows, or few
    missed.
    """

    slope: float = 1.0
    intercept: float = 0.0
    threshold: float = 0.5
    high_precision: float = 0.5
    high_recall: float = 0.5

    def probability(self, logits: np.ndarray) -> np.ndarray:
        """Turn logits into probabilities, any shape."""
        return 1.0 / (1.0 + np.exp(-np.clip(self.slope * np.asarray(logits, np.float64) + self.intercept, -30, 30)))


class CalibratedClassifier(ABC):
    """What every pair classifier here does with its logits; one sets the attributes and gives ``logits``."""

    name: str
    calibration: Calibration
    articles: ArticleModel | None

    @property
    def threshold(self) -> float:
        """The score from which a sentence counts as support, chosen on devel data."""
        return self.calibration.threshold

    @property
    def thresholds(self) -> dict[str, float]:
        """The score from which a sentence counts as support, by use."""
        chosen = self.calibration
        return {BALANCED: chosen.threshold, HIGH_PRECISION: chosen.high_precision, HIGH_RECALL: chosen.high_recall}

    @property
    def article_chance(self) -> ArticleChance:
        """How likely an article supports a pair, by its sentences."""
        return self.articles.support if self.articles else AS_IT_IS

    def score(self, examples: Sequence[PairExample]) -> list[float]:
        """Return the probability of an association for each example, in their order.

        Raises:
            RecordError: an example does not hold each mark once.
        """
        return self.calibration.probability(self.logits(examples)).tolist()

    @abstractmethod
    def logits(self, examples: Sequence[PairExample]) -> np.ndarray:
        """Return the logit of the output that serves, float (n_examples,)."""


class LstmPairClassifier(CalibratedClassifier):
    """Scores sentences with one marked gene and one marked disease; a ``PairClassifier``."""

    def __init__(
        self,
        name: str,
        vocabulary: Vocabulary,
        weights: PairWeights,
        calibration: Calibration,
        serves: int = 0,
        articles: ArticleModel | None = None,
    ) -> None:
        """Prepare the network.

        ``serves`` is the output whose notion of an association the scores have; ``articles`` scores the pairs of whole articles.
        """
        self.name = name
        self.vocabulary = vocabulary
        self.weights = weights
        self.serves = serves
        self.calibration = calibration  # training sets it and ``articles`` last
        self.articles = articles
        self._engine = PairEngine(weights, vocabulary)
        self._encode = PairEncoder(vocabulary)

    def logits(self, examples: Sequence[PairExample]) -> np.ndarray:
        """Return the logit of the output that serves, float32 (n_examples,)."""
        return self.output_logits(examples)[:, self.serves]

    def output_logits(self, examples: Sequence[PairExample]) -> np.ndarray:
        """Return the logits of every output, also of those that do not serve: float32 (n_examples, outputs)."""
        return np.concatenate([reading.logits for reading in self._readings(examples, self._read)])

    def attend(self, examples: Sequence[PairExample]) -> tuple[list[float], list[list[int]]]:
        """Return what :meth:`score` does and, for each example, by how much each of its tokens raised the score, in whole percents.

        Percents are shares of all that raised it (:mod:`genemine.models.relation_shares`), rounded down, so those of an example add
        up to at most 100; marks, tokens that lowered it and tokens that were not read have 0.

        Raises:
            RecordError: an example does not hold each mark once.
        """
        readings = self._readings(examples, self._explain)
        logits = np.concatenate([reading.logits[:, self.serves] for reading, _ in readings])
        shares = (percent for _, told in readings for percent in told)
        return self.calibration.probability(logits).tolist(), [_on_tokens(example, shares) for example in examples]

    def _readings(self, examples: Sequence[PairExample], read: Callable[[Sequence[PairExample]], Read]) -> list[Read]:
        """Read examples, in parts of which each core takes one at a time; at least one part."""
        parts = [examples[i : i + AT_ONCE] for i in range(0, len(examples), AT_ONCE)]
        if len(parts) < 2:
            return [read(examples)]
        with ThreadPoolExecutor(_cores()) as threads:
            return list(threads.map(read, parts))

    def _read(self, examples: Sequence[PairExample]) -> Reading:
        return self._engine.read(self._encode(examples))

    def _explain(self, examples: Sequence[PairExample]) -> tuple[Reading, list[int]]:
        batch = self._encode(examples)
        reading = self._engine.read(batch, explained=self.serves)
        return reading, percents(reading.raised, batch.lengths)


def _on_tokens(example: PairExample, shares: Iterator[int]) -> list[int]:
    """Take from ``shares`` those of one example."""
    n = len(example.tokens)
    if n <= MAX_TOKENS:
        return list(islice(shares, n))
    own = [0] * n
    for place in read_places(example):
        own[place] = next(shares)
    return own


AnyClassifier: TypeAlias = "LstmPairClassifier | CommitteeClassifier"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def save_pair_classifier(classifier: LstmPairClassifier, folder: Path, card: str, training: dict[str, Any] | None = None) -> None:
    """Write a bundle; ``training`` are settings to keep a record of.

    Raises:
        StorageError: the folder cannot be written.
    """
    arrays = classifier.vocabulary.arrays() | classifier.weights.arrays()
    if classifier.articles:
        arrays |= classifier.articles.arrays()
    config = {"serves": classifier.serves, "calibration": asdict(classifier.calibration), "training": training or {}}
    write_bundle(folder, KIND, classifier.name, config=config, arrays=arrays, card=card)


def load_pair_classifier(bundle_dir: Path) -> AnyClassifier:
    """Read a bundle: the network that ships or one like it, or a committee.

    Raises:
        BundleError: it is missing, damaged, of another kind or of another version.
    """
    bundle = read_bundle(bundle_dir, KIND)
    try:
        return _from_bundle(bundle)
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(
            f"{bundle_dir}: settings and weights do not fit together ({error}); train it anew with 'genemine train relations'"
        ) from error


def _from_bundle(bundle: Bundle) -> AnyClassifier:
    if "committee" in bundle.config:
        from genemine.models.relation_committee import committee_from

        calibration = Calibration(**bundle.config["calibration"])
        return committee_from(bundle.name, bundle.config["committee"], bundle.arrays, calibration, int(bundle.config["serves"]))
    weights, serves = PairWeights.from_arrays(bundle.arrays), int(bundle.config["serves"])
    if not 0 <= serves < weights.bias.size:
        raise ValueError(f"output {serves} of {weights.bias.size} serves")
    calibration = Calibration(**bundle.config["calibration"])
    return LstmPairClassifier(
        bundle.name, from_arrays(bundle.arrays), weights, calibration, serves, ArticleModel.from_arrays(bundle.arrays)
    )
