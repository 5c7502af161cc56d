"""A learnt stance as a bundle: written by ``genemine train stance``, read once a process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from genemine import __version__
from genemine.errors import BundleError
from genemine.models.bundle import Bundle, read_bundle, write_bundle
from genemine.relate.learnt_stance import CueWeights, LearntStance

KIND = "stance"
NAME = f"stance {__version__}"
OUTPUTS = ("denied", "speculated")
_NUMBERS = ("bias", "slope", "shift", "floor")


def load_stance(folder: Path) -> LearntStance:
    """Read a stance bundle.

    Raises:
        BundleError: the folder holds no stance bundle, or a broken one.
    """
    bundle = read_bundle(folder, KIND)
    try:
        denial, doubt = (_weights(bundle, output) for output in OUTPUTS)
    except (KeyError, ValueError, TypeError) as error:
        raise BundleError(f"{folder}: no stance bundle of this version ({error}); train it anew") from error
    return LearntStance(bundle.name, denial, doubt)


def save_stance(folder: Path, learnt: LearntStance, *, about: Mapping[str, Any], card: str) -> None:
    """Write a stance bundle; an older one there is replaced.

    Raises:
        StorageError: the folder cannot be written.
    """
    parts = dict(zip(OUTPUTS, (learnt.denial, learnt.doubt), strict=True))
    arrays: dict[str, np.ndarray] = {}
    for output, part in parts.items():
        arrays[f"{output}_names"] = np.asarray(sorted(part.weights), dtype=np.str_)
        arrays[f"{output}_weights"] = np.asarray([part.weights[name] for name in sorted(part.weights)], np.float32)
    numbers = {output: {name: getattr(part, name) for name in _NUMBERS} for output, part in parts.items()}
    write_bundle(folder, KIND, learnt.name, config={**numbers, "training": dict(about)}, arrays=arrays, card=card)


def _weights(bundle: Bundle, output: str) -> CueWeights:
    names, weights = bundle.arrays[f"{output}_names"].tolist(), bundle.arrays[f"{output}_weights"].astype(float).tolist()
    numbers = {name: float(bundle.config[output][name]) for name in _NUMBERS}
    return CueWeights(dict(zip(names, weights, strict=True)), **numbers)
