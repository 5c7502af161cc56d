"""Records survive the way through Parquet whole; damage is noticed, never read as data."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genemine.errors import StorageError
from genemine.records import Article, Deletion, Dropped, Link, Mention, Quarantined, Relation, Section, Sentence
from genemine.storage.columns import from_table, schema_of, to_table
from genemine.storage.files import TEMPORARY_SUFFIX
from genemine.storage.shards import (
    file_sha256,
    read_columns,
    read_raw,
    read_rows,
    read_shard,
    shard_fingerprint,
    write_raw,
    write_shard,
)

STORED = (Article, Deletion, Dropped, Quarantined, Mention, Link, Relation, Sentence)

# Parquet strings are UTF-8, which has no lone surrogates; XML has none either
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
# Parquet's integers are 64 bit; offsets, years and counts are far smaller
st.register_type_strategy(str, TEXT)
st.register_type_strategy(int, st.integers(-(2**63), 2**63 - 1))
st.register_type_strategy(float, st.floats(allow_nan=False))

ARTICLE = Article(
    pmid="99000001",
    title="TNF-α in Crohn’s disease 𝛼",
    abstract="A\nB",
    sections=(Section("METHODS", 0, 3), Section("", 3, 4)),
    year=None,
    languages=("eng", "ger"),
    flags=(),
)


@pytest.mark.parametrize("record_type", STORED, ids=lambda t: t.__name__)
def test_records_come_back_equal(record_type: type) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.builds(record_type, **{f.name: st.from_type(_hint(record_type, f.name)) for f in fields(record_type)}), max_size=4
        )
    )
    def check(records: list[object]) -> None:
        assert from_table(to_table(records, record_type), record_type) == records

    check()


def _hint(record_type: type, name: str) -> object:
    import typing

    return typing.get_type_hints(record_type)[name]


def test_a_shard_on_disk_holds_what_was_written(tmp_path: Path) -> None:
    relation = Relation(
        "99000001",
        1,
        27,
        30,
        "A B",
        Link(Mention("99000001", 27, 28, "A", "Gene"), xrefs=("hgnc:1", "omim:2")),
        Link(_disease()),
        0.25,
    )
    for record_type, records in ((Article, [ARTICLE, ARTICLE]), (Relation, [relation]), (Deletion, [])):
        path = tmp_path / "new" / f"{record_type.__name__}.parquet"
        assert write_shard(path, records, record_type, "f-1") == len(records)
        assert read_shard(path, record_type) == records
        assert shard_fingerprint(path, record_type) == "f-1"


def _disease() -> Mention:
    return Mention("99000001", 29, 30, "B", "Disease", 0.5)


def test_equal_records_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_shard(tmp_path / name, [ARTICLE] * 3, Article, "f")
    assert file_sha256(tmp_path / "a") == file_sha256(tmp_path / "b")


def test_records_of_another_kind_are_refused_and_made_again(tmp_path: Path) -> None:
    path = tmp_path / "s.parquet"
    write_shard(path, [Deletion("99000001")], Deletion, "f")
    assert shard_fingerprint(path) == "f"
    assert shard_fingerprint(path, Article) is None
    with pytest.raises(StorageError, match=r"s\.parquet: holds other records than Article"):
        read_shard(path, Article)


def test_a_missing_cut_off_or_foreign_shard_has_no_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "s.parquet"
    assert shard_fingerprint(path) is None
    write_shard(path, [ARTICLE] * 50, Article, "f")
    whole = path.read_bytes()
    for damaged in (whole[:-10], whole[: len(whole) // 2], b"", b"no Parquet at all"):
        path.write_bytes(damaged)
        assert shard_fingerprint(path) is None
        with pytest.raises(StorageError, match="shard cannot be read"):
            read_shard(path, Article)


def test_a_flipped_bit_is_an_error_and_not_other_data(tmp_path: Path) -> None:
    path = tmp_path / "s.parquet"
    write_shard(path, [ARTICLE] * 50, Article, "f")
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(StorageError, match="shard cannot be read"):
        read_shard(path, Article)


def test_a_failed_write_leaves_the_old_shard_and_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.parquet"
    write_shard(path, [ARTICLE], Article, "old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("genemine.storage.files.os.fsync", full)
    with pytest.raises(StorageError, match=r"s\.parquet: cannot be written \(No space left on device\); free space"):
        write_shard(path, [ARTICLE] * 2, Article, "new")
    assert shard_fingerprint(path) == "old"
    assert list(tmp_path.rglob(f"*{TEMPORARY_SUFFIX}")) == []


def test_an_annotation_without_a_column_is_named() -> None:
    @dataclass(frozen=True)
    class Odd:
        pairs: dict[str, str]

    with pytest.raises(TypeError, match=r"dict\[str, str\]: no column"):
        schema_of(Odd)

    @dataclass(frozen=True)
    class Holed:
        mention: Mention | None

    with pytest.raises(TypeError, match="only str, int, float, bool and bytes may be None"):
        schema_of(Holed)


def test_raw_bytes_are_kept_as_sent_and_packed_the_same_way_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "entrez" / "a.xml.gz", tmp_path / "b.xml.gz"
    assert write_raw(first, b"<PubmedArticleSet/>\n") == write_raw(second, b"<PubmedArticleSet/>\n") == file_sha256(first)
    assert read_raw(first) == b"<PubmedArticleSet/>\n"
    assert gzip.decompress(first.read_bytes()) == b"<PubmedArticleSet/>\n"


def test_a_raw_shard_is_immutable_and_a_damaged_one_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.xml.gz"
    sha = write_raw(path, b"<a/>")
    written = path.stat().st_mtime_ns
    assert write_raw(path, b"<a/>") == sha
    assert path.stat().st_mtime_ns == written
    with pytest.raises(StorageError, match="immutable"):
        write_raw(path, b"<b/>")
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(StorageError, match="raw shard cannot be read"):
        read_raw(path)
    assert write_raw(path, b"<a/>") == sha
    assert read_raw(path) == b"<a/>"


def test_some_rows_are_read_without_the_others(tmp_path: Path) -> None:
    path = tmp_path / "b1.parquet"
    write_shard(path, [Deletion(str(number), f"s{number}") for number in range(4500)], Deletion, "made from")
    assert pq.read_metadata(path).num_row_groups == 3
    rows = np.array([0, 7, 1999, 2000, 4499])
    found = read_rows(path, rows, ["source", "pmid"])
    assert found.to_pydict() == {"source": [f"s{row}" for row in rows], "pmid": [str(row) for row in rows]}
    assert read_rows(path, np.array([], np.int64), ["pmid"]).to_pydict() == {"pmid": []}
    assert read_columns(path, ["pmid"]).num_rows == 4500


def test_rows_and_columns_that_are_not_there_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "b1.parquet"
    write_shard(path, [Deletion("1", "s")], Deletion, "made from")
    with pytest.raises(StorageError, match=r"b1\.parquet: shard cannot be read \(.*; delete it, the next run makes it again"):
        read_rows(path, np.array([1]), ["pmid"])
    with pytest.raises(StorageError, match=r"b1\.parquet: shard cannot be read \(.*title"):
        read_columns(path, ["title"])
    with pytest.raises(StorageError, match=r"b2\.parquet: shard cannot be read"):
        read_columns(tmp_path / "b2.parquet", ["pmid"])
