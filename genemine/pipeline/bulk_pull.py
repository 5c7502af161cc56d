"""Mirror PubMed's baseline and update files: only what is new or re-issued is fetched, and every file is checked by its MD5.

A download lies beside its file as ``<name>.download`` until it is whole and right; a run that was stopped goes on there. What was
checked is remembered with the time and size that the server's listing told, so that a night asks for two listings and what is new.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from genemine.config import Settings
from genemine.errors import ConfigError, SourceError
from genemine.sources.bulk import BulkClient
from genemine.sources.bulk_download import md5_of
from genemine.sources.bulk_listing import Listed
from genemine.storage.files import cannot_write, sync
from genemine.storage.layout import Layout
from genemine.storage.lock import held

log = logging.getLogger(__name__)

Kind = Literal["baseline", "updates", "all"]
FOLDERS: dict[str, tuple[str, ...]] = {
    "baseline": ("baseline",),
    "updates": ("updatefiles",),
    "all": ("baseline", "updatefiles"),
}
# so many files that fail one after the other are no longer the files' fault
FAILURES_IN_A_ROW = 5
_UNFINISHED = ".download"
_CHECKED = ".checked.json"


@dataclass
class PullReport:
    """What one pull did: ``listed`` files are wanted; ``failed`` is file -> why; ``seconds`` of wall time."""

    folder: Path
    listed: int = 0
    known: int = 0
    fetched: list[str] = field(default_factory=list)
    reissued: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    not_tried: int = 0
    n_bytes: int = 0
    seconds: float = 0.0

    def summary(self) -> str:
        """What was done and what is left, for the screen and the log."""
        lines = [
            f"pulled: {self.listed:,} files listed, {self.known:,} here already, {len(self.fetched):,} fetched "
            f"({self.n_bytes / 1e6:,.1f} MB, {self.seconds:.1f} s) into {self.folder}"
        ]
        if self.reissued:
            lines.append(f"re-issued by the server and fetched again: {', '.join(self.reissued)}")
        if self.unchecked:
            lines.append(f"without a checksum on the server: {', '.join(self.unchecked)}")
        lines += [f"not fetched: {name}: {why}" for name, why in self.failed.items()]
        if self.not_tried:
            lines.append(f"not tried: {self.not_tried:,} files, as {FAILURES_IN_A_ROW} failed one after the other; run again later")
        return "\n".join(lines)

    def check(self) -> None:
        """Tell of files that are not here.

        Raises:
            SourceError: a file could not be fetched.
        """
        if self.failed:
            raise SourceError(
                f"{len(self.failed) + self.not_tried:,} of {self.listed:,} files could not be fetched: {', '.join(self.failed)}; "
                "run the same command again to go on"
            )


def pull(
    settings: Settings,
    to: Path | None = None,
    kind: Kind = "all",
    first: int | None = None,
    last: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    recheck: bool = False,
    client: BulkClient | None = None,
) -> PullReport:
    """Fetch bulk files into a mirror folder; a file that fails stops no other.

    Args:
        settings: all settings.
        to: the mirror folder; None for data/raw/mirror.
        kind: which folders of the server.
        first: lowest number of a file, the 1334 of pubmed26n1334; None for no limit.
        last: highest number.
        progress: called with (files done, files listed).
        recheck: compare every file that is here with the server's checksum, whatever was remembered.
        client: asks the server; None makes one from the settings.

    Raises:
        ConfigError: the server's address is none, or the folder is no place for a mirror.
        SourceError: the server cannot be reached, or lists no such folder.
        StorageError: the disk is full, the folder cannot be written, or another pull holds it.
    """
    started = time.monotonic()
    layout = Layout(settings.data_dir)
    folder = to or layout.mirror
    if folder.resolve() == layout.raw.resolve():
        raise ConfigError(f"{folder}: its folders hold raw shards; fetch into another one, such as {layout.mirror}")
    with closing(client or BulkClient(settings.bulk)) as asking, _mirror(folder):
        wanted = [
            (name, listed)
            for name in FOLDERS[kind]
            for listed in asking.listing(name)
            if (first is None or listed.number >= first) and (last is None or listed.number <= last)
        ]
        report = PullReport(folder, listed=len(wanted))
        job = _Job(asking, folder, report, recheck)
        job.run(wanted, progress)
    report.seconds = time.monotonic() - started
    log.info("%s", report.summary())
    return report


@contextmanager
def _mirror(folder: Path) -> Iterator[None]:
    try:
        for name in FOLDERS["all"]:
            (folder / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    with held(folder, "pulling"):
        yield


@dataclass(frozen=True)
class _Checked:
    """A file that was compared with the server's checksum: what the listing said then, and how the file lay on disk."""

    stamp: str
    md5: str
    size: int
    mtime_ns: int


@dataclass
class _Job:
    client: BulkClient
    folder: Path
    report: PullReport
    recheck: bool

    def run(self, wanted: Sequence[tuple[str, Listed]], progress: Callable[[int, int], None] | None) -> None:
        """Go through the files in order."""
        checked = {name: _read_checked(self.folder / name) for name in FOLDERS["all"]}
        in_a_row = 0
        for done, (folder, listed) in enumerate(wanted):
            if in_a_row >= FAILURES_IN_A_ROW:
                self.report.not_tried = len(wanted) - done
                return
            if progress is not None:
                progress(done, len(wanted))
            try:
                self._one(folder, listed, checked[folder])
                in_a_row = 0
            except SourceError as error:
                log.warning("%s", error)
                self.report.failed[listed.name] = str(error)
                in_a_row += 1
        if progress is not None:
            progress(len(wanted), len(wanted))

    def _one(self, folder: str, listed: Listed, checked: dict[str, _Checked]) -> None:
        path = self.folder / folder / listed.name
        before = checked.get(listed.name)
        there = _lies(path)
        if before and not self.recheck and listed.stamp == before.stamp != "" and there == (before.size, before.mtime_ns):
            self.report.known += 1
            return
        md5 = self.client.md5(folder, listed.name) if listed.has_md5 else None
        if md5 is None:
            self.report.unchecked.append(listed.name)
            # nothing tells what a file without a checksum should be, but that the listing changed
            same = there is not None and (before is None or before.stamp == listed.stamp)
        else:
            same = there is not None and md5_of(path) == md5
        if same:
            self.report.known += 1
        else:
            self._fetch(folder, listed, path, md5)
            if there is not None:
                self.report.reissued.append(listed.name)
        self._note(path, listed, md5 or "", checked)

    def _fetch(self, folder: str, listed: Listed, path: Path, md5: str | None) -> None:
        part = path.with_name(f"{listed.name}{_UNFINISHED}")
        received = self.client.fetch(folder, listed.name, part, md5)
        try:
            if received.modified is not None:
                os.utime(part, (received.modified, received.modified))
            sync(part)
            part.replace(path)
        except OSError as error:
            raise cannot_write(path, error) from error
        self.report.fetched.append(listed.name)
        self.report.n_bytes += received.n_bytes

    def _note(self, path: Path, listed: Listed, md5: str, checked: dict[str, _Checked]) -> None:
        """Keep the checksum beside the file, and remember that it was compared."""
        size, mtime_ns = _lies(path) or (0, 0)
        checked[listed.name] = _Checked(listed.stamp, md5, size, mtime_ns)
        if md5:
            _write(path.with_name(f"{listed.name}.md5"), f"MD5({listed.name})= {md5}\n")
        _write(path.parent / _CHECKED, json.dumps({name: asdict(one) for name, one in sorted(checked.items())}, indent=0))


def _write(path: Path, text: str) -> None:
    # not with storage.files.whole_file: a collection that runs beside clears away every .part below data/raw
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    new = path.with_name(f"{path.name}{_UNFINISHED}")
    try:
        new.write_text(text, encoding="utf-8")
        sync(new)
        new.replace(path)
        sync(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error


def _read_checked(folder: Path) -> dict[str, _Checked]:
    """What was remembered; a damaged memory is none: the checksums are compared again."""
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        read = json.loads((folder / _CHECKED).read_text(encoding="utf-8"))
        return {name: _Checked(**one) for name, one in read.items()}
    return {}


def _lies(path: Path) -> tuple[int, int] | None:
    """Size and time of a file, None if it is not there."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceError(f"{path}: cannot be looked at ({error.strerror}); check the folder's permissions") from error
    return stat.st_size, stat.st_mtime_ns
