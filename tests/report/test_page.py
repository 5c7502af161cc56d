"""The page of a run: one file, its data packed and whole, its colours legible."""

from __future__ import annotations

import base64
import json
import re
import zlib
from importlib.resources import files
from pathlib import Path

import pytest

from benchmarks.report_data import Corpus
from genemine.config import ReportSettings
from genemine.errors import StorageError
from genemine.report.changes import other_reasons
from genemine.report.payload import script_json
from genemine.report.read import read_tables
from genemine.storage.layout import Layout


def test_no_text_can_end_the_script_that_holds_it() -> None:
    text = "</script><!--\u2028&"
    assert script_json([text]) == '["\\u003c/script\\u003e\\u003c!--\\u2028\\u0026"]'
    assert json.loads(script_json([text])) == [text]
    with pytest.raises(ValueError, match="Out of range float"):
        script_json([float("nan")])


def test_the_report_holds_every_association_and_every_sentence(report: Path, corpus: Corpus) -> None:
    page = report.read_text(encoding="utf-8")
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, flags=re.DOTALL)
    assert json.loads(data)["rows"]["id"] == [row["association_id"] for row in corpus.associations]
    pieces = re.findall(r'<script type="text/plain" id="piece-\d+">(.*?)</script>', page)
    unpacked = [json.loads(zlib.decompress(base64.b64decode(piece))) for piece in pieces]
    told = {
        (corpus.associations[place]["association_id"], piece["sentences"][sentence])
        for piece in unpacked
        for place, sentence in zip(piece["place"], piece["sentence"], strict=True)
    }
    assert told == {(row["association_id"], row["sentence"]) for row in corpus.evidence}
    assert "somebody@example.org" not in page


def test_a_large_run_is_shown_by_its_best_rows_with_all_counts(layout: Layout, corpus: Corpus) -> None:
    tables = read_tables(layout.latest.resolve(), None, ReportSettings(max_associations=3, max_sentences=2))
    candidates = {row["association_id"] for row in corpus.associations if not row["known_in"] and row["direction"] != "denied"}
    best = [row["association_id"] for row in corpus.associations[:3]]
    assert tables.associations["association_id"].tolist()[:3] == best
    assert set(tables.associations["association_id"]) == candidates | set(best)
    assert tables.evidence.groupby("association_id").size().unique().tolist() == [2]
    assert sum(tables.directions.values()) == len(corpus.associations)


def test_a_previous_run_that_cannot_be_read_is_named(layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "associations.parquet").write_bytes(b"no table")
    with pytest.raises(StorageError, match=r"associations\.parquet: the previous run cannot be read; remove its folder"):
        read_tables(layout.latest.resolve(), tmp_path, ReportSettings())


def test_what_else_moved_scores_is_told() -> None:
    before = {"models": {"tagger": {"sha256": "1"}}, "lexicon": {"version": "a"}, "settings": {"relate": {"min_score": None}}}
    now = {
        "models": {"tagger": {"sha256": "2", "name": "t2"}},
        "lexicon": {"version": "a"},
        "settings": {"relate": {"min_score": 0.8}},
    }
    assert other_reasons(now, before) == ["the model tagger is another one (t2)", "relate.min_score was not set, is 0.8"]
    assert other_reasons(now, now) == []


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    parts = [
        int(2 * char if len(digits) == 3 else char, 16) / 255 for char in re.findall("." if len(digits) == 3 else "..", digits)
    ]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1])
def test_text_stands_out_from_its_ground(theme: int) -> None:
    """At least 4.5 to 1, light (0) and dark (1). Source: WCAG 2.2, success criterion 1.4.3."""
    css = (files("genemine.report") / "template" / "page.css").read_text(encoding="utf-8")
    light_set, dark_set, chosen_dark = (
        dict(re.findall(r"--([\w-]+): (#\w+)", part)) for part in css.split("\n  color-scheme:")[:3]
    )
    assert dark_set == chosen_dark
    colours = (light_set, dark_set)[theme]
    pairs = [(ink, ground) for ink in ("ink", "muted", "accent") for ground in ("bg", "panel", "soft")]
    pairs += [(kind, f"{kind}-bg") for kind in ("gene", "disease", "good", "bad")] + [("ink", "plain-bg")]
    for ink, ground in pairs:
        light, dark = sorted((_luminance(colours[ink]) + 0.05, _luminance(colours[ground]) + 0.05), reverse=True)
        assert light / dark >= 4.5, f"--{ink} on --{ground}: {light / dark:.2f}"
