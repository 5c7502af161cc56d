"""Fetch published files into a folder: only what changed, and a bad answer replaces no good file.

Beside the files stands ``vocab.json``: for each its address, ETag, Last-Modified, SHA-256 and when it was fetched.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from genemine.errors import SourceError
from genemine.sources.vocabulary import Vocabulary
from genemine.sources.vocabulary_client import Marks, VocabularyClient
from genemine.storage.files import cannot_write, sync
from genemine.storage.lock import held
from genemine.storage.shards import file_sha256

log = logging.getLogger(__name__)

MEMORY = "vocab.json"
_UNFINISHED = ".download"
FETCHED, CHANGED, UNCHANGED = "fetched", "new release fetched", "unchanged"


@dataclass(frozen=True)
class Pulled:
    """A vocabulary file as it was fetched: ``size`` in bytes, ``fetched`` and ``asked`` in ISO 8601, UTC."""

    name: str
    url: str
    etag: str
    modified: str
    sha256: str
    size: int
    mtime_ns: int
    fetched: str
    asked: str
    licence: str
    terms: str


@dataclass
class PullReport:
    """What one pull did: file -> state; ``failed`` is file -> why; ``seconds`` of wall time; ``next_step`` is what comes next."""

    folder: Path
    wanted: list[Vocabulary]
    next_step: str
    states: dict[str, str] = field(default_factory=dict)
    pulled: dict[str, Pulled] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    n_bytes: int = 0
    seconds: float = 0.0

    def summary(self) -> str:
        """What was done, under which terms, and what comes next."""
        n_new = sum(1 for state in self.states.values() if state != UNCHANGED)
        lines = [
            f"pulled: {n_new} files fetched ({self.n_bytes / 1e6:,.1f} MB, {self.seconds:.1f} s), "
            f"{len(self.states) - n_new} unchanged, {len(self.failed)} failed; into {self.folder}",
            "",
        ]
        width = max((len(one.file) for one in self.wanted), default=0)
        for one in self.wanted:
            if one.file in self.states:
                known = self.pulled[one.file]
                lines.append(f"  {one.file:<{width}}  {known.size / 1e6:6.1f} MB  {self.states[one.file]:<19}  {one.licence}")
            else:
                old = "failed, the old one is kept" if one.file in self.kept else "failed"
                lines.append(f"  {one.file:<{width}}             {old}")
        lines += ["", *(f"not fetched: {name}: {why}" for name, why in self.failed.items())]
        lines += [f"terms of {one.title} ({one.terms}): {one.duty}" for one in self.wanted if one.duty and one.file in self.states]
        return "\n".join([*lines, self.next_step] if self.states else lines)

    def check(self) -> None:
        """Tell of files that could not be had.

        Raises:
            SourceError: there is one.
        """
        if self.failed:
            raise SourceError(
                f"{len(self.failed)} of {len(self.wanted)} files could not be fetched: {', '.join(self.failed)}; "
                "run the same command again to go on"
            )


def pull_files(
    client: VocabularyClient, report: PullReport, what: str, progress: Callable[[int, int], None] | None = None
) -> PullReport:
    """Fetch all wanted files; one that fails stops no other, and what lies there of it stays.

    Args:
        client: asks the servers; closed at the end.
        report: names folder and files; is filled in.
        what: "pulling vocabularies", for who waits for the folder.
        progress: called with (files done, files wanted).

    Raises:
        StorageError: the disk is full, the folder cannot be written, or another pull holds it.
    """
    started, folder, n_wanted = time.monotonic(), report.folder, len(report.wanted)
    with closing(client):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(folder, error) from error
        with held(folder, what):
            memory = read_memory(folder)
            for done, vocabulary in enumerate(report.wanted):
                if progress is not None:
                    progress(done, n_wanted)
                try:
                    _pull_one(client, vocabulary, memory, report)
                except SourceError as error:
                    log.info("%s", error)
                    report.failed[vocabulary.file] = str(error)
                    if (folder / vocabulary.file).exists():
                        report.kept.append(vocabulary.file)
            if progress is not None:
                progress(n_wanted, n_wanted)
    report.seconds = time.monotonic() - started
    log.info("%s", report.summary())
    return report


def is_own(path: Path) -> bool:
    """True for what a pull keeps beside its files: its memory, downloads that are not done, marks and locks."""
    return path.name == MEMORY or path.name.startswith(".") or _UNFINISHED in path.suffix


def read_memory(folder: Path) -> dict[str, Pulled]:
    """What was fetched into a folder, by file; a damaged memory is none: the files are fetched again."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        read = json.loads((folder / MEMORY).read_text(encoding="utf-8"))
        return {name: Pulled(**one) for name, one in read.items()}
    return {}


def _pull_one(client: VocabularyClient, vocabulary: Vocabulary, memory: dict[str, Pulled], report: PullReport) -> None:
    path, now, url = report.folder / vocabulary.file, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", client.url(vocabulary)
    before = memory.get(vocabulary.file)
    if before is not None and not _is_as_fetched(path, before, vocabulary, client):
        before = None
    # another server's marks say nothing
    known = Marks(before.etag, before.modified) if before is not None and before.url == url else Marks()
    part = path.with_name(f"{path.name}{_UNFINISHED}")
    answer = client.fetch(vocabulary, part, known)
    if answer is None and before is not None:
        state, new = UNCHANGED, replace(before, asked=now)
    else:
        received, marks = answer or _never(url)
        report.n_bytes += received.n_bytes
        sha256 = file_sha256(part)
        state = FETCHED if not path.exists() else UNCHANGED if before is not None and before.sha256 == sha256 else CHANGED
        _put(part, path, received.modified)
        stat = path.stat()
        new = Pulled(
            vocabulary.name,
            url,
            marks.etag,
            marks.modified,
            sha256,
            stat.st_size,
            stat.st_mtime_ns,
            now if state != UNCHANGED or before is None else before.fetched,
            now,
            vocabulary.licence,
            vocabulary.terms,
        )
    memory[vocabulary.file] = report.pulled[vocabulary.file] = new
    report.states[vocabulary.file] = state
    _remember(report.folder, memory)


def _never(url: str) -> NoReturn:
    raise SourceError(f"{url}: answered 'not changed' to a question that did not ask so; is a proxy between?")


def _is_as_fetched(path: Path, before: Pulled, vocabulary: Vocabulary, client: VocabularyClient) -> bool:
    try:
        stat = path.stat()
    except OSError:
        return False
    if (stat.st_size, stat.st_mtime_ns) == (before.size, before.mtime_ns):
        return True
    # touched or copied, which is no change; or spoilt
    return stat.st_size == before.size and not client.fault_of(path, vocabulary) and file_sha256(path) == before.sha256


def _put(part: Path, path: Path, modified: float | None) -> None:
    try:
        if modified is not None:
            os.utime(part, (modified, modified))
        sync(part)
        part.replace(path)
        sync(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error


def _remember(folder: Path, memory: dict[str, Pulled]) -> None:
    # not with storage.files.whole_file: a collection that runs beside clears away every .part below data/raw
    path = folder / MEMORY
    new = path.with_name(f"{path.name}{_UNFINISHED}")
    try:
        new.write_text(json.dumps({name: asdict(one) for name, one in sorted(memory.items())}, indent=1) + "\n", encoding="utf-8")
        sync(new)
        new.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
