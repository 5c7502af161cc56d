"""Answers written as NCBI writes them: rendered from what recorded answers hold, they are those answers byte for byte."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from Bio import Entrez
from lxml import etree

from genemine.sample import answers
from genemine.sample.answers import SearchAnswer
from genemine.sample.search import Notes


@pytest.fixture(scope="module")
def recorded(shared: Path) -> Path:
    return shared / "data" / "eutils" / "biopython__biopython"


def read_search(body: bytes) -> SearchAnswer:
    """What an eSearchResult says, read independently of what writes it."""
    root = etree.fromstring(body)
    notes = Notes(
        phrases_not_found=root.xpath("ErrorList/PhraseNotFound/text()"),
        fields_not_found=root.xpath("ErrorList/FieldNotFound/text()"),
        output_messages=root.xpath("WarningList/OutputMessage/text()"),
        translations=[(t.findtext("From"), t.findtext("To")) for t in root.iterfind("TranslationSet/Translation")],
    )
    key = root.findtext("QueryKey")
    return SearchAnswer(
        count=int(root.findtext("Count")),
        ids=[int(e.text) for e in root.iterfind("IdList/Id")],
        start=int(root.findtext("RetStart")),
        translation=root.findtext("QueryTranslation"),
        notes=notes,
        query_key=int(key) if key else None,
        web_env=root.findtext("WebEnv") or "",
    )


@pytest.mark.parametrize("name", ["esearch1", "esearch2", "esearch3", "esearch8"])
def test_esearch_is_written_as_recorded(recorded: Path, name: str) -> None:
    """A plain search, one with history and a translation, a later page, one without hits."""
    body = (recorded / f"{name}.xml").read_bytes()
    assert answers.search_xml(read_search(body)).body == body


def test_esearch_of_another_year_has_the_same_elements(shared: Path) -> None:
    """That answer was laid out anew by those who kept it; element by element it is what is written here."""
    body = (shared / "data" / "eutils" / "sammyjava__bsharp-pubmed" / "esearch.xml").read_bytes()
    ours, theirs = (list(etree.fromstring(b).iter()) for b in (answers.search_xml(read_search(body)).body, body))
    assert [(e.tag, (e.text or "").strip()) for e in ours] == [(e.tag, (e.text or "").strip()) for e in theirs]


def test_epost_is_written_as_recorded(recorded: Path) -> None:
    first = (recorded / "epost1.xml").read_bytes()
    web_env = re.search(r"MCID_\w+", first.decode())
    assert web_env
    assert answers.post_xml(1, web_env.group(), []).body == first
    assert answers.post_error("Invalid db name specified: nothing").body == (recorded / "epost2.xml").read_bytes()
    assert answers.post_nothing(any_invalid=True).body.rstrip() == (recorded / "epost3.xml").read_bytes().rstrip()


def test_einfo_lists_databases_as_recorded(recorded: Path) -> None:
    theirs = re.sub(r"(?:\t<DbName>(?!pubmed<)\w+</DbName>\n)+", "", (recorded / "einfo1.xml").read_text(encoding="utf-8"))
    assert answers.info_databases().body.decode() == theirs


def test_einfo_tells_the_fields_as_recorded(recorded: Path) -> None:
    """Every field that is served here is NCBI's, flag by flag and in NCBI's order; what surrounds the fields is the same too."""

    def fields(body: bytes) -> dict[str, list[tuple[str, str | None]]]:
        found = etree.fromstring(body).iterfind("DbInfo/FieldList/Field")
        return {f.findtext("Name"): [(e.tag, e.text) for e in f] for f in found}

    ours, theirs = answers.info_pubmed(5, "Build-1", "2026/01/01 00:00").body, (recorded / "einfo2.xml").read_bytes()
    assert fields(ours) == {name: field for name, field in fields(theirs).items() if name in fields(ours)}
    assert list(fields(ours)) == [name for name in fields(theirs) if name in fields(ours)]
    assert len(fields(ours)) == 31
    shapes = [[e.tag for e in etree.fromstring(body).find("DbInfo")] for body in (ours, theirs)]
    assert shapes[0] == shapes[1]
    types = [etree.fromstring(body).getroottree().docinfo.doctype for body in (ours, theirs)]
    assert types[0] == types[1]


def test_efetch_begins_as_recorded(shared: Path) -> None:
    """37909814.xml is what efetch sends for a PMID it does not have."""
    body = (shared / "data" / "pubmed-xml" / "metapub__metapub" / "37909814.xml").read_bytes()
    assert answers.fetch_xml([]).body == body


def test_json_has_the_recorded_keys(shared: Path) -> None:
    theirs = json.loads(
        (shared / "data" / "eutils" / "genomoncology__biomcp" / "pubmed_esearch_braf.json").read_text(encoding="utf-8")
    )
    ours = json.loads(answers.search_json(SearchAnswer(2, [123, 456], 0, '"braf"[All Fields]')).body)
    assert {key: ours["esearchresult"][key] for key in theirs["esearchresult"]} == theirs["esearchresult"]


def test_json_says_all_that_xml_says() -> None:
    notes = Notes(["p"], ["f"], ["i"], ["q"], ["o"], [("a", "b")])
    body = json.loads(answers.search_json(SearchAnswer(3, [7], 2, "t", notes, 4, "MCID_x")).body)
    assert body == {
        "header": {"type": "esearch", "version": "0.3"},
        "esearchresult": {
            "count": "3", "retmax": "1", "retstart": "2", "querykey": "4", "webenv": "MCID_x", "idlist": ["7"],
            "translationset": [{"from": "a", "to": "b"}], "querytranslation": "t",
            "errorlist": {"phrasesnotfound": ["p"], "fieldsnotfound": ["f"]},
            "warninglist": {"phrasesignored": ["i"], "quotedphrasesnotfound": ["q"], "outputmessages": ["o"]},
        },
    }  # fmt: skip


def test_biopython_reads_everything_offline() -> None:
    """Entrez.read validates against the DTD it ships, so the order of elements is checked too."""
    notes = Notes(["p & q"], ["f"], ["i"], ["<q>"], ["o"], [("a", "b")])
    found = Entrez.read(io.BytesIO(answers.search_xml(SearchAnswer(3, [7], 2, "t", notes, 4, "MCID_x")).body))
    assert (found["Count"], found["IdList"], found["WebEnv"], found["QueryKey"]) == ("3", ["7"], "MCID_x", "4")
    assert found["ErrorList"] == {"PhraseNotFound": ["p & q"], "FieldNotFound": ["f"]}
    assert found["WarningList"] == {"PhraseIgnored": ["i"], "QuotedPhraseNotFound": ["<q>"], "OutputMessage": ["o"]}
    assert Entrez.read(io.BytesIO(answers.search_count_xml(12).body))["Count"] == "12"
    assert Entrez.read(io.BytesIO(answers.post_xml(2, "MCID_y", ["x"]).body)) == {
        "InvalidIdList": ["x"], "QueryKey": "2", "WebEnv": "MCID_y",
    }  # fmt: skip
    assert Entrez.read(io.BytesIO(answers.info_databases().body))["DbList"] == ["pubmed"]
    (info,) = Entrez.read(io.BytesIO(answers.info_pubmed(5, "Build-1", "2026/01/01 00:00").body))["DbInfo"]
    assert (info["Count"], info["FieldList"][0]["FullName"]) == ("5", "All Fields")
    assert Entrez.read(io.BytesIO(answers.fetch_xml([]).body)) == {"PubmedArticle": [], "PubmedBookArticle": []}


@pytest.mark.parametrize(
    "answer",
    [
        answers.search_error("no & <such>"),
        answers.post_error("no & <such>"),
        answers.info_error("no & <such>"),
    ],
)
def test_an_error_is_an_error_to_biopython(answer: answers.Answer) -> None:
    with pytest.raises(RuntimeError, match="no & <such>"):
        Entrez.read(io.BytesIO(answer.body), validate=False)


def test_an_efetch_error_is_a_bad_request() -> None:
    """Biopython ships no DTD for it: over HTTP it never reads this, for urlopen raises at status 400."""
    answer = answers.fetch_error("no & <such>")
    assert (answer.status, etree.fromstring(answer.body).xpath("/eFetchResult/ERROR/text()")) == (400, ["no & <such>"])
