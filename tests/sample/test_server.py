"""The utilities over HTTP, asked with urllib and read with Biopython."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from Bio import Entrez

from genemine.errors import SourceError
from genemine.sample import server as server_module
from genemine.sample.faults import Call, Fault, at
from genemine.sample.index import Index
from genemine.sample.server import MAX_BODY, serve, serving

KEY = "0123456789abcdef0123456789abcdef0123"


def get(url: str, **params: str) -> bytes:
    with urllib.request.urlopen(f"{url}?{urlencode(params)}" if params else url, timeout=10) as answer:
        return answer.read()


def post(url: str, **params: str) -> bytes:
    with urllib.request.urlopen(url, urlencode(params).encode(), timeout=10) as answer:
        return answer.read()


def status_of(url: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body of an answer that urllib calls an error."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(url, data, headers or {}), timeout=10)
    with caught.value as problem:
        return problem.code, problem.read()


def test_biopython_reads_a_search_a_post_and_records(library: Index) -> None:
    with serving(library, rate_limit=False) as url:
        with urllib.request.urlopen(f"{url}esearch.fcgi?db=pubmed&term=melanoma&usehistory=y&WebEnv=", timeout=10) as answer:
            assert answer.headers["Content-Type"] == "text/xml; charset=UTF-8"
            found = Entrez.read(answer)
        assert found["IdList"] == ["105", "103"]
        with urllib.request.urlopen(
            f"{url}efetch.fcgi?db=pubmed&WebEnv={found['WebEnv']}&query_key={found['QueryKey']}&retmode=xml", timeout=10
        ) as answer:
            records = Entrez.read(answer)
        assert [str(r["MedlineCitation"]["PMID"]) for r in records["PubmedArticle"]] == ["105", "103"]
        with urllib.request.urlopen(f"{url}epost.fcgi", b"db=pubmed&id=101,102", timeout=10) as answer:
            assert Entrez.read(answer)["QueryKey"] == "1"
        with urllib.request.urlopen(f"{url}einfo.fcgi?db=pubmed", timeout=10) as answer:
            assert Entrez.read(answer)["DbInfo"][0]["Count"] == "5"


def test_biopython_reads_the_real_records(real_index: Index) -> None:
    """In posts of 200, validated; 484 old records hold a DateCreated, which the DTD that Biopython ships no longer has."""
    pmids = [str(pmid) for pmid, record in real_index.records.items() if b"<DateCreated>" not in record.xml]
    read = []
    with serving(real_index, rate_limit=False) as url:
        for first in range(0, len(pmids), 200):
            body = urlencode({"db": "pubmed", "id": ",".join(pmids[first : first + 200]), "retmode": "xml"}).encode()
            with urllib.request.urlopen(f"{url}efetch.fcgi", body, timeout=10) as answer:
                records = Entrez.read(answer)
            read += [str(r["MedlineCitation"]["PMID"]) for r in records["PubmedArticle"]]
            read += [str(r["BookDocument"]["PMID"]) for r in records["PubmedBookArticle"]]
    assert len(read) == 1287 - 484
    assert sorted(read) == sorted(pmids)


def test_get_and_post_get_the_same_answer(library: Index) -> None:
    with serving(library, rate_limit=False) as url:
        for utility, params in (("esearch", {"term": "brca1 OR β"}), ("efetch", {"id": "101,103"}), ("einfo", {"db": "pubmed"})):
            assert get(f"{url}{utility}.fcgi", **params) == post(f"{url}{utility}.fcgi", **params)
        assert json.loads(get(f"{url}esearch.fcgi", term="ubersicht", retmode="json"))["esearchresult"]["idlist"] == ["104"]
        assert get(f"{url}efetch.fcgi?id=101&id=103").count(b"<PubmedArticle>") == 2


def test_a_connection_stays_open_between_requests(library: Index) -> None:
    with serving(library, rate_limit=False) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        for _ in range(3):
            connection.request("GET", "/entrez/eutils/esearch.fcgi?term=melanoma")
            assert b"<Count>2</Count>" in connection.getresponse().read()
        connection.close()


def test_the_front_page_says_what_is_served(library: Index, library_folder: Path) -> None:
    with serving(library) as url:
        page = get(url.removesuffix("entrez/eutils/")).decode()
    assert f"5 PubMed records of 1 files in {library_folder}" in page
    assert url in page


def test_the_fourth_request_of_a_second_gets_429(library: Index) -> None:
    now = [0.0]
    with serving(library, clock=lambda: now[0]) as url:
        for _ in range(3):
            get(f"{url}esearch.fcgi", term="melanoma")
        assert status_of(f"{url}esearch.fcgi?term=melanoma") == (
            429, b'{"error":"API rate limit exceeded","api-key":"127.0.0.1","count":"4","limit":"3"}\n',
        )  # fmt: skip
        for _ in range(10):
            get(f"{url}esearch.fcgi", term="melanoma", api_key=KEY)
        assert status_of(f"{url}esearch.fcgi?term=melanoma&api_key={KEY}")[0] == 429
        now[0] = 1.0
        get(f"{url}esearch.fcgi", term="melanoma")


def test_an_api_key_of_another_form_gets_400(library: Index) -> None:
    with serving(library) as url:
        status, body = status_of(f"{url}esearch.fcgi?term=x&api_key=secret")
    assert (status, json.loads(body)["error"]) == (400, "API key invalid")


def test_a_key_is_never_logged(library: Index, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), serving(library) as url:
        get(f"{url}esearch.fcgi", term="melanoma", api_key=KEY)
        post(f"{url}esearch.fcgi", term="melanoma", api_key=KEY)
        status_of(f"{url}esearch.fcgi?term=x&api_key=secretsecret")
    assert "serve: GET /entrez/eutils/esearch.fcgi" in caplog.text
    assert KEY not in caplog.text
    assert "secretsecret" not in caplog.text


def test_junk_is_refused(library: Index) -> None:
    with serving(library, rate_limit=False) as url:
        assert status_of(f"{url}elink.fcgi")[0] == 404
        assert status_of(f"{url}../../etc/passwd")[0] == 404
        assert status_of(f"{url}esearch.fcgi?term=x&retmax=many") == (400, b"retmax is no whole number: 'many'\n")
        # the sender is still sending when it is refused, and hears the reason all the same
        assert status_of(f"{url}esearch.fcgi", b"{}" * 2**20, {"Content-Type": "application/json"})[0] == 415
        assert status_of(f"{url}esearch.fcgi", b"&a=b" * 10_001)[0] == 400
        assert status_of(f"{url}esearch.fcgi", b"x", {"Content-Length": "-5"})[0] == 411


def test_a_body_that_is_too_long_is_not_even_read(library: Index) -> None:
    with serving(library, rate_limit=False) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        connection.putrequest("POST", "/entrez/eutils/epost.fcgi")
        connection.putheader("Content-Length", str(MAX_BODY + 1))
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (413, b"a POST may hold 16777216 bytes\n")
        connection.close()


def test_a_body_shorter_than_promised_is_refused(library: Index) -> None:
    with serving(library, rate_limit=False) as url:
        host, port = urlsplit(url).netloc.split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(b"POST /entrez/eutils/epost.fcgi HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\ndb=pubmed&id=1")
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_many_ask_at_once(library: Index) -> None:
    answers: list[bytes] = []
    with serving(library, rate_limit=False) as url:
        threads = [threading.Thread(target=lambda: answers.append(get(f"{url}esearch.fcgi", term="melanoma"))) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(answers) == 16
    assert len(set(answers)) == 1


def test_a_failure_of_the_server_is_its_own_answer(
    library: Index, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("genemine.sample.service.search", fail)
    with serving(library) as url:
        assert status_of(f"{url}esearch.fcgi?term=x") == (500, b"the server failed; its log says why\n")
    assert "serve: esearch failed" in caplog.text


def test_faults_come_when_they_are_told_to(library: Index) -> None:
    faults = at({
        1: Fault("status", 500), 2: Fault("status", 429), 3: Fault("html"), 4: Fault("error"), 5: Fault("cut"), 6: Fault("reset"),
        7: Fault("missing"), 9: Fault("delay", seconds=0.3),
    })  # fmt: skip
    with serving(library, rate_limit=False, faults=faults) as url:
        fetch = f"{url}efetch.fcgi?id=101,102,103"
        assert status_of(fetch)[0] == 500
        assert status_of(fetch)[0] == 429
        assert get(fetch).startswith(b"<html>")
        assert b"<ERROR>Search Backend failed" in get(f"{url}esearch.fcgi?term=melanoma")
        with pytest.raises(http.client.IncompleteRead):
            get(fetch)
        with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
            get(fetch)
        assert get(fetch).count(b"<PMID ") == 2
        assert get(fetch).count(b"<PMID ") == 3
        start = time.monotonic()
        assert get(fetch).count(b"<PMID ") == 3
        assert time.monotonic() - start >= 0.3


def test_a_fault_may_depend_on_the_request(library: Index) -> None:
    seen: list[tuple[int, str, str]] = []

    def watch(call: Call) -> Fault | None:
        seen.append((call.number, call.utility, call.params.get("term", "")))
        return Fault("html") if call.utility == "einfo" else None

    with serving(library, rate_limit=False, faults=watch) as url:
        get(f"{url}esearch.fcgi", term="melanoma")
        assert get(f"{url}einfo.fcgi").startswith(b"<html>")
    assert seen == [(1, "esearch", "melanoma"), (2, "einfo", "")]


def test_a_port_that_is_taken_or_none_is_refused(library: Index, library_folder: Path) -> None:
    with serving(library) as url:
        port = int(urlsplit(url).netloc.split(":")[1])
        with pytest.raises(SourceError, match=f"127.0.0.1:{port} is taken by another program; give another port"):
            serve(library_folder, port)
    for wrong in (70_000, -1):
        with pytest.raises(SourceError, match=f"port {wrong}: no such port"):
            serve(library_folder, wrong)


def test_a_folder_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no PubMed record found"):
        serve(tmp_path, 0)
    with pytest.raises(SourceError, match="no PubMed record found"), serving(tmp_path):
        pass


def test_serve_tells_its_address_and_stops_at_an_interrupt(library_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The interrupt comes from inside the loop, as Ctrl-C does; afterwards the port is free again."""
    addresses: list[str] = []
    ports: list[int] = []

    class Interrupted(server_module.EutilsServer):
        def service_actions(self) -> None:
            ports.append(self.server_address[1])
            raise KeyboardInterrupt

    monkeypatch.setattr(server_module, "EutilsServer", Interrupted)
    serve(library_folder, 0, ready=addresses.append)
    assert addresses == [f"http://127.0.0.1:{ports[0]}/entrez/eutils/"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", ports[0]), timeout=5)
