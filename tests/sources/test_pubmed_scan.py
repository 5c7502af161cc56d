"""Looking through a file by tags finds what parsing it finds."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from genemine.errors import SourceError
from genemine.records import Article, Deletion
from genemine.sample import records_folder
from genemine.sources.pubmed_scan import Scan, find_records, scan_file
from genemine.sources.pubmed_xml import parse_bytes, parse_file

RECORDS = "".join(
    f"<PubmedArticle><MedlineCitation><PMID>{n}</PMID><Article><ArticleTitle>{title}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    for n, title in ((1, "First"), (2, "Second"), (2, "Third"))
)


def assert_same(path: Path) -> int:
    parsed, scan = list(parse_file(path)), scan_file(path)
    assert scan.records == [(one.pmid, one.version, one.revised) for one in parsed if isinstance(one, Article)]
    assert scan.deletions == [one.pmid for one in parsed if isinstance(one, Deletion)]
    return len(scan.records)


def test_the_sample_is_found_as_it_is_parsed() -> None:
    assert sum(assert_same(path) for path in sorted(records_folder().glob("*.xml"))) > 100


def test_real_records_are_found_as_they_are_parsed(shared: Path) -> None:
    paths = [path for path in sorted((shared / "data" / "pubmed-xml").rglob("*.xml*")) if path.name.endswith((".xml", ".xml.gz"))]
    assert sum(assert_same(path) for path in paths) > 1000


def test_damage_ends_a_file_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xml.gz"
    whole = gzip.compress(
        f"<PubmedArticleSet>{RECORDS}<PubmedArticle><MedlineCitation/></PubmedArticle></PubmedArticleSet>".encode()
    )
    path.write_bytes(whole)
    assert scan_file(path) == Scan([("1", 1, ""), ("2", 1, ""), ("2", 1, "")], [], 1, "")
    path.write_bytes(whole[:-8])
    assert scan_file(path).damage == "the gzip file is cut off"
    with pytest.raises(SourceError, match="cannot be read"):
        scan_file(tmp_path / "none.xml")


def test_records_are_found_by_their_pmids_the_last_of_each(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f"<PubmedArticleSet>{RECORDS}</PubmedArticleSet>")
    found = find_records(path, {"2", "3"})
    assert list(found) == ["2"]
    (article,) = parse_bytes(found["2"], "found")
    assert isinstance(article, Article)
    assert article.title == "Third"
