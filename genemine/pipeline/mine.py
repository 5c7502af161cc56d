"""From raw shards to tables: clean, annotate and link, relate (see :mod:`genemine.pipeline.stages`), tabulate, publish."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from genemine.config import DASK, Settings
from genemine.errors import SourceError, StorageError
from genemine.pipeline.copies import find_copies
from genemine.pipeline.publish import publish
from genemine.pipeline.reports import StageProgress, silent
from genemine.pipeline.stages import SAMPLE_SOURCE, STAGES, UNREADABLE
from genemine.pipeline.tabulate import MineReport, tabulate
from genemine.sources.pubmed_stream import CUT_OFF, DAMAGED
from genemine.storage.layout import Layout, batch_of
from genemine.storage.ledger import Ledger
from genemine.storage.lock import held
from genemine.storage.order import ordered
from genemine.tables.summary import dropped_for

log = logging.getLogger(__name__)


def mine(settings: Settings, progress: StageProgress = silent) -> MineReport:
    """Make tables from everything collected; only what is new or changed is worked on.

    A run that the gate holds back is told by ``held`` of the report; ``latest`` then stays.

    Args:
        settings: all settings; ``entrez.source`` "sample" mines the embedded sample, any other every source but the sample.
        progress: told of each shard done.

    Raises:
        StorageError: nothing is collected yet, or the data folder cannot be written, or another mining holds it.
        BundleError, VocabularyError: a model or the lexicon cannot be used.
    """
    if settings.scale.executor == DASK:
        log.warning("mine: works in this process; setting 'scale.executor' is for the flows (docs/scaling.md)")
    with mining(settings) as batches:
        for stage in STAGES:
            todo = stage.pending(batches, settings)
            before = len(batches) - len(todo)
            for done, batch in enumerate(todo):
                progress(stage.name, before + done, len(batches))
                stage(batch, settings)
            progress(stage.name, len(batches), len(batches))
        find_copies(batches, settings, lambda done, total: progress("copies", done, total))
        return publish(tabulate(batches, settings), settings)


@contextmanager
def mining(settings: Settings) -> Iterator[list[str]]:
    """Give the batches to mine and keep other minings out of the data folder while the block lasts.

    Raises:
        BusyError: another one is at work.
        StorageError: as :func:`find_batches`.
    """
    batches = find_batches(settings)
    with held(Layout(settings.data_dir).processed, "mining", patience=0.5):
        yield batches


def check_files(folder: Path) -> None:
    """After a run: tell of raw files that are not whole. Everything before the break is in the tables already.

    Raises:
        SourceError: a file is cut off, damaged or no PubMed XML.
    """
    broken = [f"{source}: {reason} ({detail})" for source, reason, detail in dropped_for(folder, (CUT_OFF, DAMAGED, UNREADABLE))]
    if broken:
        raise SourceError("; ".join(broken) + ". The tables hold all else; replace or remove the file and mine again")


def find_batches(settings: Settings) -> list[str]:
    """The raw shards to mine, as "source/name", in the order in which they count (see :mod:`genemine.storage.order`).

    Raises:
        StorageError: there is none, or the data folder cannot be written.
    """
    layout = Layout(settings.data_dir)
    layout.require()
    layout.prepare()
    wanted = settings.entrez.source == SAMPLE_SOURCE
    batches = [f"{raw.parent.name}/{batch_of(raw)}" for raw in layout.raw_files()]
    chosen = [batch for batch in batches if batch.startswith(f"{SAMPLE_SOURCE}/") == wanted]
    if not chosen:
        raise StorageError(f"{layout.raw}: nothing is collected yet; run `genemine collect --query ...` first")
    with Ledger(layout.ledger) as ledger:
        return ordered(chosen, ledger)
