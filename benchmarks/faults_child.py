"""A collection in a process of its own, in which something happens at a chosen step: a kill, a full disk, a power cut.

Killing is real (``SIGKILL``), and so are SQLite's full disk and the refused writes at the watermark. A power cut is a kill after
which the parent takes away what was never synced. Pacing and the pauses between tries are left out, nothing else.
"""

from __future__ import annotations

import errno
import os
import resource
import signal
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.faults_data import QUERY
from genemine.config import EntrezSettings, Settings
from genemine.errors import GenemineError
from genemine.pipeline import collect_job
from genemine.pipeline.collect import collect_new
from genemine.sample.faults import Faults
from genemine.sample.index import Index
from genemine.sample.server import serving
from genemine.sources.entrez import EntrezClient
from genemine.storage import files
from genemine.storage.ledger import Ledger

BATCH_SIZE = 500
# steps of a collection, in order; each but the first two is reached once a batch, the last two once a run
STEPS = ("esearch", "efetch", "raw write", "rename", "renamed", "ledger commit", "committed", "watermark", "finished")


@dataclass(frozen=True)
class Strike:
    """What happens at the ``number``-th time that ``step`` is reached: "kill", "full disk", "power cut" or "pause"."""

    act: str
    step: str
    number: int


@dataclass
class Disk:
    """Which files have bytes, and which folders have names, that were never synced."""

    dirty: set[Path] = field(default_factory=set)
    renamed: dict[Path, Path] = field(default_factory=dict)  # new name -> old name

    def synced(self, path: Path) -> None:
        """A file's bytes, or the names in a folder, are on the disk."""
        self.dirty.discard(path)
        self.renamed = {new: old for new, old in self.renamed.items() if new.parent != path}

    def moved(self, old: Path, new: Path) -> None:
        """A file has a new name; what was not synced of it still is not."""
        self.renamed[new] = old
        if old in self.dirty:
            self.dirty = self.dirty - {old} | {new}


class Unpaced:
    """A limiter that never waits."""

    def wait(self) -> float:
        """Start at once."""
        return 0.0


def run_server(index: Index, faults: Faults | None, pipe: Connection) -> None:
    """Serve until the other end says anything; then tell what went wrong on purpose."""
    with serving(index, rate_limit=False, faults=faults) as url:
        pipe.send(url)
        pipe.recv()
        pipe.send(
            dict(getattr(faults, "injected", {})) | {("requests", name): n for name, n in getattr(faults, "requests", {}).items()}
        )


def run_collection(url: str, data_dir: Path, night: date, timeout: float, strike: Strike | None, pipe: Connection) -> None:
    """Collect one night; the other end gets ("complete", missing, fetched), ("told", message) or ("crashed", traceback)."""
    if strike:
        _arm(strike, pipe)
    entrez = EntrezSettings(base_url=url, batch_size=BATCH_SIZE, read_timeout=timeout)
    client = EntrezClient(entrez, limiter=Unpaced(), sleep=lambda _: None)  # type: ignore[arg-type]
    try:
        report = collect_new(QUERY, Settings(data_dir=data_dir, entrez=entrez), night, 0, client=client)
        pipe.send(("complete", report.missing, report.fetched + report.unchanged))
    except GenemineError as error:
        pipe.send(("told", str(error)))
    except Exception:
        pipe.send(("crashed", traceback.format_exc()))


def _arm(strike: Strike, pipe: Connection) -> None:
    """Put the strike into the functions that each step goes through."""
    reached: Counter[str] = Counter()
    disk = Disk()

    def at(step: str, *context: Any) -> None:
        reached[step] += 1
        if step == strike.step and reached[step] == strike.number:
            _happen(strike, disk, pipe, *context)

    def write_bytes(path: Path, content: bytes) -> int:
        if ".xml.gz." in path.name:
            disk.dirty.add(path)
            written(path, content[: len(content) // 2])
            at("raw write")
        return written(path, content)

    def replace(path: Path, target: Path) -> Path:
        if ".xml.gz." not in path.name:
            return moved(path, target)
        at("rename")
        disk.moved(path, target)
        result = moved(path, target)
        at("renamed")
        return result

    def each(ledger: Ledger, sql: str, rows: Any) -> None:
        inserted(ledger, sql, rows)
        if "INTO pmids" in sql:
            at("ledger commit")

    def sync(path: Path) -> None:
        synced(path)
        disk.synced(path)

    def add(ledger: Ledger, *values: Any) -> None:
        if (strike.act, strike.step) == ("full disk", "ledger commit") and reached["committed"] + 1 == strike.number:
            ledger.rows(f"PRAGMA max_page_count = {ledger.rows('PRAGMA page_count')[0][0]}")
        added(ledger, *values)

    def note(fetcher: Any, *values: Any) -> None:
        noted(fetcher, *values)
        at("committed")

    written, moved, inserted, synced, added = Path.write_bytes, Path.replace, Ledger.each, files.sync, Ledger.add
    noted = collect_job.Fetcher._note
    Path.write_bytes, Path.replace, Ledger.each, files.sync, Ledger.add = write_bytes, replace, each, sync, add  # type: ignore[method-assign, assignment]
    collect_job.Fetcher._note = note  # type: ignore[method-assign, assignment]
    EntrezClient.search_page = _around(EntrezClient.search_page, lambda: at("esearch"), None)  # type: ignore[method-assign]
    EntrezClient.fetch = _around(EntrezClient.fetch, None, lambda: at("efetch"))  # type: ignore[method-assign]
    collect_job.finish_queries = _around(collect_job.finish_queries, lambda: at("watermark"), lambda: at("finished"))


def _around(
    function: Callable[..., Any], before: Callable[[], None] | None, after: Callable[[], None] | None
) -> Callable[..., Any]:
    def called(*values: Any, **options: Any) -> Any:
        if before:
            before()
        result = function(*values, **options)
        if after:
            after()
        return result

    return called


def _happen(strike: Strike, disk: Disk, pipe: Connection) -> None:
    if strike.act == "pause":
        pipe.send(("here",))
        pipe.recv()
    elif strike.act == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif strike.act == "power cut":
        pipe.send(("unsynced", sorted(disk.dirty), sorted(disk.renamed.items())))
        os.kill(os.getpid(), signal.SIGKILL)
    elif strike.step in ("raw write", "rename"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    elif strike.step != "ledger commit":  # there SQLite itself says it, see add() above
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
