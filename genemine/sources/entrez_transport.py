"""How one request travels to an E-utilities server: base URL, time-outs, and what a failure means.

Nothing raised or logged here holds the API key: library errors carry the URL and with it the key, so their text is scrubbed and
they are never chained.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, quote_plus, urlsplit

from genemine.config import NCBI_EUTILS_URL, EntrezSettings
from genemine.errors import ConfigError, GenemineError, SourceError

# a server that sends a byte now and then never times out on one read; the whole answer may take so many read time-outs
WHOLE_ANSWER = 10
_CHUNK = 1 << 16
_LOOPBACK = ("127.", "localhost", "[::1]", "::1")


class Transient(Exception):  # noqa: N818  a verdict on one try, caught by the retry loop, not an error that users see
    """One try failed in a way that the next may not."""

    def __init__(self, what: str, *, unreachable: bool = False, body: bytes = b"") -> None:
        super().__init__(what)
        self.unreachable = unreachable
        self.body = body


class EmptyAnswer(Exception):  # noqa: N818  an answer, told by an HTTP status
    """The service knows none of the ids asked for (efetch answers that with status 400)."""


class _Rewrite(urllib.request.BaseHandler):
    """Sends requests for NCBI's E-utilities to another base URL."""

    handler_order = 100  # before the handlers that set the Host header

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def https_request(self, request: urllib.request.Request) -> urllib.request.Request:
        if request.full_url.startswith(NCBI_EUTILS_URL):
            request.full_url = self._base_url + request.full_url.removeprefix(NCBI_EUTILS_URL)
        return request


class _Http(urllib.request.HTTPHandler):
    def __init__(self, settings: EntrezSettings) -> None:
        super().__init__()
        self._settings = settings

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        def connect(host: str, **_: Any) -> http.client.HTTPConnection:
            return _TimedHttp(host, self._settings.connect_timeout, self._settings.read_timeout)

        return self.do_open(connect, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, settings: EntrezSettings) -> None:
        super().__init__()
        self._settings = settings

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        def connect(host: str, **_: Any) -> http.client.HTTPSConnection:
            return _TimedHttps(host, self._settings.connect_timeout, self._settings.read_timeout)

        return self.do_open(connect, req)


class _Deadlined(io.RawIOBase):
    """The bytes of one answer, status line and headers included, of which the last has to come before a deadline."""

    def __init__(self, raw: io.RawIOBase, connection: socket.socket, read_timeout: float) -> None:
        super().__init__()
        self._raw = raw
        self._connection = connection
        self._read_timeout = read_timeout
        self._deadline = time.monotonic() + WHOLE_ANSWER * read_timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise Transient(f"the answer was not complete after {WHOLE_ANSWER * self._read_timeout:.0f} s")
        self._connection.settimeout(min(self._read_timeout, left))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _response_within(read_timeout: float) -> Callable[..., http.client.HTTPResponse]:
    def respond(connection: socket.socket, **options: Any) -> http.client.HTTPResponse:
        response = http.client.HTTPResponse(connection, **options)
        raw = response.fp.detach()
        response.fp = io.BufferedReader(_Deadlined(raw, connection, read_timeout))
        return response

    return respond


class _TimedHttp(http.client.HTTPConnection):
    """A connection with one time-out for connecting, another for each read, and a deadline for the whole answer."""

    def __init__(self, host: str, connect_timeout: float, read_timeout: float) -> None:
        super().__init__(host, timeout=connect_timeout)
        self._read_timeout = read_timeout
        self.response_class = _response_within(read_timeout)  # type: ignore[assignment]  # called as the class would be

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(self._read_timeout)


class _TimedHttps(http.client.HTTPSConnection):
    """The same over TLS; the handshake counts as connecting."""

    def __init__(self, host: str, connect_timeout: float, read_timeout: float) -> None:
        super().__init__(host, timeout=connect_timeout, context=ssl.create_default_context())
        self._read_timeout = read_timeout
        self.response_class = _response_within(read_timeout)  # type: ignore[assignment]  # called as the class would be

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(self._read_timeout)


def make_opener(settings: EntrezSettings) -> urllib.request.OpenerDirector:
    """An opener for ``urllib.request`` that asks ``settings.base_url`` wherever NCBI's E-utilities are asked.

    Proxies of the environment are used, except for a server on this machine.

    Raises:
        ConfigError: the base URL is none.
    """
    parts = urlsplit(settings.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(
            f"GENEMINE_EUTILS_URL is '{settings.base_url}', no address of an E-utilities server; one is {NCBI_EUTILS_URL}"
        )
    handlers: list[urllib.request.BaseHandler] = [_Rewrite(settings.base_url), _Http(settings), _Https(settings)]
    if parts.hostname.startswith(_LOOPBACK):
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers)


def read_answer(handle: Any) -> bytes:
    """Read a response to its end.

    Raises:
        Transient: it took longer than ten read time-outs, or ended before its announced length.
        OSError, http.client.HTTPException: as the library raises them.
    """
    response = getattr(handle, "buffer", handle)  # Bio.Entrez wraps text/plain answers
    chunks = []
    while chunk := response.read1(_CHUNK):
        chunks.append(chunk)
    if response.length:
        raise Transient(f"the answer broke off {response.length} bytes before its end")
    return b"".join(chunks)


def translate(error: Exception, settings: EntrezSettings) -> Transient | EmptyAnswer | GenemineError:
    """What a library's error means; the result is to be raised outside the ``except`` block, so that it is not chained."""
    if isinstance(error, HTTPError):
        with error:
            text = _said(error)
        return _refused(error.code, scrub(text, settings.api_key), settings)
    reason = scrub(str(error.reason if isinstance(error, URLError) else error), settings.api_key)
    timed_out = isinstance(error.reason if isinstance(error, URLError) else error, TimeoutError)
    # URLError is raised while connecting and sending, never while an answer is read
    return Transient("time-out" if timed_out else reason or type(error).__name__, unreachable=isinstance(error, URLError))


def scrub(text: str, api_key: str) -> str:
    """``text`` without the API key, as it is or as a URL spells it."""
    for spelled in {api_key, quote(api_key), quote_plus(api_key)} - {""}:
        text = text.replace(spelled, "***")
    return text


def _said(error: HTTPError) -> str:
    # the reason lies in the body; a body that cannot be read leaves the status alone to speak
    try:
        body = error.read(4096)
    except (OSError, http.client.HTTPException, Transient):
        return str(error.reason)
    return " ".join(body.decode("utf-8", "replace").split())[:300] or str(error.reason)


def _refused(code: int, said: str, settings: EntrezSettings) -> Transient | EmptyAnswer | GenemineError:
    if code in (408, 429) or code >= 500:
        return Transient(f"HTTP {code}")
    if code == 400 and settings.api_key and "api key" in said.lower():
        return ConfigError(
            f"{settings.base_url}: the API key was refused; correct NCBI_API_KEY or unset it (3 requests a second instead of 10)"
        )
    if code == 400 and "id list is empty" in said.lower():
        return EmptyAnswer()
    hint = "check the address (GENEMINE_EUTILS_URL)" if code == 404 else "ask less, or ask NCBI's help desk if it stays so"
    return SourceError(f"{settings.base_url}: refused with HTTP {code} ({said}); {hint}")
