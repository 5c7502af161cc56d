"""A loopback server of bulk files: any folder, listed and served as NCBI's is, with ranges and ETags, and with faults on purpose.

Faults come from a plan (:mod:`genemine.sample.faultplan`) over three kinds of requests: "listing", "md5" and "file".
"""

from __future__ import annotations

import html
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import IO
from urllib.parse import quote, unquote, urlsplit

from genemine.errors import SourceError
from genemine.sample.faults import HTML_PAGE, Call, Fault, Faults
from genemine.sample.loopback import HOST, LoopbackHandler, LoopbackServer, answering

log = logging.getLogger(__name__)

REQUESTS = ("listing", "md5", "file")
# kind -> what it does to the answer
MEANINGS = {
    "status": "an error page with an HTTP status (429, 500, 502, 503, ...)",
    "html": "an HTML page with status 200 in place of the answer",
    "empty": "status 200 and not one byte",
    "cut": "half of the body; the announced length tells that it broke off",
    "torn": "half of the body, announced as if it were all",
    "damaged": "one byte in the middle is another",
    "norange": "the whole file, although a part was asked for",
    "reset": "the connection is torn down before any answer",
    "delay": "the answer comes so many seconds late",
    "dribble": "the answer comes byte by byte, so many seconds apart",
}
KINDS = tuple(MEANINGS)
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_CHUNK = 1 << 16


@dataclass(frozen=True)
class _Reply:
    """What is about to be sent: ``length`` bytes of ``stream``, and the headers that say so."""

    status: int
    headers: dict[str, str]
    stream: IO[bytes] | bytes
    length: int


class BulkServer(LoopbackServer):
    """A listening server; ``asked`` holds (path, Range) of each request."""

    def __init__(self, folder: Path, port: int, faults: Faults | None) -> None:
        self.folder = folder.resolve()
        self.faults = faults
        self.asked: list[tuple[str, str]] = []
        super().__init__(port, _Handler)

    @property
    def url(self) -> str:
        """The base URL, with a slash at its end."""
        return f"http://{HOST}:{self.server_address[1]}/pubmed/"


class _Handler(LoopbackHandler):
    server: BulkServer

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        path = unquote(urlsplit(self.path).path).removeprefix("/pubmed/").lstrip("/")
        asked_range = self.headers.get("Range", "")
        self.server.asked.append((path, asked_range))
        target = (self.server.folder / path).resolve()
        requested = "md5" if path.endswith(".md5") else "file" if path.endswith(".gz") else "listing"
        call = Call(len(self.server.asked), requested, {"path": path})
        fault = self.server.faults(call) if self.server.faults else None
        kind: str = fault.kind if fault else ""
        if not target.is_relative_to(self.server.folder) or not target.exists():
            self._send(_page(404, b"<html><body>404 Not Found</body></html>\n"), fault)
        elif target.is_dir():
            self._send(_page(200, listing(target, path)), fault)
        else:
            with target.open("rb") as stream:
                self._send(self._file(target, stream, "" if kind == "norange" else asked_range), fault)

    def _file(self, path: Path, stream: IO[bytes], asked: str) -> _Reply:
        stat = path.stat()
        modified, mark = formatdate(stat.st_mtime, usegmt=True), f'"{stat.st_size:x}-{stat.st_mtime_ns:x}"'
        headers = {"Content-Type": "application/x-gzip", "Last-Modified": modified, "ETag": mark, "Accept-Ranges": "bytes"}
        if self.headers.get("If-None-Match") == mark:
            return _Reply(304, headers, b"", 0)
        wanted = _RANGE.fullmatch(asked)
        if wanted is None or self.headers.get("If-Range", mark) not in (mark, modified):
            return _Reply(200, headers, stream, stat.st_size)
        start, end = int(wanted[1]), min(int(wanted[2] or stat.st_size), stat.st_size - 1)
        if start > end:
            return _Reply(416, {"Content-Range": f"bytes */{stat.st_size}"}, b"", 0)
        stream.seek(start)
        return _Reply(206, {**headers, "Content-Range": f"bytes {start}-{end}/{stat.st_size}"}, stream, end + 1 - start)

    def _send(self, reply: _Reply, fault: Fault | None) -> None:
        kind: str = fault.kind if fault else ""
        if fault and kind == "delay":
            time.sleep(fault.seconds)
        if kind == "reset":
            self.reset()
            return
        if fault and kind in ("status", "html", "empty"):
            reply = _page(fault.status if kind == "status" else 200, b"" if kind == "empty" else HTML_PAGE)
        length = reply.length // 2 if kind == "torn" else reply.length
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Length": str(length)}.items():
            self.send_header(name, value)
        self.end_headers()
        self._send_body(reply, reply.length // 2 if kind in ("cut", "torn") else length, fault)
        if kind == "cut":
            self.close_connection = True

    def _send_body(self, reply: _Reply, length: int, fault: Fault | None) -> None:
        kind: str = fault.kind if fault else ""
        sent, middle = 0, reply.length // 2
        step = 1 if kind == "dribble" else _CHUNK
        while sent < length:
            size = min(step, length - sent)
            chunk = reply.stream[sent : sent + size] if isinstance(reply.stream, bytes) else reply.stream.read(size)
            if not chunk:
                self.close_connection = True  # the file became shorter under the server
                return
            if kind == "damaged" and sent <= middle < sent + len(chunk):
                at = middle - sent
                chunk = chunk[:at] + bytes([chunk[at] ^ 0xFF]) + chunk[at + 1 :]
            self.wfile.write(chunk)
            sent += len(chunk)
            if fault and kind == "dribble":
                time.sleep(fault.seconds)

    def log_message(self, format: str, *args: object) -> None:  # noqa: ARG002 (http.server's signature)
        """Log the path alone."""
        log.debug("serve: %s %s", self.command, getattr(self, "path", ""))


def listing(folder: Path, path: str) -> bytes:
    """A folder's listing as Apache writes it: name, time to the minute, size in three digits."""
    title = html.escape(f"Index of /pubmed/{path}".rstrip("/"))
    rows = [f'<a href="/pubmed/">Parent Directory</a>{"-":>43}']
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        name = f"{entry.name}/" if entry.is_dir() else entry.name
        stat = entry.stat()
        moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime(stat.st_mtime))
        size = "-" if entry.is_dir() else _rounded(stat.st_size)
        rows.append(f'<a href="{quote(name)}">{html.escape(name)}</a>{"":<{max(1, 27 - len(name))}} {moment} {size:>5}')
    body = "\n".join(rows)
    return f"<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n<pre>{body}\n</pre></body>\n</html>\n".encode()


def _rounded(size: int) -> str:
    for unit in ("", "K", "M"):
        if size < 1000:
            return f"{size}{unit}"
        size = round(size / 1024)
    return f"{size}G"


def _page(status: int, body: bytes) -> _Reply:
    return _Reply(status, {"Content-Type": "text/html; charset=UTF-8"}, body, len(body))


def _listen(folder: Path, port: int, faults: Faults | None) -> BulkServer:
    if not folder.is_dir():
        raise SourceError(f"{folder}: no folder to serve; give one that holds baseline/ and updatefiles/")
    return BulkServer(folder, port, faults)


def serve(folder: Path, port: int, ready: Callable[[str], None], faults: Faults | None = None) -> None:
    """Serve a folder until interrupted; ``ready`` is called once with the base URL.

    Raises:
        SourceError: there is no such folder, or the port cannot be had.
    """
    with _listen(folder, port, faults) as server:
        server.until_interrupted(lambda: ready(server.url))


@contextmanager
def serving(folder: Path, faults: Faults | None = None, port: int = 0) -> Iterator[BulkServer]:
    """Serve a folder in a thread while the block lasts; gives the server, which knows its ``url`` and what was ``asked``.

    Raises:
        SourceError: there is no such folder, or the port cannot be had.
    """
    with answering(_listen(folder, port, faults)) as server:
        yield server
