"""Fetch the files of curated pairs from their publishers (see :mod:`genemine.pipeline.pull`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from genemine.config import CuratedSettings, Settings
from genemine.errors import ConfigError
from genemine.pipeline.pull import PullReport, pull_files
from genemine.sources.curated_files import BEHIND_LOGIN, chosen, fault_of
from genemine.sources.vocabulary_client import VocabularyClient
from genemine.storage.layout import Layout


def curated_client(settings: CuratedSettings, sleep: Callable[[float], None] = time.sleep) -> VocabularyClient:
    """Ask the publishers, or the mirror of the settings; an answer is looked through as `genemine curated build` will read it.

    Raises:
        ConfigError: the mirror's address is none.
    """
    return VocabularyClient(settings, sleep, "curated", fault_of)


def pull(
    settings: Settings,
    to: Path | None = None,
    only: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
    *,
    client: VocabularyClient | None = None,
) -> PullReport:
    """Fetch curated pairs into a folder; a file that fails stops no other, and what lies there of it stays.

    Args:
        settings: all settings.
        to: the folder; None for data/raw/curated.
        only: names of files; none for all.
        progress: called with (files done, files wanted).
        client: asks the servers; None makes one from the settings.

    Raises:
        ConfigError: a name or the mirror's address is none, or the folder is no place for them.
        StorageError: the disk is full, the folder cannot be written, or another pull holds it.
    """
    layout = Layout(settings.data_dir)
    folder = to or layout.curated
    if folder.resolve() in (layout.raw.resolve(), layout.vocab.resolve()):
        raise ConfigError(f"{folder}: holds other files; fetch into another folder, such as {layout.curated}")
    target = "" if folder == layout.curated else f" {folder}"
    report = PullReport(folder, chosen(only), f"{BEHIND_LOGIN}\nmake one file of them: genemine curated build{target}")
    return pull_files(client or curated_client(settings.curated), report, "pulling curated pairs", progress)
