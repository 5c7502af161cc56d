"""The E-utilities over HTTP on this machine alone: a folder of PubMed XML served as NCBI serves PubMed."""

from __future__ import annotations

import contextlib
import html
import itertools
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from genemine.sample.answers import Answer
from genemine.sample.faults import Call, Fault, Faults, asked_for, spoil
from genemine.sample.history import LIFETIME, History
from genemine.sample.index import Index, load_folder
from genemine.sample.limits import Gate
from genemine.sample.loopback import HOST, LoopbackHandler, LoopbackServer, answering
from genemine.sample.service import BadRequest, Service

log = logging.getLogger(__name__)

BASE_PATH = "/entrez/eutils/"
MAX_BODY = 16 * 2**20  # bytes of a POST; a million PMIDs are 9 MB
MAX_FIELDS = 10_000  # parameters of one request
FORM = "application/x-www-form-urlencoded"
DRAIN_SECONDS = 1.0  # how long a refused sender may go on sending


class EutilsServer(LoopbackServer):
    """A listening server with what its requests need."""

    def __init__(self, port: int, service: Service, gate: Gate | None, faults: Faults | None) -> None:
        self.service = service
        self.gate = gate
        self.faults = faults
        self.numbers = itertools.count(1)
        super().__init__(port, _Handler)

    @property
    def url(self) -> str:
        """The base URL of the utilities, with a slash at its end."""
        return f"http://{HOST}:{self.server_address[1]}{BASE_PATH}"


class _Handler(LoopbackHandler):
    server: EutilsServer

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        self._handle(urlsplit(self.path).query)

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        length = self.headers.get("Content-Length", "")
        kind = self.headers.get_content_type()
        if not length.isdecimal():
            self._refuse(411, "a POST must say its Content-Length")
        elif int(length) > MAX_BODY:
            self._refuse(413, f"a POST may hold {MAX_BODY} bytes")
        elif kind != FORM and self.headers.get("Content-Type"):
            self._refuse(415, f"a POST must be {FORM}, not {kind}")
        else:
            body = self.rfile.read(int(length))
            if len(body) < int(length):
                self._refuse(400, "the POST ended before its Content-Length")
            else:
                self._handle(f"{urlsplit(self.path).query}&{body.decode('utf-8', 'replace').strip()}")

    def _refuse(self, status: int, reason: str) -> None:
        self.close_connection = True
        self._send(Answer(f"{reason}\n".encode(), "text/plain; charset=UTF-8", status))
        # closing with unread input would reset the connection, and the reason might never arrive
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(DRAIN_SECONDS)
            left = MAX_BODY
            while left > 0 and (piece := self.connection.recv(65_536)):
                left -= len(piece)

    def _handle(self, query: str) -> None:
        path = urlsplit(self.path).path
        if path == "/":
            self._send(Answer(_front_page(self.server.service.index, self.server.url), "text/html; charset=UTF-8"))
            return
        utility = path.removeprefix(BASE_PATH).removesuffix(".fcgi")
        if path != f"{BASE_PATH}{utility}.fcgi" or utility not in self.server.service.utilities:
            self._send(Answer(b"no such utility; here are esearch, epost, efetch and einfo\n", "text/plain; charset=UTF-8", 404))
            return
        try:
            params = _params(query)
        except ValueError:
            self._refuse(400, f"a request may have {MAX_FIELDS} parameters")
            return
        call = Call(next(self.server.numbers), utility, params)
        fault = self.server.faults(call) if self.server.faults else None
        self._send(self._answer(call, fault), fault)

    def _answer(self, call: Call, fault: Fault | None) -> Answer:
        refusal = self.server.gate and self.server.gate.refusal(self.client_address[0], call.params.get("api_key"))
        if refusal:
            return refusal
        try:
            answer = self.server.service.utilities[call.utility](asked_for(call, fault, self.server.service.index.pmids))
        except BadRequest as problem:
            return Answer(f"{problem}\n".encode(), "text/plain; charset=UTF-8", 400)
        except Exception:  # a bug here must not look like a broken line there
            log.exception("serve: %s failed", call.utility)
            return Answer(b"the server failed; its log says why\n", "text/plain; charset=UTF-8", 500)
        return spoil(answer, fault, call.utility) if fault else answer

    def _send(self, answer: Answer, fault: Fault | None = None) -> None:
        if fault and fault.kind == "delay":
            time.sleep(fault.seconds)
        if fault and fault.kind == "reset":
            self.reset()
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if fault and fault.kind == "cut":
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.close_connection = True
            return
        if fault and fault.kind == "dribble":
            for start in range(len(answer.body)):
                self.wfile.write(answer.body[start : start + 1])
                time.sleep(fault.seconds)
            return
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: ARG002 (http.server's signature)
        """Log the path without its query: an API key may be in it."""
        log.debug("serve: %s %s", self.command, urlsplit(getattr(self, "path", "")).path)


def _params(query: str) -> dict[str, str]:
    """Read parameters, names in lower case; several ``id`` are joined, of anything else the last counts."""
    params: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_FIELDS):
        key = name.strip().lower()
        params[key] = f"{params[key]},{value}" if key == "id" and key in params else value
    return params


def _front_page(index: Index, url: str) -> bytes:
    skipped = "".join(f"<li>{html.escape(s.path)}: {html.escape(s.reason)}</li>" for s in index.skipped)
    return (
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>genemine eutils</title>"
        f"<h1>E-utilities of a folder</h1><p>{len(index.records)} PubMed records of {index.n_files} files in "
        f"{html.escape(str(index.folder))}; {index.n_older} older revisions and {index.n_deleted} deleted ones left out; "
        f"{len(index.skipped)} skipped.</p><p>Base URL: <code>{url}</code></p><ul>{skipped}</ul></html>\n"
    ).encode()


def serve(
    folder: Path,
    port: int,
    ready: Callable[[str], None] | None = None,
    rate_limit: bool = True,
    faults: Faults | None = None,
) -> None:
    """Serve a folder until interrupted.

    Args:
        ready: called once with the base URL when requests are answered.
        faults: asked at every request what shall go wrong with it, such as a :class:`genemine.sample.faultplan.FaultPlan`.

    Raises:
        SourceError: the folder holds no PubMed XML, or the port cannot be had.
    """
    service = Service(load_folder(folder))
    with EutilsServer(port, service, Gate() if rate_limit else None, faults) as server:
        log.info("serve: %s", server.url)
        server.until_interrupted(lambda: ready(server.url) if ready else None)


@contextmanager
def serving(
    folder: Path | Index,
    port: int = 0,
    rate_limit: bool = True,
    faults: Faults | None = None,
    clock: Callable[[], float] = time.monotonic,
    today: Callable[[], date] = date.today,
    lifetime: float = LIFETIME,
) -> Iterator[str]:
    """Serve a folder (or an index already loaded) in a thread; gives the base URL, which ends with a slash.

    Args:
        faults: asked at every request what shall go wrong with it.
        clock: seconds; the rate limit and the age of a WebEnv are counted by it.
        today: what reldate counts back from.
        lifetime: seconds that a WebEnv lives without use.

    Raises:
        SourceError: the folder holds no PubMed XML, or the port cannot be had.
    """
    index = folder if isinstance(folder, Index) else load_folder(folder)
    service = Service(index, History(clock, lifetime), today)
    with answering(EutilsServer(port, service, Gate(clock) if rate_limit else None, faults)) as server:
        yield server.url
