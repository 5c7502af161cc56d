"""Records become DataFrames here and nowhere earlier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from genemine.records import Dropped, Duplicate
from genemine.tables import schema
from genemine.tables.schema import DTYPES, Table


def empty(table: Table) -> pd.DataFrame:
    """A table without rows: the schema's columns and types."""
    return _frame(table, ())


def from_dropped(dropped: Iterable[Dropped]) -> pd.DataFrame:
    """One row a record that did not reach the tables."""
    ordered = sorted(dropped, key=lambda d: (d.stage, d.reason, d.pmid.zfill(12), d.source))
    return _frame(schema.DROPPED, ((d.pmid, d.stage, d.reason, d.detail, d.source) for d in ordered))


def from_duplicates(duplicates: Iterable[Duplicate]) -> pd.DataFrame:
    """One row an article left out as a copy, by PMID."""
    rows = ((d.pmid, d.kept_pmid, d.reason, d.similarity) for d in sorted(duplicates, key=lambda d: int(d.pmid)))
    return _frame(schema.DUPLICATES, rows)


def _frame(table: Table, rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """Rows in the order of the table's columns -> a frame with the schema's types, also when there is no row."""
    columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    series = {c.name: pd.Series(list(v), dtype=DTYPES[c.type]) for c, v in zip(table.columns, columns, strict=True)}
    return pd.DataFrame(series)
