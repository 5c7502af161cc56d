"""CSV cells that no spreadsheet takes for a formula.

Excel, LibreOffice and Google Sheets run a cell of a CSV file that begins with ``=``, ``+``, ``-`` or ``@``, quoted or not. In text
columns such a cell gets an apostrophe before it, which spreadsheets show or swallow but never run. A text that begins with
apostrophes and then with such a character gets one more, so that taking one away gives every text back. A single character runs
nothing and stays (``-`` is a symbol in some sources), and numbers stand in columns of their own and keep their sign.

Source: OWASP, "CSV Injection" (tab, line ends and the full-width forms are of its list).
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

_STARTS = "=+\\-@\t\r\n＝＋－＠"  # inside of a character class
# For pandas: frame.replace(GUARDED, "", regex=True) gives the texts as they were.
GUARDED = rf"^'(?='*[{_STARTS}](?s:.))"
_RISKY = rf"^('*[{_STARTS}](?s:.))"
_UNGUARD, _GUARD = re.compile(GUARDED), re.compile(_RISKY)


def guarded(text: str) -> str:
    """Give the text as a CSV cell that runs nothing."""
    return _GUARD.sub(r"'\1", text)


def unguarded(cell: str) -> str:
    """Give back the text of a cell that :func:`guarded` made."""
    return _UNGUARD.sub("", cell)


def guard_texts(rows: pa.Table) -> pa.Table:
    """Guard every text column of some rows; columns of other types, numbers among them, stay as they are."""
    for at, field in enumerate(rows.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            safe = pc.replace_substring_regex(rows.column(at), pattern=_RISKY, replacement=r"'\1")
            rows = rows.set_column(at, field, safe)
    return rows
