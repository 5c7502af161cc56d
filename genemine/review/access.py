"""Who may ask the page: only requests under a known name, with the token where one is needed, and no post from another site.

- **Host**: a name that nobody gave is refused, so that a site whose name is pointed to this machine (DNS rebinding) reads nothing.
- **Token**: needed as soon as other machines can reach the page; in a link once, then in a cookie, or in a header.
- **Posts**: from this page alone: JSON, with the page's own token in a header that no other site can send unasked, and with an
  Origin that is this page's own wherever the browser tells one.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import os
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from genemine.storage.files import cannot_write

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
CSRF_HEADER = "x-genemine-csrf"
LARGEST_BODY = 64 * 1024
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


@dataclass(frozen=True)
class Access:
    """What is asked of a request.

    ``hosts`` are the names under which the page may be asked for; ``any_address``: any IP address will do as well, for an address
    cannot be rebound. ``token`` is "" where none is needed; ``csrf`` is the page's own; ``cookie`` names the cookie of the token.
    """

    hosts: frozenset[str]
    csrf: str
    token: str = ""
    any_address: bool = False
    cookie: str = "genemine-review"


def access(secret: bytes, host: str, port: int, names: tuple[str, ...] = ()) -> Access:
    """Say what a page that listens at ``host`` asks of its requests.

    Args:
        secret: from which tokens are made; the same secret makes the same ones, so that a page stays good over a restart.
        host: what the page listens at; a token is needed unless it is loopback.
        port: for the cookie's name, which browsers share between ports.
        names: further names under which it may be asked for.
    """
    is_open = not is_loopback(host)
    token = _made(secret, "token") if is_open else ""
    known = frozenset(name.lower() for name in (*LOOPBACK, host, *names))
    return Access(known, _made(secret, "csrf"), token, is_open, f"genemine-review-{port}")


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach what listens at ``host``."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_secret(path: Path) -> bytes:
    """Read the secret of a data folder, making it at the first time; only its owner may read the file.

    Raises:
        StorageError: it cannot be written or read.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.stat().st_size < 32:
            part = path.with_name(f"{path.name}.{os.getpid()}.part")
            part.touch(mode=0o600)
            part.write_text(secrets.token_hex(32))
            part.replace(path)
        return path.read_bytes().strip()
    except OSError as error:
        raise cannot_write(path, error) from error


class Guard:
    """Lets through what may pass and adds the headers of :data:`HEADERS` to every answer; an ASGI application around another."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # no web sockets here
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}

        async def sealed(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message.get("headers", []), *own]
            await send(message)

        refused = self._refusal(scope, headers)
        if refused is not None:
            await _answer(sealed, *refused, is_plain=scope["method"] in ("GET", "HEAD"))
        elif (link := self._link(scope)) is not None:
            await _answer(sealed, 303, "", {"location": link, "set-cookie": self._cookie()})
        else:
            await self._app(scope, receive, sealed)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._knows(host):
            return 421, f"This page does not answer to the name {host[:80]!r}; start it with --allow-host to add one."
        if self._access.token and not self._has_token(scope, headers):
            return 401, "This page needs its token: open the link that `genemine review serve` printed."
        return None if scope["method"] in ("GET", "HEAD") else self._refused_post(headers, host)

    def _refused_post(self, headers: dict[str, str], host: str) -> tuple[int, str] | None:
        origin, length = headers.get("origin"), headers.get("content-length", "")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return 403, "Posts of other sites are refused."
        if not hmac.compare_digest(headers.get(CSRF_HEADER, "").encode(), self._access.csrf.encode()):
            return 403, "This page is of another server or too old; load it anew."
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return 415, "Send JSON."
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return 413, f"Send at most {LARGEST_BODY:,} bytes, and say how many."
        return None

    def _knows(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self._access.hosts:
            return True
        try:
            return self._access.any_address and bool(ipaddress.ip_address(name))
        except ValueError:
            return False

    def _has_token(self, scope: Scope, headers: dict[str, str]) -> bool:
        given = [dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"))).get("token", "")]
        given.append(headers.get("authorization", "").removeprefix("Bearer ").strip())
        cookies = SimpleCookie()
        try:
            cookies.load(headers.get("cookie", ""))
        except CookieError:
            cookies.clear()
        if self._access.cookie in cookies:
            given.append(cookies[self._access.cookie].value)
        return any(hmac.compare_digest(one.encode(), self._access.token.encode()) for one in given)

    def _link(self, scope: Scope) -> str | None:
        """Where a link with the token leads: the same page, without the token in its address."""
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
        if not self._access.token or scope["method"] != "GET" or "token" not in dict(query):
            return None
        rest = urlencode([(name, value) for name, value in query if name != "token"])
        # one slash: an address that begins with two would lead to another host
        return "/" + quote(scope["path"].lstrip("/\\")) + (f"?{rest}" if rest else "")

    def _cookie(self) -> str:
        return f"{self._access.cookie}={self._access.token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"


async def _answer(send: Send, status: int, text: str, headers: dict[str, str] | None = None, *, is_plain: bool = True) -> None:
    body = (text if is_plain else json.dumps({"error": text})).encode()
    kind = "text/plain" if is_plain else "application/json"
    told = {"content-type": f"{kind}; charset=utf-8", "content-length": str(len(body))} | (headers or {})
    fields = [(name.encode(), value.encode("latin-1", "replace")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})


def _made(secret: bytes, what: str) -> str:
    return hmac.new(secret, what.encode(), hashlib.sha256).hexdigest()[:40]
