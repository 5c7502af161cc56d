"""Frozen dataclasses <-> Arrow columns, by type annotation, one column at a time.

=========================  =========================================
annotation                 Arrow type
=========================  =========================================
str, int, float, bool      string, int64, float64, bool
bytes                      binary
``X | None`` (X as above)  the same, with nulls
a dataclass, named tuple   struct, a field each
tuple[X, ...]              list of any of the above
=========================  =========================================
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import Any

import pyarrow as pa

_SCALARS = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), bytes: pa.binary()}


@cache
def stored_fields(record_type: type) -> dict[str, Any]:
    """The stored fields of a dataclass, name -> resolved annotation, in order."""
    hints = typing.get_type_hints(record_type)
    names = (
        [field.name for field in dataclasses.fields(record_type)]
        if dataclasses.is_dataclass(record_type)
        else typing.cast(Any, record_type)._fields
    )
    return {name: hints[name] for name in names}


@cache
def schema_of(record_type: type) -> pa.Schema:
    """The Arrow schema of a record type.

    Raises:
        TypeError: a field has an annotation that the table above does not name (a fault of the program, not of its user).
    """
    return pa.schema([_field(name, hint) for name, hint in stored_fields(record_type).items()])


def to_table(records: Sequence[Any], record_type: type) -> pa.Table:
    """Put records into an Arrow table, a column per field."""
    columns = [_to_array(list(map(attrgetter(name), records)), hint) for name, hint in stored_fields(record_type).items()]
    return pa.Table.from_arrays(columns, schema=schema_of(record_type))


def from_table(table: pa.Table, record_type: type) -> list[Any]:
    """Read the records back that :func:`to_table` put in."""
    columns = [_from_array(table.column(name).combine_chunks(), hint) for name, hint in stored_fields(record_type).items()]
    return list(map(record_type, *columns))


def _field(name: str, hint: Any) -> pa.Field:
    inner, nullable = _optional(hint)
    return pa.field(name, _type(inner), nullable=nullable)


def _type(hint: Any) -> pa.DataType:
    if hint in _SCALARS:
        return _SCALARS[hint]
    if _is_record(hint):
        return pa.struct([_field(name, part) for name, part in stored_fields(typing.cast(type, hint)).items()])
    item = _item(hint)
    if item is None:
        raise TypeError(f"{hint}: no column for this annotation; see genemine/storage/columns.py for those there are")
    return pa.list_(pa.field("item", _type(item), nullable=False))


def _to_array(values: list[Any], hint: Any) -> pa.Array:
    inner, _ = _optional(hint)
    if inner in _SCALARS:
        return pa.array(values, _SCALARS[inner])
    if _is_record(inner):
        parts = stored_fields(typing.cast(type, inner))
        arrays = [_to_array(list(map(attrgetter(name), values)), part) for name, part in parts.items()]
        return pa.StructArray.from_arrays(arrays, fields=list(_type(inner)))
    offsets = pa.array(accumulate(map(len, values), initial=0), pa.int32())
    items = _to_array(list(chain.from_iterable(values)), _item(inner))
    return pa.ListArray.from_arrays(offsets, items, type=_type(inner))


def _from_array(array: pa.Array, hint: Any) -> list[Any]:
    inner, _ = _optional(hint)
    if inner in _SCALARS:
        return array.to_pylist()
    if _is_record(inner):
        record_type = typing.cast(type, inner)
        parts = stored_fields(record_type)
        # flatten() applies the array's own offset, field() would not
        columns = [_from_array(column, part) for column, part in zip(array.flatten(), parts.values(), strict=True)]
        return list(map(record_type, *columns))
    items = _from_array(array.flatten(), _item(inner))
    ends = list(accumulate(array.value_lengths().to_pylist(), initial=0))
    return [tuple(items[start:end]) for start, end in pairwise(ends)]


def _is_record(hint: Any) -> bool:
    """True for a dataclass and for a named tuple."""
    return dataclasses.is_dataclass(hint) or hasattr(hint, "_fields")


def _optional(hint: Any) -> tuple[Any, bool]:
    """``int | None`` -> (int, True); ``int`` -> (int, False). Only scalars may be None."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        inner = [part for part in typing.get_args(hint) if part is not type(None)]
        if len(inner) == 1 and inner[0] in _SCALARS:
            return inner[0], True
        raise TypeError(f"{hint}: only str, int, float, bool and bytes may be None in a stored record")
    return hint, False


def _item(hint: Any) -> Any:
    """The X of ``tuple[X, ...]``; None for anything else."""
    args = typing.get_args(hint)
    return args[0] if typing.get_origin(hint) is tuple and len(args) == 2 and args[1] is Ellipsis else None
