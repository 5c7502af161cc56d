"""The four utilities, parameters in and answers out."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from genemine.sample.answers import Answer
from genemine.sample.history import History
from genemine.sample.index import Index, StoredRecord
from genemine.sample.service import BadRequest, Service


@pytest.fixture
def service(library: Index) -> Service:
    return Service(library, today=lambda: date(2024, 3, 10))


@pytest.fixture(scope="module")
def crowd() -> Index:
    """12,000 records of one word."""
    index = Index(folder=Path("crowd"))
    for pmid in range(1, 12_001):
        xml = f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID></MedlineCitation></PubmedArticle>".encode()
        index.records[pmid] = StoredRecord(pmid, 1, xml, {"TITL": " \x1f cancer \x1f "}, {"CRDT": (20240101,)}, ("", ""))
    index.finish()
    return index


def found(answer: Answer) -> etree._Element:
    assert answer.status == 200
    return etree.fromstring(answer.body)


def ids(answer: Answer) -> list[str]:
    return [e.text for e in found(answer).iterfind("IdList/Id")]


def pmids(answer: Answer) -> list[str]:
    return [e.text for e in found(answer).iter("PMID")]


def test_esearch_gives_pages_newest_first(service: Service) -> None:
    first = service.esearch({"db": "pubmed", "term": "all[sb]", "retmax": "2"})
    assert ids(first) == ["105", "103"]
    assert [found(first).findtext(tag) for tag in ("Count", "RetMax", "RetStart")] == ["5", "2", "0"]
    assert ids(service.esearch({"term": "all[sb]", "retstart": "2", "retmax": "9"})) == ["102", "101", "104"]
    assert ids(service.esearch({"term": "all[sb]", "retstart": "7"})) == []
    assert ids(service.esearch({"term": "all[sb]", "sort": "pub date"})) == ["103", "105", "101", "102", "104"]


def test_esearch_answers_like_the_recorded_empty_search(service: Service, shared: Path) -> None:
    recorded = (shared / "data" / "eutils" / "biopython__biopython" / "esearch8.xml").read_bytes()
    assert service.esearch({"db": "pubmed", "term": "abcXYZ"}).body == recorded


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"datetype": "edat", "mindate": "2024/02", "maxdate": "2024/03"}, ["105", "103", "102"]),
        ({"datetype": "mdat", "mindate": "2024/05/05", "maxdate": "3000"}, ["102"]),
        ({"mindate": "2025", "maxdate": "2025"}, ["103"]),
        ({"datetype": "edat", "reldate": "10"}, ["105", "103"]),
        ({"datetype": "edat", "reldate": "99999999"}, ["105", "103", "102", "101"]),
        ({"datetype": "edat", "mindate": "2025", "maxdate": "2024"}, []),
    ],
)
def test_esearch_limits(service: Service, params: dict[str, str], expected: list[str]) -> None:
    assert ids(service.esearch({"term": "eng[la]", **params})) == expected


def test_the_parameter_field_is_the_tag_of_what_has_none(service: Service) -> None:
    assert ids(service.esearch({"term": "brca1 mutations", "field": "ti"})) == ["101"]
    assert ids(service.esearch({"term": "humans", "field": "ti"})) == []
    assert ids(service.esearch({"term": "(melanoma OR humans[mh])", "field": "ti"})) == ["105", "103", "101"]


def test_a_lone_mindate_is_named_and_ignored(service: Service) -> None:
    answer = service.esearch({"term": "all[sb]", "mindate": "2024"})
    assert found(answer).xpath("WarningList/OutputMessage/text()") == [
        "mindate and maxdate must be used together; the one given is ignored"
    ]
    assert len(ids(answer)) == 5


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({}, "Empty term and query_key - nothing todo"),
        ({"term": " "}, "Empty term and query_key - nothing todo"),
        ({"db": "nothing", "term": "x"}, "Invalid db name specified: nothing"),
        ({"term": "#1"}, "Unable to obtain query #1"),
        ({"term": "x", "webenv": "MCID_none", "query_key": "3"}, "Unable to obtain query #3"),
        (
            {"term": "x", "datetype": "xdat", "mindate": "2024", "maxdate": "2025"},
            "datetype 'xdat' is no date field of PubMed; use edat",
        ),
        ({"term": "x", "mindate": "2024/31", "maxdate": "2025"}, "mindate '2024/31' or maxdate '2025' is no date"),
    ],
)
def test_esearch_says_why_it_cannot(service: Service, params: dict[str, str], message: str) -> None:
    assert found(service.esearch(params)).findtext("ERROR").startswith(message)
    assert json.loads(service.esearch({**params, "retmode": "json"}).body)["esearchresult"]["ERROR"].startswith(message)


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("esearch1", {"term": "mutations", "retmax": "20"}),
        ("esearch2", {"term": "melanoma", "retmax": "100", "reldate": "60", "datetype": "edat", "usehistory": "y"}),
        ("esearch3", {"term": "J Small Tests[ta] AND 97[vi]"}),
        ("esearch8", {"term": "abcXYZ"}),
    ],
)
def test_esearch_has_the_elements_of_a_recorded_answer(service: Service, shared: Path, name: str, params: dict[str, str]) -> None:
    """The like of what was asked then gives the same declaration, document type and elements, each in its place."""
    theirs = (shared / "data" / "eutils" / "biopython__biopython" / f"{name}.xml").read_bytes()
    ours = service.esearch(params).body

    def shape(body: bytes) -> list[str]:
        tree = etree.fromstring(body).getroottree()
        return [tree.docinfo.doctype, *dict.fromkeys(re.sub(r"\[\d+\]", "", tree.getpath(e)) for e in tree.iter())]

    assert shape(ours) == shape(theirs)
    assert ours.splitlines()[0] == theirs.splitlines()[0]


def test_a_limit_by_reldate_is_explained_as_recorded(service: Service, shared: Path) -> None:
    """60 days back, as esearch2 was asked on 26 November 2025."""
    recorded = etree.parse(shared / "data" / "eutils" / "biopython__biopython" / "esearch2.xml").findtext("QueryTranslation")
    then = Service(service.index, today=lambda: date(2025, 11, 26))
    ours = found(then.esearch({"term": "melanoma", "reldate": "60", "datetype": "edat"})).findtext("QueryTranslation")
    assert ours.partition(" AND ")[2] == recorded.partition(" AND ")[2] == "2025/09/27:2025/11/26[Date - Entry]"


def test_a_journal_is_translated_as_recorded(real_index: Index, shared: Path) -> None:
    recorded = etree.parse(shared / "data" / "eutils" / "biopython__biopython" / "esearch3.xml")
    answer = found(Service(real_index).esearch({"term": "Proc Natl Acad Sci U S A[ta] AND 97[vi]"}))
    for path in ("TranslationSet/Translation/To", "QueryTranslation"):
        assert answer.findtext(path) == recorded.findtext(path)


@given(st.text(st.characters(), max_size=60))
def test_any_term_gets_an_answer_that_can_be_read(library: Index, term: str) -> None:
    """Control characters, lone surrogates, half a query: an answer, and well-formed."""
    for params in ({"term": term}, {"term": "x", "field": term}, {"db": term, "term": "x"}):
        answer = Service(library).esearch(params)
        root = etree.fromstring(answer.body)
        assert root.findtext("ERROR") or root.findtext("Count") == str(len(root.findall("IdList/Id")))
        json.loads(Service(library).esearch({**params, "retmode": "json"}).body)


@pytest.mark.parametrize("digits", ["9" * 5000, "٣", "²"])
def test_digits_that_are_no_number_of_pubmed(service: Service, digits: str) -> None:
    assert ids(service.esearch({"term": f"{digits}[uid] OR 1:{digits}[uid] OR {digits}[edat]"})) == []
    assert service.efetch({"webenv": "MCID_x", "query_key": digits}).status == 400
    assert service.efetch({"id": digits}).status == 400


def test_an_unknown_field_is_named(service: Service) -> None:
    answer = found(service.esearch({"term": "brca1[gene symbol] AND mutations[xyz]"}))
    assert answer.xpath("ErrorList/FieldNotFound/text()") == ["gene symbol", "xyz"]
    assert found(service.esearch({"term": "brca1", "field": "nope"})).xpath("ErrorList/FieldNotFound/text()") == ["nope"]


@pytest.mark.parametrize("name", ["retstart", "retmax", "reldate"])
@pytest.mark.parametrize("value", ["-1", "ten", "1e3", "9" * 30])
def test_a_number_that_is_none_is_a_bad_request(service: Service, name: str, value: str) -> None:
    with pytest.raises(BadRequest, match=f"{name} is no whole number"):
        service.esearch({"term": "x", name: value})


def test_pubmed_gives_the_first_9999_of_a_search(crowd: Index) -> None:
    service = Service(crowd)
    answer = service.esearch({"term": "cancer", "retmax": "100000", "usehistory": "y"})
    assert [found(answer).findtext(tag) for tag in ("Count", "RetMax")] == ["12000", "9999"]
    assert found(answer).xpath("WarningList/OutputMessage/text()") == ["Restrictions achieved. start and count adjusted to 0, 9999"]
    last = service.esearch({"term": "cancer", "retstart": "9998", "retmax": "1000"})
    assert (ids(last), found(last).findtext("RetMax")) == (["2002"], "1")
    assert "'retstart' cannot be larger than 9998" in found(service.esearch({"term": "cancer", "retstart": "9999"})).findtext(
        "ERROR"
    )
    # the history holds no more
    web_env = found(answer).findtext("WebEnv")
    kept = {"webenv": web_env, "query_key": "1"}
    assert len(pmids(service.efetch({**kept, "retstart": "9500", "retmax": "1000"}))) == 499
    refused = service.efetch({**kept, "retstart": "9999"})
    assert refused.status == 400
    assert b"Search backend cannot retrieve history data" in refused.body


def test_a_slice_of_uids_reaches_what_lies_behind_the_window(crowd: Index) -> None:
    service = Service(crowd)
    pages = [service.esearch({"term": f"(cancer) AND {low}:{low + 5999}[UID]", "retmax": "9999"}) for low in (1, 6001)]
    assert sorted(int(pmid) for page in pages for pmid in ids(page)) == list(range(1, 12_001))


def test_history_joins_searches(service: Service) -> None:
    first = found(service.esearch({"term": "melanoma", "usehistory": "y"}))
    web_env = first.findtext("WebEnv")
    second = found(service.esearch({"term": "humans[mh]", "usehistory": "y", "webenv": web_env}))
    assert (first.findtext("QueryKey"), second.findtext("QueryKey"), second.findtext("WebEnv")) == ("1", "2", web_env)
    assert ids(service.esearch({"term": "#1 AND #2", "webenv": web_env})) == ["103"]
    assert ids(service.esearch({"term": "humans[mh] OR mice[mh]", "query_key": "1", "webenv": web_env})) == ["103"]
    assert ids(service.esearch({"query_key": "2", "webenv": web_env})) == ["103", "101"]


def test_rettype_count_gives_the_count_alone(service: Service) -> None:
    assert [e.tag for e in found(service.esearch({"term": "melanoma", "rettype": "count"})).iter()] == ["eSearchResult", "Count"]


def test_epost_keeps_ids_for_efetch(service: Service) -> None:
    posted = found(service.epost({"db": "pubmed", "id": "103, 101 77,x,101"}))
    assert posted.xpath("InvalidIdList/Id/text()") == ["x"]
    kept = {"webenv": posted.findtext("WebEnv"), "query_key": posted.findtext("QueryKey")}
    assert pmids(service.efetch(kept)) == ["103", "101"]
    assert pmids(service.efetch({**kept, "retstart": "1", "retmax": "1"})) == ["101"]


@pytest.mark.parametrize(
    ("params", "messages"),
    [
        ({"db": "nothing", "id": "1"}, ["Invalid db name specified: nothing"]),
        ({"db": "pubmed"}, ["Empty ID list; Nothing to store"]),
        (
            {"db": "pubmed", "id": "x,99999999999999999999"},
            [
                "Empty ID list; Nothing to store",
                "Some IDs have invalid value and were omitted. Maximum ID value 18446744073709551615",
            ],
        ),
    ],
)
def test_epost_says_why_it_cannot(service: Service, params: dict[str, str], messages: list[str]) -> None:
    assert found(service.epost(params)).xpath("ERROR/text()") == messages


def test_efetch_sends_what_it_has_in_the_order_asked_for(service: Service) -> None:
    assert pmids(service.efetch({"db": "pubmed", "id": "104,999,101,104", "retmode": "xml"})) == ["104", "101"]
    assert pmids(service.efetch({"db": "pubmed", "id": "999"})) == []
    assert pmids(service.efetch({"id": "104,101", "retmax": "0"})) == []


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"id": ""}, "ID list is empty! Possibly it has no correct IDs."),
        ({"id": "0,abc"}, "ID list is empty! Possibly it has no correct IDs."),
        ({"db": "gene", "id": "1"}, "Invalid db name specified: gene"),
        ({"webenv": "MCID_gone", "query_key": "1"}, "Unable to obtain query #1"),
        ({"id": "101", "rettype": "medline", "retmode": "text"}, "this server sends PubMed records as XML only"),
    ],
)
def test_efetch_says_why_it_cannot(service: Service, params: dict[str, str], message: str) -> None:
    answer = service.efetch(params)
    assert answer.status == 400
    assert etree.fromstring(answer.body).findtext("ERROR").startswith(message)


def test_an_expired_web_env_is_an_error_not_an_empty_answer(library: Index) -> None:
    now = [0.0]
    service = Service(library, History(lambda: now[0], lifetime=60))
    posted = found(service.epost({"id": "101"}))
    now[0] = 61
    answer = service.efetch({"webenv": posted.findtext("WebEnv"), "query_key": "1"})
    assert (answer.status, b"Unable to obtain query #1" in answer.body) == (400, True)


def test_einfo(service: Service) -> None:
    assert found(service.einfo({})).xpath("DbList/DbName/text()") == ["pubmed"]
    assert found(service.einfo({"db": "pubmed"})).findtext("DbInfo/Count") == "5"
    assert found(service.einfo({"db": "gene"})).findtext("ERROR") == "Can not retrieve DbInfo for db=gene"


def test_every_real_record_is_sent_as_its_source_has_it(real_index: Index, shared: Path) -> None:
    """All 1,287: canonical XML of what efetch sends is canonical XML of an element of the source files, and no text is lost."""
    sources: dict[str, set[bytes]] = {}
    for path in (shared / "data" / "pubmed-xml").rglob("*.xml*"):
        body = path.read_bytes()
        root = etree.fromstring(gzip.decompress(body) if path.suffix == ".gz" else body, etree.XMLParser(resolve_entities=False))
        for element in root.iter("PubmedArticle", "PubmedBookArticle"):
            element.tail = None
            pmid = element.findtext("MedlineCitation/PMID") or element.findtext("BookDocument/PMID")
            sources.setdefault(pmid, set()).add(etree.tostring(element, method="c14n"))
    answer = Service(real_index).efetch({"id": ",".join(sources), "retmax": "10000"})
    sent = list(found(answer))
    for element in sent:
        element.tail = None
    assert len(sent) == len(sources) == 1287
    for pmid, element in zip(sources, sent, strict=True):
        assert etree.tostring(element, method="c14n") in sources[pmid], pmid


def test_the_service_survives_records_without_dates(library: Index) -> None:
    bare = replace(library.records[101], dates={})
    index = Index(folder=library.folder, records={101: bare})
    index.finish()
    assert ids(Service(index).esearch({"term": "brca1", "sort": "pub date"})) == ["101"]
    assert ids(Service(index).esearch({"term": "brca1"})) == ["101"]
