"""What linking learnt, as a bundle: written by ``genemine train linker``, read once a process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from genemine import __version__
from genemine.errors import BundleError
from genemine.link.knowledge import Knowledge
from genemine.models.bundle import read_bundle, write_bundle

KIND = "linker"


def load_knowledge(folder: Path) -> Knowledge:
    """Read a linker bundle.

    Raises:
        BundleError: the folder holds no linker bundle, or a broken one.
    """
    bundle = read_bundle(folder, KIND)
    try:
        return Knowledge.from_arrays(bundle.arrays, bundle.fingerprint)
    except (KeyError, ValueError) as error:
        raise BundleError(f"{folder}: no linker bundle of this version ({error}); train it anew") from error


def save_knowledge(
    folder: Path, knowledge: Knowledge, *, about: Mapping[str, Any], card: str, further: Mapping[str, np.ndarray] | None = None
) -> None:
    """Write a linker bundle.

    Args:
        folder: an older bundle there is replaced.
        knowledge: what was learnt.
        about: what the config tells of the training, JSON.
        card: the model card, Markdown.
        further: arrays beside the knowledge, whose names do not begin as its own do: the list of what was learnt from.

    Raises:
        StorageError: the folder cannot be written.
    """
    write_bundle(folder, KIND, f"linker {__version__}", config=about, arrays={**knowledge.arrays(), **(further or {})}, card=card)
