"""Stages tell what needs work without doing it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from genemine.config import Settings, load_settings
from genemine.pipeline.stages import CLEAN
from genemine.sample import records_folder
from genemine.storage.layout import Layout

BATCHES = [f"mine/sample26n000{n}" for n in (1, 2)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder with two raw shards of the sample."""
    chosen = load_settings(data_dir=tmp_path)
    layout = Layout(tmp_path)
    layout.prepare()
    for batch in BATCHES:
        raw = layout.raw_file(*batch.split("/"))
        raw.parent.mkdir(exist_ok=True)
        raw.write_bytes(gzip.compress((records_folder() / f"{raw.name.removesuffix('.gz')}").read_bytes()))
    return chosen


def test_a_made_shard_is_pending_no_more(settings: Settings) -> None:
    assert CLEAN.pending(BATCHES, settings) == BATCHES
    report = CLEAN(BATCHES[0], settings)
    assert report.counts["made"] == 1
    assert CLEAN.pending(BATCHES, settings) == BATCHES[1:]
    assert CLEAN(BATCHES[0], settings).counts == {"reused": 1}


def test_other_settings_or_other_bytes_make_a_shard_pending_again(settings: Settings) -> None:
    for batch in BATCHES:
        CLEAN(batch, settings)
    only_english = load_settings(data_dir=settings.data_dir, clean__languages=["eng"])
    assert CLEAN.pending(BATCHES, only_english) == BATCHES
    first, second = (Layout(settings.data_dir).raw_file(*batch.split("/")) for batch in BATCHES)
    second.write_bytes(first.read_bytes())
    assert CLEAN.pending(BATCHES, settings) == BATCHES[1:]


def test_the_line_counts_what_was_made_and_what_stood(settings: Settings) -> None:
    report = CLEAN(BATCHES[0], settings)
    made = report.counts
    assert CLEAN.line([report], 2) == (
        f"clean: 1 shards made, 1 as before, {made['articles']} articles, {made['deletions']} deletions, {made['dropped']} dropped"
    )
