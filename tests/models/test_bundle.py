"""A bundle comes back as written, and a bad one says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from genemine.errors import BundleError, StorageError
from genemine.models.bundle import read_bundle, write_bundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "bundle"
    arrays = {"a": np.arange(6, dtype=np.float16).reshape(2, 3)}
    write_bundle(place, "tagger", "toy 1", config={"units": 3}, arrays=arrays, card="# Toy\n")
    return place


def test_a_bundle_comes_back_as_it_was_written(folder: Path):
    bundle = read_bundle(folder, "tagger")
    assert (bundle.kind, bundle.name, bundle.config) == ("tagger", "toy 1", {"units": 3})
    assert {name: array.tolist() for name, array in bundle.arrays.items()} == {"a": [[0, 1, 2], [3, 4, 5]]}
    assert sorted(path.name for path in folder.parent.iterdir()) == ["bundle"]


def test_writing_again_replaces_the_bundle_and_its_fingerprint(folder: Path):
    before = read_bundle(folder, "tagger").fingerprint
    write_bundle(folder, "tagger", "toy 1", config={"units": 4}, arrays={"a": np.zeros(1)}, card="# Toy\n")
    after = read_bundle(folder, "tagger")
    assert after.config == {"units": 4}
    assert after.fingerprint != before


@pytest.mark.parametrize(("name", "cut"), [("weights.npz", 20), ("card.md", 2)])
def test_a_damaged_file_is_named(folder: Path, name: str, cut: int):
    path = folder / name
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(BundleError, match=rf"{name}: damaged \(its sha256"):
        read_bundle(folder, "tagger")


@pytest.mark.parametrize("name", ["weights.npz", "card.md", "config.json"])
def test_a_missing_file_is_named(folder: Path, name: str):
    (folder / name).unlink()
    with pytest.raises(BundleError, match=rf"{name}: cannot be read \(No such file"):
        read_bundle(folder, "tagger")


def test_a_missing_folder_another_kind_and_another_version_are_told_apart(folder: Path):
    with pytest.raises(BundleError, match="no such bundle"):
        read_bundle(folder.parent / "none", "tagger")
    with pytest.raises(BundleError, match="kind 'tagger' where 'relations' is needed"):
        read_bundle(folder, "relations")
    head = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(head | {"format": 99}))
    with pytest.raises(BundleError, match="bundle format 99, this genemine reads format 1; train it anew"):
        read_bundle(folder, "tagger")


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_config_that_is_no_json_object_is_damaged(folder: Path, text: str):
    (folder / "config.json").write_text(text)
    with pytest.raises(BundleError, match=r"config\.json: damaged"):
        read_bundle(folder, "tagger")


def test_a_place_that_cannot_be_written_is_a_storage_error(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="the bundle cannot be written"):
        write_bundle(tmp_path / "file" / "bundle", "tagger", "toy", config={}, arrays={}, card="")
