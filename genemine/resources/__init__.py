"""Data that ships with genemine, with its provenance."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def bundle_folder(name: str) -> Path:
    """Folder of a model bundle that ships with genemine; ``name`` is "tagger", "relations", "linker" or "stance"."""
    return Path(str(files(__name__))) / "bundles" / name


def lexicon_folder() -> Path:
    """Folder of the embedded lexicon: genes.tsv and diseases.tsv."""
    return Path(str(files(__name__))) / "lexicon"


def stance_labels() -> Path:
    """File of the sentences that were read for their stance, by fingerprint."""
    return Path(str(files(__name__))) / "stance" / "labels.tsv"
