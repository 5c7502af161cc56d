"""A mirror holds what the server holds; what is right already is not fetched again; a file that fails stops no other."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from genemine.config import Settings, load_settings
from genemine.errors import ConfigError, SourceError, StorageError
from genemine.pipeline.bulk_pull import PullReport, pull
from genemine.sample.bulk_files import write_bulk_file, write_sample
from genemine.sample.bulk_server import KINDS
from genemine.sample.faultplan import FaultPlan, Rule
from genemine.sample.faults import Call, Fault
from genemine.sources.bulk import BulkClient
from genemine.storage.lock import held
from tests.pipeline.mirror import Mirror, mirroring

FILES = {
    "baseline": ["sample26n0001.xml.gz", "sample26n0002.xml.gz"],
    "updatefiles": ["sample26n0003.xml.gz", "sample26n0004.xml.gz"],
}
NEW_DAY = datetime(2026, 10, 9, tzinfo=UTC)


class World(Mirror):
    """The embedded sample behind a server that fails as told, and a data folder to mirror it into."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.mirror = folder / "data" / "raw" / "mirror"
        self.faults: dict[str, Fault] = {}  # file name -> what happens whenever it is asked for
        write_sample(self.served)

    def fault(self, call: Call) -> Fault | None:
        return self.faults.get(call.params["path"].rpartition("/")[2])

    @property
    def settings(self) -> Settings:
        return load_settings(data_dir=self.mirror.parents[1], bulk__base_url=self.server.url, bulk__max_tries=2)

    def pull(self, **options: object) -> PullReport:
        """Pull without sleeping; what was asked is forgotten before."""
        self.server.asked.clear()
        client = BulkClient(self.settings.bulk, sleep=lambda _: None)
        return pull(self.settings, client=client, **options)  # type: ignore[arg-type]

    def asked(self) -> list[str]:
        return [path for path, _ in self.server.asked]

    def mirrored(self) -> dict[str, bytes]:
        return contents(self.mirror)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with mirroring(World(tmp_path)) as made:
        yield made


def test_a_mirror_holds_every_file_with_its_checksum_and_time(world: World) -> None:
    report = world.pull()
    assert (report.listed, report.known, report.failed) == (4, 0, {})
    assert report.fetched == FILES["baseline"] + FILES["updatefiles"]
    assert world.mirrored() == contents(world.served)
    for path in world.served.rglob("*.gz"):
        assert (world.mirror / path.relative_to(world.served)).stat().st_mtime == path.stat().st_mtime


def test_a_second_pull_asks_for_two_listings_and_no_more(world: World) -> None:
    world.pull()
    report = world.pull()
    assert (report.known, report.fetched) == (4, [])
    assert world.asked() == ["baseline/", "updatefiles/"]


def test_new_files_alone_are_fetched(world: World) -> None:
    world.pull(kind="baseline")
    report = world.pull()
    assert (report.known, report.fetched) == (2, FILES["updatefiles"])


def test_numbers_and_kinds_limit_what_is_fetched(world: World) -> None:
    assert world.pull(first=2, last=3).fetched == ["sample26n0002.xml.gz", "sample26n0003.xml.gz"]
    assert world.pull(kind="updates", first=4).fetched == ["sample26n0004.xml.gz"]
    assert world.pull(kind="baseline").fetched == ["sample26n0001.xml.gz"]


def test_a_re_issued_file_is_fetched_again(world: World) -> None:
    world.pull()
    write_bulk_file(world.served / "baseline" / "sample26n0002.xml.gz", b"<PubmedArticleSet/>", NEW_DAY)
    report = world.pull()
    assert report.fetched == report.reissued == ["sample26n0002.xml.gz"]
    assert world.mirrored() == contents(world.served)
    assert "re-issued by the server and fetched again: sample26n0002.xml.gz" in report.summary()


@pytest.mark.parametrize("spoil", ["damage", "remove", "touch"])
def test_a_file_that_changed_here_is_compared_again(world: World, spoil: str) -> None:
    world.pull()
    path = world.mirror / "baseline" / "sample26n0001.xml.gz"
    if spoil == "damage":
        path.write_bytes(b"x" + path.read_bytes()[1:])
    elif spoil == "remove":
        path.unlink()
    else:
        os.utime(path)
    report = world.pull()
    assert report.fetched == ([] if spoil == "touch" else ["sample26n0001.xml.gz"])
    assert world.mirrored() == contents(world.served)


def test_rechecking_finds_what_time_and_size_hide(world: World) -> None:
    world.pull()
    path = world.mirror / "baseline" / "sample26n0001.xml.gz"
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_bytes(b"x" + path.read_bytes()[1:])
    os.utime(path, ns=times)
    assert world.pull().fetched == []
    assert world.pull(recheck=True).fetched == ["sample26n0001.xml.gz"]
    assert world.mirrored() == contents(world.served)


@pytest.mark.parametrize("kind", ["status", "reset", "html", "damaged", "cut", "empty"])
def test_a_file_that_fails_stops_no_other_and_comes_later(world: World, kind: str) -> None:
    world.faults = {"sample26n0002.xml.gz": Fault(kind, status=503)}  # type: ignore[arg-type]
    report = world.pull()
    assert report.fetched == ["sample26n0001.xml.gz", *FILES["updatefiles"]]
    assert list(report.failed) == ["sample26n0002.xml.gz"]
    assert "not fetched: sample26n0002.xml.gz: http" in report.summary()
    with pytest.raises(SourceError, match=r"1 of 4 files could not be fetched: sample26n0002\.xml\.gz; run the same command again"):
        report.check()
    assert not (world.mirror / "baseline" / "sample26n0002.xml.gz").exists()
    world.faults.clear()
    later = world.pull()
    later.check()
    assert later.fetched == ["sample26n0002.xml.gz"]
    assert world.mirrored() == contents(world.served)


@pytest.mark.parametrize("seed", range(8))
def test_a_mirror_is_right_however_the_server_fails(world: World, seed: int) -> None:
    """Every third request fails in some way; what has its name is right after each pull, and in the end all is here."""
    # a listing may lose a name to a damaged byte, which nothing but the gap in the numbers tells
    rules = [Rule(Fault(kind, status=503, seconds=0.0), ("md5", "file"), 0.04) for kind in KINDS]  # type: ignore[arg-type]
    rules += [Rule(rule.fault, ("listing",), 0.04) for rule in rules if rule.fault.kind not in ("damaged", "torn")]
    world.server.faults = FaultPlan(rules, seed, most_in_a_row=2)
    wanted = contents(world.served)
    for _ in range(20):
        with contextlib.suppress(SourceError):
            report = world.pull()
            if not report.failed:
                break
        assert all(wanted[name] == content for name, content in world.mirrored().items() if name.endswith((".gz", ".md5")))
    assert world.server.faults.injected.total() > 0
    assert world.mirrored() == wanted


def test_a_server_that_fails_all_along_is_left_alone(world: World) -> None:
    for number in range(5, 15):
        write_bulk_file(world.served / "updatefiles" / f"sample26n{number:04}.xml.gz", b"<PubmedArticleSet/>", NEW_DAY)
    world.faults = {f"sample26n{number:04}.xml.gz": Fault("status", status=503) for number in range(4, 15)}
    report = world.pull()
    assert len(report.failed) == 5
    assert report.not_tried == 6
    assert "not tried: 6 files, as 5 failed one after the other" in report.summary()
    with pytest.raises(SourceError, match="11 of 14 files could not be fetched"):
        report.check()


def test_a_file_without_a_checksum_is_fetched_once_and_said(world: World) -> None:
    (world.served / "baseline" / "sample26n0001.xml.gz.md5").unlink()
    report = world.pull()
    assert report.unchecked == ["sample26n0001.xml.gz"]
    assert "without a checksum on the server: sample26n0001.xml.gz" in report.summary()
    assert world.pull(recheck=True).fetched == []
    path = world.served / "baseline" / "sample26n0001.xml.gz"
    os.utime(path, (NEW_DAY.timestamp(), NEW_DAY.timestamp()))
    assert world.pull().fetched == ["sample26n0001.xml.gz"]


def test_two_pulls_at_once_are_one(world: World) -> None:
    world.mirror.mkdir(parents=True)
    with held(world.mirror, "pulling"), pytest.raises(StorageError, match="pulling since"):
        world.pull()


def test_a_folder_elsewhere_and_an_address_that_is_none(world: World, tmp_path: Path) -> None:
    world.pull(to=tmp_path / "elsewhere")
    assert contents(tmp_path / "elsewhere") == contents(world.served)
    with pytest.raises(ConfigError, match="no address of a server of bulk files"):
        pull(load_settings(bulk__base_url="data/mirror"))
    with pytest.raises(ConfigError, match=r"raw: its folders hold raw shards; fetch into another one, such as .*mirror"):
        world.pull(to=world.mirror.parent)
    with pytest.raises(SourceError, match="HTTP 404"):
        pull(load_settings(data_dir=tmp_path, bulk__base_url=f"{world.server.url}nowhere"))


# Pulls in a process of its own that kills itself at a given step of the second file.
PULL = """
import os, signal, sys
from pathlib import Path
from genemine.config import load_settings
from genemine.pipeline import bulk_pull
from genemine.sources import bulk_download

url, data_dir, step = sys.argv[1:]
seen = []

def killing(function, when, count):
    def called(*args):
        seen.append(when)
        if step == "before " + when and seen.count(when) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args)
        if step == "after " + when and seen.count(when) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return called

bulk_pull.os.utime = killing(os.utime, "time", 2)
bulk_pull._write = killing(bulk_pull._write, "note", 3)
bulk_download.Download.take = killing(bulk_download.Download.take, "body", 2)
bulk_pull.pull(load_settings(data_dir=Path(data_dir), bulk__base_url=url))
"""


@pytest.mark.parametrize("step", ["before body", "after body", "before time", "after time", "before note", "after note"])
def test_a_killed_pull_is_taken_up_where_it_stopped(world: World, step: str) -> None:
    arguments = [sys.executable, "-c", PULL, world.server.url, str(world.mirror.parents[1]), step]
    killed = subprocess.run(arguments, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    whole = {name: content for name, content in world.mirrored().items() if name.endswith(".gz")}
    assert all(contents(world.served)[name] == content for name, content in whole.items())
    report = world.pull()
    assert len(report.fetched) + report.known == 4
    assert report.known == (2 if step.endswith("note") else 1)
    # what came before the kill does not come again, but for the last byte of a download that has no name yet
    left = (FILES["baseline"] + FILES["updatefiles"])[1 if step == "before body" else 2 :]
    assert report.n_bytes == sum(path.stat().st_size for path in world.served.rglob("*.gz") if path.name in left) + (
        step in ("after body", "before time", "after time")
    )
    for path in world.served.rglob("*.gz"):
        assert (world.mirror / path.relative_to(world.served)).stat().st_mtime == path.stat().st_mtime
    assert world.mirrored() == contents(world.served)


def test_a_download_that_was_stopped_is_gone_on_with(world: World) -> None:
    part = world.mirror / "baseline" / "sample26n0001.xml.gz.download"
    part.parent.mkdir(parents=True)
    part.write_bytes((world.served / "baseline" / "sample26n0001.xml.gz").read_bytes()[:1000])
    world.pull()
    assert ("baseline/sample26n0001.xml.gz", "bytes=999-") in world.server.asked
    assert world.mirrored() == contents(world.served)


def test_a_memory_that_is_damaged_is_none(world: World) -> None:
    world.pull()
    for text in ("", "[]", '{"sample26n0001.xml.gz": {"stamp": "x"}}', "\0"):
        (world.mirror / "baseline" / ".checked.json").write_text(text)
        report = world.pull()
        assert (report.known, report.fetched) == (4, [])


def test_a_new_year_is_fetched_beside_the_old_one(world: World) -> None:
    """NCBI takes the old baseline away; what is here stays until somebody removes it."""
    world.pull()
    for path in world.served.rglob("*.gz*"):
        path.unlink()
    write_bulk_file(world.served / "baseline" / "sample27n0001.xml.gz", b"<PubmedArticleSet/>", NEW_DAY + timedelta(days=99))
    report = world.pull()
    assert report.fetched == ["sample27n0001.xml.gz"]
    assert len(list(world.mirror.rglob("*.gz"))) == 5
