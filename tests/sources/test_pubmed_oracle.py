"""Bio.Entrez.read on the same records is the oracle: same titles, same abstracts, part by part.

The records that differ are listed in docs/parsing.md with the reason; these tests hold that list to be true and whole.
"""

from __future__ import annotations

import gzip
import html
import io
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from Bio import Entrez

from genemine.records import Article
from genemine.sources.pubmed_xml import parse_bytes

DOCTYPE = (
    b'<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "parsing.md"


@dataclass(frozen=True)
class Oracle:
    """What both readers make of all files: per file and PMID, title and the parts of the abstract."""

    ours: list[tuple[str, str, str, tuple[str, ...]]]
    theirs: list[tuple[str, str, str, tuple[str, ...]]]
    n_mended: int  # files that Entrez reads offline only after their DOCTYPE or root was mended


def readable(data: bytes) -> bytes:
    """Mend what Bio.Entrez 1.88 refuses offline: http DTD addresses, the DTD of 2017 (not bundled), no DTD, roots not in a DTD."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"<!DOCTYPE" in data[:500] and b"pubmed_170101" not in data[:500]:
        return re.sub(rb'(<!DOCTYPE[^>]*")http://', rb"\1https://", data, count=1)
    body = re.search(rb"<PubmedArticle>.*</PubmedArticle>", data, re.DOTALL)
    assert body is not None
    return b'<?xml version="1.0" encoding="utf-8"?>' + DOCTYPE + b"<PubmedArticleSet>" + body.group() + b"</PubmedArticleSet>"


def words(marked_up: str) -> str:
    """Entrez leaves inline tags in its strings, escaped by ``escape=True`` where they are text."""
    return " ".join(html.unescape(re.sub(r"</?[A-Za-z][^<>]*>", "", marked_up)).split())


def entrez_article(record: dict) -> tuple[str, str, tuple[str, ...]]:
    if "BookDocument" in record:
        holder = article = record["BookDocument"]
        title = article.get("ArticleTitle") or article["Book"]["BookTitle"]
    else:
        holder = record["MedlineCitation"]
        article = holder["Article"]
        title = article["ArticleTitle"]
    parts = (words(part) for part in article.get("Abstract", {}).get("AbstractText", []))
    return str(holder["PMID"]), words(title), tuple(part for part in parts if part)


def our_article(article: Article) -> tuple[str, str, tuple[str, ...]]:
    spans = [(part.start, part.end) for part in article.sections] or [(len(article.title) + 1, len(article.text))]
    parts = (" ".join(article.text[start:end].split()) for start, end in spans)
    title = " ".join(article.title.split())
    return article.pmid, title, tuple(part for part in parts if part)


@pytest.fixture(scope="module")
def oracle(shared: Path) -> Oracle:
    ours, theirs, n_mended = [], [], 0
    for path in sorted((shared / "data" / "pubmed-xml").rglob("*.xml*")):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        ours += [(path.name, *our_article(a)) for a in parse_bytes(data, path.name) if isinstance(a, Article)]
        mended = readable(data)
        n_mended += mended != data
        read = Entrez.read(io.BytesIO(mended), validate=False, escape=True)
        records = read if isinstance(read, list) else [*read["PubmedArticle"], *read["PubmedBookArticle"]]  # DTDs to 2015: a list
        theirs += [(path.name, *entrez_article(record)) for record in records]
    return Oracle(ours, theirs, n_mended)


def listed(what: str, why: str) -> set[str]:
    """The PMIDs that docs/parsing.md lists as differing in title or abstract for a reason that begins so."""
    rows = re.findall(r"^\| (title|abstract) \| (.*) \| ([\d ]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {pmid for kind, reason, pmids in rows if kind == what and reason.startswith(why) for pmid in pmids.split()}


def unbracketed(title: str) -> str:
    """What a translated title is without its brackets; the mark after the bracket goes inside."""
    found = re.fullmatch(r"\[(.*)\]([.?!]?)", title)
    assert found is not None
    return found.group(1) if found.group(1).endswith((".", "?", "!")) else found.group(1) + found.group(2)


def test_every_record_is_there(oracle: Oracle) -> None:
    assert [row[:2] for row in sorted(oracle.ours)] == [row[:2] for row in sorted(oracle.theirs)]
    assert len(oracle.ours) == 1455
    assert oracle.n_mended == 13


def test_same_titles_but_for_the_brackets_of_translated_ones(oracle: Oracle) -> None:
    pairs = list(zip(sorted(oracle.ours), sorted(oracle.theirs), strict=True))
    differing = [(mine[1], mine[2], other[2]) for mine, other in pairs if mine[2] != other[2]]
    assert {pmid for pmid, _, _ in differing} == listed("title", "the brackets of a translated title") == listed("title", "")
    assert [title for _, title, _ in differing] == [unbracketed(printed) for _, _, printed in differing]


def test_same_abstracts_but_for_formulas(oracle: Oracle) -> None:
    pairs = list(zip(sorted(oracle.ours), sorted(oracle.theirs), strict=True))
    differing = {mine[1]: ("".join(mine[3]), "".join(other[3])) for mine, other in pairs if mine[3] != other[3]}
    assert set(differing) == listed("abstract", "")
    solid = {pmid for pmid, (mine, other) in differing.items() if mine.replace(" ", "") == other.replace(" ", "")}
    assert solid == listed("abstract", "a formula without the white space")
    for pmid in listed("abstract", "a formula in the order it is read"):
        mine, other = differing[pmid]
        assert mine.split("3He/129Xe MRI")[0] == other.split("He 3 / Xe 129 MRI")[0]
        assert sorted(mine.replace(" ", "")) == sorted(other.replace(" ", ""))
