"""Stages tell what needs work without doing it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from genemine.config import Settings, load_settings
from genemine.pipeline import stages
from genemine.pipeline.stages import ANNOTATE, CLEAN
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


def test_what_is_found_in_texts_is_found_again_when_its_making_changes(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Document context switched off, another threshold, another revision of the code: each makes other shards of mentions."""
    CLEAN(BATCHES[0], settings)
    as_tagged = load_settings(data_dir=settings.data_dir, annotate__consistency=False)
    likely = load_settings(data_dir=settings.data_dir, annotate__min_score=0.5)
    made_from = [ANNOTATE.made_from(BATCHES[0], chosen) for chosen in (settings, as_tagged, likely)]
    monkeypatch.setattr(stages, "ANNOTATE_REVISION", stages.ANNOTATE_REVISION + 1)
    made_from.append(ANNOTATE.made_from(BATCHES[0], settings))
    assert len(set(made_from)) == 4


def test_the_line_counts_what_was_made_and_what_stood(settings: Settings) -> None:
    report = CLEAN(BATCHES[0], settings)
    made = report.counts
    assert CLEAN.line([report], 2) == (
        f"clean: 1 shards made, 1 as before, {made['articles']} articles, {made['deletions']} deletions, {made['dropped']} dropped"
    )
