"""The queue as a spreadsheet for those who prefer one, verdicts read back from it, and verdicts as CSV.

What would run as a formula does not (:mod:`genemine.tables.csv_cells`).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from genemine.errors import RecordError, SourceError
from genemine.review.cards import links
from genemine.review.deck import Deck
from genemine.review.events import VERDICTS, Event, note_of, verdict_of
from genemine.storage.files import cannot_read, whole_file
from genemine.tables.csv_cells import guarded, unguarded

# column -> width in a workbook
QUEUE = {"place": 7, "card_id": 24, "gene": 12, "disease": 26, "sentence": 90, "gene_text": 14, "disease_text": 22,
         "verdict": 15, "note": 30, "score": 9, "why": 28, "slice": 13, "known_in": 16, "title": 50, "year": 7,
         "pmid": 11, "pubmed": 40}  # fmt: skip
NEEDED = ("card_id", "verdict")
HISTORY = tuple(field.name for field in fields(Event))


@dataclass(frozen=True, slots=True)
class Row:
    """A filled row of a spreadsheet; ``line`` is its number as the spreadsheet counts, the header being 1."""

    line: int
    card_id: str
    verdict: str
    note: str


def write_queue(deck: Deck, path: Path) -> int:
    """Write the queue as CSV, or as a workbook where the name ends in .xlsx; gives the number of cards.

    Raises:
        SourceError: the name ends in neither.
        StorageError: the file cannot be written.
    """
    rows = [_row(deck, place) for place in range(len(deck.queue))]
    if path.suffix.lower() == ".xlsx":
        with whole_file(path) as draft:
            _write_workbook(draft, rows)
    elif path.suffix.lower() == ".csv":
        write_csv(path, tuple(QUEUE), rows)
    else:
        raise SourceError(f"{path}: the form cannot be told from its name; end it in .csv or .xlsx")
    return len(rows)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV that spreadsheets open rightly: UTF-8 with byte-order mark, no cell that would run as a formula.

    Raises:
        StorageError: the file cannot be written.
    """
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(columns)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    with whole_file(path) as draft:
        draft.write_bytes(made.getvalue().encode("utf-8-sig"))


def read_rows(path: Path) -> list[Row]:
    """Read the rows of a filled queue that have a verdict or a note; CSV of any spreadsheet (comma, semicolon or tab) or .xlsx.

    Raises:
        SourceError: the file cannot be read, or lacks a column.
        RecordError: a row has a verdict that is none, or a card twice; row and remedy are named.
    """
    table = _read_workbook(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    header = [cell.strip().casefold() for cell in table[0]] if table else []
    if missing := [name for name in NEEDED if name not in header]:
        raise SourceError(
            f"{path}: no column {' and '.join(missing)}; the first row needs {', '.join(NEEDED)} (see `genemine review queue`)"
        )
    rows, seen = [], dict[str, int]()
    for line, cells in enumerate(table[1:], start=2):
        values = dict(zip(header, [*cells, *[""] * len(header)], strict=False))
        verdict, note = values["verdict"].strip().removeprefix("'"), values.get("note", "").strip()
        card_id = values["card_id"].strip()
        if not verdict and not note:
            continue
        try:
            rows.append(Row(line, card_id, verdict_of(verdict) if verdict else "", note_of(unguarded(note))))
        except RecordError as error:
            raise RecordError(f"{path}, row {line}: {error}; nothing was imported") from error
        if card_id in seen:
            raise RecordError(
                f"{path}, row {line}: card {card_id} stands in row {seen[card_id]} too; keep one of them; nothing was imported"
            )
        seen[card_id] = line
    return rows


def _row(deck: Deck, place: int) -> tuple[Any, ...]:
    card, placed = deck.card(place), deck.queue[place]
    return (
        place + 1, card.card_id, card.gene_name, card.disease_name, card.sentence, card.gene_text, card.disease_text, "", "",
        round(card.score, 4), ", ".join(placed.why), "random" if placed.is_random else "informative", card.known_in, card.title,
        card.year, card.pmid, links(card).get("PubMed", ""),
    )  # fmt: skip


def _write_workbook(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    from openpyxl import Workbook  # noqa: PLC0415  # half a second
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title, sheet.freeze_panes = "queue", "C2"
    letters = {name: get_column_letter(i) for i, name in enumerate(QUEUE, start=1)}
    choice = DataValidation("list", formula1=f'"{",".join(VERDICTS)}"', allow_blank=True, showErrorMessage=True)
    choice.error = f"One of {', '.join(VERDICTS)}"
    choice.add(f"{letters['verdict']}2:{letters['verdict']}{len(rows) + 1}")
    sheet.add_data_validation(choice)
    sheet.auto_filter.ref = f"A1:{letters['pubmed']}{len(rows) + 1}"
    top, wrapped, bold = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True), Font(bold=True)
    for line, row in enumerate([tuple(QUEUE), *rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(line, column)
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                cell.data_type, cell.number_format = "s", "@"  # SEPT2 stays a gene, "=1" a text
            else:
                cell.value = value
            cell.alignment = wrapped if line > 1 else top
    for name, width in QUEUE.items():
        sheet.column_dimensions[letters[name]].width = width
        sheet[f"{letters[name]}1"].font = bold
    book.save(path)


def _read_workbook(path: Path) -> list[list[str]]:
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        table = [["" if value is None else str(value) for value in row] for row in rows]
        book.close()
    except OSError as error:
        raise cannot_read(path, error) from error
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError) as error:
        raise SourceError(f"{path}: no workbook ({error}); save it as .xlsx or as CSV UTF-8") from error
    return table


def _read_csv(path: Path) -> list[list[str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise cannot_read(path, error) from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 at byte {error.start}; save it as 'CSV UTF-8', or as .xlsx") from error
    first = text.split("\n", 1)[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SourceError(f"{path}: not a CSV ({error}); save it anew as 'CSV UTF-8', or as .xlsx") from error
