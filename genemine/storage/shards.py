"""Shards: the files between stages. Parquet for records, gzip for what PubMed sent.

A shard is whole or not there, and carries the fingerprint of what it was made from; one with another fingerprint, or damaged, is
simply made again. Equal records give equal bytes, so a run that changes nothing changes no file.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from genemine.errors import StorageError
from genemine.storage.columns import from_table, schema_of, to_table
from genemine.storage.files import whole_file, write_whole

T = TypeVar("T")

# Rows of one row group: a single text can be read without unpacking the other 30,000 of its shard.
ROWS_A_GROUP = 2_000

_FINGERPRINT = b"genemine.fingerprint"
_RECORD = b"genemine.record"


def write_shard(path: Path, records: Iterable[T], record_type: type[T], fingerprint: str) -> int:
    """Write records of one dataclass as a Parquet shard.

    Args:
        path: the shard; an older one is replaced.
        records: frozen dataclasses, nested ones and tuples included (see :mod:`genemine.storage.columns`).
        record_type: their class.
        fingerprint: says what the shard was made from; read back by :func:`shard_fingerprint`.

    Returns:
        How many records were written.

    Raises:
        StorageError: the shard cannot be written.
    """
    kept = list(records)
    write_columns(path, to_table(kept, record_type), record_type.__name__, fingerprint, ROWS_A_GROUP)
    return len(kept)


def write_columns(path: Path, table: pa.Table, name: str, fingerprint: str, rows_a_group: int | None = None) -> None:
    """Write columns as a Parquet shard, for what is too much to be records.

    Args:
        path: the shard; an older one is replaced.
        table: its columns.
        name: what one row is, as the class of a record would name it.
        fingerprint: says what the shard was made from.
        rows_a_group: rows of one row group; None leaves it to Arrow.

    Raises:
        StorageError: the shard cannot be written.
    """
    named = table.replace_schema_metadata({_FINGERPRINT: fingerprint.encode(), _RECORD: name.encode()})
    with whole_file(path) as temporary:
        pq.write_table(named, temporary, row_group_size=rows_a_group, compression="zstd", write_page_checksum=True)


def read_shard(path: Path, record_type: type[T]) -> list[T]:
    """Read the records of a shard, in the order written.

    Raises:
        StorageError: the shard is missing, damaged, or holds other records.
    """
    with _readable(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        if not _holds(file.schema_arrow, record_type):
            raise StorageError(f"{path}: holds other records than {record_type.__name__}; delete it, the next run makes it again")
        return from_table(file.read(), record_type)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say of a damaged shard what to do with it."""
    try:
        yield
    except (pa.ArrowException, OSError, KeyError, IndexError) as error:
        raise StorageError(
            f"{path}: shard cannot be read ({_first_line(error)}); delete it, the next run makes it again"
        ) from error


def check_shard(path: Path) -> int:
    """Read a shard through, checksums and all, a piece at a time; gives the number of its records.

    Raises:
        StorageError: the shard is missing or damaged.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            return sum(batch.num_rows for batch in file.iter_batches())
    except (pa.ArrowException, OSError) as error:
        raise StorageError(f"{path}: shard cannot be read ({_first_line(error)})") from error


def count_rows(path: Path) -> int:
    """Count the records of a shard, without reading them.

    Raises:
        StorageError: the shard is missing or damaged.
    """
    with _readable(path), pq.ParquetFile(path) as file:
        return int(file.metadata.num_rows)


def read_columns(path: Path, columns: Sequence[str]) -> pa.Table:
    """Read some columns of a shard.

    Raises:
        StorageError: the shard is missing, damaged, or has no such columns.
    """
    with _readable(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        return file.read(columns=list(columns)).select(list(columns))


def read_rows(path: Path, rows: np.ndarray, columns: Sequence[str]) -> pa.Table:
    """Read some columns of some rows of a shard; only the row groups that hold them are unpacked.

    Args:
        path: the shard.
        rows: integers (n,), ascending, counted from 0.
        columns: their names.

    Returns:
        A table of n rows, in that order.

    Raises:
        StorageError: the shard is missing, damaged, too short, or has no such columns.
    """
    with _readable(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        sizes = [file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)]
        starts = np.cumsum([0, *sizes])
        group_of = np.searchsorted(starts, rows, side="right") - 1
        parts = [
            file.read_row_group(group, columns=list(columns))
            .select(list(columns))
            .take(pa.array(rows[group_of == group] - starts[group]))
            for group in np.unique(group_of).tolist()
        ]
        return pa.concat_tables(parts) if parts else file.schema_arrow.empty_table().select(list(columns))


def shard_fingerprint(path: Path, record_type: type | None = None) -> str | None:
    """The fingerprint of a shard, or None where it has to be made (again).

    None for a missing, cut off or foreign file and, where ``record_type`` is given, for one that holds other fields.
    """
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError):
        return None
    if record_type is not None and not _holds(schema, record_type):
        return None
    value = (schema.metadata or {}).get(_FINGERPRINT)
    return None if value is None else value.decode()


def write_raw(path: Path, xml: bytes) -> str:
    """Store one answer of PubMed as it came; a raw shard never changes.

    Args:
        path: ``raw/<source>/<batch>.xml.gz``. Writing the same bytes again leaves the file alone; a damaged file is replaced.
        xml: the bytes as sent.

    Returns:
        SHA-256 of the file on disk, in hex, as ``sha256sum`` prints it.

    Raises:
        StorageError: the file cannot be written, or is there with other content.
    """
    known = _stored(path)
    if known is not None and known != xml:
        raise StorageError(
            f"{path}: raw shards are immutable, and this one is there with other content; move it away and run again"
        )
    if known is None:
        write_whole(path, gzip.compress(xml, compresslevel=6, mtime=0))
    return file_sha256(path)


def read_raw(path: Path) -> bytes:
    """The bytes of a raw shard, unpacked.

    Raises:
        StorageError: the file is missing, cut off or damaged.
    """
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise StorageError(f"{path}: raw shard cannot be read ({error}); move it away and collect again") from error


def file_sha256(path: Path) -> str:
    """SHA-256 of a file as it lies on disk, in hex.

    Raises:
        StorageError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror})") from error


def _holds(schema: pa.Schema, record_type: type) -> bool:
    named = (schema.metadata or {}).get(_RECORD)
    return named == record_type.__name__.encode() and schema.equals(schema_of(record_type), check_metadata=False)


def _stored(path: Path) -> bytes | None:
    try:
        return read_raw(path) if path.exists() else None
    except StorageError:
        return None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
