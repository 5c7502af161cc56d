"""Bulk files: deletions, several versions of a record, broken records and re-issued files are no loss."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from genemine.config import Settings, load_settings
from genemine.pipeline.bulk_load import load
from genemine.pipeline.validate import validate
from genemine.pipeline.validate_report import Line, Verdict
from genemine.sample.bulk_files import write_bulk_file, write_sample
from genemine.sources.pubmed_scan import scan_file
from genemine.storage.layout import Layout

DAY = datetime(2026, 2, 1, tzinfo=UTC)


def record(pmid: int, title: str = "A title", version: int = 1) -> str:
    article = f"<Article><ArticleTitle>{title}</ArticleTitle></Article>"
    return f"<PubmedArticle><MedlineCitation><PMID Version='{version}'>{pmid}</PMID>{article}</MedlineCitation></PubmedArticle>"


def issue(folder: Path, number: int, *records: str, day: datetime = DAY) -> None:
    write_bulk_file(
        folder / f"pubmed26n{number:04}.xml.gz", f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>".encode(), day
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "data")


def lines(settings: Settings) -> dict[str, Line]:
    """The lines about files and PMIDs, by check."""
    report = validate(settings, offline=True)
    return {line.check: line for line in report.lines if line.check in ("raw files", "whole", "hashes", "PMIDs", "bulk series")}


def test_the_sample_as_bulk_files_with_its_deletions_passes(settings: Settings, tmp_path: Path) -> None:
    write_sample(tmp_path / "bulk")
    load(settings, tmp_path / "bulk")
    found = lines(settings)
    assert {line.verdict for line in found.values()} == {Verdict.PASS}
    assert found["PMIDs"].what.endswith("no record unknown; PubMed deleted 2 PMIDs")
    assert found["bulk series"].what == "bulk: 4 files, none missing between the first and the last"


def test_a_broken_record_counts_as_unreadable_and_two_versions_as_one_pmid(settings: Settings, tmp_path: Path) -> None:
    issue(tmp_path / "bulk", 1, record(1), record(2, "<b>x</i>"), record(3), record(3, version=2))
    load(settings, tmp_path / "bulk")
    assert len(scan_file(Layout(settings.data_dir).raw_files()[0]).records) == 4
    found = lines(settings)
    assert {line.verdict for line in found.values()} == {Verdict.PASS}
    assert found["whole"].what == "1 raw file read to the end: 3 records, and 1 stretch without a readable one (see quarantine)"
    assert found["hashes"].what == "1 SHA-256 as noted, with the 2 records that were noted"


def test_a_record_that_left_a_re_issued_file_is_named(settings: Settings, tmp_path: Path) -> None:
    issue(tmp_path / "bulk", 1, record(1), record(2))
    issue(tmp_path / "bulk", 2, record(1, "Revised"))
    load(settings, tmp_path / "bulk")
    issue(tmp_path / "bulk", 2, record(3), day=datetime(2026, 2, 3, tzinfo=UTC))
    load(settings, tmp_path / "bulk")
    found = lines(settings)
    assert (found["PMIDs"].verdict, found["PMIDs"].examples) == (Verdict.WARN, ("1 in bulk/pubmed26n0001",))
    assert "--reread" in found["PMIDs"].mend


def test_a_gap_in_the_series_is_named(settings: Settings, tmp_path: Path) -> None:
    for number in (1, 2, 5):
        issue(tmp_path / "bulk", number, record(number))
    load(settings, tmp_path / "bulk")
    found = lines(settings)["bulk series"]
    assert (found.verdict, found.examples) == (Verdict.WARN, ("pubmed26n0003-0004",))
