"""The queue as a spreadsheet, there and back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from genemine.config import Settings
from genemine.errors import GenemineError, SourceError
from genemine.pipeline.review import export_file, import_file, report
from genemine.review.deck import Deck
from genemine.review.spreadsheet import QUEUE, read_rows, write_queue
from genemine.review.verdicts import read_verdicts
from genemine.storage.layout import Layout


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(path: Path, rows: list[dict[str, str]], delimiter: str = ",", encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(QUEUE), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def filled(deck: Deck, tmp_path: Path) -> list[dict[str, str]]:
    """The rows of the queue, the first three with verdicts."""
    write_queue(deck, tmp_path / "queue.csv")
    rows = rows_of(tmp_path / "queue.csv")
    for row, verdict, note in zip(rows, ("accept", "Wrong gene", ""), ("", "='sum'", "só"), strict=False):
        row["verdict"], row["note"] = verdict, note
    return rows


def test_a_filled_queue_becomes_verdicts_once(settings: Settings, filled: list[dict[str, str]], deck: Deck, tmp_path: Path) -> None:
    file = written(tmp_path / "mine.csv", filled, ";")
    first, second = import_file(settings, file, "Anna"), import_file(settings, file, "Anna")
    assert ((first.n_new, first.n_known), (second.n_new, second.n_known)) == ((4, 0), (0, 4))
    events = read_verdicts(Layout(settings.data_dir).verdicts)
    assert [(event.verdict, event.note, event.source) for event in events] == [
        ("accept", "", "import"),
        ("wrong gene", "", "import"),
        ("note", "='sum'", "import"),
        ("note", "só", "import"),
    ]
    assert events[0].sentence == deck.card(0).sentence
    assert export_file(settings, tmp_path / "out.csv") == 3
    assert sorted((row["verdict"], row["note"]) for row in rows_of(tmp_path / "out.csv")) == [
        ("", "só"),
        ("accept", ""),
        ("wrong gene", "'='sum'"),
    ]
    assert export_file(settings, tmp_path / "all.csv", history=True) == 4
    assert report(settings, 0.8).n_verdicts == {"Anna": {"accept": 1, "wrong gene": 1}}


def test_a_workbook_keeps_symbols_as_text_and_is_read_back(settings: Settings, deck: Deck, tmp_path: Path) -> None:
    card = replace(deck.card(0), gene_name="SEPT2", title="=HYPERLINK(1)\x00")
    write_queue(replace(deck, cards={**deck.cards, card.card_id: card}), tmp_path / "queue.xlsx")
    book = load_workbook(tmp_path / "queue.xlsx")
    sheet = book.worksheets[0]
    assert (sheet.freeze_panes, sheet.max_row, sheet["C2"].value, sheet["C2"].number_format) == ("C2", 41, "SEPT2", "@")
    assert (sheet["N2"].value, sheet["N2"].data_type) == ("=HYPERLINK(1)", "s")
    assert sheet.data_validations.dataValidation[0].formula1 == '"accept,reject,wrong gene,wrong disease,denied,unsure"'
    sheet["H3"] = "unsure"
    book.save(tmp_path / "mine.xlsx")
    assert import_file(settings, tmp_path / "mine.xlsx", "Anna").n_new == 1
    assert [event.card_id for event in read_verdicts(Layout(settings.data_dir).verdicts)] == [deck.card(1).card_id]


def test_a_csv_cell_is_never_a_formula(deck: Deck, tmp_path: Path) -> None:
    card = deck.card(0)
    for text in ("=1+1", "+1", "-1", "@x"):
        write_queue(replace(deck, cards={**deck.cards, card.card_id: replace(card, title=text)}), tmp_path / "queue.csv")
        assert rows_of(tmp_path / "queue.csv")[0]["title"] == f"'{text}"


Change = Callable[[list[dict[str, str]]], object]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: rows[1].update(verdict="yes"), "row 3: 'yes' is no verdict; write one of accept"),
        (lambda rows: rows[2].update(card_id="CARD-0"), "row 4: card 'CARD-0' is not in the tables of run"),
        (lambda rows: rows[2].update(card_id=rows[0]["card_id"]), "row 4: card CARD-[0-9a-f]{16} stands in row 2 too"),
        (lambda rows: rows[0].update(note="x" * 5000), "row 2: a note of 5,000 characters"),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_kept(
    settings: Settings, filled: list[dict[str, str]], tmp_path: Path, change: Change, message: str
) -> None:
    change(filled)
    with pytest.raises(GenemineError, match=f"mine.csv, {message}.*nothing was imported"):
        import_file(settings, written(tmp_path / "mine.csv", filled, "\t"), "Anna")
    assert read_verdicts(Layout(settings.data_dir).verdicts) == []


def test_files_that_are_no_queue_are_told(deck: Deck, filled: list[dict[str, str]], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("card_id,note\n")
    with pytest.raises(SourceError, match=r"a\.csv: no column verdict; the first row needs card_id, verdict"):
        read_rows(tmp_path / "a.csv")
    written(tmp_path / "b.csv", filled, encoding="cp1252")
    with pytest.raises(SourceError, match=r"b\.csv: not UTF-8 at byte .*; save it as 'CSV UTF-8'"):
        read_rows(tmp_path / "b.csv")
    (tmp_path / "c.xlsx").write_text("no workbook")
    with pytest.raises(SourceError, match=r"c\.xlsx: no workbook"):
        read_rows(tmp_path / "c.xlsx")
    (tmp_path / "d.csv").write_text('card_id,verdict\n"CARD')
    with pytest.raises(SourceError, match=r"d\.csv: not a CSV"):
        read_rows(tmp_path / "d.csv")
    with pytest.raises(GenemineError, match=r"e\.csv: cannot be read"):
        read_rows(tmp_path / "e.csv")
    with pytest.raises(SourceError, match=r"f.ods: the form cannot be told from its name; end it in .csv or .xlsx"):
        write_queue(deck, tmp_path / "f.ods")
