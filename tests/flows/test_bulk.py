"""The bulk flow through Prefect's own engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prefect.exceptions import ParameterTypeError

from flows.bulk import bulk
from genemine.errors import SourceError
from genemine.pipeline.bulk_serve import serving
from genemine.sample import records_folder
from genemine.sample.bulk_files import FIRST_DAY, write_bulk_file
from genemine.sample.faultplan import FaultPlan, Rule
from genemine.sample.faults import Fault


def test_bulk_files_are_fetched_loaded_and_mined_and_a_second_run_does_nothing(
    prefect: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be had fails the first run at its end: by then all else is mined, and the next run adds it."""
    (tmp_path / "settings.toml").write_text("[bulk]\nmax_tries = 1\n")
    arguments: dict[str, Any] = {"data_dir": str(tmp_path / "data"), "settings_file": str(tmp_path / "settings.toml")}
    served, newest = tmp_path / "served", (records_folder() / "sample26n0004.xml").read_bytes()
    write_bulk_file(served / "baseline" / "sample26n0001.xml.gz", newest, FIRST_DAY)
    write_bulk_file(served / "updatefiles" / "sample26n0002.xml.gz", b"<PubmedArticleSet/>", FIRST_DAY)
    with serving(served) as server:
        monkeypatch.setenv("GENEMINE_BULK_URL", server.url)
        server.faults = FaultPlan([Rule(Fault("status", status=503), ("file",), numbers=frozenset({2}))])
        with pytest.raises(SourceError, match=r"1 of 2 files could not be fetched: sample26n0002\.xml\.gz"):
            bulk(**arguments)
        assert len(list((tmp_path / "data" / "processed" / "runs").iterdir())) == 1
        second = bulk(**arguments)
        third = bulk(**arguments)
    assert not second.reused
    assert second.counts["deletions"] == 2
    assert third.reused
    assert third.folder.resolve() == second.folder.resolve()


@pytest.mark.parametrize("wrong", [{"kind": "none"}, {"first": 0}, {"last": "x"}, {"until": "2026-01-01"}])
def test_a_wrong_form_is_refused_before_the_run(wrong: dict[str, Any]) -> None:
    with pytest.raises((ParameterTypeError, TypeError)):
        bulk.validate_parameters(wrong)
