"""Every oddity of PubMed is in the embedded records, at the PMIDs that their README names."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from genemine.sample import records_folder

PAIRS = Path(__file__).resolve().parents[1] / "data" / "sample_pairs.tsv"
README = records_folder().parent / "README.md"
WORDS = re.compile(r"\b(?:CAT|SET|REST|IMPACT|WAS|T3|HCC)\b|\bgene set\b")
MOUSE = re.compile(r"\b(?:Brca1|Trp53|Lepr|Apoe|Htt|Bdnf|Dmd)\b")


@cache
def series() -> tuple[tuple[str, Any], ...]:
    """Every record of the series in file order, with its PMID."""
    nodes = [node for path in sorted(records_folder().glob("*.xml")) for node in etree.parse(str(path)).getroot()]
    return tuple((node.findtext(".//PMID"), node) for node in nodes if node.tag != "DeleteCitation")


def text_of(record: Any, tag: str) -> str:
    return " ".join("".join(node.itertext()) for node in record.iter(tag))


def words_of(record: Any) -> str:
    """The title and the abstract, folded."""
    own = [record.find(".//ArticleTitle"), *record.iterfind(".//Abstract/AbstractText")]
    return " ".join(" ".join("".join(node.itertext()) for node in own).casefold().split())


def has(path: str) -> Callable[[Any], bool]:
    return lambda record: record.find(path) is not None


def says(*publication_types: str) -> Callable[[Any], bool]:
    return lambda record: any(node.text in publication_types for node in record.iter("PublicationType"))


def related(kind: str) -> Callable[[Any], bool]:
    return has(f".//CommentsCorrections[@RefType='{kind}']")


def in_text(pattern: str, tag: str = "AbstractText") -> Callable[[Any], bool]:
    return lambda record: re.search(pattern, text_of(record, tag)) is not None


def alike(low: float, high: float) -> set[str]:
    """PMIDs whose title and abstract, folded, are like those of an earlier PMID; similarity of words in [low, high]."""
    seen: list[tuple[str, list[str]]] = []
    found = set()
    for who, record in series():
        words = words_of(record).split()
        for other, earlier in seen:
            if who != other and len(words) > 50 and abs(len(words) - len(earlier)) < 10:
                likeness = difflib.SequenceMatcher(None, words, earlier, autojunk=False)
                if likeness.quick_ratio() >= low and low <= likeness.ratio() <= high:
                    found.add(who)
        seen.append((who, words))
    return found


def stance(kind: str) -> set[str]:
    with PAIRS.open(encoding="utf-8", newline="") as lines:
        return {row["pmid"] for row in csv.DictReader(lines, delimiter="\t") if row["stance"] == kind}


def told_again() -> set[str]:
    pmids = [who for who, _ in series()]
    return {who for who in pmids if pmids.count(who) > 1}


def deleted() -> set[str]:
    last = etree.parse(str(sorted(records_folder().glob("*.xml"))[-1]))
    return {node.text for node in last.iterfind("DeleteCitation/PMID")}


BY_RECORD: dict[str, Callable[[Any], bool]] = {
    "structured abstract with NlmCategory": has(".//Abstract/AbstractText[@NlmCategory]"),
    "structured abstract, label without NlmCategory": lambda r: any(
        n.get("Label") and not n.get("NlmCategory") for n in r.iter("AbstractText")
    ),
    "unlabelled part inside a structured abstract": lambda r: (
        len({bool(n.get("Label")) for n in r.iterfind(".//Abstract/AbstractText")}) == 2
    ),
    "inline markup in the title (i, b, u, sub, sup)": lambda r: any(len(n) for n in r.iter("ArticleTitle")),
    "bold title words": has(".//ArticleTitle/b"),
    "underlined title words": has(".//ArticleTitle/u"),
    "superscript and subscript in the abstract": lambda r: has(".//AbstractText/sup")(r) and has(".//AbstractText/sub")(r),
    "abstract that begins with markup": lambda r: any(len(n) and not n.text for n in r.iterfind(".//Abstract/AbstractText")),
    "markup inside markup": lambda r: any(len(n) for n in r.iter("b", "i", "sub", "sup", "u")),
    "MathML": has(".//{http://www.w3.org/1998/Math/MathML}math"),
    "MathML in DispFormula": has(".//DispFormula"),
    "Greek letters": in_text("[Α-Ωα-ω]"),
    "micro sign U+00B5": in_text("\u00b5"),
    "combining accent (decomposed letter)": in_text("\u0308"),
    "character beyond U+FFFF": in_text("[\U00010000-\U0010ffff]"),
    "thin space, typographic dash and minus": in_text("\u2009|\u2013|\u2212"),
    "less-than sign in the text (&lt;)": in_text("<"),
    "ampersand in the text (&amp;)": in_text("&"),
    "no abstract": lambda r: r.find(".//Abstract") is None,
    "vernacular title, translated title in brackets": lambda r: (
        has(".//VernacularTitle")(r) and (r.findtext(".//ArticleTitle") or "").startswith("[")
    ),
    "language other than English": lambda r: any(n.text != "eng" for n in r.iter("Language")),
    "two languages": lambda r: len(list(r.iter("Language"))) > 1,
    "title [Not Available].": lambda r: r.findtext(".//ArticleTitle") == "[Not Available].",
    "MedlineDate": has(".//PubDate/MedlineDate"),
    "season": has(".//PubDate/Season"),
    "year only": lambda r: r.find(".//PubDate/Year") is not None and len(r.find(".//PubDate")) == 1 and r.tag == "PubmedArticle",
    "book chapter (PubmedBookArticle)": lambda r: r.tag == "PubmedBookArticle",
    "abstract in another language or in plain words (OtherAbstract)": has(".//OtherAbstract"),
    "copyright line": has(".//CopyrightInformation"),
    "truncated abstract": in_text(r"\(ABSTRACT TRUNCATED AT 250 WORDS\)"),
    "group author": has(".//CollectiveName"),
    "no author list": lambda r: r.find(".//AuthorList") is None,
    "references with DOIs of their own": has(".//ReferenceList/Reference/ArticleIdList"),
    "several ELocationIDs": lambda r: len(list(r.iter("ELocationID"))) > 1,
    "ELocationID without Pagination": lambda r: has(".//ELocationID")(r) and not has(".//Pagination")(r),
    "no DOI among the article's ids": lambda r: (
        r.tag == "PubmedArticle" and not has("PubmedData/ArticleIdList/ArticleId[@IdType='doi']")(r)
    ),
    "no DateRevised": lambda r: r.find(".//DateRevised") is None,
    "status other than MEDLINE": lambda r: (
        r.find("MedlineCitation") is not None and r.find("MedlineCitation").get("Status") != "MEDLINE"
    ),
    "PMID Version above 1": lambda r: int(r.find(".//PMID").get("Version")) > 1,
    "retracted paper": lambda r: says("Retracted Publication")(r) and related("RetractionIn")(r),
    "retraction notice": lambda r: says("Retraction of Publication")(r) and related("RetractionOf")(r),
    "paper with an expression of concern": related("ExpressionOfConcernIn"),
    "expression of concern": lambda r: says("Expression of Concern")(r) and related("ExpressionOfConcernFor")(r),
    "corrected paper": related("ErratumIn"),
    "erratum": lambda r: says("Published Erratum")(r) and related("ErratumFor")(r),
    "preprint": lambda r: says("Preprint")(r) and related("UpdateIn")(r),
    "journal version of a preprint": related("UpdateOf"),
    "letter that comments on another record": related("CommentOn"),
    "symbols that are words": in_text(WORDS.pattern),
    "mouse genes": in_text(MOUSE.pattern),
    "composite mention (breast and ovarian cancer, BRCA1/2)": lambda r: (
        re.search("breast and ovarian cancer|brca1/2", words_of(r)) is not None
    ),
}
BY_SERIES: dict[str, Callable[[], set[str]]] = {
    "revised in the last file": told_again,
    "deleted in the last file (the second was never sent)": deleted,
    "exact copy of another PMID but for case and white space": lambda: alike(1.0, 1.0),
    "near copy of another PMID": lambda: alike(0.9, 0.999),
    "association denied": lambda: stance("denied"),
    "association only supposed": lambda: stance("speculative"),
}
ODDITIES = [*BY_RECORD, *BY_SERIES]


def find(oddity: str) -> set[str]:
    if oddity in BY_SERIES:
        return BY_SERIES[oddity]()
    return {who for who, record in series() if BY_RECORD[oddity](record)}


def table() -> dict[str, set[str]]:
    """The README's table: oddity -> PMIDs."""
    rows = README.read_text(encoding="utf-8").split("| oddity | PMID |")[1].split("\n\n")[0].splitlines()[2:]
    cells = [line.strip("| ").rsplit(" | ", 1) for line in rows]
    return {name: set(re.findall(r"\d{8}", pmids)) for name, pmids in cells}


def test_readme_names_the_same_oddities_as_this_test() -> None:
    assert list(table()) == ODDITIES


@pytest.mark.parametrize("oddity", ODDITIES)
def test_the_oddity_is_where_the_readme_says(oddity: str) -> None:
    assert table()[oddity] == find(oddity) != set()
