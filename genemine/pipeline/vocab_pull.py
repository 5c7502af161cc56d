"""Fetch the vocabularies that a lexicon is made of (see :mod:`genemine.pipeline.pull`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from genemine.config import Settings
from genemine.errors import ConfigError
from genemine.pipeline.pull import PullReport, pull_files
from genemine.sources.vocabulary import HUMAN, chosen
from genemine.sources.vocabulary_client import VocabularyClient
from genemine.storage.layout import Layout


def pull(
    settings: Settings,
    to: Path | None = None,
    only: Sequence[str] = (),
    species: Sequence[str] = (HUMAN,),
    progress: Callable[[int, int], None] | None = None,
    *,
    client: VocabularyClient | None = None,
) -> PullReport:
    """Fetch vocabularies into a folder; a file that fails stops no other, and what lies there of it stays.

    Args:
        settings: all settings.
        to: the folder; None for data/raw/vocab.
        only: names of vocabularies; none for all but MeSH.
        species: NCBI's taxon numbers whose genes are wanted.
        progress: called with (files done, files wanted).
        client: asks the servers; None makes one from the settings.

    Raises:
        ConfigError: a name, a species or the mirror's address is none, or the folder is no place for vocabularies.
        StorageError: the disk is full, the folder cannot be written, or another pull holds it.
    """
    layout = Layout(settings.data_dir)
    folder = to or layout.vocab
    if folder.resolve() == layout.raw.resolve():
        raise ConfigError(f"{folder}: its folders hold raw shards; fetch into another one, such as {layout.vocab}")
    wanted = chosen(only, species, year=datetime.now(UTC).year)
    report = PullReport(folder, wanted, f"make a lexicon of them: genemine vocab build {folder}")
    return pull_files(client or VocabularyClient(settings.vocab), report, "pulling vocabularies", progress)
