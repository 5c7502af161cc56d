"""From bulk files to tables: what a later file revises, deletes or brings back is what the tables hold; E-utilities in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from genemine.config import Settings, load_settings
from genemine.pipeline.bulk_load import load
from genemine.pipeline.collect import collect
from genemine.pipeline.mine import find_batches, mine
from genemine.sample import server
from genemine.sample.bulk_files import write_bulk_file
from genemine.storage.layout import Layout
from genemine.storage.ledger import Ledger
from genemine.tables.files import read_table

DAY = datetime(2026, 1, 1, tzinfo=UTC)
KEY = "0" * 36


def record(pmid: int, words: str, revised: int = 1) -> str:
    return f"""<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID>
<DateRevised><Year>2026</Year><Month>01</Month><Day>{revised:02}</Day></DateRevised>
<Article><Journal><Title>J</Title></Journal><ArticleTitle>Mutations of gene number {pmid} {words}.</ArticleTitle>
<Abstract><AbstractText>Here we show {words} that BRCA1 causes breast cancer, case {pmid}.</AbstractText></Abstract></Article>
</MedlineCitation><PubmedData><History><PubMedPubDate PubStatus="entrez"><Year>2026</Year><Month>1</Month><Day>1</Day>
</PubMedPubDate></History></PubmedData></PubmedArticle>
"""


def deleted(*pmids: int) -> str:
    return f"<DeleteCitation>{''.join(f'<PMID>{pmid}</PMID>' for pmid in pmids)}</DeleteCitation>"


def write(folder: Path, number: int, *parts: str) -> None:
    """A bulk file, issued on the day of its number."""
    xml = f"<PubmedArticleSet>\n{''.join(parts)}</PubmedArticleSet>\n".encode()
    write_bulk_file(folder / f"pubmed26n{number:04}.xml.gz", xml, DAY + timedelta(days=number))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "bulk"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "data")


def mined(settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
    """PMID -> the words of its title in ``articles``, and PMID -> reason in ``dropped``."""
    report = mine(settings)
    articles, dropped = (read_table(report.folder, name) for name in ("articles", "dropped"))
    words = {row.pmid: row.title.removesuffix(".").split(f"number {row.pmid} ")[1] for row in articles.itertuples()}
    return words, dict(zip(dropped["pmid"] + " " + dropped["source"].str[:13], dropped["reason"], strict=True))


def test_later_files_revise_delete_and_bring_back(folder: Path, settings: Settings) -> None:
    """Update files come in two nights; the tables after each are those of the files in the order of their numbers."""
    write(folder / "baseline", 1, *(record(pmid, "at first") for pmid in (1, 2, 3, 4)))
    write(folder / "updatefiles", 2, record(2, "revised", 2), deleted(3, 4, 99))
    load(settings, folder)
    words, dropped = mined(settings)
    assert words == {"1": "at first", "2": "revised"}
    assert dropped == {
        "2 pubmed26n0001": "stale revision",
        "3 pubmed26n0001": "deleted by PubMed",
        "4 pubmed26n0001": "deleted by PubMed",
    }
    write(folder / "updatefiles", 3, record(4, "brought back", 3), record(5, "new", 3))
    load(settings, folder)
    words, _ = mined(settings)
    assert words == {"1": "at first", "2": "revised", "4": "brought back", "5": "new"}
    with Ledger(Layout(settings.data_dir).ledger) as ledger:
        assert {pmid: kept.batch[-1] for pmid, kept in ledger.kept("bulk", "12345").items()} == {
            "1": "1",
            "2": "2",
            "4": "3",
            "5": "3",
        }


def test_the_order_is_that_of_the_numbers_even_if_a_file_comes_late(folder: Path, settings: Settings) -> None:
    """n0002 is loaded last: what n0003 brought back stays, and of two equal revisions the later file's stands."""
    write(folder, 1, record(1, "at first"), record(2, "at first"), record(3, "at first"))
    write(folder, 3, record(1, "brought back"), record(2, "third"))
    load(settings, folder)
    write(folder, 2, record(2, "second"), deleted(1, 3))
    assert load(settings, folder).gaps == ()
    assert find_batches(settings) == ["bulk/pubmed26n0001", "bulk/pubmed26n0002", "bulk/pubmed26n0003"]
    words, dropped = mined(settings)
    assert words == {"1": "brought back", "2": "third"}
    assert dropped["3 pubmed26n0001"] == "deleted by PubMed"


def test_what_e_utilities_sent_and_bulk_files_are_one_corpus(folder: Path, settings: Settings, tmp_path: Path) -> None:
    """Of equal revisions the one issued later stands, and a bulk file of a later day deletes what E-utilities sent."""
    served = tmp_path / "served"
    served.mkdir()
    (served / "a.xml").write_text(f"<PubmedArticleSet>\n{record(1, 'fetched')}{record(6, 'fetched')}</PubmedArticleSet>")
    write(folder, 1, record(1, "of bulk"), record(2, "of bulk"))
    with server.serving(served, rate_limit=False) as url:
        asking = load_settings(data_dir=settings.data_dir, entrez__base_url=url, entrez__api_key=KEY)
        assert collect("1:9[uid]", None, None, asking).fetched == 2
    load(settings, folder)
    assert mined(settings)[0] == {"1": "fetched", "2": "of bulk", "6": "fetched"}
    xml = f"<PubmedArticleSet>{deleted(6)}</PubmedArticleSet>".encode()
    write_bulk_file(folder / "pubmed26n0002.xml.gz", xml, datetime.now(UTC) + timedelta(days=1))
    assert load(settings, folder).n_deleted == 1
    assert mined(settings)[0] == {"1": "fetched", "2": "of bulk"}
