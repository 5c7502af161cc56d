"""What is refused before a request is sent, and what happens where nobody answers."""

from __future__ import annotations

import socket
import time

import pytest

from genemine.config import EntrezSettings
from genemine.errors import ConfigError, SourceError
from genemine.sources.entrez import EntrezClient
from genemine.sources.entrez_transport import scrub


class Unpaced:
    """A limiter that never waits."""

    def wait(self) -> float:
        return 0.0


def test_a_server_that_was_never_there_is_told_after_three_tries() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    slept: list[float] = []
    client = EntrezClient(EntrezSettings(base_url=f"http://127.0.0.1:{port}/"), limiter=Unpaced(), sleep=slept.append)  # type: ignore[arg-type]
    with pytest.raises(SourceError, match=rf"http://127\.0\.0\.1:{port}/: cannot be reached .*GENEMINE_EUTILS_URL"):
        client.search_page("x")
    assert len(slept) == 2


def test_a_server_that_takes_no_connection_is_told_within_the_connect_time_out() -> None:
    """Nobody accepts, and the queue of those who wait is full: a packet to open another connection is dropped."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(deaf.getsockname())
        settings = EntrezSettings(base_url=f"http://127.0.0.1:{deaf.getsockname()[1]}/", connect_timeout=0.1)
        client = EntrezClient(settings, limiter=Unpaced(), sleep=lambda _: None)  # type: ignore[arg-type]
        started = time.monotonic()
        with pytest.raises(SourceError, match=r"cannot be reached \(time-out\)"):
            client.search_page("x")
        assert 0.3 <= time.monotonic() - started < 5
        for one in waiting:
            one.close()


def test_the_live_service_is_not_asked_without_an_email() -> None:
    with pytest.raises(ConfigError, match=r"NCBI asks every program for an email address.*NCBI_EMAIL"):
        EntrezClient(EntrezSettings())


@pytest.mark.parametrize("url", ["localhost:8000/", "ftp://example.org/", "http:///x/", ""])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="no address of an E-utilities server"):
        EntrezClient(EntrezSettings(base_url=url))


def test_the_key_is_scrubbed_however_it_is_spelled() -> None:
    assert scrub("a k/e+y b k%2Fe%2By c k/e%2By", "k/e+y") == "a *** b *** c ***"
    assert scrub("nothing to hide", "") == "nothing to hide"
