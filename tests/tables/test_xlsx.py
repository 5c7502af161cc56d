"""The workbook of a run holds texts as texts, numbers as numbers, links, notes, and tells what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from genemine.errors import StorageError
from genemine.tables import xlsx_sheet
from genemine.tables.columns import DTYPES, Table
from genemine.tables.files import write_frame
from genemine.tables.links import curie_url, pubmed_url
from genemine.tables.schema import ASSOCIATIONS, CANDIDATES, EVIDENCE, INHERITED
from genemine.tables.xlsx import SHEETS, write_workbook
from genemine.tables.xlsx_sheet import Written, fit

MADE = datetime(2026, 11, 29, 2, 30, tzinfo=UTC)
SYMBOLS = ["SEPT2", "MARCH1", "DEC1", "1E5", "-", "=1+1", "#N/A", "007"]
LONG_FORMULA = "=" + "A" * 300


def rows_of(table: Table, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame({c.name: pd.Series([row.get(c.name) for row in rows], dtype=DTYPES[c.type]) for c in table.columns})


def write_tables(folder: Path, associations: Sequence[dict[str, Any]], evidence: Sequence[dict[str, Any]]) -> None:
    for table, rows in ((ASSOCIATIONS, associations), (EVIDENCE, evidence), (CANDIDATES, ()), (INHERITED, ())):
        write_frame(table, rows_of(table, rows), folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("run")
    write_tables(
        made,
        [
            {"association_id": f"GDA-{at}", "gene_curie": f"ncbigene:{at}", "gene_name": symbol, "disease_curie": "mesh:D001943"}
            | {"score": 0.9996, "p_value": 1e-30, "n_articles": 3, "best_pmid": "99000001", "best_sentence": LONG_FORMULA}
            for at, symbol in enumerate(SYMBOLS)
        ],
        [
            {"association_id": "GDA-0", "rank": 1, "pmid": "12", "sentence": "κ first.", "is_repeat": False},
            {"association_id": "GDA-0", "rank": 2, "pmid": "13", "sentence": "bad\x0b char", "is_repeat": True},
            {"association_id": "GDA-1", "rank": 1, "pmid": "n/a", "sentence": "x" * 40_000},
        ],
    )
    write_workbook(made, {"run": "r1"}, MADE, max_rows=6)
    return made


@pytest.fixture(scope="module")
def book(folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / "genemine.xlsx")


def column(book: openpyxl.Workbook, sheet: str, name: str) -> list[Any]:
    cells = list(book[sheet].iter_cols())
    return next(list(one[1:]) for one in cells if one[0].value == name)


def test_symbols_and_ids_are_text_whatever_they_look_like(book: openpyxl.Workbook) -> None:
    cells = column(book, "associations", "gene_name")[:6]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in cells] == [(one, "s", "@") for one in SYMBOLS[:6]]
    assert column(book, "associations", "best_pmid")[0].value == "99000001"
    formula = column(book, "associations", "best_sentence")[0]
    assert (formula.value, formula.data_type, formula.quotePrefix) == (LONG_FORMULA, "s", True)


def test_no_cell_is_a_formula_or_an_error(folder: Path, tmp_path: Path) -> None:
    write_tables(tmp_path, [{"association_id": "1", "gene_name": one, "best_sentence": LONG_FORMULA} for one in SYMBOLS], [])
    write_workbook(tmp_path, {"=1": "=2"}, MADE)
    book = openpyxl.load_workbook(tmp_path / "genemine.xlsx")
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s", "n"}
    assert [cell.value for cell in column(book, "associations", "gene_name")] == SYMBOLS


def test_numbers_are_numbers_and_a_chance_is_never_shown_as_certain(book: openpyxl.Workbook) -> None:
    score, small, n = (column(book, "associations", name)[0] for name in ("score", "p_value", "n_articles"))
    assert (score.value, score.data_type, score.number_format) == (0.9996, "n", '[>0.9994]">0.999";0.000')
    assert (small.value, small.number_format) == (1e-30, "0.0E+00")
    assert (n.value, n.data_type) == (3, "n")
    assert column(book, "associations", "trend")[0].value is None
    assert [cell.value for cell in column(book, "evidence", "is_repeat")][:2] == [False, True]


def test_ids_lead_to_their_pages_and_an_association_to_its_sentences(book: openpyxl.Workbook) -> None:
    links = {name: column(book, "associations", name)[1].hyperlink for name in ("association_id", "gene_curie", "best_pmid")}
    assert links["association_id"].location == "'evidence'!A4"
    assert book["evidence"]["A4"].value == "GDA-1"
    assert links["gene_curie"].target == "https://www.ncbi.nlm.nih.gov/gene/1"
    assert links["best_pmid"].target == "https://pubmed.ncbi.nlm.nih.gov/99000001/"
    assert column(book, "associations", "disease_curie")[0].hyperlink.target == "https://meshb.nlm.nih.gov/record/ui?ui=D001943"
    assert column(book, "associations", "association_id")[2].hyperlink is None, "an association without sentences leads nowhere"
    assert column(book, "evidence", "pmid")[2].hyperlink is None, "n/a is no PMID"


def test_headers_stay_in_sight_filter_and_explain_themselves(book: openpyxl.Workbook) -> None:
    for table in SHEETS:
        sheet = book[table.name]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert [cell.value for cell in sheet[1]] == list(table.names)
        assert {cell.font.name for row in sheet.iter_rows() for cell in row} == {"Calibri"}, "one font, in LibreOffice too"
        for cell, one in zip(sheet[1], table.columns, strict=True):
            assert cell.comment.text.startswith(one.meaning)
            assert sheet.column_dimensions[cell.column_letter].width >= len(one.name) + 4
    told = [tuple(cell.value or "" for cell in row) for row in book["columns"].iter_rows(min_row=2)]
    assert told == [(t.name, c.name, c.type, c.unit, c.meaning) for t in SHEETS for c in t.columns]
    shown = set(SHEETS[-1].names)
    assert set(EVIDENCE.names) - shown == {"gene_start", "gene_end", "disease_start", "disease_end", "attention"}
    assert book.sheetnames == ["associations", "candidates", "inherited", "evidence", "columns", "about"]


def test_what_is_left_out_is_told_on_the_sheet(book: openpyxl.Workbook) -> None:
    first = [row[0].value for row in book["associations"].iter_rows(min_row=8)]
    note = "Only the first 6 of 8 rows; all are in associations.csv and associations.parquet."
    assert first == [None, note]
    last = get_column_letter(len(ASSOCIATIONS.names))
    assert book["associations"].auto_filter.ref == f"A1:{last}7", "the note is no row to filter"
    cut = column(book, "evidence", "sentence")[2].value
    assert (len(cut), cut[-2:]) == (32_767, "x…")
    assert column(book, "evidence", "sentence")[1].value == "bad char"
    about = {row[0].value: row for row in book["about"].iter_rows()}
    assert [cell.value for cell in about["associations"]] == ["associations", 6, 8, note]
    assert about["evidence"][3].value == "Excel holds 32,767 characters a cell: 1 end in … and are whole in evidence.parquet."
    assert about["run"][1].value == "r1"


def test_links_end_where_excel_would_refuse_the_file(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_sheet, "MAX_LINKS", 4)
    write_tables(tmp_path, [{"association_id": "1", "gene_curie": f"hgnc:{n}", "best_pmid": "1"} for n in range(4)], [])
    written = write_workbook(tmp_path, {}, MADE)[0]
    assert written == Written("associations", 4, 4, 0, links_end=3)
    assert list(written.notes) == ["Links up to row 3 only: Excel holds 4 a sheet."]
    sheet = openpyxl.load_workbook(tmp_path / "genemine.xlsx")["associations"]
    assert sum(cell.hyperlink is not None for row in sheet.iter_rows() for cell in row) == 4


def test_the_same_run_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for table in SHEETS:
        (tmp_path / f"{table.name}.parquet").write_bytes((folder / f"{table.name}.parquet").read_bytes())
    write_workbook(tmp_path, {"run": "r1"}, MADE, max_rows=6)
    assert (tmp_path / "genemine.xlsx").read_bytes() == (folder / "genemine.xlsx").read_bytes()


def test_a_cell_is_cut_by_what_excel_counts() -> None:
    assert fit("𝛼" * 16_383) == "𝛼" * 16_383
    assert fit("𝛼" * 16_384) == "𝛼" * 16_383 + "…"
    pmids = "|".join(["12345678"] * 4_000)
    assert fit(pmids, "|") == "|".join(["12345678"] * 3_640) + "|…"


def test_a_table_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"genemine\.xlsx: the workbook cannot be written"):
        write_workbook(tmp_path, {}, MADE)


def test_only_plain_identifiers_become_links() -> None:
    assert curie_url("omim:114480") == "https://omim.org/entry/114480"
    assert [curie_url(one) for one in ("", "mesh:", "umls:C1", "mesh:D1/../x", "BRCA1")] == [""] * 5
    assert [pubmed_url(one) for one in ("", "12", "12/", "١")] == ["", "https://pubmed.ncbi.nlm.nih.gov/12/", "", ""]
