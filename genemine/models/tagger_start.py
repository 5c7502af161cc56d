"""Where the training of one's own tagger begins: at a finished tagger, or at word vectors alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from genemine.errors import BundleError
from genemine.models.bundle import read_bundle
from genemine.models.corpora import Output
from genemine.models.decode import N_TAGS
from genemine.models.engine_weights import network_variables, read_weights
from genemine.models.fingerprints import read_fingerprints
from genemine.models.tagger import KIND, default_bundle
from genemine.models.vectors import load_vectors
from genemine.models.vocabulary import Vocabulary, build_vocabulary, from_arrays

EMISSIONS = "emissions/"
SIZES = ("char_size", "char_filters", "char_widths", "units", "layers", "hints")  # of a shape; what else it has is of training


@dataclass(frozen=True)
class Start:
    """What a network begins with.

    ``vocabulary`` and ``shape`` (a TaggerShape) of the network; ``weights`` by name, as a bundle has them, and ``steps`` (k, 3, 3)
    and ``start`` (k, 3) of the chain by ``served``, the number of the output that answers for a type; all empty for first weights
    by lot. ``about`` tells the model card where it began; ``fingerprint`` tells one beginning from another; ``learnt`` has the
    codes of the sentences whose labels it has learnt already, uint64 (n,), empty where the bundle lists none.
    """

    vocabulary: Vocabulary
    shape: Any
    about: dict[str, Any]
    fingerprint: str = ""
    weights: Mapping[str, np.ndarray] = field(default_factory=dict)
    steps: np.ndarray = field(default_factory=lambda: np.empty((0, N_TAGS, N_TAGS), np.float32))
    start: np.ndarray = field(default_factory=lambda: np.empty((0, N_TAGS), np.float32))
    served: Mapping[str, int] = field(default_factory=dict)
    learnt: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint64))

    @property
    def trained(self) -> bool:
        """Whether it begins at a finished tagger."""
        return bool(self.weights)

    def give(self, network: Any, outputs: Sequence[Output]) -> None:
        """Set a fresh network's weights; each output begins as the one that served its type."""
        if not self.trained:
            return
        variables = network_variables(network)
        columns = [N_TAGS * self.served[output.type] + tag for output in outputs for tag in range(N_TAGS)]
        for name, variable in variables.items():
            array = self.weights[name]
            variable.assign(array[..., columns] if name.startswith(EMISSIONS) else array)
        numbers = [self.served[output.type] for output in outputs]
        network.crf.steps.assign(self.steps[numbers])
        network.crf.start.assign(self.start[numbers])


def from_bundle(outputs: Sequence[Output], folder: Path | None = None) -> Start:
    """Begin at a finished tagger; None: the one that ships with genemine.

    Raises:
        BundleError: the bundle is missing or damaged, or serves no output of a type that ``outputs`` have.
    """
    from genemine.models.network import TaggerShape

    place = folder or default_bundle()
    bundle = read_bundle(place, KIND)
    vocabulary = from_arrays(bundle.arrays)
    try:
        read_weights(bundle.arrays, bundle.config["shape"], vocabulary)  # tells what is missing or does not fit
        types = [output["type"] for output in bundle.config["outputs"]]
        served = {types[k]: k for k in bundle.config.get("serving", range(len(types)))}
        missing = {output.type for output in outputs} - served.keys()
        if missing:
            raise KeyError(f"an output for {', '.join(sorted(missing))}")
        return Start(
            vocabulary,
            TaggerShape(**{name: _hashable(bundle.config["shape"][name]) for name in SIZES if name in bundle.config["shape"]}),
            {"begun": bundle.name},
            bundle.fingerprint,
            {name: np.asarray(array, np.float32) for name, array in bundle.arrays.items() if "/" in name},
            np.asarray(bundle.arrays["crf_steps"], np.float32),
            np.asarray(bundle.arrays["crf_start"], np.float32),
            served,
            read_fingerprints(bundle.arrays, bundle.name).labelled if "fingerprints" in bundle.config else np.empty(0, np.uint64),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(f"{place}: the bundle lacks or misshapes {error}; give word vectors to begin anew (--vectors)") from error


def from_vectors(path: Path, tokens: Iterable[str], shape: Any = None) -> Start:
    """Begin anew, with word vectors of :func:`genemine.models.vectors.build_vectors`.

    Args:
        path: the vectors.
        tokens: of the training sentences; their characters become the characters known.
        shape: a TaggerShape; None is the default one.

    Raises:
        SourceError: the vectors cannot be read.
    """
    from genemine.models.network import TaggerShape

    known = load_vectors(path)
    return Start(build_vocabulary(known.words, known.vectors, tokens), shape or TaggerShape(), dict(known.about))


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
