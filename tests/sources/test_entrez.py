"""Each way in which PubMed can fail is told from an answer, retried where that helps, and named where it does not.

The server here plays a script, one act a request; nothing leaves this machine and nothing sleeps.
"""

from __future__ import annotations

import logging
import socket
import struct
import threading
import time
import traceback
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from Bio import Entrez

from genemine.config import EntrezSettings
from genemine.errors import ConfigError, QueryError, SourceError
from genemine.sources.entrez import BrokenAnswerError, EntrezClient
from genemine.sources.entrez_answers import SearchPage
from genemine.sources.entrez_transport import scrub

KEY = "s3cret/key+0123456789"
HITS = b"<eSearchResult><Count>3</Count><RetMax>2</RetMax><IdList><Id>11</Id><Id>12</Id></IdList></eSearchResult>"
RECORDS = (
    b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2099//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_990101.dtd">\n<PubmedArticleSet>'
    b"<PubmedArticle><MedlineCitation><PMID>11</PMID></MedlineCitation></PubmedArticle>\n"
    b"<PubmedBookArticle><BookDocument><PMID>12</PMID></BookDocument></PubmedBookArticle></PubmedArticleSet>"
)

Act = Callable[["Player"], None]


class Player(BaseHTTPRequestHandler):
    """Plays the next act of the script for each request, and keeps what was asked."""

    script: list[Act]
    asked: list[tuple[str, str, dict[str, list[str]]]]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self._play(parts.path, parts.query)

    def do_POST(self) -> None:
        self._play(self.path, self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _play(self, path: str, query: str) -> None:
        self.asked.append((self.command, path, parse_qs(query, keep_blank_values=True)))
        self.script.pop(0)(self)

    def log_message(self, format: str, *args: object) -> None:
        return


def says(body: bytes, status: int = 200, length: int | None = None) -> Act:
    def act(player: Player) -> None:
        player.send_response(status)
        player.send_header("Content-Type", "text/xml")
        player.send_header("Content-Length", str(len(body) if length is None else length))
        player.end_headers()
        player.wfile.write(body)

    return act


def resets(player: Player) -> None:
    # closing with the linger time at 0 sends RST instead of FIN
    player.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    player.connection.close()


def resets_midway(player: Player) -> None:
    says(HITS[:40], length=len(HITS))(player)
    resets(player)


def stalls(player: Player) -> None:
    player.server.released.wait(10)  # type: ignore[attr-defined]


def chunked(player: Player, end: bytes = b"0\r\n\r\n") -> None:
    """As NCBI sends answers: without a length, in chunks."""
    player.send_response(200)
    player.send_header("Content-Type", "text/xml")
    player.send_header("Transfer-Encoding", "chunked")
    player.end_headers()
    for part in (HITS[:40], HITS[40:]):
        player.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
    player.wfile.write(end)


FAULTS: dict[str, Act] = {
    "IncompleteRead": lambda player: chunked(player, end=b""),
    "HTTP 500": says(b"oops", 500),
    "HTTP 502": says(b"<html>Bad gateway</html>", 502),
    "HTTP 429": says(b'{"error":"API rate limit exceeded","api-key":"1.2.3.4","count":"4","limit":"3"}', 429),
    "an HTML page instead of XML": says(b"<!DOCTYPE html><html><body>Maintenance</body></html>"),
    "the answer broke off": says(HITS[:40], length=len(HITS)),
    "cut off or no XML": says(HITS[:40]),
    "an empty answer": says(b""),
    "HTML page": says(b"<!-- NCBI -->\n<HTML><body>Blocked</body></HTML>"),
    "an error inside XML: Search Backend failed": says(b"<eSearchResult><ERROR>Search Backend failed: x</ERROR></eSearchResult>"),
    "<eInfoResult> instead of <eSearchResult>": says(b"<eInfoResult/>"),
    "1 of 2 ids": says(HITS.replace(b"<Id>12</Id>", b"")),
    "without a count": says(b"<eSearchResult><IdList/></eSearchResult>"),
    "reset": resets,
    "Connection reset": resets_midway,
    "time-out": stalls,
}


class Stage:
    """A server with a script, and a client that asks it without ever sleeping."""

    def __init__(self, server: ThreadingHTTPServer, handler: type[Player]) -> None:
        self.url = f"http://127.0.0.1:{server.server_address[1]}/entrez/eutils/"
        self.handler = handler
        self.slept: list[float] = []

    def client(self, *script: Act, **settings: object) -> EntrezClient:
        self.handler.script[:] = script
        chosen = {"base_url": self.url, "email": "me@example.org", "read_timeout": 0.3, **settings}
        return EntrezClient(EntrezSettings(**chosen), limiter=Unpaced(), sleep=self.slept.append)  # type: ignore[arg-type]

    @property
    def asked(self) -> list[tuple[str, str, dict[str, list[str]]]]:
        return self.handler.asked


class Unpaced:
    """A limiter that never waits."""

    def wait(self) -> float:
        return 0.0


@pytest.fixture
def stage() -> Iterator[Stage]:
    class Here(Player):
        script: list[Act] = []  # noqa: RUF012  the class is made anew for each test
        asked: list[tuple[str, str, dict[str, list[str]]]] = []  # noqa: RUF012  as above

    server = ThreadingHTTPServer(("127.0.0.1", 0), Here)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # resets are part of the play
    server.released = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Stage(server, Here)
    server.released.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_search_gives_count_and_ids_and_says_who_asks(stage: Stage) -> None:
    client = stage.client(says(HITS), api_key=KEY)
    dates = {"datetype": "edat", "mindate": "2026/01/01", "maxdate": "2026/01/31"}
    assert client.search_page("BRCA1[tiab] AND α", retmax=2, dates=dates) == SearchPage(3, ("11", "12"))
    method, path, params = stage.asked[0]
    assert (method, path) == ("GET", "/entrez/eutils/esearch.fcgi")
    assert {name: value[0] for name, value in params.items()} == {
        "db": "pubmed",
        "term": "BRCA1[tiab] AND α",
        "retstart": "0",
        "retmax": "2",
        "tool": "genemine",
        "email": "me@example.org",
        "api_key": KEY,
        **dates,
    }


def test_a_fetch_gives_the_bytes_as_sent_and_each_article_and_book(stage: Stage) -> None:
    """The DTD of the answer is of the year 2099: nothing looks it up."""
    client = stage.client(says(RECORDS))
    xml, digests = client.fetch(["11", "12", "13"])
    assert xml == RECORDS
    assert list(digests) == ["11", "12"]
    assert len(stage.asked) == 1


def test_many_ids_go_by_post(stage: Stage) -> None:
    client = stage.client(says(RECORDS))
    client.fetch([str(90_000_000 + n) for n in range(200)])
    method, _, params = stage.asked[0]
    assert method == "POST"
    assert len(params["id"][0].split(",")) == 200


def test_a_digest_changes_with_the_record_and_with_nothing_else(stage: Stage) -> None:
    revised = RECORDS.replace(b"<PMID>12</PMID>", b"<PMID>12</PMID><X/>").replace(b"\n<PubmedBook", b"\n\n  <PubmedBook")
    client = stage.client(says(RECORDS), says(revised))
    (_, before), (_, after) = client.fetch(["11", "12"]), client.fetch(["11", "12"])
    assert before["11"] == after["11"]
    assert before["12"] != after["12"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_retried_until_the_answer_is_whole(stage: Stage, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    client = stage.client(FAULTS[fault], FAULTS[fault], says(HITS), email="")
    with caplog.at_level(logging.WARNING):
        assert client.search_page("x", retmax=2) == SearchPage(3, ("11", "12"))
    assert client.requests == 3
    assert 1 <= stage.slept[0] <= 2 <= stage.slept[1] <= 3  # seconds: exponential, with up to a second of jitter
    assert fault.lower() in caplog.text.lower() or fault == "reset"


def test_a_fault_that_stays_names_the_address_and_what_to_do(stage: Stage) -> None:
    client = stage.client(*[FAULTS["HTTP 500"]] * 4, max_tries=4)
    with pytest.raises(
        SourceError, match=r"/entrez/eutils/esearch\.fcgi: no usable answer in 4 tries \(the last: HTTP 500\); .* run again"
    ):
        client.search_page("x")
    assert len(stage.asked) == 4


def test_records_that_are_never_xml_come_with_their_bytes(stage: Stage) -> None:
    client = stage.client(*[says(RECORDS[:-30])] * 2, max_tries=2)
    with pytest.raises(BrokenAnswerError, match=r"efetch\.fcgi") as caught:
        client.fetch(["11"])
    assert caught.value.body == RECORDS[:-30]


def test_a_slow_trickle_ends(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 10_000, 4))
    monkeypatch.setattr("genemine.sources.entrez_transport.time.monotonic", lambda: next(ticks))
    client = stage.client(says(HITS), max_tries=1)
    with pytest.raises(SourceError, match="not complete after 3 s"):
        client.search_page("x", retmax=2)


def dribbles(body: bytes, status: bytes = b"200 OK") -> Act:
    """Byte by byte, from the status line on: no single read ever times out."""

    def act(player: Player) -> None:
        answer = b"HTTP/1.1 " + status + b"\r\nContent-Length: %d\r\nX-Slow: " % len(body) + b"x" * 500 + b"\r\n\r\n" + body
        for byte in answer:
            player.wfile.write(bytes([byte]))
            if player.server.released.wait(0.02):  # type: ignore[attr-defined]
                return

    return act


@pytest.mark.parametrize("status", [b"200 OK", b"503 Service Unavailable"])
def test_an_answer_that_dribbles_from_its_first_byte_on_ends_too(stage: Stage, status: bytes) -> None:
    client = stage.client(dribbles(HITS, status), says(HITS), read_timeout=0.1)
    started = time.monotonic()
    assert client.search_page("x", retmax=2).count == 3
    assert time.monotonic() - started < 5
    assert len(stage.asked) == 2


def test_an_answer_in_chunks_is_read_to_its_end(stage: Stage) -> None:
    client = stage.client(chunked)
    assert client.search_page("x", retmax=2).ids == ("11", "12")


def test_the_clock_of_the_service_is_read_from_its_answers(stage: Stage) -> None:
    client = stage.client(says(HITS))
    assert client.server_time is None
    client.search_page("x", retmax=2)
    assert client.server_time is not None
    assert abs((client.server_time - datetime.now(UTC)).total_seconds()) < 60


def test_pauses_grow_and_differ(stage: Stage) -> None:
    client = stage.client()
    for n_tries in (0, 0, 2, 30):
        client.pause(n_tries)
    assert [int(slept) for slept in stage.slept] in ([1, 1, 4, 60], [1, 1, 4, 61])
    assert stage.slept[0] != stage.slept[1]


def test_ids_that_nobody_knows_are_an_empty_answer(stage: Stage) -> None:
    client = stage.client(says(b'{"error":"ID list is empty! Possibly it has no correct IDs."}', 400))
    assert client.fetch(["0"])[1] == {}


def test_an_unknown_field_is_named(stage: Stage) -> None:
    answer = HITS.replace(b"</eSearch", b"<ErrorList><FieldNotFound>gnee</FieldNotFound></ErrorList></eSearch")
    with pytest.raises(QueryError, match=r"the field \[gnee\], which PubMed does not have; fields are \[tiab\]"):
        stage.client(says(answer)).search_page("BRCA1[gnee]", retmax=2)


def test_unknown_phrases_are_reported_and_are_no_error(stage: Stage) -> None:
    notes = (
        b"<ErrorList><PhraseNotFound>abcXYZ</PhraseNotFound></ErrorList>"
        b'<WarningList><QuotedPhraseNotFound>"x y"[tiab]</QuotedPhraseNotFound></WarningList></eSearch'
    )
    found = stage.client(says(HITS.replace(b"</eSearch", notes))).search_page('abcXYZ OR "x y"[tiab]', retmax=2)
    assert found == SearchPage(3, ("11", "12"), ("abcXYZ", '"x y"[tiab]'))


def test_a_lasting_error_inside_xml_is_not_asked_again(stage: Stage) -> None:
    answer = b"<eSearchResult><ERROR>Exception: 'retstart' cannot be larger than 9998</ERROR></eSearchResult>"
    with pytest.raises(QueryError, match="PubMed refused the request: Exception: 'retstart' cannot be larger"):
        stage.client(says(answer)).search_page("x")
    assert len(stage.asked) == 1


@pytest.mark.parametrize(("status", "hint"), [(404, "check the address"), (403, "ask less")])
def test_a_refusal_is_not_asked_again(stage: Stage, status: int, hint: str) -> None:
    with pytest.raises(SourceError, match=rf"refused with HTTP {status} \(go away\); {hint}"):
        stage.client(says(b"go\n away", status)).search_page("x")
    assert len(stage.asked) == 1


def test_the_key_is_in_no_message_no_log_and_no_traceback(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A refused key and a server that echoes it, by GET and by POST."""
    refusal = says(b'{"error":"API key invalid","api-key":"' + KEY.encode() + b'"}', 400)
    echo = says(KEY.encode(), 403)
    wrong = says(b"<eSearchResult><ERROR>" + KEY.encode() + b"</ERROR></eSearchResult>")
    shown = []
    with caplog.at_level(logging.DEBUG):
        for act, kind in ((refusal, ConfigError), (echo, SourceError), (FAULTS["HTTP 500"], SourceError), (wrong, SourceError)):
            for term in ("x", "x" * 2000):
                client = stage.client(act, act, api_key=KEY, max_tries=2)
                with pytest.raises(kind) as caught:
                    client.search_page(term)
                shown.append("".join(traceback.format_exception(caught.value)))
                shown.append(repr(vars(client)))
    assert "API key was refused; correct NCBI_API_KEY" in shown[0]
    assert "***" in shown[4]
    assert "try 1 failed" in caplog.text
    for text in (*shown, caplog.text):
        assert KEY not in text
        assert scrub(text, KEY) == text


def test_a_request_changes_nothing_global(stage: Stage) -> None:
    mine = urllib.request.build_opener()
    urllib.request.install_opener(mine)
    try:
        stage.client(says(HITS)).search_page("x", retmax=2)
        assert vars(urllib.request)["_opener"] is mine
        assert Entrez.max_tries == 3
        assert (Entrez.email, Entrez.api_key, Entrez.tool) == (None, None, "biopython")
    finally:
        urllib.request.install_opener(None)  # type: ignore[arg-type]


def test_a_proxy_of_the_environment_is_not_asked_for_a_server_on_this_machine(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert stage.client(says(HITS)).search_page("x", retmax=2).count == 3
