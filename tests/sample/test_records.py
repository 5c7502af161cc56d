"""The embedded records are valid PubMed XML, long enough, and of the project's own writing."""

from __future__ import annotations

import csv
import gzip
import re
import urllib.request
from pathlib import Path
from typing import Any, NoReturn

import Bio.Entrez
import pytest
from lxml import etree

from genemine.sample import records_folder

FILES = sorted(records_folder().glob("*.xml"))
DTD = Path(Bio.Entrez.__file__).parent / "DTDs" / "pubmed_250101.dtd"
PAIRS = Path(__file__).resolve().parents[1] / "data" / "sample_pairs.tsv"
README = records_folder().parent / "README.md"
FIRST_PMID = 99000001


def records(path: Path) -> list[Any]:
    return [record for record in etree.parse(str(path)).getroot() if record.tag != "DeleteCitation"]


def pmid(record: Any) -> str:
    return record.findtext("MedlineCitation/PMID") or record.findtext("BookDocument/PMID")


def abstract(record: Any) -> str:
    """All words of the abstract; neither labels nor the abstract in another language."""
    texts = [
        *record.iterfind("MedlineCitation/Article/Abstract/AbstractText"),
        *record.iterfind("BookDocument/Abstract/AbstractText"),
    ]
    return " ".join("".join(text.itertext()) for text in texts)


def title(record: Any) -> str:
    return "".join(next(record.iter("ArticleTitle")).itertext())


def pairs() -> list[dict[str, str]]:
    with PAIRS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def fold(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_biopython_reads_every_file_with_validation_and_without_network(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise AssertionError("a DTD was looked up on the network")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    with path.open("rb") as stream:
        answer = Bio.Entrez.read(stream, validate=True)
    assert len(answer["PubmedArticle"]) + len(answer["PubmedBookArticle"]) == len(records(path))


def test_every_file_keeps_the_element_order_of_the_dtd() -> None:
    """Entrez.read checks names only; this checks order and number too."""
    dtd = etree.DTD(str(DTD))
    for path in FILES:
        assert dtd.validate(etree.parse(str(path))), f"{path.name}: {dtd.error_log.last_error}"


def test_there_are_a_hundred_articles_and_95_abstracts() -> None:
    by_pmid = {pmid(record): abstract(record) for path in FILES for record in records(path)}
    assert (len(by_pmid), sum(bool(text) for text in by_pmid.values())) == (100, 95)
    assert sorted(map(int, by_pmid)) == list(range(FIRST_PMID, FIRST_PMID + 100))


def test_no_pmid_of_any_kind_could_be_taken_for_a_real_one() -> None:
    found = [int(node.text) for path in FILES for node in etree.parse(str(path)).iter("PMID")]
    found += [int(node.text) for path in FILES for node in etree.parse(str(path)).iterfind(".//ArticleId[@IdType='pubmed']")]
    assert min(found) == FIRST_PMID


def test_every_abstract_has_120_to_250_words() -> None:
    lengths = {pmid(r): len(abstract(r).split()) for path in FILES for r in records(path) if abstract(r)}
    assert {who: n for who, n in lengths.items() if not 120 <= n <= 250} == {}


def test_every_record_answers_for_each_kind_of_date() -> None:
    for record in (record for path in FILES for record in records(path)):
        dates = {node.get("PubStatus") for node in record.iter("PubMedPubDate")}
        assert {"entrez", "pubmed"} <= dates, pmid(record)
        assert next(record.iter("PubDate")) is not None, pmid(record)


def test_no_record_was_revised_before_it_was_entered() -> None:
    def day(node: Any) -> tuple[int, ...]:
        return tuple(int(node.findtext(part)) for part in ("Year", "Month", "Day"))

    for record in (record for path in FILES for record in records(path)):
        entered = day(record.find(".//PubMedPubDate[@PubStatus='entrez']"))
        assert (2024, 1, 1) <= entered <= (2026, 10, 31), pmid(record)
        revised = next(record.iter("DateRevised"), None)
        assert revised is None or day(revised) >= entered, pmid(record)


def test_the_told_pairs_are_many_and_some_are_told_repeatedly() -> None:
    asserted = [(row["gene"], row["disease"]) for row in pairs() if row["stance"] == "asserted"]
    assert len(set(asserted)) >= 100
    assert asserted.count(("BRCA1", "Breast Neoplasms")) == 6
    assert asserted.count(("CFTR", "Cystic Fibrosis")) == 3
    assert {row["stance"] for row in pairs()} == {"asserted", "denied", "speculative"}


def test_every_gene_of_a_told_pair_is_named_in_its_article() -> None:
    """By symbol, or as one of the few names that the articles prefer."""
    names = {"HLA-DQA1": "DQA1", "HLA-DQB1": "DQB1", "BCR": "BCR-ABL1", "LEPR": "Lepr"}
    texts = {pmid(r): f"{title(r)} {abstract(r)}" for path in FILES for r in records(path)}
    missing = [
        row for row in pairs() if row["gene"] not in texts[row["pmid"]] and names.get(row["gene"], "?") not in texts[row["pmid"]]
    ]
    assert missing == []


def test_readme_lists_exactly_the_told_pairs() -> None:
    marks = {"asserted": "", "denied": " (denied)", "speculative": " (speculative)"}
    told: dict[tuple[str, str], list[str]] = {}
    for row in pairs():
        told.setdefault((row["gene"], row["disease"]), []).append(row["pmid"] + marks[row["stance"]])
    lines = [f"| {gene} | {disease} | {', '.join(found)} |" for (gene, disease), found in sorted(told.items())]
    table = README.read_text(encoding="utf-8").split("| gene | disease | PMID |")[1].splitlines()
    assert [line for line in table if line.startswith("| ") and "---" not in line] == lines


def read_any(path: Path) -> str:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", errors="replace") as stream:
        return stream.read()


def test_no_title_and_no_sentence_is_taken_from_a_real_record(shared: Path) -> None:
    real: set[str] = set()
    for path in (shared / "data" / "pubmed-xml").rglob("*.xml*"):
        for text in re.findall(
            r"<(?:ArticleTitle|AbstractText)[^>]*>(.*?)</(?:ArticleTitle|AbstractText)>", read_any(path), re.DOTALL
        ):
            real.update(fold(re.sub(r"<[^>]+>", "", sentence)) for sentence in re.split(r"[.?!]\s", text))
    own = {fold(s) for path in FILES for r in records(path) for s in re.split(r"[.?!]\s", f"{title(r)} {abstract(r)}")}
    assert len(real) > 5000
    assert {sentence for sentence in own & real if len(sentence.split()) >= 6} == set()
