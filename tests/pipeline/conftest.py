"""A PubMed on loopback whose records a test can change, and a data folder to collect into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from genemine.config import EntrezSettings, Settings
from genemine.pipeline.collect import CollectReport, collect, collect_new
from genemine.sample.faults import Call, Fault, Faults
from genemine.sample.server import serving
from genemine.sources.entrez import EntrezClient
from genemine.storage.layout import Layout
from genemine.storage.shards import read_raw

N_ARTICLES = 25


class Unpaced:
    """A limiter that never waits."""

    def wait(self) -> float:
        return 0.0


def article(number: int, entered: date, revised: date, title: str = "BRCA1 in cancer") -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID Version='1'>{99000000 + number}</PMID><DateRevised>{day(revised)}</DateRevised>"
        f"<Article><ArticleTitle>{title} {number}</ArticleTitle></Article></MedlineCitation><PubmedData><History>"
        f"<PubMedPubDate PubStatus='pubmed'>{day(entered)}</PubMedPubDate></History></PubmedData></PubmedArticle>\n"
    )


def day(value: date) -> str:
    return f"<Year>{value.year}</Year><Month>{value.month}</Month><Day>{value.day}</Day>"


class World:
    """PubMed on loopback and a data folder of ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "pubmed"
        self.folder.mkdir()
        self.layout = Layout(folder / "data")
        self.articles = {n: article(n, date(2026, 3, 1), date(2026, 3, 2)) for n in range(1, N_ARTICLES + 1)}
        self.calls: list[Call] = []

    @contextmanager
    def asking(self, faults: Faults | None = None, **entrez: object) -> Iterator[tuple[Settings, EntrezClient]]:
        (self.folder / "all.xml").write_text(f"<PubmedArticleSet>\n{''.join(self.articles.values())}</PubmedArticleSet>")
        self.calls = []

        def noted(call: Call) -> Fault | None:
            self.calls.append(call)
            return faults(call) if faults else None

        with serving(self.folder, rate_limit=False, faults=noted) as url:
            chosen = EntrezSettings(base_url=url, batch_size=10, read_timeout=0.5)
            settings = Settings(data_dir=self.layout.data_dir, entrez=replace(chosen, **entrez))  # type: ignore[arg-type]
            yield settings, EntrezClient(settings.entrez, limiter=Unpaced(), sleep=lambda _: None)  # type: ignore[arg-type]

    def article(self, number: int, entered: date, revised: date, title: str = "BRCA1 in cancer") -> str:
        """The XML of PMID 99000000 + number."""
        return article(number, entered, revised, title)

    def collect(self, faults: Faults | None = None, **entrez: object) -> CollectReport:
        with self.asking(faults, **entrez) as (settings, client):
            return collect("cancer", None, None, settings, client=client)

    def night(self, today: date, faults: Faults | None = None, first_days: int = 30) -> CollectReport:
        with self.asking(faults) as (settings, client):
            return collect_new("cancer", settings, today, first_days, client=client)

    def fetched(self) -> list[str]:
        """PMIDs asked from efetch since the server started."""
        return [pmid for call in self.calls if call.utility == "efetch" for pmid in call.params["id"].split(",")]

    def titles(self) -> list[str]:
        """The titles in all raw shards, sorted."""
        return sorted(
            title.text or "" for path in self.layout.raw_files() for title in etree.fromstring(read_raw(path)).iter("ArticleTitle")
        )


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)
