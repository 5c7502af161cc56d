"""``genemine vocab`` as a user types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from genemine.sample.bulk_server import serving

Run = Callable[..., tuple[int, str, str]]
HGNC = "hgnc_id\tsymbol\tname\nHGNC:1\tGENE1\tgene one\n"


def test_pull_names_what_it_fetched_and_what_it_could_not(run: Run, tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "hgnc_complete_set.txt").write_text(HGNC)
    with serving(tmp_path / "served") as server:
        status, out, err = run("vocab", "pull", "--mirror", server.url, "--only", "hgnc", "--only", "mim2gene")
        assert status == 2
        assert out.startswith("pulled: 1 files fetched (0.0 MB, ")
        assert "hgnc_complete_set.txt     0.0 MB  fetched              CC0 1.0" in out
        assert "refused with HTTP 404" in out
        assert "error: 1 of 2 files could not be fetched: mim2gene_medgen" in err
        assert (tmp_path / "data" / "raw" / "vocab" / "hgnc_complete_set.txt").read_text() == HGNC
        status, out, _ = run("vocab", "pull", "--mirror", server.url, "--only", "hgnc")
    assert (status, "1 unchanged, 0 failed" in out) == (0, True)


def test_without_a_network_every_file_is_named_and_the_status_is_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[vocab]\nmirror = "http://127.0.0.1:9/"\nmax_tries = 1\n')
    status, out, err = run("vocab", "pull", "--settings", "settings.toml")
    assert status == 2
    assert out.count("not fetched: ") == 5
    assert "5 of 5 files could not be fetched" in err


def test_a_mirror_that_is_no_address_is_told(run: Run) -> None:
    status, _, err = run("vocab", "pull", "--mirror", "data/mirror")
    assert status == 2
    assert "'data/mirror' is no address of a mirror" in err


@pytest.mark.parametrize("command", ["pull", "build", "status", "suspects"])
def test_help_teaches(run: Run, command: str) -> None:
    status, out, _ = run("vocab", command, "--help")
    assert (status, "Usage: genemine vocab" in out) == (0, True)


def test_status_without_settings_tells_of_the_embedded_lexicon(run: Run) -> None:
    status, out, _ = run("vocab", "status")
    assert (status, out.startswith("serves: the embedded lexicon")) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("build",), "data/raw/vocab: no such folder; `genemine vocab pull` fetches"),
        (("build", "."), "no gene_info of NCBI Gene there; fetch it with `genemine vocab pull`"),
        (("suspects",), "data: no data folder"),
        (("pull", "--species", "mouse"), "NCBI has no gene_info file of that taxon alone"),
    ],
)
def test_wrong_input_is_told(run: Run, arguments: tuple[str, ...], message: str) -> None:
    status, _, err = run("vocab", *arguments)
    assert status == 2
    assert message in err
