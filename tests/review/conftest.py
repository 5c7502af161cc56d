"""A run of 40 made-up sentences to review, whose titles try to run a script."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.review_data import make_reviewable
from genemine.config import Settings, load_settings
from genemine.pipeline.review import open_deck
from genemine.review.deck import Deck

N_CARDS = 40
HOSTILE = "<script>document.title = 'taken'</script>{gene} & {disease}"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder; not to be written to."""
    folder = tmp_path_factory.mktemp("reviewable")
    make_reviewable(folder, N_CARDS, title=HOSTILE)
    return folder


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Settings:
    """Settings of a copy of the folder."""
    shutil.copytree(made, tmp_path / "data", symlinks=True)
    return load_settings(data_dir=tmp_path / "data")


@pytest.fixture(scope="session")
def deck(made: Path) -> Deck:
    """All its cards, as they are asked about."""
    return open_deck(load_settings(data_dir=made), N_CARDS)
