"""Where things lie, and what happens where they cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from genemine.errors import StorageError
from genemine.storage.files import remove_parts
from genemine.storage.layout import Layout, batch_of


def test_paths_of_the_design() -> None:
    layout = Layout(Path("data"))
    assert layout.ledger == Path("data/raw/ledger.sqlite")
    assert layout.raw_file("entrez", "b1") == Path("data/raw/entrez/b1.xml.gz")
    assert layout.shard("articles", "b1") == Path("data/processed/articles/b1.parquet")
    assert layout.run("r1") == Path("data/processed/runs/r1")
    assert layout.latest == Path("data/processed/latest")
    assert batch_of(layout.raw_file("entrez", "b.1")) == batch_of(layout.shard("mentions", "b.1")) == "b.1"


def test_a_plain_xml_file_of_the_user_is_a_batch_of_its_own_beside_the_packed_one(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    for name in ("a.xml", "a.xml.gz"):
        path = layout.raw / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    found = layout.raw_files()
    assert [batch_of(path) for path in found] == ["a.xml", "a"]
    assert [layout.raw_file("mine", batch_of(path)) for path in found] == found


def test_prepare_makes_the_folders_and_leaves_nothing_else(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "new" / "data")
    layout.prepare()
    layout.prepare()
    made = {str(path.relative_to(layout.data_dir)) for path in layout.data_dir.rglob("*")}
    assert made == {"raw", "processed", "processed/runs"}


def test_files_are_listed_sorted_and_parts_of_killed_writers_go(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.prepare()
    wanted = [layout.raw_file("bulk", "a"), layout.raw_file("entrez", "a"), layout.raw_file("entrez", "b")]
    part = layout.raw / "entrez" / "c.xml.gz.123.part"
    shard = layout.shard("articles", "a")
    for path in (*reversed(wanted), part, shard):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    assert layout.raw_files() == wanted
    assert layout.shards("articles") == [shard]
    assert layout.shards("mentions") == []
    assert remove_parts(layout.data_dir) == 1
    assert not part.exists()


def test_latest_points_to_the_newest_run(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.prepare()
    for run_id in ("r1", "r2"):
        layout.run(run_id).mkdir()
        layout.set_latest(run_id)
        assert layout.latest.resolve() == layout.run(run_id).resolve()


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, no folder")
    with pytest.raises(StorageError, match=r"data/raw: cannot be written \(Not a directory\).*--data-dir"):
        Layout(tmp_path / "data").prepare()


def test_a_read_only_data_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # simulated, because root may write into folders without write permission
    def refuse(self: Path, data: bytes) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(StorageError, match=r"raw: cannot be written \(Read-only file system\)"):
        Layout(tmp_path).prepare()


def test_a_missing_data_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nowhere: no data folder .*collect first"):
        Layout(tmp_path / "nowhere").require()
