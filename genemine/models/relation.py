"""The pair classifier in use: a few small LSTMs whose mean logit becomes a calibrated probability."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from genemine.errors import BundleError
from genemine.models.bundle import Bundle, read_bundle, write_bundle
from genemine.models.encode import batches
from genemine.models.relation_encode import PairRows, encode, stacked
from genemine.models.vocabulary import Vocabulary, from_arrays
from genemine.records import PairExample

KIND = "relations"
BATCH_SIZE = 128  # sentences a step; larger ones are no faster on a CPU


@dataclass(frozen=True)
class Calibration:
    """A logit z means the probability sigmoid(slope z + intercept).

    With intercept 0 this is temperature scaling, slope = 1 / temperature; else Platt scaling. ``threshold`` is the probability
    from which a sentence counts as support, chosen on devel data.
    """

    slope: float = 1.0
    intercept: float = 0.0
    threshold: float = 0.5

    def probability(self, logits: np.ndarray) -> np.ndarray:
        """Turn logits into probabilities, any shape."""
        return 1.0 / (1.0 + np.exp(-np.clip(self.slope * np.asarray(logits, np.float64) + self.intercept, -30, 30)))


class LstmPairClassifier:
    """Scores sentences with one marked gene and one marked disease; a ``PairClassifier``."""

    def __init__(self, name: str, vocabulary: Vocabulary, nets: Sequence[Any], calibration: Calibration) -> None:
        """Join ``nets`` (:class:`~genemine.models.relation_net.PairNet`) over one vocabulary."""
        from genemine.models.relation_net import mean_logits

        self.name = name
        self.vocabulary = vocabulary
        self.nets = tuple(nets)
        self.calibration = calibration  # training sets it last
        self._logits: Callable[[list[np.ndarray]], np.ndarray] = mean_logits(self.nets)

    @property
    def threshold(self) -> float:
        """The score from which a sentence counts as support, chosen on devel data."""
        return self.calibration.threshold

    def score(self, examples: Sequence[PairExample]) -> list[float]:
        """Return the probability of an association for each example, in their order.

        Raises:
            RecordError: an example does not hold each mark once.
        """
        return [float(p) for p in self.calibration.probability(self.logits(examples))]

    def logits(self, examples: Sequence[PairExample]) -> np.ndarray:
        """Return the mean logit of the nets, float32 (n_examples,)."""
        return logits_of(self._logits, [encode(example, self.vocabulary) for example in examples])

    def output_logits(self, examples: Sequence[PairExample]) -> np.ndarray:
        """Return the nets' mean logit of every output, also of those that do not serve: float32 (n_examples, outputs)."""
        from genemine.models.tagger import emit_function

        rows = [encode(example, self.vocabulary) for example in examples]
        n_outputs = self.nets[0].all_outputs.output_shape[-1]
        logits = [logits_of(emit_function(net.all_outputs), rows, n_outputs) for net in self.nets]
        return np.asarray(np.mean(logits, axis=0), np.float32)


def logits_of(net: Callable[[list[np.ndarray]], np.ndarray], rows: Sequence[PairRows], n_outputs: int = 0) -> np.ndarray:
    """Run encoded sentences through ``net`` in batches of like length: float32 (n_rows,), in their order.

    For a net that gives (b, ``n_outputs``) the result is (n_rows, n_outputs).
    """
    logits = np.zeros((len(rows), n_outputs) if n_outputs else len(rows), np.float32)
    for chosen in batches([len(row.words) for row in rows], BATCH_SIZE):
        logits[chosen] = net(stacked([rows[i] for i in chosen]))
    return logits


def save_pair_classifier(
    classifier: LstmPairClassifier, shape: Any, folder: Path, card: str, training: dict[str, Any] | None = None
) -> None:
    """Write a bundle; ``shape`` is the nets' ``PairShape``, ``training`` the settings to keep a record of.

    Raises:
        StorageError: the folder cannot be written.
    """
    from genemine.models.relation_net import weights_of

    arrays = classifier.vocabulary.arrays()
    for member, net in enumerate(classifier.nets):
        arrays |= {f"net{member}_{number}": value.astype(np.float16) for number, value in enumerate(weights_of(net))}
    config = {"shape": asdict(shape), "nets": len(classifier.nets), "calibration": asdict(classifier.calibration)}
    config["training"] = training or {}
    write_bundle(folder, KIND, classifier.name, config=config, arrays=arrays, card=card)


def load_pair_classifier(bundle_dir: Path) -> LstmPairClassifier:
    """Read a bundle.

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


def _from_bundle(bundle: Bundle) -> LstmPairClassifier:
    from genemine.models.relation_net import PairShape, build_pair_net, set_weights

    vocabulary = from_arrays(bundle.arrays)
    shape = PairShape(**bundle.config["shape"])
    matrix = vocabulary.matrix()
    nets = []
    for member in range(bundle.config["nets"]):
        net = build_pair_net(matrix, shape, seed=member)
        set_weights(net, [bundle.arrays[f"net{member}_{number}"] for number in range(len(net.scorer.trainable_variables))])
        nets.append(net)
    return LstmPairClassifier(bundle.name, vocabulary, nets, Calibration(**bundle.config["calibration"]))
