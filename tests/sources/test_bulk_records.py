"""What a bulk file holds, and which files are refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from genemine.errors import SourceError
from genemine.sample import records_folder
from genemine.sources.bulk_records import read_bulk
from genemine.sources.entrez_answers import parse_records

ARTICLE = "<PubmedArticle><MedlineCitation><PMID Version='1'>{}</PMID><Article/></MedlineCitation></PubmedArticle>"


def packed(folder: Path, xml: str) -> Path:
    path = folder / "pubmed26n0001.xml.gz"
    path.write_bytes(gzip.compress(xml.encode()))
    return path


@pytest.mark.parametrize("name", ["sample26n0001.xml", "sample26n0002.xml", "sample26n0003.xml", "sample26n0004.xml"])
def test_digests_are_those_of_an_efetch_answer(name: str) -> None:
    path = records_folder() / name
    content = read_bulk(path)
    assert content.digests == parse_records(path.read_bytes())
    assert content.deleted == (("99000073", "99000999") if name == "sample26n0004.xml" else ())
    assert content.n_unreadable == 0


def test_of_a_pmid_that_occurs_several_times_the_last_counts(tmp_path: Path) -> None:
    other = ARTICLE.format(7).replace("<Article/>", "<Article>x</Article>")
    content = read_bulk(packed(tmp_path, f"<PubmedArticleSet>{ARTICLE.format(7)}{ARTICLE.format(8)}{other}</PubmedArticleSet>"))
    last = read_bulk(packed(tmp_path, f"<PubmedArticleSet>{other}</PubmedArticleSet>"))
    assert list(content.digests) == ["7", "8"]
    assert content.digests["7"] == last.digests["7"]
    assert content.n_records == 3


def test_a_stretch_that_is_no_record_stops_no_file(tmp_path: Path) -> None:
    broken = "<PubmedArticle><MedlineCitation><PMID>9</MedlineCitation></PubmedArticle>"
    content = read_bulk(packed(tmp_path, f"<PubmedArticleSet>{ARTICLE.format(7)}{broken}{ARTICLE.format(8)}</PubmedArticleSet>"))
    assert list(content.digests) == ["7", "8"]
    assert content.n_unreadable == 1


def test_files_of_medline_until_2017_are_read(tmp_path: Path) -> None:
    old = "<MedlineCitation><PMID Version='1'>{}</PMID><Article/></MedlineCitation>"
    deleted = "<DeleteCitation><PMID>7</PMID><PMID>9</PMID></DeleteCitation>"
    content = read_bulk(packed(tmp_path, f"<MedlineCitationSet>{old.format(7)}{old.format(8)}{deleted}</MedlineCitationSet>"))
    assert list(content.digests) == ["7", "8"]
    assert content.deleted == ("7", "9")


def test_damaged_and_cut_off_files_are_refused_by_name(tmp_path: Path) -> None:
    xml = f"<PubmedArticleSet>{''.join(ARTICLE.format(n) for n in range(1, 2000))}</PubmedArticleSet>"
    path = packed(tmp_path, xml)
    whole = path.read_bytes()
    for spoilt in (whole[: len(whole) // 2], whole[:-4], whole[:-6] + b"\0\0" + whole[-4:]):
        path.write_bytes(spoilt)
        with pytest.raises(SourceError, match=r"pubmed26n0001\.xml\.gz: file is (cut off|damaged)"):
            read_bulk(path)
    packed(tmp_path, xml.removesuffix("</PubmedArticleSet>"))
    with pytest.raises(SourceError, match=r"pubmed26n0001\.xml\.gz: file is cut off"):
        read_bulk(path)
