"""A trained model as a folder: read and written whole, checked byte by byte.

=============  =====================================================================================
config.json    ``format`` (version), ``kind``, ``name``, the model's own settings, sha256 of the rest
weights.npz    every array, compressed
card.md        what it was trained on, what it reaches, what it is not for
=============  =====================================================================================
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from genemine.errors import BundleError, StorageError

FORMAT = 1
CONFIG, WEIGHTS, CARD = "config.json", "weights.npz", "card.md"


@dataclass(frozen=True)
class Bundle:
    """A model as read: ``config`` is what :func:`write_bundle` was given, ``arrays`` by name, ``fingerprint`` is the sha256 of
    config.json, which lists that of the weights: two bundles that share it answer alike."""

    kind: str
    name: str
    config: dict[str, Any]
    arrays: dict[str, np.ndarray]
    fingerprint: str


def write_bundle(
    folder: Path, kind: str, name: str, *, config: Mapping[str, Any], arrays: Mapping[str, np.ndarray], card: str
) -> None:
    """Write a model under a temporary name beside ``folder``, then put it in its place.

    Args:
        folder: the bundle; an older bundle there is replaced.
        kind: "tagger" or "relations"; reading checks it.
        name: model and version as it shall stand in the tables, for instance "lstm-tagger 1.0".
        config: the model's own settings, JSON.
        arrays: by name; give weights as float16 to halve their size.
        card: the model card, Markdown.

    Raises:
        StorageError: the folder cannot be written.
    """
    stream = io.BytesIO()
    np.savez_compressed(stream, **dict(arrays))  # type: ignore[arg-type]  # names are keywords here
    weights = stream.getvalue()
    head = {"format": FORMAT, "kind": kind, "name": name, "model": dict(config)}
    head["sha256"] = {WEIGHTS: _sha256(weights), CARD: _sha256(card.encode("utf-8"))}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        temporary.chmod(0o755)
        (temporary / WEIGHTS).write_bytes(weights)
        (temporary / CARD).write_text(card, encoding="utf-8")
        (temporary / CONFIG).write_text(json.dumps(head, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        _replace(temporary, folder)
    except OSError as error:
        raise StorageError(f"{folder}: the bundle cannot be written ({error}); choose a folder you may write to") from error


def _replace(new: Path, folder: Path) -> None:
    """Move ``new`` to ``folder``; a reader sees the old bundle, none for an instant, or the new one, never a mixture."""
    old = new.with_name(new.name + "-old")
    if folder.exists():
        folder.replace(old)
    new.replace(folder)
    shutil.rmtree(old, ignore_errors=True)


def read_bundle(folder: Path, kind: str) -> Bundle:
    """Read a model and check every byte of it.

    Raises:
        BundleError: a file is missing or damaged, or the bundle is of another kind or format version.
    """
    head = _read_head(folder)
    if head.get("format") != FORMAT:
        raise BundleError(
            f"{folder}: bundle format {head.get('format')!r}, this genemine reads format {FORMAT}; "
            "train it anew with 'genemine train' or install the genemine that wrote it"
        )
    if head.get("kind") != kind:
        raise BundleError(f"{folder}: a bundle of kind {head.get('kind')!r} where {kind!r} is needed; check the bundle's path")
    listed = head.get("sha256", {})
    data = {name: _read(folder, name) for name in (WEIGHTS, CARD)}
    for name, content in data.items():
        if _sha256(content) != listed.get(name):
            raise BundleError(f"{folder / name}: damaged (its sha256 is not the one in {CONFIG}); copy the bundle again")
    with np.load(io.BytesIO(data[WEIGHTS])) as archive:
        arrays = {name: archive[name] for name in archive.files}
    return Bundle(kind, head["name"], head["model"], arrays, _sha256(_read(folder, CONFIG)))


def _read_head(folder: Path) -> dict[str, Any]:
    if not folder.is_dir():
        raise BundleError(f"{folder}: no such bundle; give the folder that 'genemine train' wrote")
    try:
        head = json.loads(_read(folder, CONFIG))
    except ValueError as error:
        raise BundleError(f"{folder / CONFIG}: damaged, not JSON ({error}); copy the bundle again") from error
    if not isinstance(head, dict):
        raise BundleError(f"{folder / CONFIG}: damaged, not a JSON object; copy the bundle again")
    return head


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise BundleError(
            f"{folder / name}: cannot be read ({error.strerror}); a bundle holds {CONFIG}, {WEIGHTS}, {CARD}"
        ) from error


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
