"""A raw file is hashed once, and again when it changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from genemine.errors import StorageError
from genemine.storage import hashes
from genemine.storage.hashes import forget_sha256, raw_sha256, remember_sha256
from genemine.storage.layout import Layout
from genemine.storage.ledger import Ledger


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "data")
    layout.prepare()
    return layout


@pytest.fixture
def ledger(layout: Layout) -> Iterator[Ledger]:
    with Ledger(layout.ledger) as opened:
        yield opened


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read to be hashed."""
    paths: list[Path] = []
    real = hashes.file_sha256
    monkeypatch.setattr(hashes, "file_sha256", lambda path: (paths.append(path), real(path))[1])
    return paths


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_file_is_read_once_and_again_when_it_changed(layout: Layout, ledger: Ledger, read: list[Path]) -> None:
    path = layout.raw / "a.xml.gz"
    path.write_bytes(b"one")
    assert [raw_sha256(layout, path, ledger) for _ in range(3)] == [sha256(b"one")] * 3
    assert read == [path]
    path.write_bytes(b"two")
    os.utime(path, ns=(0, 10**18))
    assert [raw_sha256(layout, path, ledger) for _ in range(2)] == [sha256(b"two")] * 2
    path.write_bytes(b"three")
    os.utime(path, ns=(0, 10**18))
    assert raw_sha256(layout, path, ledger) == sha256(b"three")
    assert read == [path] * 3
    forget_sha256(layout, path, ledger)
    assert raw_sha256(layout, path, ledger) == sha256(b"three")
    assert read == [path] * 4


def test_a_data_folder_may_be_moved(layout: Layout, read: list[Path]) -> None:
    (layout.raw / "a.xml.gz").write_bytes(b"one")
    with Ledger(layout.ledger) as ledger:
        remember_sha256(layout, layout.raw / "a.xml.gz", sha256(b"one"), ledger)
    moved = Layout(layout.data_dir.rename(layout.data_dir.with_name("moved")))
    with Ledger(moved.ledger) as ledger:
        assert raw_sha256(moved, moved.raw / "a.xml.gz", ledger) == sha256(b"one")
    assert read == []


def test_a_file_that_is_written_to_while_it_is_read_is_not_remembered(
    layout: Layout, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = layout.raw / "a.xml.gz"
    path.write_bytes(b"one")
    monkeypatch.setattr(hashes, "file_sha256", lambda path: str(path.write_bytes(b"longer")))
    assert raw_sha256(layout, path, ledger) == "6"
    assert ledger.rows("SELECT * FROM files") == []


def test_a_missing_file_is_told(layout: Layout, ledger: Ledger) -> None:
    with pytest.raises(StorageError, match=r"gone\.xml\.gz: cannot be read \(No such file"):
        raw_sha256(layout, layout.raw / "gone.xml.gz", ledger)
