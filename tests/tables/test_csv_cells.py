"""No cell of a CSV file runs as a formula, and every text comes back as it was."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.records import Dropped
from genemine.tables import frames
from genemine.tables.columns import Column, Table
from genemine.tables.csv_cells import GUARDED, guard_texts, guarded, unguarded
from genemine.tables.files import write_frame, write_table
from genemine.tables.schema import DROPPED

STARTS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('=HYPERLINK("http://example.org")', '\'=HYPERLINK("http://example.org")'),
        ("+1", "'+1"),
        ("-308", "'-308"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("-", "-"),  # a symbol
        ("'-", "'-"),
        ("", ""),
        ("5' end", "5' end"),
        ("'5", "'5"),
        ("NF-κB = p65", "NF-κB = p65"),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str, cell: str) -> None:
    assert guarded(text) == cell
    assert unguarded(cell) == text
    assert guard_texts(pa.table({"a": [text]}))["a"].to_pylist() == [cell]


@given(st.text(alphabet="'=+-@\t\r\n＝ab", max_size=6) | st.text(max_size=6))
def test_every_text_comes_back_and_none_runs(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert len(cell) < 2 or cell[0] not in STARTS
    assert guard_texts(pa.table({"a": [text, None]}))["a"].to_pylist() == [cell, None]
    assert pd.Series([cell]).replace(GUARDED, "", regex=True).tolist() == [text]


def test_numbers_keep_their_sign() -> None:
    rows = pa.table({"text": ["-1"], "number": [-1.5], "integer": [-1], "truth": [True]})
    assert guard_texts(rows).to_pylist() == [{"text": "'-1", "number": -1.5, "integer": -1, "truth": True}]


def test_a_hostile_table_is_read_by_pandas_and_duckdb_and_runs_nothing(tmp_path: Path) -> None:
    detail = "=cmd|' /C calc'!A0, \"κ\"\nsecond line"
    write_frame(DROPPED, frames.from_dropped([Dropped("1", "clean", "-", detail, "+a"), Dropped("2", "clean", "@b", "")]), tmp_path)
    path = tmp_path / "dropped.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfpmid,stage,")
    by_pandas = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert by_pandas.columns[0] == "pmid", "the byte-order mark is no part of the name"
    assert by_pandas.iloc[0].tolist() == ["1", "clean", "-", f"'{detail}", "'+a"]
    assert by_pandas.replace(GUARDED, "", regex=True).iloc[0].tolist() == ["1", "clean", "-", detail, "+a"]
    by_duckdb = duckdb.sql(f"SELECT pmid, detail, reason FROM read_csv('{path}', all_varchar = true) ORDER BY pmid").fetchall()
    assert by_duckdb == [("1", f"'{detail}", "-"), ("2", None, "'@b")]
    exact = pd.read_parquet(tmp_path / "dropped.parquet")
    assert exact.iloc[0].tolist() == ["1", "clean", "-", detail, "+a"]


def test_a_negative_number_is_a_number_in_csv(tmp_path: Path) -> None:
    table = Table("t", "a row", ("a",), (Column("a", "text", "", "."), Column("n", "number", "", ".")))
    write_table(table, pa.table({"a": ["-1"], "n": [-1.5]}).to_batches(), tmp_path)
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig") == 'a,n\n"\'-1",-1.5\n'
