"""Faults on purpose: what NCBI's servers and the way to them do now and then, for tests of what asks them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from genemine.sample.answers import JSON_TYPE, Answer, fetch_error, search_error

# status: an error page; html: an HTML page with status 200; error: an ERROR inside XML with status 200; cut: the body breaks off;
# reset: the connection is torn down; delay: the answer comes late; missing: the last record of an efetch answer is left out.
Kind = Literal["status", "html", "error", "cut", "reset", "delay", "missing"]

HTML_PAGE = b"<html><head><title>NCBI - WWW Error Blocked Diagnostic</title></head><body><h1>Server is busy</h1></body></html>\n"


@dataclass(frozen=True)
class Fault:
    """One fault; ``status`` is for "status", ``seconds`` for "delay"."""

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


def spoil(answer: Answer, fault: Fault, utility: str) -> Answer:
    """Change an answer; cut, reset and delay are done by the server, which holds the connection."""
    if fault.kind == "status":
        body = b'{"error":"API rate limit exceeded","api-key":"127.0.0.1","count":"4","limit":"3"}\n'
        return Answer(body, JSON_TYPE, 429) if fault.status == 429 else Answer(HTML_PAGE, "text/html", fault.status)
    if fault.kind == "html":
        return Answer(HTML_PAGE, "text/html")
    if fault.kind == "error":
        message = "Search Backend failed: Database is temporarily unavailable"
        return search_error(message) if utility == "esearch" else fetch_error(message, status=200)
    if fault.kind == "missing":
        records = re.split(rb"(?=^<Pubmed(?:Book)?Article[ >])", answer.body, flags=re.MULTILINE)
        return Answer(b"".join(records[:-1]) + b"</PubmedArticleSet>", answer.content_type) if len(records) > 1 else answer
    return answer
