"""Pictures inside of texts: nothing is cut off, and bars are as long as what they tell."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from genemine.pipeline.pictures import WIDTH, bars

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("label", ["2026", "pairs that only whole abstracts imply"])
def test_a_label_of_any_length_has_room_and_so_has_the_longest_number(label: str) -> None:
    picture = ElementTree.fromstring(bars("counts", [(label, 1_234_567), ("x < y", 0)]))
    texts, boxes = picture.findall(f"{SVG}text"), picture.findall(f"{SVG}rect")[1:]
    assert [text.text for text in texts] == [label, "1,234,567", "x < y", "0"]
    assert float(texts[0].get("x", "")) > 7 * len(label), "it ends there"
    assert float(texts[0].get("x", "")) < float(boxes[0].get("x", "")), "and before its bar"
    assert float(texts[1].get("x", "")) + 7 * len("1,234,567") < WIDTH
    assert float(boxes[0].get("width", "")) > 100
    assert float(boxes[1].get("width", "")) == 0


def test_bars_are_as_long_as_their_numbers() -> None:
    widths = [float(width) for width in re.findall(r'width="([0-9.]+)" height="16"', bars("t", [("a", 50), ("b", 100), ("c", 25)]))]
    assert widths == pytest.approx([widths[1] / 2, widths[1], widths[1] / 4], abs=0.1)
