from __future__ import annotations

import pandas as pd

from genemine.records import Dropped, Duplicate
from genemine.tables import frames, schema


def test_dropped_records_are_sorted_by_number() -> None:
    frame = frames.from_dropped([Dropped("10", "dedup", "stale revision"), Dropped("9", "dedup", "stale revision")])
    assert list(frame["pmid"]) == ["9", "10"]


def test_a_duplicate_row_names_the_article_kept() -> None:
    duplicates = frames.from_duplicates([Duplicate("10", "7", "near copy", 0.875), Duplicate("9", "7", "exact copy", 1.0)])
    assert duplicates.iloc[0].to_dict() == {"pmid": "9", "kept_pmid": "7", "reason": "exact copy", "similarity": 1.0}
    assert list(duplicates["pmid"]) == ["9", "10"]


def test_a_table_without_rows_has_the_columns_and_types_of_the_schema() -> None:
    for table in schema.TABLES:
        frame = frames.empty(table)
        assert len(frame) == 0
        assert tuple(frame.columns) == table.names
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {c.name: schema.DTYPES[c.type] for c in table.columns}
    pd.testing.assert_frame_equal(frames.from_dropped([]), frames.empty(schema.DROPPED))
