"""The loopback server of bulk files answers as a web server does, and fails as told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
import requests

from genemine.errors import SourceError
from genemine.sample.bulk_files import FIRST_DAY, write_sample
from genemine.sample.bulk_server import KINDS, MEANINGS, BulkServer, serving
from genemine.sample.faults import Call, Fault
from genemine.sources.bulk_listing import parse_listing, parse_md5

NAME = "sample26n0001.xml.gz"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_sample(tmp_path)
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[BulkServer]:
    with serving(folder) as running:
        yield running


def get(server: BulkServer, path: str, **headers: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"{server.url}{path}", headers={"Accept-Encoding": "identity", **headers}, timeout=5)


def test_files_come_with_their_time_and_mark(server: BulkServer, folder: Path) -> None:
    answer = get(server, f"baseline/{NAME}")
    assert answer.content == (folder / "baseline" / NAME).read_bytes()
    assert answer.headers["Last-Modified"] == format_datetime(FIRST_DAY, usegmt=True)
    assert answer.headers["ETag"]
    md5 = parse_md5(get(server, f"baseline/{NAME}.md5").text, NAME)
    assert md5 == hashlib.md5(answer.content).hexdigest()


def test_a_folder_is_listed_with_times_and_sizes(server: BulkServer, folder: Path) -> None:
    (folder / "baseline" / "README & more.txt").write_text("x")
    answer = get(server, "baseline/")
    assert [(one.name, one.stamp[:16], one.has_md5) for one in parse_listing(answer.content)] == [
        ("sample26n0001.xml.gz", "2026-10-01 14:05", True),
        ("sample26n0002.xml.gz", "2026-10-02 14:05", True),
    ]
    assert '<a href="README%20%26%20more.txt">README &amp; more.txt</a>' in answer.text
    assert '<a href="updatefiles/">updatefiles/</a>' in get(server, "").text


def test_parts_of_a_file_are_sent(server: BulkServer, folder: Path) -> None:
    whole = (folder / "baseline" / NAME).read_bytes()
    path = f"baseline/{NAME}"
    rest = get(server, path, Range="bytes=100-")
    assert (rest.status_code, rest.content) == (206, whole[100:])
    assert rest.headers["Content-Range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"
    assert get(server, path, Range="bytes=5-9").content == whole[5:10]
    beyond = get(server, path, Range=f"bytes={len(whole)}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")
    assert get(server, path, Range="bytes=100-", **{"If-Range": rest.headers["ETag"]}).status_code == 206
    assert get(server, path, Range="bytes=100-", **{"If-Range": rest.headers["Last-Modified"]}).status_code == 206
    changed = get(server, path, Range="bytes=100-", **{"If-Range": '"another"'})
    assert (changed.status_code, changed.content) == (200, whole)


@pytest.mark.parametrize(
    "path", ["nothing", "baseline/nothing.xml.gz", "../secret.txt", "%2e%2e/secret.txt", "baseline/../../secret.txt"]
)
def test_what_is_not_in_the_folder_is_not_served(server: BulkServer, folder: Path, path: str) -> None:
    (folder.parent / "secret.txt").write_text("secret")
    answer = get(server, path)
    assert answer.status_code == 404
    assert "secret" not in answer.text.replace("secret.txt", "")


def test_each_kind_of_fault_does_what_it_says(server: BulkServer, folder: Path) -> None:
    whole = (folder / "baseline" / NAME).read_bytes()
    seen: dict[str, object] = {}
    for kind in KINDS:
        server.faults = lambda call, kind=kind: Fault(kind, status=429, seconds=0.0)  # type: ignore[misc]
        try:
            answer = get(server, f"baseline/{NAME}", Range=f"bytes={len(whole) - 2000}-")
            seen[kind] = (answer.status_code, answer.content)
        except requests.RequestException as error:
            seen[kind] = type(error).__name__
    rest = whole[-2000:]
    middle = len(rest) // 2
    page = seen["html"][1]  # type: ignore[index]
    assert b"<html>" in page
    assert seen == {
        "status": (429, page),
        "html": (200, page),
        "empty": (200, b""),
        "cut": "ChunkedEncodingError",
        "torn": (206, rest[:middle]),
        "damaged": (206, rest[:middle] + bytes([rest[middle] ^ 0xFF]) + rest[middle + 1 :]),
        "norange": (200, whole),
        "reset": "ConnectionError",
        "delay": (206, rest),
        "dribble": (206, rest),
    }
    assert seen.keys() == MEANINGS.keys()


def test_requests_are_told_apart(server: BulkServer) -> None:
    calls: list[Call] = []
    server.faults = lambda call: calls.append(call)  # type: ignore[func-returns-value]
    for path in ("baseline/", f"baseline/{NAME}.md5", f"baseline/{NAME}"):
        get(server, path)
    assert [(call.number, call.utility, call.params["path"]) for call in calls] == [
        (1, "listing", "baseline/"),
        (2, "md5", f"baseline/{NAME}.md5"),
        (3, "file", f"baseline/{NAME}"),
    ]
    assert server.asked == [(call.params["path"], "") for call in calls]


def test_a_port_that_is_taken_and_a_folder_that_is_none(server: BulkServer, folder: Path) -> None:
    port = server.server_address[1]
    with pytest.raises(SourceError, match=f"127.0.0.1:{port} is taken by another program"), serving(folder, port=int(port)):
        pass
    with pytest.raises(SourceError, match="port 99999: no such port"), serving(folder, port=99999):
        pass
    with pytest.raises(SourceError, match="nowhere: no folder to serve"), serving(folder / "nowhere"):
        pass


def test_the_sample_as_bulk_files_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_sample(tmp_path / name)
    files = {
        name: {str(path.relative_to(tmp_path / name)): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("a", "b")
    }
    assert files["a"] == files["b"]
    assert len(files["a"]) == 8
    day = datetime.fromtimestamp((tmp_path / "a" / "updatefiles" / "sample26n0004.xml.gz").stat().st_mtime, UTC)
    assert day.date().isoformat() == "2026-10-04"
