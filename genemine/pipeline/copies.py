"""Find the copies of what is new among everything there is: sign the texts, join their keys, compare those that meet.

Only new or changed batches are worked on, but against all: a night costs what is new, not what is known. The steps, each of which
leaves whole files and can be killed at any moment:

1. ``signatures/<batch>``: one for each shard of articles that has none, or one of other articles;
2. ``copies/<batch>``: for all batches without one together, the pairs with each other and with all other batches.

A batch whose raw shard is gone loses both, so that it counts as new should it come back.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from genemine import __version__
from genemine.clean.copies import PREPRINT, RETRACTED, Words, compare, text_number, words_of
from genemine.clean.guards import kind_of
from genemine.clean.shingles import MIN_SHARED, VERSION, band_keys
from genemine.config import CopySettings, Settings
from genemine.pipeline.fingerprint import fingerprint
from genemine.records import AlikeTexts, Article, StepReport
from genemine.storage.columns import schema_of, to_table
from genemine.storage.copies import SIGNATURES, propose, split_by_batch
from genemine.storage.layout import Layout, batch_of
from genemine.storage.shards import file_sha256, read_columns, read_rows, shard_fingerprint, write_columns

log = logging.getLogger(__name__)

REVISION = 1  # of signatures and comparisons; another one makes all of them again
SIGNED, JOINED = "signatures", "copies"  # folders of their shards
Progress = Callable[[int, int], None]

_SIGNED_COLUMNS = ("pmid", "title", "abstract", "digest", "doi", "publication_types", "flags")
_PAIRS_A_TASK = 50_000  # their texts, at most twice as many of about 2 kB, are in memory together
_TEXTS_AT_HAND = 3_000  # of them with their shingles, about 25 kB each
_BYTES_WORTH_A_POOL = 10_000_000  # of shards; below, starting processes takes longer than the work


def find_copies(batches: Sequence[str], settings: Settings, progress: Progress | None = None) -> StepReport:
    """Bring the signatures and the pairs of alike texts up to date.

    Args:
        batches: all batches of the corpus ("source/name"), cleaned already.
        settings: ``copies`` says what is alike.
        progress: told of (batches done, batches that have to be done).

    Returns:
        Batches made and reused, pairs compared, pairs found alike, and crowded keys (shared by more than 100 texts).

    Raises:
        StorageError: a shard is damaged, or the data folder cannot be written.
    """
    started, layout, tell = time.monotonic(), Layout(settings.data_dir), progress or _silent
    _forget_gone(layout, batches)
    made_from = {batch: _made_from(layout, batch, settings.copies) for batch in batches}
    unsigned = [batch for batch in batches if shard_fingerprint(layout.shard(SIGNED, batch)) != made_from[batch]]
    new = [at for at, batch in enumerate(batches) if shard_fingerprint(layout.shard(JOINED, batch)) != _joined(made_from[batch])]
    total = len(unsigned) + len(new)
    _sign(layout, {batch: made_from[batch] for batch in unsigned}, settings.copies, lambda done: tell(done, total))
    counts = {"made": len(new), "reused": len(batches) - len(new)}
    if new:
        shards = {stage: [layout.shard(stage, batch) for batch in batches] for stage in ("articles", SIGNED, JOINED)}
        proposed = propose(shards[SIGNED], new, MIN_SHARED)
        alike = _compare(shards["articles"], proposed.pairs, settings.copies, lambda share: tell(_at(share, unsigned, new), total))
        for at, pairs in zip(new, split_by_batch([shards[SIGNED][at] for at in new], alike), strict=True):
            write_columns(shards[JOINED][at], pairs, AlikeTexts.__name__, _joined(made_from[batches[at]]))
        counts |= {"pairs compared": len(proposed.pairs), "pairs alike": len(alike), "crowded keys": proposed.n_crowded}
    tell(total, total)
    report = StepReport("copies", counts, time.monotonic() - started)
    log.info("copies: %s", ", ".join(f"{count:,} {name}" for name, count in counts.items()))
    return report


def copies_fingerprint(batches: Sequence[str], layout: Layout) -> str:
    """One digest of all pairs of alike texts, for the fingerprint of a run.

    Raises:
        StorageError: a shard is missing; :func:`find_copies` was not called.
    """
    return fingerprint(JOINED, *(file_sha256(layout.shard(JOINED, batch)) for batch in batches))


def _forget_gone(layout: Layout, batches: Sequence[str]) -> None:
    """Remove what was made of batches whose raw shards are gone; a source that is not mined now (the sample) stays as it is."""
    stay = {layout.shard(JOINED, batch).name for batch in batches}
    there = {layout.shard(JOINED, f"{raw.parent.name}/{batch_of(raw)}").name for raw in layout.raw_files()}
    mined = tuple({f"{batch.split('/', 1)[0]}." for batch in batches})
    for stage in (JOINED, SIGNED):  # in this order: signatures without pairs count as new
        for path in layout.shards(stage):
            if path.name not in stay and (path.name not in there or path.name.startswith(mined)):
                path.unlink()


def _made_from(layout: Layout, batch: str, settings: CopySettings) -> str:
    return fingerprint(SIGNED, __version__, REVISION, VERSION, shard_fingerprint(layout.shard("articles", batch)), settings)


def _joined(signed_from: str) -> str:
    return fingerprint(JOINED, signed_from)


def _sign(layout: Layout, made_from: dict[str, str], settings: CopySettings, tell: Callable[[int], None]) -> None:
    """Make the signatures of some batches."""
    tasks = [(layout.shard("articles", batch), layout.shard(SIGNED, batch), value) for batch, value in made_from.items()]
    size = sum(source.stat().st_size for source, _, _ in tasks if source.exists())
    with _workers(len(tasks) > 1 and size > _BYTES_WORTH_A_POOL) as run:
        for done, _ in enumerate(run(partial(_sign_shard, settings=settings), tasks), start=1):
            tell(done)


def _sign_shard(task: tuple[Path, Path, str], settings: CopySettings) -> None:
    source, target, made_from = task
    articles = read_columns(source, _SIGNED_COLUMNS).to_pydict()
    texts = [Article("", *words).text if words[1] else "" for words in zip(articles["title"], articles["abstract"], strict=True)]
    kinds = zip(articles["title"], articles["publication_types"], articles["flags"], strict=True)
    words = zip(articles["title"], articles["abstract"], articles["digest"], strict=True)
    keys = band_keys(texts, settings)
    ends = np.cumsum([0, *map(len, keys)]).astype(np.int32)
    columns = {
        "pmid": articles["pmid"],
        "text": [text_number(*each) for each in words],
        "digested": [bool(digest) for digest in articles["digest"]],
        "doi": articles["doi"],
        "kind": [kind_of(*each) for each in kinds],
        "retracted": [RETRACTED in flags for flags in articles["flags"]],
        "preprint": [PREPRINT in flags for flags in articles["flags"]],
        "keys": pa.ListArray.from_arrays(ends, np.concatenate([np.empty(0, np.int64), *keys]), type=SIGNATURES.field("keys").type),
    }
    write_columns(target, pa.table(columns, schema=SIGNATURES), "Signature", made_from)


def _compare(shards: Sequence[Path], pairs: pa.Table, settings: CopySettings, tell: Callable[[float], None]) -> pa.Table:
    """Compare the texts of the proposed pairs; gives those that are alike."""
    tasks = [pairs.slice(start, _PAIRS_A_TASK) for start in range(0, len(pairs), _PAIRS_A_TASK)]
    found = [schema_of(AlikeTexts).empty_table()]
    with _workers(len(tasks) > 1) as run:
        for done, alike in enumerate(run(partial(_compare_some, shards, settings=settings), tasks), start=1):
            found.append(alike)
            tell(done / len(tasks))
    return pa.concat_tables(found)


def _compare_some(shards: Sequence[Path], pairs: pa.Table, settings: CopySettings) -> pa.Table:
    columns = {name: pairs.column(name).to_numpy() for name in pairs.column_names}
    texts = _read_texts(shards, *(np.concatenate([columns[f"{name}_a"], columns[f"{name}_b"]]) for name in ("position", "row")))

    @lru_cache(maxsize=_TEXTS_AT_HAND)
    def prepared(position: int, row: int, number: int) -> Words:
        return words_of(number, *texts[position, row], settings)

    found = []
    sides = [zip(*(columns[f"{name}_{side}"].tolist() for name in ("position", "row", "text")), strict=True) for side in "ab"]
    for one, other in zip(*sides, strict=True):
        alike = compare(prepared(*one), prepared(*other), settings)
        if alike is not None:
            found.append(alike)
    return to_table(found, AlikeTexts)


def _read_texts(shards: Sequence[Path], positions: np.ndarray, rows: np.ndarray) -> dict[tuple[int, int], tuple[str, str]]:
    """Read title and abstract of some rows of some shards: (position, row) -> (title, abstract)."""
    texts: dict[tuple[int, int], tuple[str, str]] = {}
    for position in np.unique(positions).tolist():
        wanted = np.unique(rows[positions == position])
        read = read_rows(shards[position], wanted, ("title", "abstract"))
        words = zip(read.column("title").to_pylist(), read.column("abstract").to_pylist(), strict=True)
        texts |= {(position, row): each for row, each in zip(wanted.tolist(), words, strict=True)}
    return texts


@contextmanager
def _workers(many: bool) -> Iterator[Callable[..., Iterator[Any]]]:
    """A ``map`` that works here, or where it is worth it in a process a core, and gives results in order as they come."""
    if not many or (os.cpu_count() or 1) == 1:
        yield map
        return
    # spawned and not forked: DuckDB, Arrow and TensorFlow hold threads
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn"), _end_with_parent) as pool:
        yield pool.map


def _end_with_parent() -> None:
    """Let a worker end when the run is killed; by itself it would wait for work for ever."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _at(share: float, unsigned: Sequence[str], new: Sequence[int]) -> int:
    return len(unsigned) + int(share * len(new))


def _silent(done: int, total: int) -> None:
    """Tell nobody."""
