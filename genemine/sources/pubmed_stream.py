"""PubMed XML as a stream of record elements: whatever is damaged costs what is damaged, and hostile XML is refused at once.

A sound file goes through one incremental lxml parser, a record at a time. At the first XML error the file is read again by
:mod:`genemine.sources.pubmed_salvage`, which passes over the records already given and reads each one left by itself.

No DTD is loaded, nothing is fetched, no entity is expanded; libxml2's limits on depth and size stay on, and no more bytes or tags
are taken in than the largest record could have.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from lxml import etree

from genemine.errors import SourceError
from genemine.sources.pubmed_salvage import (
    CUT_OFF,
    DAMAGED,
    MAX_RECORD_MARKUP,
    NOT_A_RECORD,
    PARSER_OPTIONS,
    Damage,
    Reader,
    hidden,
    markup,
    salvage,
)
from genemine.sources.pubmed_split import BARE_RECORD, BARE_ROOT, MAX_RECORD_BYTES, RECORD_TAGS, ROOT_TAGS, first_tag
from genemine.sources.pubmed_text import child

__all__ = ["CUT_OFF", "DAMAGED", "Damage", "stream_bytes", "stream_file"]

_ENTITIES = "declares XML entities, which PubMed never does; refused. Fetch the file again from NCBI"
_CHUNK = 1 << 16  # bytes fed to the parser at once
_UNCOUNTED = 1 << 20  # bytes of a record before its tags are counted; even if they are nothing but tags they take little memory
# What is damaged is kept in quarantine; beyond this it is the file that is broken, not records of it.
MAX_DAMAGED_BYTES = 64 * 1024 * 1024
_DAMAGE_SIZE = 512  # bytes that a stretch takes besides its own
# libxml2's words when depth, size or the growth of entities goes beyond its limits
_REFUSED = re.compile(
    r"excessive depth|XML_PARSE_HUGE|huge|resource limit|amplification|entity.*loop|too (?:long|deep|many|big)", re.IGNORECASE
)


def stream_file(path: Path) -> Iterator[etree._Element | Damage]:
    """Give the record elements of a file of PubMed XML, plain or gzip (told by its first bytes), and what is damaged in it.

    An element is valid until the next one is asked for.

    Raises:
        SourceError: the file cannot be read, is no XML or no PubMed XML, or is hostile. An empty PubmedArticleSet is no error:
            PubMed sends one for a PMID that it does not know.
    """
    try:
        path.open("rb").close()
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    return _bounded(_stream(lambda: path.open("rb"), str(path)), str(path))


def stream_bytes(data: bytes, source: str) -> Iterator[etree._Element | Damage]:
    """Give the record elements of PubMed XML in memory, plain or gzip; see :func:`stream_file`."""
    return _bounded(_stream(lambda: io.BytesIO(data), source), source)


class _NestedError(Exception):
    """A record begins inside of something else than the root: an end tag is missing."""


def _bounded(found: Iterator[etree._Element | Damage], source: str) -> Iterator[etree._Element | Damage]:
    """Refuse a file of which more is damaged than could be kept in quarantine."""
    n_bytes = 0
    for one in found:
        if isinstance(one, Damage):
            n_bytes += len(one.raw) + _DAMAGE_SIZE
            if n_bytes > MAX_DAMAGED_BYTES:
                raise SourceError(f"{source}: {n_bytes >> 20} MiB of it are no readable record; refused. Fetch it again")
        yield one


def _stream(open_stream: Callable[[], BinaryIO], source: str) -> Iterator[etree._Element | Damage]:
    reader = Reader(open_stream)
    given: list[str] = []  # PMIDs
    try:
        for found in _parse(reader, source):
            if not isinstance(found, Damage):
                given.append(_first_pmid(found))
            yield found
    except (etree.XMLSyntaxError, _NestedError) as error:
        _refuse_what_is_no_xml(reader, source)
        if _REFUSED.search(str(error)):
            raise SourceError(f"{source}: is nested or blown up beyond any PubMed record ({error}); refused") from error
        if b"<!ENTITY" in reader.head:
            raise SourceError(f"{source}: {_ENTITIES}") from error
        yield from salvage(reader, source, error, given)
        return
    _refuse_what_is_no_xml(reader, source)
    if reader.hides:
        yield from hidden(reader, given)
    if not given and reader.root not in ROOT_TAGS:
        raise SourceError(
            f"{source}: holds no PubMed record (root <{reader.root}>); give XML as PubMed exports it, a PubmedArticleSet"
        )
    if reader.damage:
        yield Damage(DAMAGED, reader.damage)


def _parse(reader: Reader, source: str) -> Iterator[etree._Element | Damage]:
    """Give the records up to the first XML error, which is raised after them; frees what was given."""
    chunks = reader.chunks(_CHUNK)
    first = next(chunks, None)
    parser = etree.XMLPullParser(events=("end",), tag=_record_tags(reader.head), **PARSER_OPTIONS)
    n_before = n_markup = 0
    error: etree.XMLSyntaxError | None = None
    root: etree._Element | None = None
    for chunk in itertools.chain(() if first is None else (first,), chunks, (None,)):
        try:
            if chunk is None:
                root = parser.close()
            else:
                parser.feed(chunk)
                if reader.n_bytes - n_before > _UNCOUNTED:
                    n_markup += markup(chunk)
        except etree.XMLSyntaxError as syntax_error:
            error = syntax_error
        for element in _ended_records(parser):
            if not n_before:
                _refuse_entities(element, source)
            yield element
            element.clear(keep_tail=True)
            yield from _forget_before(element)
            n_before, n_markup = reader.n_bytes, 0
        if error is not None:
            raise error
        if reader.n_bytes - n_before > MAX_RECORD_BYTES or n_markup > MAX_RECORD_MARKUP:
            raise SourceError(
                f"{source}: {_amount(reader.n_bytes - n_before, n_markup)} and no whole PubMed record; this is no PubMed export"
            )
    if root is not None:
        reader.root = str(root.tag)
        _refuse_entities(root, source)
        if n_before or root.tag in ROOT_TAGS:
            yield from _strangers_below(root)


def _record_tags(head: bytes) -> tuple[str, ...]:
    """Give the tags of what to wait for; a MedlineCitation only where it is the record and no part of one."""
    return (*RECORD_TAGS, BARE_RECORD) if first_tag(head) in (BARE_ROOT, BARE_RECORD) else RECORD_TAGS


def _amount(n_bytes: int, n_markup: int) -> str:
    return f"{n_bytes / (1 << 20):.1f} MiB with {n_markup:,} tags, attributes and entities"


def _ended_records(parser: etree.XMLPullParser) -> Iterator[Any]:
    for _, event_element in parser.read_events():
        element = cast(Any, event_element)  # lxml-stubs know neither the events nor clear(keep_tail)
        if element.tag == BARE_RECORD and not _is_bare_record(element):
            continue  # the citation of a PubmedArticle between bare ones, which ends later
        parent = element.getparent()
        if parent is not None and parent.getparent() is not None:
            raise _NestedError(f"line {element.sourceline}: a record begins inside of <{parent.tag}>")
        yield element


def _is_bare_record(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is None or parent.tag == BARE_ROOT


def _first_pmid(element: etree._Element) -> str:
    """Give the first PMID of a record, as :func:`genemine.sources.pubmed_salvage.pmid_in` finds it in its bytes."""
    named = child(child(element, BARE_RECORD), "PMID")  # nearly always; quicker than to look through all that is below
    for part in element.iter("PMID") if named is None else (named,):
        text = (part.text or "").strip()
        if text.isascii() and text.isdigit() and len(text) <= 10:
            return str(int(text))
    return ""


def _forget_before(element: etree._Element) -> Iterator[Damage]:
    """Drop what stands before a record, so that memory holds one record whatever the size of the file; tell what is no record."""
    parent = element.getparent()
    if parent is None:
        return
    yield from _words_before(parent)
    while parent[0] is not element:
        yield from _strangers(parent[0])
        del parent[0]


def _words_before(parent: etree._Element) -> Iterator[Damage]:
    """Tell of words before the first child, once."""
    if words := (parent.text or "").strip():
        parent.text = None
        yield Damage(NOT_A_RECORD, f"after line {parent.sourceline}", words.encode())


def _strangers_below(root: etree._Element) -> Iterator[Damage]:
    yield from _words_before(root)
    for part in root:
        yield from _strangers(part)


def _strangers(part: etree._Element) -> Iterator[Damage]:
    """Tell of elements and words that stand between records: well-formed, but a record that lost its tags looks like this."""
    is_record = part.tag in RECORD_TAGS or (part.tag == BARE_RECORD and _is_bare_record(part))
    if not is_record:
        raw = etree.tostring(part, encoding="utf-8", with_tail=False)
        yield Damage(NOT_A_RECORD, f"line {part.sourceline}: <{part.tag}>", raw)
    if (part.tail or "").strip():
        yield Damage(NOT_A_RECORD, f"after line {part.sourceline}", (part.tail or "").strip().encode())


def _refuse_entities(element: etree._Element, source: str) -> None:
    dtd: Any = element.getroottree().docinfo.internalDTD
    if dtd is not None and next(iter(dtd.iterentities()), None) is not None:
        raise SourceError(f"{source}: {_ENTITIES}")


def _refuse_what_is_no_xml(reader: Reader, source: str) -> None:
    head = reader.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        what = f"cannot be unpacked ({reader.damage})" if reader.damage else "is empty"
        raise SourceError(f"{source}: {what}; fetch it again")
    if re.match(rb"<(?:!doctype\s+html|html)\b", head, re.IGNORECASE):
        raise SourceError(f"{source}: is an HTML page, not PubMed XML; fetch it again, NCBI sends such pages when it is busy")
    if not head.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{source}: is no XML (it begins with {head[:20]!r}); give PubMed XML, plain or gzip")
