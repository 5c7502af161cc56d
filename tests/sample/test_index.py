"""A folder of PubMed XML read into memory: every root, every revision, every broken file."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from genemine.errors import SourceError
from genemine.sample.fields import day_number, fold, joined, words
from genemine.sample.index import Index, Skipped, load_folder

Make = Callable[..., str]


def test_records_come_from_any_root_any_depth_packed_or_not(tmp_path: Path, make_article: Make, make_set: Make) -> None:
    (tmp_path / "a.xml").write_text(make_set([make_article(1)]), encoding="utf-8")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "b.xml.gz").write_bytes(gzip.compress(make_set([make_article(2)]).encode()))
    (tmp_path / "lone.xml").write_text(make_article(3), encoding="utf-8")
    (tmp_path / "raw.XML").write_text(f"<RAW_DATA>{make_article(4)}</RAW_DATA>", encoding="utf-8")
    (tmp_path / "bom.xml").write_bytes(b"\xef\xbb\xbf" + make_set([make_article(5)]).encode())
    (tmp_path / "packed_without_saying.xml").write_bytes(gzip.compress(make_article(6).encode()))
    (tmp_path / "notes.txt").write_text(make_article(7), encoding="utf-8")
    index = load_folder(tmp_path)
    assert (sorted(index.records), index.n_files, index.skipped) == ([1, 2, 3, 4, 5, 6], 6, [])


def test_a_book_is_a_record(tmp_path: Path) -> None:
    (tmp_path / "book.xml").write_text(
        "<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID Version='3'>9</PMID><Book><BookTitle>PDQ Summaries</BookTitle>"
        "<PubDate><Year>2002</Year></PubDate></Book><ArticleTitle>Breast Cancer Treatment</ArticleTitle>"
        "<Abstract><AbstractText>Summary.</AbstractText></Abstract><DateRevised><Year>2018</Year><Month>2</Month><Day>3</Day></DateRevised>"
        "</BookDocument><PubmedBookData><History><PubMedPubDate PubStatus='entrez'><Year>2016</Year><Month>9</Month><Day>1</Day>"
        "</PubMedPubDate></History></PubmedBookData></PubmedBookArticle></PubmedArticleSet>",
        encoding="utf-8",
    )
    record = load_folder(tmp_path).records[9]
    assert record.revision == (3, 20180203)
    assert record.dates == {"PDAT": (20020101,), "LR": (20180203,), "CRDT": (20160901,), "EDAT": (20160901,)}
    assert record.text == {
        "TITL": " \x1f breast cancer treatment \x1f pdq summaries \x1f ",
        "ABST": " \x1f summary \x1f ",
    }


def test_the_newest_revision_is_served(tmp_path: Path, make_article: Make, make_set: Make) -> None:
    """A higher version wins, then the later DateRevised, then the later file."""
    (tmp_path / "n1.xml").write_text(
        make_set([
            make_article(1, "kept", version=2, revised="2020/01/01"),
            make_article(2, "kept", revised="2024/01/02"),
            make_article(3, "stale"),
        ]),
        encoding="utf-8",
    )  # fmt: skip
    (tmp_path / "n2.xml").write_text(
        make_set([
            make_article(1, "stale", version=1, revised="2024/01/01"),
            make_article(2, "stale", revised="2024/01/01"),
            make_article(3, "kept"),
        ]),
        encoding="utf-8",
    )  # fmt: skip
    index = load_folder(tmp_path)
    assert {pmid: record.text["TITL"] for pmid, record in index.records.items()} == dict.fromkeys([1, 2, 3], " \x1f kept \x1f ")
    assert index.n_older == 3


def test_a_deletion_takes_out_what_stands_before_it_in_its_folder(tmp_path: Path, make_article: Make, make_set: Make) -> None:
    deletion = "<DeleteCitation><PMID Version='1'>1</PMID><PMID Version='1'>2</PMID><PMID Version='1'>77</PMID></DeleteCitation>"
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    (tmp_path / "one" / "n1.xml").write_text(make_set([make_article(1), make_article(2), make_article(3)]), encoding="utf-8")
    (tmp_path / "one" / "n2.xml").write_text(make_set([deletion]), encoding="utf-8")
    (tmp_path / "one" / "n3.xml").write_text(make_set([make_article(2)]), encoding="utf-8")  # comes back
    (tmp_path / "two" / "n0.xml").write_text(make_set([make_article(4)]), encoding="utf-8")
    index = load_folder(tmp_path)
    assert (sorted(index.records), index.n_deleted, index.skipped) == ([2, 3, 4], 2, [])


def test_broken_files_are_listed_and_the_rest_is_served(tmp_path: Path, make_article: Make, make_set: Make) -> None:
    whole = make_set([make_article(1), make_article(2)])
    (tmp_path / "cut.xml").write_text(whole[: whole.index("<PMID", whole.index("<PMID") + 1)], encoding="utf-8")
    packed = gzip.compress(make_set([make_article(n) for n in range(10, 400)]).encode())
    (tmp_path / "cut_packed.xml.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "none.xml").write_text("no XML at all", encoding="utf-8")
    (tmp_path / "empty.xml").write_bytes(b"")
    (tmp_path / "other.xml").write_text("<html><body/></html>", encoding="utf-8")
    (tmp_path / "no_pmid.xml").write_text("<PubmedArticle><MedlineCitation/></PubmedArticle>", encoding="utf-8")
    (tmp_path / "entity.xml").write_text(
        '<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + make_article(8, "&x;"), encoding="utf-8"
    )
    index = load_folder(tmp_path)
    assert 1 in index.records
    assert 2 not in index.records
    assert 8 not in index.records
    reasons = {skipped.path: skipped.reason for skipped in index.skipped}
    assert reasons.keys() == {"cut.xml", "cut_packed.xml.gz", "none.xml", "empty.xml", "other.xml", "no_pmid.xml", "entity.xml"}
    assert reasons["cut.xml"].endswith("; the 1 whole records before it are served")
    assert reasons["cut_packed.xml.gz"].startswith("Compressed file ended before the end-of-stream marker")
    assert reasons["other.xml"] == "it holds no PubMed record"
    assert reasons["no_pmid.xml"] == "a PubmedArticle without a PMID"
    assert reasons["entity.xml"] == "PMID 8: an entity that XML itself does not define"


def test_numbers_beyond_all_bounds_are_no_numbers(tmp_path: Path, make_article: Make, make_set: Make) -> None:
    huge = "9" * 5000
    whole = make_article(1, published=f"<Year>{huge}</Year>")
    (tmp_path / "a.xml").write_text(
        make_set([whole, make_article(2).replace(">2<", f">{huge}<"), f"<DeleteCitation><PMID>{huge}</PMID></DeleteCitation>"]),
        encoding="utf-8",
    )
    index = load_folder(tmp_path)
    assert (list(index.records), index.skipped) == ([1], [Skipped("a.xml", "a PubmedArticle without a PMID")])
    assert "PDAT" not in index.records[1].dates


def test_entities_are_never_expanded(tmp_path: Path, make_article: Make) -> None:
    """The billion laughs, one rung of them: neither the memory nor the answer grows."""
    bomb = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    (tmp_path / "bomb.xml").write_text(bomb + make_article(1, "&b;"), encoding="utf-8")
    (tmp_path / "good.xml").write_text(make_article(2), encoding="utf-8")
    index = load_folder(tmp_path)
    assert (list(index.records), index.skipped) == ([2], [Skipped("bomb.xml", "PMID 1: an entity that XML itself does not define")])


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"no PubMed record found \(it has no .xml or .xml.gz file\); name a folder"),
        ({"readme.txt": "hello"}, "it has no .xml or .xml.gz file"),
        ({"page.xml": "<html/>"}, "1 .xml or .xml.gz files were read; page.xml: it holds no PubMed record"),
        ({"cut.xml": "<PubmedArticleSet>"}, "cut.xml: Premature end"),
    ],
)
def test_a_folder_without_records_is_refused(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        load_folder(tmp_path)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere: no such folder"):
        load_folder(tmp_path / "nowhere")


def test_the_record_is_sent_as_it_stands(tmp_path: Path) -> None:
    """Markup, namespaces, comments, character references: canonical XML before and after is the same."""
    text = (
        '<PubmedArticleSet xmlns:mml="http://www.w3.org/1998/Math/MathML"><PubmedArticle><MedlineCitation>'
        '<PMID Version="1">1</PMID>'
        "<Article><ArticleTitle>TGF-&#946; &amp; <i>Brca1</i><sup>+/−</sup> &lt;5%</ArticleTitle>"
        "<Abstract><AbstractText Label='AIM'>"
        "Let <mml:math><mml:mi>x</mml:mi></mml:math>.<!-- a comment --></AbstractText></Abstract></Article></MedlineCitation>"
        "</PubmedArticle></PubmedArticleSet>"
    )
    (tmp_path / "a.xml").write_text(text, encoding="utf-8")
    sent = load_folder(tmp_path).records[1].xml
    source = etree.fromstring(text)[0]
    assert etree.tostring(etree.fromstring(sent), method="c14n") == etree.tostring(source, method="c14n")


def test_records_are_sorted_by_the_day_they_came_in(library: Index) -> None:
    assert library.newest_first(library.records) == [105, 103, 102, 101, 104]


@pytest.mark.parametrize(
    ("date", "number"),
    [
        (("2024", "02", "29"), 20240229),
        (("2024", "Feb", None), 20240201),
        (("2024", None, None), 20240101),
        (("1998", "Summer", None), 19980601),
        (("1998", "Sept", None), 19980901),
        ((None, "02", "29"), None),
        (("n.d.", None, None), None),
    ],
)
def test_a_date_is_as_exact_as_it_is_given(date: tuple[str | None, str | None, str | None], number: int | None) -> None:
    assert day_number(*date) == number


def test_words_are_folded() -> None:
    assert fold("Überstraße CO₂ ﬁne") == "uberstrasse co2 fine"
    assert words("TGF-β1 (p<0.05), IL_6") == ["tgf", "β1", "p", "0", "05", "il", "6"]
    assert joined(["A b", "…", "C"]) == " \x1f a b \x1f c \x1f "
    assert joined(["—"]) == ""


def test_the_real_records_are_all_there(real_index: Index) -> None:
    """1,287 distinct PMIDs, 7 of them books (../shared/data/README.md); one file is an empty answer of efetch."""
    assert len(real_index.records) == 1287
    assert sum(record.xml.startswith(b"<PubmedBookArticle") for record in real_index.records.values()) == 7
    assert real_index.skipped == [Skipped("metapub__metapub/37909814.xml", "it holds no PubMed record")]
    assert real_index.n_files == 165
    assert {
        name for record in real_index.records.values() for name in ("PDAT", "EDAT", "CRDT", "LR") if name not in record.dates
    } == set()
