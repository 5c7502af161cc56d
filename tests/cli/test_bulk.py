"""``genemine bulk`` as a user types it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from genemine.pipeline.bulk_serve import serving
from genemine.sample.bulk_files import write_sample
from genemine.sample.bulk_server import BulkServer
from genemine.sample.faultplan import FaultPlan, Rule
from genemine.sample.faults import Fault

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def bulk() -> Iterator[BulkServer]:
    with serving() as server:
        yield server


def test_from_a_server_to_the_ledger(run: Run, bulk: BulkServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENEMINE_BULK_URL", bulk.url.rstrip("/"))
    status, out, err = run("bulk", "pull", "--kind", "baseline")
    assert (status, "error" in err) == (0, False)
    assert out.startswith("pulled: 2 files listed, 0 here already, 2 fetched (")
    assert run("bulk", "pull")[1].startswith("pulled: 4 files listed, 2 here already, 2 fetched (")
    status, out, _ = run("bulk", "load")
    assert status == 0
    assert out.startswith(
        "loaded: 4 files of data/raw/mirror with 103 records, of which 103 stand; 1 records deleted; 0 files loaded"
    )
    assert "4 files loaded before" in run("bulk", "load")[1]
    assert "taken in: rows of 4 raw shards" in run("bulk", "load", "--reread")[1]


def test_a_few_files_into_a_folder_elsewhere(run: Run, bulk: BulkServer, tmp_path: Path) -> None:
    assert run("bulk", "pull", "--from", bulk.url, "--to", "mirror", "--first", "2", "--last", "3")[0] == 0
    assert sorted(path.name for path in (tmp_path / "mirror").rglob("*.gz")) == ["sample26n0002.xml.gz", "sample26n0003.xml.gz"]
    status, out, _ = run("bulk", "load", "mirror", "--data-dir", "elsewhere")
    assert (status, (tmp_path / "elsewhere" / "raw" / "bulk").is_dir()) == (0, True)
    assert out.startswith("loaded: 2 files of mirror")


def test_a_file_that_cannot_be_had_is_named_and_the_status_is_2(run: Run, bulk: BulkServer, tmp_path: Path) -> None:
    bulk.faults = FaultPlan([Rule(Fault("status", status=503), ("file",), numbers=frozenset({1}))])
    (tmp_path / "settings.toml").write_text("[bulk]\nmax_tries = 1\n")
    status, out, err = run("bulk", "pull", "--from", bulk.url, "--settings", "settings.toml")
    assert status == 2
    assert "3 fetched" in out
    assert "not fetched: sample26n0001.xml.gz: http://127.0.0.1" in out
    assert "error: 1 of 4 files could not be fetched: sample26n0001.xml.gz; run the same command again to go on" in err
    assert run("bulk", "pull", "--from", bulk.url, "--settings", "settings.toml")[0] == 0


def test_a_damaged_file_is_named_and_the_status_is_2(run: Run, tmp_path: Path) -> None:
    write_sample(tmp_path / "bulk")
    path = tmp_path / "bulk" / "baseline" / "sample26n0002.xml.gz"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:-100])
    status, out, err = run("bulk", "load", "bulk")
    assert status == 2
    assert "loaded: 3 files" in out
    assert "missing: sample26n0002" in out
    assert "sample26n0002.xml.gz: its MD5 is " in err
    assert "All other files are; mend these and load again" in err
    shutil.rmtree(tmp_path / "bulk" / "baseline")
    assert run("bulk", "load", "bulk")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("pull", "--from", "data/mirror"), "is no address of a server of bulk files"),
        (("load", "nowhere"), "nowhere: cannot be read (No such file or directory); give a folder of bulk files"),
        (("load",), "data/raw/mirror: cannot be read"),
        (("serve", "nowhere"), "nowhere: no folder to serve; give one that holds baseline/ and updatefiles/"),
        (("serve", "--faults", "plan.toml"), "plan.toml: fault plan cannot be read"),
    ],
)
def test_wrong_input_is_told(run: Run, arguments: tuple[str, ...], message: str) -> None:
    status, _, err = run("bulk", *arguments)
    assert status == 2
    assert message in err


def test_a_plan_of_another_server_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text('[[fault]]\nkind = "cut"\nrequests = "efetch"\nprobability = 0.5\n')
    status, _, err = run("bulk", "serve", "--faults", "plan.toml")
    assert status == 2
    assert "known: listing, md5, file" in err


@pytest.mark.parametrize("command", ["pull", "load", "serve"])
def test_help_teaches(run: Run, command: str) -> None:
    status, out, _ = run("bulk", command, "--help")
    assert status == 0
    assert "Usage: genemine bulk" in out
