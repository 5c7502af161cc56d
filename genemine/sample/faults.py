"""Faults on purpose: what NCBI's servers and the way to them do now and then, for tests of what asks them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from genemine.sample.answers import JSON_TYPE, Answer, fetch_error, search_error

Kind = Literal["status", "html", "error", "empty", "cut", "torn", "reset", "delay", "dribble", "missing", "doubled", "foreign"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# kind -> what it is, for docs and --help
MEANINGS: dict[Kind, str] = {
    "status": "an error page with an HTTP status (429, 500, 502, 503, ...)",
    "html": "an HTML page with status 200 in place of XML",
    "error": "an ERROR inside XML, with status 200",
    "empty": "status 200 and not one byte",
    "cut": "half of the body; the announced length tells that it broke off",
    "torn": "half of the body, announced as if it were all",
    "reset": "the connection is torn down before any answer",
    "delay": "the answer comes so many seconds late",
    "dribble": "the answer comes byte by byte, so many seconds apart",
    "missing": "the last record of efetch, the last id of esearch, is left out",
    "doubled": "the last record of efetch comes twice",
    "foreign": "efetch gives one record more, which was not asked for",
}

HTML_PAGE = b"<html><head><title>NCBI - WWW Error Blocked Diagnostic</title></head><body><h1>Server is busy</h1></body></html>\n"
_RECORDS = re.compile(rb"(?=^<Pubmed(?:Book)?Article[ >])", re.MULTILINE)
_SET_END = b"</PubmedArticleSet>"
_LAST_ID = re.compile(rb"<Id>[0-9]+</Id>\n(?=</IdList>)")


@dataclass(frozen=True)
class Fault:
    """One fault; ``status`` is for "status", ``seconds`` for "delay" and "dribble"."""

    kind: Kind
    status: int = 500
    seconds: float = 1.0


@dataclass(frozen=True)
class Call:
    """One request as it came in; ``number`` counts from 1."""

    number: int
    utility: str
    params: Mapping[str, str] = field(repr=False)  # an API key may be among them


Faults = Callable[[Call], Fault | None]


def at(faults: Mapping[int, Fault]) -> Faults:
    """Faults by the number of the request."""
    return lambda call: faults.get(call.number)


def asked_for(call: Call, fault: Fault | None, pmids: Sequence[int]) -> Mapping[str, str]:
    """The parameters that the service shall answer: "foreign" adds the first of ``pmids`` that was not asked for."""
    if fault is None or fault.kind != "foreign" or call.utility != "efetch" or "id" not in call.params:
        return call.params
    asked = set(call.params["id"].replace(",", " ").split())
    foreign = next((str(pmid) for pmid in pmids if str(pmid) not in asked), "")
    return {**call.params, "id": f"{call.params['id']},{foreign}"}


def spoil(answer: Answer, fault: Fault, utility: str) -> Answer:
    """Change an answer; cut, reset, delay and dribble are done by the server, which holds the connection."""
    if fault.kind == "status":
        body = b'{"error":"API rate limit exceeded","api-key":"127.0.0.1","count":"4","limit":"3"}\n'
        return Answer(body, JSON_TYPE, 429) if fault.status == 429 else Answer(HTML_PAGE, "text/html", fault.status)
    if fault.kind == "html":
        return Answer(HTML_PAGE, "text/html")
    if fault.kind == "error":
        message = "Search Backend failed: Database is temporarily unavailable"
        return search_error(message) if utility == "esearch" else fetch_error(message, status=200)
    return replace(answer, body=_changed(answer.body, fault.kind))


def _changed(body: bytes, kind: Kind) -> bytes:
    if kind == "empty":
        return b""
    if kind == "torn":
        return body[: len(body) // 2]
    return _miscounted(body, kind) if kind in ("missing", "doubled") else body


def _miscounted(body: bytes, kind: str) -> bytes:
    records = _RECORDS.split(body)
    if len(records) > 1:
        last = records[-1].removesuffix(_SET_END)
        return b"".join(records[:-1]) + (last * 2 if kind == "doubled" else b"") + _SET_END
    return _LAST_ID.sub(b"", body, count=1) if kind == "missing" else body
