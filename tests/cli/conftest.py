from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from genemine.cli.main import main
from genemine.pipeline.sample import serving

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Call the command line in an empty folder; gives (exit status, standard output, standard error on one line)."""
    for name in [name for name in os.environ if name.startswith(("NCBI_", "GENEMINE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["genemine", *arguments])
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return status, printed.out, " ".join(printed.err.split())

    return call


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, run: Run) -> Iterator[str]:
    """A loopback server of the embedded sample, which the settings point to."""
    with serving() as url:
        monkeypatch.setenv("GENEMINE_EUTILS_URL", url)
        yield url
