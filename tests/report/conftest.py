"""A made-up run, the run before it, and its report."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.report_data import Corpus, make_run
from genemine.config import ReportSettings
from genemine.pipeline.report import add_report
from genemine.storage.layout import Layout
from genemine.storage.manifest import read_manifest
from tests.report.hard import accept, hard_corpus


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """What the report is made of."""
    return hard_corpus()


@pytest.fixture(scope="session")
def layout(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A data folder of two runs: the one before lacks the second best association, had another, and scored the third lower."""
    layout = Layout(tmp_path_factory.mktemp("data"))
    make_run(layout.run("20261129T020000Z-00000002"), corpus)
    accept(layout.run("20261129T020000Z-00000002"), corpus.associations[3]["association_id"])
    before = hard_corpus()
    gone = before.associations.pop(1) | {"association_id": "GDA-000000000000", "gene_name": "GONE1"}
    before.associations[1]["score"] -= 0.25
    before.associations.append(gone)
    make_run(layout.run("20261128T020000Z-00000001"), before)
    layout.raw.mkdir()
    layout.set_latest("20261129T020000Z-00000002")
    return layout


@pytest.fixture(scope="session")
def report(layout: Layout) -> Path:
    """The report of the newer run."""
    folder = layout.latest.resolve()
    return add_report(folder, read_manifest(folder), layout, ReportSettings())
