"""The size of a bundle is that of all its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bundle_size import megabytes


def test_files_of_all_folders_count(tmp_path: Path):
    (tmp_path / "weights.npz").write_bytes(bytes(1_500_000))
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "card.md").write_bytes(bytes(500_000))
    assert megabytes(tmp_path) == pytest.approx(2.0)
