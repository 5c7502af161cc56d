"""What an E-utilities answer says, and whether it is one at all.

An HTML page can come with status 200, an error can come inside XML, a body can break off: each is a failed try, never zero hits.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lxml import etree

from genemine.errors import QueryError, SourceError
from genemine.sources.entrez_transport import Transient
from genemine.sources.pubmed_split import split_records

# words of the <ERROR> texts that asking again does not mend; all others are tried again
_LASTING = ("cannot be larger", "empty term", "invalid db", "not supported", "invalid date", "invalid parameter")
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_RECORD_START = re.compile(rb"<Pubmed(?:Book)?Article[\s>]")
EMPTY_SET = b'<?xml version="1.0" ?>\n<PubmedArticleSet></PubmedArticleSet>\n'


@dataclass(frozen=True)
class SearchPage:
    """One esearch answer: how many records match in all, the ids of this page, and phrases that PubMed holds nowhere."""

    count: int
    ids: tuple[str, ...]
    unknown_phrases: tuple[str, ...] = ()


def parse_search(body: bytes, retstart: int, retmax: int) -> SearchPage:
    """Read an esearch answer.

    Raises:
        Transient: it is no esearch answer, or holds fewer ids than it should.
        QueryError: the query names a field that PubMed does not have, or cannot be understood.
    """
    root = _root(body, "eSearchResult")
    _raise_error(root, QueryError)
    fields = _texts(root, "ErrorList/FieldNotFound")
    if fields:
        raise QueryError(
            f"the query names the field {', '.join(f'[{name}]' for name in fields)}, which PubMed does not have; "
            "fields are [tiab], [tw], [mh], [au], [ta], [pt], [dp], [edat], [mdat], [uid] and those of PubMed's help page"
        )
    try:
        count = int(root.findtext("Count", ""))
    except ValueError:
        raise Transient("an esearch answer without a count") from None
    ids = tuple(_texts(root, "IdList/Id"))
    wanted = min(retmax, max(0, count - retstart))
    if len(ids) != wanted:
        raise Transient(f"an esearch answer with {len(ids)} of {wanted} ids")
    unknown = _texts(root, "ErrorList/PhraseNotFound") + _texts(root, "WarningList/QuotedPhraseNotFound")
    return SearchPage(count, ids, tuple(unknown))


def parse_records(body: bytes) -> dict[str, str]:
    """PMID -> digest of the record's XML, for each article and book of an efetch answer.

    Raises:
        Transient: it is no efetch answer (``Transient.body`` then holds the bytes).
    """
    root = _root(body, "PubmedArticleSet")
    _raise_error(root, SourceError)
    return dict(_records(root))


def cut_to(body: bytes, pmids: Collection[str]) -> bytes:
    """An efetch answer without the records of other PMIDs and without a record's second copy; what stays, stays byte by byte.

    Args:
        body: an answer that :func:`parse_records` reads.
        pmids: the records to keep, each of which is in it.
    """
    if len(_RECORD_START.findall(body)) == len(pmids):
        return body
    named = list(_records(_root(body, "PubmedArticleSet")))
    pieces = list(split_records([body]))
    if len(named) != len(pieces):  # something that only an XML parser tells from a record, such as a comment with tags in it
        return body
    kept = {record: piece.raw for record, piece in zip(named, pieces, strict=True) if record[0] in pmids}
    end = pieces[-1].offset + len(pieces[-1].raw)
    return b"\n".join([body[: pieces[0].offset].rstrip(), *kept.values(), body[end:].lstrip()])


def _records(root: etree._Element) -> Iterator[tuple[str, str]]:
    for record in root:
        pmid = record.findtext("MedlineCitation/PMID") or record.findtext("BookDocument/PMID") or ""
        if pmid.strip():
            # the record without the white space after it, which depends on its neighbours
            yield pmid.strip(), hashlib.sha256(etree.tostring(record, with_tail=False)).hexdigest()


def _root(body: bytes, name: str) -> etree._Element:
    if _HTML.search(body[:1000]):
        raise Transient("an HTML page instead of XML")
    if not body.strip():
        raise Transient("an empty answer instead of XML")
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise Transient(f"an answer that is cut off or no XML ({error.msg})", body=body) from None
    if root.tag not in (name, "eFetchResult"):
        raise Transient(f"<{root.tag}> instead of <{name}>", body=body)
    return root


def _raise_error(root: etree._Element, lasting: type[QueryError | SourceError]) -> None:
    for text in _texts(root, ".//ERROR"):
        if any(words in text.lower() for words in _LASTING):
            raise lasting(f"PubMed refused the request: {text}")
        raise Transient(f"an error inside XML: {text}")
    if root.tag == "eFetchResult":
        raise Transient("an efetch answer without records")


def _texts(root: etree._Element, path: str) -> list[str]:
    return [text for element in root.iterfind(path) if (text := (element.text or "").strip())]
