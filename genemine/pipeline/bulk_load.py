"""Load bulk files: from a folder of PubMed's baseline and update files to raw shards and rows of the ledger.

Each file becomes ``data/raw/bulk/<name>.xml.gz`` (a hard link where the file system allows it), then rows; only what is new or
re-issued is loaded. What E-utilities sent and what bulk files hold is one corpus: mining takes both, in the order of their days.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from genemine.config import Settings
from genemine.errors import ConfigError, SourceError
from genemine.pipeline.collect_job import some
from genemine.sources.bulk_listing import BULK_NAME, parse_md5, place_of
from genemine.sources.bulk_records import BulkContent, read_bulk
from genemine.storage.bulk_rows import RowsPut, put_rows
from genemine.storage.files import remove_parts, whole_file
from genemine.storage.hashes import raw_sha256, remember_sha256
from genemine.storage.layout import PLAIN_SUFFIX, RAW_SUFFIX, Layout, batch_of
from genemine.storage.ledger import Batch, Ledger
from genemine.storage.lock import held
from genemine.storage.order import missing_numbers
from genemine.storage.progress import now

log = logging.getLogger(__name__)

_SUBFOLDERS = ("baseline", "updatefiles")
_CHUNK = 1 << 20


@dataclass
class LoadReport:
    """What one load did: ``failed`` is file -> why; ``gaps`` names numbers that are nowhere.

    ``strangers`` are XML files of the folder that are not named as bulk files are; ``seconds`` of wall time.
    """

    folder: Path
    known: int = 0
    loaded: list[str] = field(default_factory=list)
    reissued: list[str] = field(default_factory=list)
    taken_in: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    n_records: int = 0
    n_kept: int = 0
    n_deleted: int = 0
    n_unreadable: int = 0
    n_orphaned: int = 0
    gaps: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    seconds: float = 0.0

    def summary(self) -> str:
        """What was done and what needs attention, for the screen and the log."""
        lines = [
            f"loaded: {len(self.loaded):,} files of {self.folder} with {self.n_records:,} records, of which {self.n_kept:,} stand; "
            f"{self.n_deleted:,} records deleted; {self.known:,} files loaded before ({self.seconds:.1f} s)"
        ]
        if self.reissued:
            lines.append(f"re-issued, in place of what was loaded before: {some(self.reissued)}")
        if self.taken_in:
            lines.append(f"taken in: rows of {len(self.taken_in):,} raw shards that were there already: {some(self.taken_in)}")
        if self.n_orphaned:
            lines.append(
                f"note: {self.n_orphaned:,} PMIDs are no longer in re-issued files; if older files hold them, "
                "`genemine bulk load --reread` notes them again (tables hold them in any case)"
            )
        if self.n_unreadable:
            lines.append(f"unreadable: {self.n_unreadable:,} stretches are no record; mining sets them aside with their bytes")
        lines += [f"not loaded: {why}" for why in self.failed.values()]
        if self.strangers:
            lines.append(
                f"left out, not named like pubmed26n0001.xml.gz: {some(self.strangers)}; rename them if they are bulk files"
            )
        if self.gaps:
            lines.append(f"missing: {', '.join(self.gaps)}; what they hold is not in the tables. Pull or copy them and load again")
        return "\n".join(lines)

    def check(self) -> None:
        """Tell of files that were not loaded.

        Raises:
            SourceError: a file is damaged, cut off or no bulk file.
        """
        if self.failed:
            raise SourceError(f"not loaded: {'; '.join(self.failed.values())}. All other files are; mend these and load again")


def load(
    settings: Settings,
    folder: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    reread: bool = False,
) -> LoadReport:
    """Load the bulk files of a folder, by year and number; a file that is damaged stops no other.

    Args:
        settings: all settings.
        folder: holds the files, or baseline/ and updatefiles/ that do; None for data/raw/mirror.
        progress: called with (files done, files in the folder).
        reread: read every raw shard of bulk files again and renew its rows, whatever the ledger says of it.

    Raises:
        SourceError: the folder cannot be read or holds no bulk file.
        ConfigError: the folder's files are raw shards.
        StorageError: the data folder cannot be written, or another run holds it.
    """
    started, layout = time.monotonic(), Layout(settings.data_dir)
    place = folder or layout.mirror
    files = bulk_files(place)
    if any(path.resolve().parent.parent == layout.raw.resolve() for path in files):
        raise ConfigError(f"{place}: its files are raw shards already; give a folder that lies outside of {layout.raw}")
    layout.prepare()
    report = LoadReport(place, strangers=tuple(path.name for path in _xml_files(place) if not BULK_NAME.fullmatch(path.name)))
    with held(layout.raw, "loading bulk files"), Ledger(layout.ledger) as ledger:
        loader = _Loader(layout, ledger, settings.bulk.source, report)
        loader.resume(reread)
        for done, path in enumerate(files):
            if progress is not None:
                progress(done, len(files))
            loader.load(path)
        if progress is not None:
            progress(len(files), len(files))
        report.gaps = missing_numbers(batch.name for batch in ledger.batches(settings.bulk.source))
    report.seconds = time.monotonic() - started
    log.info("%s", report.summary())
    return report


def bulk_files(folder: Path) -> list[Path]:
    """The bulk files of a folder and of its baseline/ and updatefiles/, by year and number.

    Raises:
        SourceError: the folder cannot be read, holds none, or holds one name twice.
    """
    found: dict[str, Path] = {}
    try:
        for path in _xml_files(folder):
            if BULK_NAME.fullmatch(path.name) is None:
                continue
            if path.name in found:
                raise SourceError(f"{path}: a file of that name is at {found[path.name]} too; remove the older one")
            found[path.name] = path
    except OSError as error:
        raise SourceError(
            f"{folder}: cannot be read ({error.strerror}); give a folder of bulk files, or fetch them with `genemine bulk pull`"
        ) from error
    if not found:
        raise SourceError(f"{folder}: holds no bulk file such as pubmed26n0001.xml.gz; fetch them with `genemine bulk pull`")
    return sorted(found.values(), key=lambda path: place_of(path.name))


def _xml_files(folder: Path) -> list[Path]:
    places = [folder, *(place for name in _SUBFOLDERS if (place := folder / name).is_dir())]
    return [path for place in places for path in sorted(place.iterdir()) if path.name.endswith((PLAIN_SUFFIX, RAW_SUFFIX))]


@dataclass(frozen=True)
class _Loader:
    """Loads into one data folder; the caller holds its lock."""

    layout: Layout
    ledger: Ledger
    source: str
    report: LoadReport

    def resume(self, reread: bool = False) -> None:
        """Put raw shards and rows in step again, whatever moment the last run was killed at."""
        remove_parts(self.layout.raw)
        rows = {batch.name: batch for batch in self.ledger.batches(self.source)}
        folder = self.layout.raw / self.source
        there = sorted((path for path in folder.glob(f"*{RAW_SUFFIX}")), key=lambda path: place_of(path.name))
        for name in sorted(rows.keys() - {batch_of(path) for path in there}):
            n_rows = self.ledger.forget(self.source, name)
            log.warning("%s: raw shard is gone; its %d records are forgotten", self.layout.raw_file(self.source, name), n_rows)
        for path in there:
            row = rows.get(batch_of(path))
            if reread or row is None or row.sha256 != raw_sha256(self.layout, path, self.ledger):
                self._take_in(path)

    def load(self, path: Path) -> None:
        """Load one file, unless it is loaded as it is."""
        shard = self.layout.raw_file(self.source, batch_of(path))
        reissued = shard.exists()
        try:
            if reissued and _same(path, shard):
                self.report.known += 1
                return
            sha256, content = _put_in_place(path, shard)
        except SourceError as error:
            log.warning("%s", error)
            self.report.failed[path.name] = str(error)
            return
        put = self._note(shard, sha256, content)
        self.report.loaded.append(path.name)
        self.report.reissued += [path.name] if reissued else []
        log.info("%s: %d records, %d stand, %d deleted", path, content.n_records, put.n_kept, put.n_deleted)

    def _take_in(self, shard: Path) -> None:
        """Note a shard of a run that was stopped before its rows, or one that was put there by hand."""
        try:
            content = read_bulk(shard)
        except SourceError as error:
            # kept for whoever wants to look, but no raw shard any more
            shard.rename(shard.with_name(f"{shard.name}.damaged"))
            self.ledger.forget(self.source, batch_of(shard))
            log.warning("%s; set aside as %s.damaged", error, shard.name)
            return
        put = self._note(shard, raw_sha256(self.layout, shard, self.ledger), content)
        self.report.taken_in.append(shard.name)
        log.info("%s: taken in, %d records, %d stand", shard, content.n_records, put.n_kept)

    def _note(self, shard: Path, sha256: str, content: BulkContent) -> RowsPut:
        issued = datetime.fromtimestamp(shard.stat().st_mtime, UTC).date().isoformat()
        batch = Batch(self.source, batch_of(shard), sha256, len(content.digests), now(), (), issued)
        with self.ledger.transaction():
            put = put_rows(self.ledger, batch, content.digests, content.deleted)
            remember_sha256(self.layout, shard, sha256, self.ledger)
        self.report.n_records += content.n_records
        self.report.n_unreadable += content.n_unreadable
        self.report.n_kept += put.n_kept
        self.report.n_deleted += put.n_deleted
        self.report.n_orphaned += put.n_orphaned
        return put


def _put_in_place(path: Path, shard: Path) -> tuple[str, BulkContent]:
    """Make the raw shard of a file; gives its SHA-256 and what is in it.

    Raises:
        SourceError: it is not what its MD5 says, is cut off or damaged, or no PubMed XML; the shard is as before then.
        StorageError: the shard cannot be written.
    """
    # checked under its temporary name: what is looked at is what is kept
    with whole_file(shard) as part:
        try:
            _link_or_copy(path, part)
            return _check_md5(path, part), read_bulk(part)
        except SourceError as error:
            raise SourceError(str(error).replace(str(part), str(path))) from error


def _same(path: Path, shard: Path) -> bool:
    """Whether a file is what was loaded; content is compared only where size or time leave a doubt."""
    try:
        here, there = path.stat(), shard.stat()
        if (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns):
            return True
        return here.st_size == there.st_size and _hashes(path)[0] == _hashes(shard)[0]
    except OSError as error:
        raise _unreadable(path, error) from error


def _link_or_copy(path: Path, part: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        os.link(path.resolve(), part)
    except OSError:  # another file system, or one without hard links
        shutil.copy2(path, part)  # with its time: that is the day it was issued


def _check_md5(path: Path, part: Path) -> str:
    """SHA-256 of what was linked or copied; its MD5 has to be what the file beside ``path`` says, where there is one."""
    sha256, md5 = _hashes(part)
    beside = path.with_name(f"{path.name}.md5")
    try:
        told = parse_md5(beside.read_text(encoding="utf-8", errors="replace"), path.name) if beside.exists() else md5
    except OSError as error:
        raise _unreadable(beside, error) from error
    if told != md5:
        raise SourceError(f"{path}: its MD5 is {md5}, {beside.name} says {told or 'nothing of it'}; fetch both again")
    return sha256


def _hashes(path: Path) -> tuple[str, str]:
    """SHA-256 and MD5 of a file, in hex, read once."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha256.update(chunk)
            md5.update(chunk)
    return sha256.hexdigest(), md5.hexdigest()


def _unreadable(path: Path, error: OSError) -> SourceError:
    return SourceError(f"{path}: cannot be read ({error.strerror or error}); check the path and its permissions")
