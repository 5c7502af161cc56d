"""What the servers of this package share: they listen on this machine alone, and end with the block or with Ctrl-C."""

from __future__ import annotations

import errno
import logging
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

from genemine.errors import SourceError

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
IDLE_SECONDS = 60.0  # a silent connection is closed


class LoopbackServer(ThreadingHTTPServer):
    """A server of several threads."""

    daemon_threads = True
    request_queue_size = 128  # with the library's 5, the connections of a burst wait a second each

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        """Listen.

        Raises:
            SourceError: the port cannot be had.
        """
        try:
            super().__init__((HOST, port), handler)
        except OverflowError as problem:
            raise SourceError(f"port {port}: no such port; give one from 0 to 65535 (0 takes a free one)") from problem
        except OSError as problem:
            why = "is taken by another program" if problem.errno == errno.EADDRINUSE else f"cannot be opened ({problem.strerror})"
            raise SourceError(f"{HOST}:{port} {why}; give another port (0 takes a free one)") from problem

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 (socketserver's signature)
        """A client that went away is no news; anything else is logged, not printed."""
        log.debug("serve: a request from %s ended early", client_address, exc_info=True)

    def until_interrupted(self, ready: Callable[[], None]) -> None:
        """Answer requests until Ctrl-C; ``ready`` is called once before."""
        ready()
        try:
            self.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            log.info("serve: stopped")


Server = TypeVar("Server", bound=LoopbackServer)


@contextmanager
def answering(server: Server) -> Iterator[Server]:
    """Answer requests in a thread while the block lasts, and close the server after it."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True, name="loopback")
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class LoopbackHandler(BaseHTTPRequestHandler):
    """One connection; every answer carries its length, so that it can stay open."""

    protocol_version = "HTTP/1.1"
    server_version = "genemine"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True  # headers and body are sent apart: on an open connection the body would wait 40 ms for an ACK

    def reset(self) -> None:
        """Tear the connection down: no lingering, so that closing sends RST in place of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
