"""Plain text keeps its offsets."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from genemine.sources.plain_text import parse_plain_text, read_plain_text
from genemine.sources.pubtator import PubTatorDocument


def test_first_line_is_the_title_and_wrapped_lines_are_joined() -> None:
    text = "Title of it\nbreast\ncancer is \r\nbad.\nNext one\n\nNew paragraph\n"
    assert parse_plain_text(text, Path("my text.v2.txt")) == PubTatorDocument(
        "my_text", "Title of it", "breast cancer is \r bad.\nNext one\n\nNew paragraph\n"
    )


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text("TP53 falls", encoding="utf-8")
    assert read_plain_text(path) == PubTatorDocument("one", "TP53 falls", "")


@given(st.text(alphabet=st.sampled_from("ab. \n\r\t") | st.characters(exclude_categories=["Cs"])))
def test_every_character_stays_where_it_is(text: str) -> None:
    """Only line feeds ever change, into blanks; a last line feed alone may be left off."""
    read = parse_plain_text(text, Path("x")).text
    assert len(read) == len(text) or read + "\n" == text
    assert all(a == b or (a, b) == (" ", "\n") for a, b in zip(read, text, strict=False))
