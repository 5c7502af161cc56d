"""esearch, epost, efetch and einfo over one index: parameters in, an answer out; HTTP is the server's part."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from genemine.errors import QueryError
from genemine.sample import answers
from genemine.sample.answers import MAX_ID, Answer, SearchAnswer
from genemine.sample.fields import whole_number
from genemine.sample.history import History
from genemine.sample.index import Index
from genemine.sample.query import Chain, Node, Query, Term, parse_query
from genemine.sample.search import Found, Notes, limit_dates, search
from genemine.sample.tags import find_field

WINDOW = 9_999  # how many records of one search PubMed gives; measured by its users, the documentation says 10,000
LAST_START = WINDOW - 1
MAX_FETCH = 10_000  # records an efetch answer
DEFAULT_PAGE = 20
TOO_FAR = (
    f"Exception:\n'retstart' cannot be larger than {LAST_START}. For PubMed, ESearch can only retrieve the first 9,999 records "
    "matching the query. To obtain more than 9,999 PubMed records, consider using EDirect."
)

Params = Mapping[str, str]


class BadRequest(Exception):  # noqa: N818 (named after the HTTP status; it never leaves this package)
    """A parameter that cannot be read; the server answers with status 400."""


class Service:
    """The four utilities; ``clock`` (seconds) and ``today`` are what tests set."""

    def __init__(self, index: Index, history: History | None = None, today: Callable[[], date] = date.today) -> None:
        self.index = index
        self.history = history or History()
        self._today = today
        self.utilities: dict[str, Callable[[Params], Answer]] = {
            "esearch": self.esearch,
            "epost": self.epost,
            "efetch": self.efetch,
            "einfo": self.einfo,
        }

    def esearch(self, params: Params) -> Answer:
        """Search, and keep the result for usehistory=y."""
        as_json = params.get("retmode", "").lower() == "json"
        if params.get("db", "pubmed") != "pubmed":
            return answers.search_error(f"Invalid db name specified: {params['db']}", as_json)
        start, size = _number(params, "retstart", 0), _number(params, "retmax", DEFAULT_PAGE)
        notes = Notes()
        try:
            found = self._found(params, notes)
        except QueryError as problem:
            return answers.search_error(str(problem), as_json)
        hits = self._sorted(found, params.get("sort", ""))
        if params.get("rettype", "").lower() == "count" and not as_json:
            return answers.search_count_xml(len(hits))
        if start > LAST_START and len(hits) > WINDOW:
            return answers.search_error(f"Search Backend failed: {TOO_FAR}", as_json)
        page = hits[:WINDOW][start : start + size]
        if start + size > WINDOW:
            notes.output_messages.append(f"Restrictions achieved. start and count adjusted to {start}, {max(WINDOW - start, 0)}")
        if not hits:
            notes.output_messages.append("No items found.")
        kept = self.history.keep(hits, params.get("webenv", "")) if params.get("usehistory", "").lower() == "y" else (None, "")
        answer = SearchAnswer(len(hits), page, start, found.translation, notes, *kept)
        return answers.search_json(answer) if as_json else answers.search_xml(answer)

    def _found(self, params: Params, notes: Notes) -> Found:
        web_env = params.get("webenv", "")
        term = params.get("term", "").strip()
        key = whole_number(params.get("query_key"))
        if key is not None and web_env:
            term = f"({term}) AND #{key}" if term else f"#{key}"
        query = parse_query(term)
        if params.get("field", "").strip():
            query = _in_field(query, params["field"], notes)
        found = search(self.index, query, notes, lambda number: self._earlier(web_env, number))
        return self._limited(found, params, notes)

    def _earlier(self, web_env: str, key: int) -> tuple[int, ...]:
        kept = self.history.recall(web_env, key)
        if kept is None:
            raise QueryError(f"Unable to obtain query #{key}")
        return kept

    def _limited(self, found: Found, params: Params, notes: Notes) -> Found:
        """Apply datetype with mindate and maxdate, or with reldate."""
        kind = params.get("datetype", "").strip() or "pdat"
        first, last = params.get("mindate", "").strip(), params.get("maxdate", "").strip()
        if params.get("reldate", "").strip():
            today = self._today()
            days = min(_number(params, "reldate", 0), today.toordinal() - 1)
            first, last = (today - timedelta(days=days)).isoformat(), today.isoformat()
        if bool(first) != bool(last):
            notes.output_messages.append("mindate and maxdate must be used together; the one given is ignored")
        return limit_dates(self.index, found, kind, first, last) if first and last else found

    def _sorted(self, found: Found, order: str) -> list[int]:
        if order.lower().replace(" ", "_") == "pub_date":
            dated = ((self.index.records[pmid].dates.get("PDAT", (0,))[0], pmid) for pmid in found.pmids)
            return [pmid for _, pmid in sorted(dated, reverse=True)]
        return self.index.newest_first(found.pmids)

    def epost(self, params: Params) -> Answer:
        """Keep a list of PMIDs, served or not, as NCBI does."""
        if params.get("db", "pubmed") != "pubmed":
            return answers.post_error(f"Invalid db name specified: {params['db']}")
        good, bad = _ids(params.get("id", ""))
        if not good:
            return answers.post_nothing(bool(bad))
        return answers.post_xml(*self.history.keep(good, params.get("webenv", "")), bad)

    def efetch(self, params: Params) -> Answer:
        """Send records: those of a list of PMIDs, or of a kept set from retstart on; unknown PMIDs are left out silently."""
        if params.get("db", "pubmed") != "pubmed":
            return answers.fetch_error(f"Invalid db name specified: {params['db']}")
        if params.get("retmode", "xml").lower() not in ("xml", "") or params.get("rettype", "").lower() not in (
            "",
            "xml",
            "abstract",
            "full",
        ):
            return answers.fetch_error("this server sends PubMed records as XML only: leave rettype out and set retmode=xml")
        start, size = _number(params, "retstart", 0), min(_number(params, "retmax", MAX_FETCH), MAX_FETCH)
        wanted: tuple[int, ...] | list[int] | None
        if params.get("webenv"):
            wanted = self.history.recall(params["webenv"], whole_number(params.get("query_key")) or 0)
            if wanted is None:
                return answers.fetch_error(f"Unable to obtain query #{params.get('query_key', '')}")
            if start > LAST_START:
                return answers.fetch_error(f"Search backend cannot retrieve history data. Reason: {TOO_FAR}")
            wanted = wanted[:WINDOW]
        else:
            wanted = _ids(params.get("id", ""))[0]
            if not wanted:
                return answers.fetch_error("ID list is empty! Possibly it has no correct IDs.")
        page = list(dict.fromkeys(wanted))[start : start + size]
        return answers.fetch_xml(self.index.records[pmid].xml for pmid in page if pmid in self.index.records)

    def einfo(self, params: Params) -> Answer:
        """Tell which databases there are, or what pubmed holds."""
        if not params.get("db"):
            return answers.info_databases()
        if params["db"] != "pubmed":
            return answers.info_error(f"Can not retrieve DbInfo for db={params['db']}")
        built = time.strftime("%Y.%m.%d.%H.%M", self.index.loaded)
        return answers.info_pubmed(len(self.index.records), f"Build-{built}", time.strftime("%Y/%m/%d %H:%M", self.index.loaded))


def _number(params: Params, name: str, default: int) -> int:
    text = params.get(name, "").strip()
    if not text:
        return default
    number = whole_number(text)
    if number is None:
        raise BadRequest(f"{name} is no whole number: {text[:50]!r}")
    return number


def _ids(text: str) -> tuple[list[int], list[str]]:
    """Split an id list into numbers and what is none."""
    parts = [part for part in re.split(r"[,\s]+", text) if part]
    known = {part for part in parts if re.fullmatch(r"[0-9]{1,20}", part) and 0 < int(part) <= MAX_ID}
    return [int(part) for part in parts if part in known], [part for part in parts if part not in known]


def _in_field(query: Query, tag: str, notes: Notes) -> Query:
    """Give every untagged term the field of the parameter ``field``."""
    found = find_field(tag)
    if found is None:
        notes.fields_not_found.append(tag)
        return query

    def tagged(chain: Chain) -> Chain:
        parts: list[tuple[str, Node]] = []
        for operator, node in chain.parts:
            if isinstance(node, Chain):
                parts.append((operator, tagged(node)))
            elif isinstance(node, Term) and node.field is None and not node.unknown_tag:
                parts.append((operator, Term(node.text, node.quoted, found, tag)))
            else:
                parts.append((operator, node))
        return Chain(tuple(parts))

    return Query(tagged(query.root), query.ignored)
