"""What linking learnt, as a bundle: written by ``genemine train linker``, read once a process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


def save_knowledge(folder: Path, knowledge: Knowledge, *, about: dict[str, Any], card: str) -> None:
    """Write a linker bundle.

    Args:
        folder: an older bundle there is replaced.
        knowledge: what was learnt.
        about: the training record, JSON.
        card: the model card, Markdown.

    Raises:
        StorageError: the folder cannot be written.
    """
    write_bundle(folder, KIND, f"linker {__version__}", config={"training": about}, arrays=knowledge.arrays(), card=card)
