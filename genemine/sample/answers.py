"""E-utilities answers as text: the declarations, document types and order of elements are NCBI's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from genemine.sample.search import Notes
from genemine.sample.tags import HIDDEN, HIERARCHICAL, SEARCH_FIELDS, SearchField

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" ?>\n'
_DTD = "https://eutils.ncbi.nlm.nih.gov/eutils/dtd"
ESEARCH_TYPE = f'<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" "{_DTD}/20060628/esearch.dtd">'
EPOST_TYPE = f'<!DOCTYPE ePostResult PUBLIC "-//NLM//DTD epost 20090526//EN" "{_DTD}/20090526/epost.dtd">'
EINFO_TYPE = f'<!DOCTYPE eInfoResult PUBLIC "-//NLM//DTD einfo 20190110//EN" "{_DTD}/20190110/einfo.dtd">'
EFETCH_TYPE = f'<!DOCTYPE eEfetchResult PUBLIC "-//NLM//DTD efetch 20131226//EN" "{_DTD}/20131226/efetch.dtd">'
PUBMED_HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)
PUBMED_TAIL = "</PubmedArticleSet>"

MAX_ID = 18446744073709551615  # as epost says itself

XML_TYPE = "text/xml; charset=UTF-8"
JSON_TYPE = "application/json; charset=UTF-8"


@dataclass(frozen=True)
class Answer:
    """What goes back over HTTP."""

    body: bytes
    content_type: str = XML_TYPE
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SearchAnswer:
    """What esearch has to say; ``count`` is all hits, ``ids`` the page of them."""

    count: int
    ids: Sequence[int]
    start: int
    translation: str
    notes: Notes = field(default_factory=Notes)
    query_key: int | None = None
    web_env: str = ""


# what a request may hold but XML may not: control characters, lone surrogates, U+FFFE and U+FFFF
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _list(name: str, groups: Iterable[tuple[str, Sequence[str]]]) -> str:
    inner = "".join(f"<{tag}>{_text(text)}</{tag}>" for tag, texts in groups for text in texts)
    return f"<{name}>{inner}</{name}>" if inner else ""


def _error_groups(notes: Notes) -> list[tuple[str, Sequence[str]]]:
    return [("PhraseNotFound", notes.phrases_not_found), ("FieldNotFound", notes.fields_not_found)]


def _warning_groups(notes: Notes) -> list[tuple[str, Sequence[str]]]:
    return [
        ("PhraseIgnored", notes.phrases_ignored),
        ("QuotedPhraseNotFound", notes.quoted_phrases_not_found),
        ("OutputMessage", notes.output_messages),
    ]


def search_xml(answer: SearchAnswer) -> Answer:
    """Write an eSearchResult."""
    ids = "<IdList>\n" + "".join(f"<Id>{pmid}</Id>\n" for pmid in answer.ids) + "</IdList>" if answer.ids else "<IdList/>"
    pairs = "".join(
        f"<Translation>     <From>{_text(written)}</From>     <To>{_text(searched)}</To>    </Translation>"
        for written, searched in answer.notes.translations
    )
    history = f"<QueryKey>{answer.query_key}</QueryKey><WebEnv>{answer.web_env}</WebEnv>" if answer.query_key else ""
    text = (
        f"{_DECLARATION}{ESEARCH_TYPE}\n<eSearchResult><Count>{answer.count}</Count><RetMax>{len(answer.ids)}</RetMax>"
        f"<RetStart>{answer.start}</RetStart>{history}{ids}"
        f"{f'<TranslationSet>{pairs}</TranslationSet>' if pairs else '<TranslationSet/>'}"
        f"<QueryTranslation>{_text(answer.translation)}</QueryTranslation>"
        f"{_list('ErrorList', _error_groups(answer.notes))}{_list('WarningList', _warning_groups(answer.notes))}</eSearchResult>\n"
    )
    return Answer(text.encode())


def search_count_xml(count: int) -> Answer:
    """Write the short eSearchResult of rettype=count."""
    return Answer(f"{_DECLARATION}{ESEARCH_TYPE}\n<eSearchResult>\n\t<Count>{count}</Count>\n</eSearchResult>\n".encode())


def search_json(answer: SearchAnswer) -> Answer:
    """Write an esearch answer as JSON; numbers are strings, as NCBI writes them."""
    notes = answer.notes
    result: dict[str, object] = {"count": str(answer.count), "retmax": str(len(answer.ids)), "retstart": str(answer.start)}
    if answer.query_key:
        result |= {"querykey": str(answer.query_key), "webenv": answer.web_env}
    result |= {
        "idlist": [str(pmid) for pmid in answer.ids],
        "translationset": [{"from": written, "to": searched} for written, searched in notes.translations],
        "querytranslation": answer.translation,
    }
    if notes.phrases_not_found or notes.fields_not_found:
        result["errorlist"] = {"phrasesnotfound": notes.phrases_not_found, "fieldsnotfound": notes.fields_not_found}
    if notes.phrases_ignored or notes.quoted_phrases_not_found or notes.output_messages:
        result["warninglist"] = {
            "phrasesignored": notes.phrases_ignored,
            "quotedphrasesnotfound": notes.quoted_phrases_not_found,
            "outputmessages": notes.output_messages,
        }
    return _json(result)


def _json(result: dict[str, object]) -> Answer:
    header = {"type": "esearch", "version": "0.3"}
    return Answer(json.dumps({"header": header, "esearchresult": result}).encode() + b"\n", JSON_TYPE)


def search_error(message: str, as_json: bool = False) -> Answer:
    """Write esearch's ERROR; NCBI sends it with status 200."""
    if as_json:
        return _json({"ERROR": message})
    return Answer(f"{_DECLARATION}{ESEARCH_TYPE}\n<eSearchResult>\n\t<ERROR>{_text(message)}</ERROR>\n</eSearchResult>\n".encode())


def post_xml(query_key: int, web_env: str, invalid: Sequence[str]) -> Answer:
    """Write an ePostResult."""
    bad = _list("InvalidIdList", [("Id", invalid)])
    lines = "".join(f"\t{line}\n" for line in (bad, f"<QueryKey>{query_key}</QueryKey>", f"<WebEnv>{web_env}</WebEnv>") if line)
    return Answer(f"{_DECLARATION}{EPOST_TYPE}<ePostResult>\n{lines}</ePostResult>\n".encode())


def post_error(message: str) -> Answer:
    """Write epost's ERROR."""
    return Answer(f"{_DECLARATION}{EPOST_TYPE}\n<ePostResult>\n\t<ERROR>{_text(message)}</ERROR>\n</ePostResult>\n".encode())


def post_nothing(any_invalid: bool) -> Answer:
    """Write epost's answer to a list without a PMID; its line breaks differ from those of the other errors."""
    omitted = f"\n\t<ERROR>Some IDs have invalid value and were omitted. Maximum ID value {MAX_ID}</ERROR>" if any_invalid else ""
    text = f"{_DECLARATION}{EPOST_TYPE}<ePostResult>\n\t<ERROR>Empty ID list; Nothing to store</ERROR>{omitted}</ePostResult>\n"
    return Answer(text.encode())


def fetch_xml(records: Iterable[bytes]) -> Answer:
    """Write a PubmedArticleSet around whole records, each as it stands in its source."""
    return Answer(PUBMED_HEAD.encode() + b"".join(record + b"\n" for record in records) + PUBMED_TAIL.encode())


def fetch_error(message: str, status: int = 400) -> Answer:
    """Write efetch's ERROR."""
    text = f"{_DECLARATION}{EFETCH_TYPE}\n<eFetchResult>\n\t<ERROR>{_text(message)}</ERROR>\n</eFetchResult>\n"
    return Answer(text.encode(), status=status)


def info_error(message: str) -> Answer:
    """Write einfo's ERROR."""
    return Answer(f"{_DECLARATION}{EINFO_TYPE}\n<eInfoResult>\n\t<ERROR>{_text(message)}</ERROR>\n</eInfoResult>\n".encode())


def info_databases() -> Answer:
    """Write the list of databases: pubmed alone is served here."""
    return Answer(
        f"{_DECLARATION}{EINFO_TYPE}\n<eInfoResult>\n<DbList>\n\n\t<DbName>pubmed</DbName>\n</DbList>\n\n</eInfoResult>\n".encode()
    )


def info_pubmed(n_records: int, build: str, updated: str) -> Answer:
    """Write what einfo tells about pubmed: its size and the fields that can be searched here."""
    lines = [
        "<DbInfo>",
        "\t<DbName>pubmed</DbName>",
        "\t<MenuName>PubMed</MenuName>",
        "\t<Description>PubMed bibliographic record</Description>",
        f"\t<DbBuild>{_text(build)}</DbBuild>",
        f"\t<Count>{n_records}</Count>",
        f"\t<LastUpdate>{_text(updated)}</LastUpdate>",
        "\t<FieldList>",
        *(f"\t\t{line}" for found in SEARCH_FIELDS for line in _field_lines(found)),
        "\t</FieldList>",
        "\t<LinkList/>",
        "</DbInfo>",
    ]
    text = "".join(f"\t{line}\n" for line in lines)
    return Answer(f"{_DECLARATION}{EINFO_TYPE}\n<eInfoResult>\n{text}\n</eInfoResult>\n".encode())


def _field_lines(found: SearchField) -> list[str]:
    flags = {
        "IsDate": found.kind == "date",
        "IsNumerical": found.kind == "uid",
        "SingleToken": found.kind != "text" and found.code != "CNTY",
        "Hierarchy": found.code in HIERARCHICAL,
        "IsHidden": found.code in HIDDEN,
    }
    named = (("Name", found.code), ("FullName", found.full_name), ("Description", found.description.replace("'", "&apos;")))
    return [
        "<Field>",
        *(f"\t<{tag}>{text}</{tag}>" for tag, text in named),
        "\t<TermCount/>",
        *(f"\t<{tag}>{'Y' if on else 'N'}</{tag}>" for tag, on in flags.items()),
        "</Field>",
    ]
