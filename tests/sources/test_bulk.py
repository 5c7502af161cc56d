"""A file is fetched whole or not at all, whatever the server and the line do; nothing sleeps, nothing leaves this machine."""

from __future__ import annotations

import gzip
import hashlib
import random
import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from genemine.config import BulkSettings
from genemine.errors import ConfigError, SourceError, StorageError
from genemine.sample.bulk_files import write_bulk_file
from genemine.sample.bulk_server import BulkServer, serving
from genemine.sample.faults import Call, Fault
from genemine.sources import bulk_download
from genemine.sources.bulk import BulkClient

NAME = "pubmed26n0001.xml.gz"
DAY = datetime(2026, 1, 10, 14, 5, tzinfo=UTC)
XML = random.Random(7).randbytes(300_000)  # packs badly, so that half of it is many packets
Plan = dict[str, list[Fault | None]]


class World:
    """A folder, a server of it that fails by a script (kind of request -> a fault for each), and a client that never sleeps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plan: Plan = {}
        self.slept: list[float] = []
        self.part = folder / "here.download"
        write_bulk_file(folder / "pubmed" / "baseline" / NAME, XML, DAY)

    def faults(self, call: Call) -> Fault | None:
        script = self.plan.get(call.utility, [])
        return script.pop(0) if script else None

    @property
    def file(self) -> Path:
        return self.folder / "pubmed" / "baseline" / NAME

    @property
    def md5(self) -> str:
        return hashlib.md5(self.file.read_bytes()).hexdigest()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def server(world: World) -> Iterator[BulkServer]:
    with serving(world.folder / "pubmed", world.faults) as running:
        yield running


@pytest.fixture
def client(world: World, server: BulkServer) -> Iterator[BulkClient]:
    made = BulkClient(BulkSettings(base_url=server.url, read_timeout=0.5, max_tries=4), sleep=world.slept.append)
    yield made
    made.close()


def ranges(server: BulkServer) -> list[str]:
    """What was asked of the file: "" for all of it."""
    return [asked for path, asked in server.asked if path.endswith(".gz")]


def test_a_file_is_fetched_with_its_time(world: World, client: BulkClient) -> None:
    received = client.fetch("baseline", NAME, world.part, client.md5("baseline", NAME))
    assert world.part.read_bytes() == world.file.read_bytes()
    assert (received.n_bytes, received.modified) == (world.file.stat().st_size, DAY.timestamp())
    assert world.slept == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", status=503),
        Fault("status", status=429),
        Fault("html"),
        Fault("empty"),
        Fault("cut"),
        Fault("torn"),
        Fault("reset"),
        Fault("damaged"),  # type: ignore[arg-type]
        Fault("delay", seconds=0.6),
    ],
    ids=lambda fault: f"{fault.kind} {fault.status}",
)
def test_each_fault_is_tried_again(world: World, client: BulkClient, fault: Fault) -> None:
    """Two faults of a kind one after the other, of the listing, the checksum and the file."""
    world.plan = {"file": [fault, fault], "md5": [fault], "listing": [fault]}
    if fault.kind == "damaged":  # a damaged listing or checksum is told by nothing but the file that does not fit it
        world.plan = {"file": [fault, fault]}
    assert [listed.name for listed in client.listing("baseline")] == [NAME]
    client.fetch("baseline", NAME, world.part, client.md5("baseline", NAME))
    assert world.part.read_bytes() == world.file.read_bytes()
    assert len(world.slept) == (2 if fault.kind == "damaged" else 4)


def test_waits_grow_and_are_never_the_same(world: World, client: BulkClient) -> None:
    world.plan = {"file": [Fault("status", status=503)] * 3}
    client.fetch("baseline", NAME, world.part, world.md5)
    first, second, third = world.slept
    assert 1 <= first <= 2 <= second <= 3 < third <= 5
    assert len({first % 1, second % 1, third % 1}) == 3


def test_a_download_that_broke_off_goes_on_where_it_broke(world: World, server: BulkServer, client: BulkClient) -> None:
    world.plan = {"file": [Fault("cut")]}
    received = client.fetch("baseline", NAME, world.part, world.md5)
    half = world.file.stat().st_size // 2
    assert ranges(server) == ["", f"bytes={half - 1}-"]
    assert received.n_bytes == world.file.stat().st_size + 1
    assert world.part.read_bytes() == world.file.read_bytes()


def test_a_part_of_an_earlier_run_is_gone_on_with(world: World, server: BulkServer, client: BulkClient) -> None:
    world.part.write_bytes(world.file.read_bytes()[:1000])
    assert client.fetch("baseline", NAME, world.part, world.md5).n_bytes == world.file.stat().st_size - 999
    assert ranges(server) == ["bytes=999-"]
    assert world.part.read_bytes() == world.file.read_bytes()


def test_a_whole_part_of_an_earlier_run_is_not_fetched_again(world: World, server: BulkServer, client: BulkClient) -> None:
    shutil.copy(world.file, world.part)
    received = client.fetch("baseline", NAME, world.part, world.md5)
    assert (received.n_bytes, received.modified) == (1, DAY.timestamp())
    assert len(ranges(server)) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole + b"more",  # longer than the file
        lambda whole: b"\x1f\x8b" + b"x" * 1000,  # of another file
        lambda whole: whole[:-1] + b"x",  # as long, but not the same
    ],
)
def test_a_part_that_does_not_fit_is_begun_anew(world: World, client: BulkClient, spoil: Callable[[bytes], bytes]) -> None:
    world.part.write_bytes(spoil(world.file.read_bytes()))
    client.fetch("baseline", NAME, world.part, world.md5)
    assert world.part.read_bytes() == world.file.read_bytes()


def test_a_server_that_ignores_ranges_sends_the_file_anew(world: World, server: BulkServer, client: BulkClient) -> None:
    world.part.write_bytes(world.file.read_bytes()[:1000])
    world.plan = {"file": [Fault("norange")]}  # type: ignore[arg-type]
    client.fetch("baseline", NAME, world.part, world.md5)
    assert ranges(server) == ["bytes=999-"]
    assert world.part.read_bytes() == world.file.read_bytes()


def test_a_page_that_comes_for_a_range_does_not_cost_what_is_there(world: World, server: BulkServer, client: BulkClient) -> None:
    world.part.write_bytes(world.file.read_bytes()[:1000])
    world.plan = {"file": [Fault("html"), Fault("status", status=500)]}
    client.fetch("baseline", NAME, world.part, world.md5)
    assert ranges(server) == ["bytes=999-"] * 3


def test_a_file_re_issued_between_two_tries_is_not_a_mixture(world: World, server: BulkServer, client: BulkClient) -> None:
    """The server sees from If-Range that the beginning is of another file, and sends all of it."""

    def reissue(call: Call) -> Fault | None:
        if call.utility != "file" or ranges(server)[:-1]:
            return None
        return Fault("cut")

    server.faults = reissue
    before = world.md5
    real = client._server.sleep
    client._server.sleep = lambda seconds: write_bulk_file(world.file, XML[::-1], DAY) or real(seconds)  # type: ignore[func-returns-value]
    with pytest.raises(SourceError, match="its MD5 does not fit"):
        client.fetch("baseline", NAME, world.part, before)
    assert not world.part.exists()
    client.fetch("baseline", NAME, world.part, world.md5)
    assert gzip.decompress(world.part.read_bytes()) == XML[::-1]


def test_a_file_without_a_checksum_is_never_put_together_from_two_runs(
    world: World, server: BulkServer, client: BulkClient
) -> None:
    world.part.write_bytes(b"\x1f\x8b of last year")
    client.fetch("baseline", NAME, world.part, None)
    assert ranges(server) == [""]
    assert world.part.read_bytes() == world.file.read_bytes()


def test_a_long_file_over_a_bad_line_gets_there(world: World, server: BulkServer, client: BulkClient) -> None:
    """Each try brings half of what is left: as long as that is a megabyte, it counts as no failure."""
    write_bulk_file(world.file, random.Random(8).randbytes(40 << 20), DAY)
    world.plan = {"file": [Fault("cut")] * 7}
    client.fetch("baseline", NAME, world.part, world.md5)
    assert len(ranges(server)) == 8 > client.settings.max_tries
    assert world.part.read_bytes() == world.file.read_bytes()


def test_a_line_that_drips_is_given_up(world: World, client: BulkClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_download, "SLOWEST", 0.1)
    world.plan = {"file": [Fault("dribble", seconds=0.02)] * 4}
    with pytest.raises(SourceError, match=r"[1-9] bytes came in 0 s"):
        client.fetch("baseline", NAME, world.part, world.md5)


def test_a_file_that_stays_wrong_is_given_up_and_said(world: World, client: BulkClient) -> None:
    world.plan = {"file": [Fault("damaged")] * 4}  # type: ignore[arg-type]
    with pytest.raises(SourceError, match=rf"baseline/{NAME}: could not be had in 4 tries \(the last: its MD5 does not fit\)"):
        client.fetch("baseline", NAME, world.part, world.md5)
    assert not world.part.exists()


def test_what_is_not_there_is_not_asked_for_again(world: World, server: BulkServer, client: BulkClient) -> None:
    with pytest.raises(SourceError, match=r"refused with HTTP 404; check the address \(GENEMINE_BULK_URL or --from\)"):
        client.listing("nowhere")
    assert len(server.asked) == 1


def test_an_html_page_is_never_a_checksum_or_a_listing(world: World, client: BulkClient) -> None:
    world.plan = {"md5": [Fault("html")] * 4, "listing": [Fault("html")] * 4}
    with pytest.raises(SourceError, match="no checksum of that file"):
        client.md5("baseline", NAME)
    with pytest.raises(SourceError, match="an HTML page that is no listing"):
        client.listing("baseline")


def test_a_server_that_is_not_there_is_told(world: World) -> None:
    with serving(world.folder) as gone:
        url = gone.url
    client = BulkClient(BulkSettings(base_url=url, max_tries=2), sleep=world.slept.append)
    with pytest.raises(SourceError, match=r"baseline/: could not be had in 2 tries .*refused"):
        client.listing("baseline")
    client.close()


def test_a_full_disk_is_told_before_the_file_is_fetched(world: World, client: BulkClient, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(bulk_download.shutil, "disk_usage", lambda _: usage(1 << 40, 1 << 40, 5 << 20))
    with pytest.raises(StorageError, match="5 MiB are free, the next file takes 0 MiB; free space and run again"):
        client.fetch("baseline", NAME, world.part, world.md5)
    assert not world.part.exists()


def test_a_disk_that_fills_up_on_the_way_is_told(world: World, client: BulkClient) -> None:
    world.part.symlink_to("/dev/full")
    with pytest.raises(
        StorageError, match=r"here\.download: cannot be written \(No space left on device\); free space and run again"
    ):
        client.fetch("baseline", NAME, world.part, world.md5)


@pytest.mark.parametrize("url", ["", "ftp://ftp.ncbi.nlm.nih.gov/pubmed/", "data/raw", "https://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match=r"is no address of a server of bulk files; one is https://ftp\.ncbi"):
        BulkClient(BulkSettings(base_url=url))
