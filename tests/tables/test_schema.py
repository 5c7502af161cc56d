from __future__ import annotations

from pathlib import Path

from genemine.tables import schema
from genemine.tables.described import markdown

ROOT = Path(__file__).resolve().parents[2]


def test_the_column_docs_are_the_schema() -> None:
    """data/processed/README.md describes every column just as the schema does; `make docs` renews it."""
    assert markdown() in (ROOT / "data" / "processed" / "README.md").read_text(encoding="utf-8")


def test_every_column_says_what_it_means_and_has_a_type() -> None:
    for table in schema.TABLES:
        assert len(set(table.names)) == len(table.names)
        assert set(table.key) <= set(table.names)
        for column in table.columns:
            assert column.type in schema.DTYPES
            assert column.meaning.endswith(".")
