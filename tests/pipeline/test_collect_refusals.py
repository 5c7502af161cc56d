"""What cannot be collected is told before any request where that is possible, and never with a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from genemine.config import EntrezSettings, Settings
from genemine.errors import ConfigError, QueryError, StorageError
from genemine.pipeline.collect import checked_query, collect
from genemine.sample import records_folder
from genemine.sample.faults import Call
from genemine.sample.server import serving


@pytest.fixture
def calls() -> list[Call]:
    """Every request that the server got."""
    return []


@pytest.fixture
def settings(tmp_path: Path, calls: list[Call]) -> Iterator[Settings]:
    with serving(records_folder(), rate_limit=False, faults=calls.append) as url:
        yield Settings(data_dir=tmp_path / "data", entrez=EntrezSettings(base_url=url))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (" ", "the query is empty"),
        ('"lung cancer', "odd number of quotation marks"),
        ("(a OR b", "brackets without a partner"),
        (")a(", "brackets without a partner"),
    ],
)
def test_a_query_that_cannot_be_asked_is_refused(query: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        checked_query(query)
    assert checked_query(' a  AND\n"b (" ') == 'a AND "b ("'


def test_bad_input_is_told_before_any_request(settings: Settings, calls: list[Call]) -> None:
    with pytest.raises(QueryError, match="the first day 2026-02-01 lies after the last day 2026-01-01; swap them"):
        collect("x", date(2026, 2, 1), date(2026, 1, 1), settings)
    with pytest.raises(ConfigError, match="NCBI_EMAIL"):
        collect("x", None, None, replace(settings, entrez=EntrezSettings()))
    assert not settings.data_dir.exists()
    settings.data_dir.write_text("a file")
    with pytest.raises(StorageError, match=r"raw: cannot be written \(Not a directory\)"):
        collect("x", None, None, settings)
    assert calls == []


def test_nothing_found_is_told_with_the_reason(settings: Settings) -> None:
    with pytest.raises(QueryError, match=r"no record matches 'zzzqq' between 2026-01-01 and today \(.*no record with: zzzqq\)"):
        collect("zzzqq", date(2026, 1, 1), None, settings)
    assert collect("zzzqq", None, None, settings, allow_empty=True).found == 0


def test_an_unknown_field_is_named(settings: Settings) -> None:
    with pytest.raises(QueryError, match=r"the field \[gnee\], which PubMed does not have"):
        collect("cancer[gnee]", None, None, settings)
