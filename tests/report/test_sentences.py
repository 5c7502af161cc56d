"""Places in a sentence are those of the table, or are found where a table of an older version has none."""

from __future__ import annotations

import pytest

from genemine.report.sentences import attention, number, span


@pytest.mark.parametrize(
    ("sentence", "text", "start", "end", "found"),
    [
        ("AR in carcinoma; AR again.", "AR", 17, 19, (17, 19)),
        ("Carcinoma AR.", "AR", None, None, (10, 12)),
        ("carcinomAR", "AR", None, None, (8, 10)),
        ("AR.", "AR", float("nan"), float("nan"), (0, 2)),
        ("AR.", "AR", 1, 9, (0, 2)),
        ("AR.", "TP53", None, None, (0, 0)),
        ("AR.", "", None, None, (0, 0)),
        ("p.(R175H) (x)", "(R175H)", None, None, (2, 9)),
    ],
)
def test_a_name_is_where_the_table_says_or_where_it_stands(sentence, text, start, end, found) -> None:
    assert span(sentence, text, start, end) == found


@pytest.mark.parametrize(
    ("cell", "flat"),
    [
        ("0-5:31|16-20:24", [0, 5, 31, 16, 20, 24]),
        ("0-5:0|3-2:9|18-21:9|x", []),
        ("0-5:1.6", [0, 5, 2]),
        ("", []),
        (None, []),
    ],
)
def test_attention_is_read_and_what_cannot_be_is_left_out(cell, flat) -> None:
    assert attention(cell, 20) == flat


def test_items_are_numbered_by_first_occurrence() -> None:
    assert number(["b", "a", "b"]) == (["b", "a"], [0, 1, 0])
