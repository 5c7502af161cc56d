"""One file on its way from a server of bulk files to the disk, however often the line breaks."""

from __future__ import annotations

import hashlib
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import requests
import urllib3

from genemine.errors import StorageError
from genemine.sources.unpack import GZIP_MAGIC

SPARE_BYTES = 64 << 20  # left free on the disk
# a try that brings so much counts as none: a long file over a bad line gets there
PROGRESS_BYTES = 1 << 20
# a server that sends a byte now and then never times out on one read: so many read time-outs have to bring PROGRESS_BYTES
SLOWEST = 10
_CHUNK = 1 << 18
_RANGE = re.compile(r"bytes\s+(?:(\d+)-(\d+)|\*)/(\d+|\*)")


class Again(Exception):  # noqa: N818  a verdict on one try, caught by the retry loop, not an error that users see
    """One try failed in a way that the next may not; ``progressed`` if it brought a good part of the file."""

    def __init__(self, what: str, *, progressed: bool = False) -> None:
        super().__init__(what)
        self.progressed = progressed


@dataclass(frozen=True)
class Received:
    """A file that is whole: the bytes that came over the line, and when the server says it was made (seconds since 1970, UTC)."""

    n_bytes: int
    modified: float | None


class Download:
    """One file on its way: what of it lies on disk, and by which mark the server tells whether it is still the same."""

    def __init__(self, part: Path, md5: str | None, read_timeout: float) -> None:
        self.part = part
        self.read_timeout = read_timeout
        self.md5 = md5
        self.mark = ""  # ETag or Last-Modified of the first answer
        self.modified: float | None = None
        self.n_received = 0

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.part.stat().st_size if self.part.exists() else 0

    def headers(self) -> dict[str, str]:
        """What to ask with: for the rest, where a beginning lies on disk."""
        if not self.size:
            return {}
        # from its last byte on: a part that is whole is answered with that byte and the file's time, not refused
        return {"Range": f"bytes={self.size - 1}-", **({"If-Range": self.mark} if self.mark else {})}

    def take(self, response: requests.Response) -> None:
        """Write the body behind what is there, or over it where the server begins at the beginning.

        Raises:
            Again: it breaks off, or is not what was asked for.
            StorageError: the disk is full or cannot be written.
        """
        if response.status_code == 416:
            self._drop()
            raise Again("what was fetched before is longer than the file; beginning anew")
        start, total = _asked_for(response, self.size)
        self._heed(response)
        before = self.n_received
        try:
            self._write(response, start, total)
        except Again as problem:
            raise Again(str(problem), progressed=self.n_received - before >= PROGRESS_BYTES) from problem
        if total is not None and self.size != total:
            raise Again(f"{self.size} of {total} bytes came", progressed=self.n_received - before >= PROGRESS_BYTES)

    def finish(self) -> Received:
        """Compare the checksum.

        Raises:
            Again: it does not fit; what came is thrown away.
        """
        if self.md5 is not None and md5_of(self.part) != self.md5:
            self._drop()
            raise Again("its MD5 does not fit")
        return Received(self.n_received, self.modified)

    def _heed(self, response: requests.Response) -> None:
        """Remember how the server tells that the file is still the same."""
        self.mark = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
        self.mark = "" if self.mark.startswith("W/") else self.mark
        self.modified = _time_of(response)

    def _fault(self, first: bytes) -> str:
        """Why a file cannot begin with these bytes; "" if it can."""
        if first.startswith(GZIP_MAGIC):
            return ""
        return "an HTML page instead of the file" if first.lstrip()[:1] == b"<" else "no gzip file"

    def _begin(self) -> None:
        """Get ready for the first byte of a file: it has been looked at, and replaces what lies on disk."""

    def _write(self, response: requests.Response, start: int, total: int | None) -> None:
        body = body_of(response, self.read_timeout)
        first = b""
        while len(first) < len(GZIP_MAGIC) and (more := next(body, b"")):
            first += more
        if start == 0 and (fault := self._fault(first)):  # what lies on disk may be better than this
            raise Again(fault)
        try:
            if total is not None:
                _check_space(self.part, total - start)
            if start == 0:
                self._begin()
            with self.part.open("r+b" if start else "wb") as file:
                file.seek(start)
                chunk: bytes | None = first
                while chunk:
                    file.write(chunk)
                    self.n_received += len(chunk)
                    chunk = next(body, None)
        except OSError as error:
            raise StorageError(f"{self.part}: cannot be written ({error.strerror or error}); free space and run again") from error

    def _drop(self) -> None:
        self.part.unlink(missing_ok=True)
        self.mark = ""


def md5_of(path: Path) -> str:
    """MD5 of a file, in hex, as md5sum prints it.

    Raises:
        StorageError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror or error})") from error


def _asked_for(response: requests.Response, have: int) -> tuple[int, int | None]:
    """Where the body begins and how long the whole file is (None: not told)."""
    told = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    total = int(told[3]) if told and told[3] != "*" else None
    if response.status_code == 206:
        if told is None or told[1] is None or int(told[1]) != have - 1:
            raise Again("a part of the file that was not asked for")
        return have - 1, total
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def body_of(response: requests.Response, read_timeout: float) -> Iterator[bytes]:
    """The body as it comes, not unpacked.

    Raises:
        Again: the connection breaks, nothing comes for ``read_timeout`` seconds, or next to nothing for a long time.
    """
    window, started, n_bytes = SLOWEST * read_timeout, time.monotonic(), 0
    try:
        while chunk := response.raw.read1(_CHUNK, decode_content=False):
            yield chunk
            n_bytes += len(chunk)
            if time.monotonic() - started > window:
                if n_bytes < PROGRESS_BYTES:
                    raise Again(f"{n_bytes} bytes came in {window:.0f} s")
                started, n_bytes = time.monotonic(), 0
    except (urllib3.exceptions.HTTPError, requests.RequestException) as error:
        raise Again(why(error)) from error
    except OSError as error:
        raise Again(f"the connection broke ({error.strerror or error})") from error


def check_length(response: requests.Response, n_bytes: int) -> None:
    """Compare what came with what was announced.

    Raises:
        Again: they differ.
    """
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) != n_bytes:
        raise Again(f"{n_bytes} of {length} bytes came")


def _check_space(part: Path, n_bytes: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if free < n_bytes + SPARE_BYTES:
        raise StorageError(
            f"{part.parent}: {free >> 20} MiB are free, the next file takes {n_bytes >> 20} MiB; free space and run again to go on"
        )


def _time_of(response: requests.Response) -> float | None:
    try:
        return parsedate_to_datetime(response.headers.get("Last-Modified", "")).timestamp()
    except ValueError:
        return None


def why(error: Exception) -> str:
    """What went wrong, in a few words."""
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return "time-out"
    if isinstance(error, urllib3.exceptions.IncompleteRead) or "IncompleteRead" in str(error):
        return "the body breaks off"
    inner = error.args[0] if error.args else error
    return str(getattr(inner, "reason", None) or inner)[:200]
