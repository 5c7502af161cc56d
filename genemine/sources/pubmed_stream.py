"""PubMed XML as a stream of record elements: whatever is damaged costs what is damaged, and hostile XML is refused at once.

A sound file goes through one incremental lxml parser, a record at a time. At the first XML error the file is read again by
:mod:`genemine.sources.pubmed_split`, the records already given are passed over, and each one left is parsed by itself.

No DTD is loaded, nothing is fetched, no entity is expanded; libxml2's limits on depth and size stay on.
"""

from __future__ import annotations

import io
import itertools
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from lxml import etree

from genemine.errors import SourceError
from genemine.sources.pubmed_split import CUT, MAX_RECORD_BYTES, RECORD_TAGS, ROOT_TAGS, WHOLE, Piece, split_records
from genemine.sources.unpack import unpack

log = logging.getLogger(__name__)

CUT_OFF = "file is cut off"
NOT_WELL_FORMED = "not well-formed XML"
NOT_A_RECORD = "text outside of records"
DAMAGED = "file is damaged"

_CHUNK = 1 << 16  # bytes fed to the parser at once
_SPLIT_CHUNK = 1 << 20
_OPTIONS: dict[str, Any] = {
    "load_dtd": False,
    "no_network": True,
    "resolve_entities": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
# libxml2's words when depth, size or the growth of entities goes beyond its limits
_REFUSED = re.compile(
    r"excessive depth|XML_PARSE_HUGE|huge|resource limit|amplification|entity.*loop|too (?:long|deep|many|big)", re.IGNORECASE
)
_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# prefixes that a DTD of before 2019 declared for the whole file
_WRAPPER = (
    b'<split xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink"'
    b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)


@dataclass(frozen=True)
class Damage:
    """A stretch of a file that holds no readable record: why, where, and its bytes."""

    reason: str
    detail: str
    raw: bytes = b""


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
    return _stream(lambda: path.open("rb"), str(path))


def stream_bytes(data: bytes, source: str) -> Iterator[etree._Element | Damage]:
    """Give the record elements of PubMed XML in memory, plain or gzip; see :func:`stream_file`."""
    return _stream(lambda: io.BytesIO(data), source)


class _NestedError(Exception):
    """A record begins before the one before it has ended: an end tag is missing."""


class _Reader:
    """The bytes of one source in chunks; damaged compression ends them and is remembered."""

    def __init__(self, open_stream: Callable[[], BinaryIO]) -> None:
        self.open_stream = open_stream
        self.head = b""
        self.n_bytes = 0
        self.root = ""  # tag of the root element, once the file has been parsed to its end
        self.damage = ""

    def chunks(self, size: int) -> Iterator[bytes]:
        """Give the bytes, unpacked, in chunks of at most ``size``."""
        with self.open_stream() as stream:
            try:
                for chunk in unpack(stream, size):
                    self.head = self.head or chunk[:512]
                    self.n_bytes += len(chunk)
                    yield chunk
            except SourceError as error:
                self.damage = str(error)


def _stream(open_stream: Callable[[], BinaryIO], source: str) -> Iterator[etree._Element | Damage]:
    reader = _Reader(open_stream)
    n_given = 0
    try:
        for found in _parse(reader, source):
            n_given += not isinstance(found, Damage)
            yield found
    except (etree.XMLSyntaxError, _NestedError) as error:
        _refuse_what_is_no_xml(reader, source)
        if _REFUSED.search(str(error)):
            raise SourceError(f"{source}: is nested or blown up beyond any PubMed record ({error}); refused") from error
        yield from _salvage(reader, source, error, n_given)
        return
    _refuse_what_is_no_xml(reader, source)
    if not n_given and reader.root not in ROOT_TAGS:
        raise SourceError(
            f"{source}: holds no PubMed record (root <{reader.root}>); give XML as PubMed exports it, a PubmedArticleSet"
        )
    if reader.damage:
        yield Damage(DAMAGED, reader.damage)


def _parse(reader: _Reader, source: str) -> Iterator[etree._Element | Damage]:
    """Give the records up to the first XML error, which is raised after them; frees what was given."""
    parser = etree.XMLPullParser(events=("end",), tag=RECORD_TAGS, **_OPTIONS)
    n_before = 0
    error: etree.XMLSyntaxError | None = None
    root: etree._Element | None = None
    for chunk in itertools.chain(reader.chunks(_CHUNK), [None]):
        try:
            if chunk is None:
                root = parser.close()
            else:
                parser.feed(chunk)
        except etree.XMLSyntaxError as syntax_error:
            error = syntax_error
        for _, event_element in parser.read_events():
            element = cast(Any, event_element)  # lxml-stubs know neither the events nor clear(keep_tail)
            if next(element.iterancestors(*RECORD_TAGS), None) is not None:
                raise _NestedError(f"line {element.sourceline}: a record begins inside another")
            _refuse_entities(element, source)
            yield element
            element.clear(keep_tail=True)
            yield from _forget_before(element)
            n_before = reader.n_bytes
        if error is not None:
            raise error
        if reader.n_bytes - n_before > MAX_RECORD_BYTES:
            raise SourceError(f"{source}: {MAX_RECORD_BYTES >> 20} MiB without a whole PubMed record; this is no PubMed export")
    if root is not None:
        reader.root = str(root.tag)
        yield from (damage for child in root for damage in _strangers(child))


def _forget_before(element: etree._Element) -> Iterator[Damage]:
    """Drop what stands before a record, so that memory holds one record whatever the size of the file; tell what is no record."""
    parent = element.getparent()
    while parent is not None and parent[0] is not element:
        yield from _strangers(parent[0])
        del parent[0]


def _strangers(child: etree._Element) -> Iterator[Damage]:
    """Tell of elements and words that stand between records: well-formed, but a record that lost its tags looks like this."""
    parent = child.getparent()
    if parent is None or parent.tag not in ROOT_TAGS:
        return
    if child.tag not in RECORD_TAGS:
        raw = etree.tostring(child, encoding="utf-8", with_tail=False)
        yield Damage(NOT_A_RECORD, f"line {child.sourceline}: <{child.tag}>", raw)
    if (child.tail or "").strip():
        yield Damage(NOT_A_RECORD, f"after line {child.sourceline}", (child.tail or "").strip().encode())


def _refuse_entities(element: etree._Element, source: str) -> None:
    dtd: Any = element.getroottree().docinfo.internalDTD
    if dtd is not None and next(iter(dtd.iterentities()), None) is not None:
        raise SourceError(f"{source}: declares XML entities, which PubMed never does; refused. Fetch the file again from NCBI")


def _refuse_what_is_no_xml(reader: _Reader, source: str) -> None:
    head = reader.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        what = f"cannot be unpacked ({reader.damage})" if reader.damage else "is empty"
        raise SourceError(f"{source}: {what}; fetch it again")
    if re.match(rb"<(?:!doctype\s+html|html)\b", head, re.IGNORECASE):
        raise SourceError(f"{source}: is an HTML page, not PubMed XML; fetch it again, NCBI sends such pages when it is busy")
    if not head.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{source}: is no XML (it begins with {head[:20]!r}); give PubMed XML, plain or gzip")


def _salvage(reader: _Reader, source: str, error: Exception, n_given: int) -> Iterator[etree._Element | Damage]:
    """Give what follows the records already given, each parsed by itself."""
    log.warning("%s: %s; reading on record by record", source, error)
    declared = _ENCODING.search(reader.head)
    encoding = declared.group(1).decode() if declared else "utf-8"
    again = _Reader(reader.open_stream)
    n_whole = 0
    held: list[Piece] = []  # what stands before the first record; without a record it is no PubMed file
    seen_record = n_given > 0
    for piece in split_records(again.chunks(_SPLIT_CHUNK)):
        n_whole += piece.kind == WHOLE
        if n_whole < n_given or (n_whole == n_given and piece.kind == WHOLE):
            continue
        seen_record = seen_record or piece.is_record
        held.append(piece)
        if seen_record:
            yield from (_read_piece(part, encoding, again.damage) for part in held)
            held.clear()
        elif len(held) > 1:
            break
    if not seen_record:
        raise SourceError(f"{source}: is no sound XML ({error}) and holds no PubMed record; fetch it again") from error


def _read_piece(piece: Piece, encoding: str, damage: str) -> etree._Element | Damage:
    if piece.kind == CUT:
        return Damage(CUT_OFF, f"after byte {piece.offset + len(piece.raw)}: {damage or 'the end tag is missing'}", piece.raw)
    if piece.kind != WHOLE:
        return Damage(NOT_WELL_FORMED if piece.is_record else NOT_A_RECORD, f"at byte {piece.offset}", piece.raw)
    try:
        parser = etree.XMLParser(encoding=encoding, **_OPTIONS)
        return etree.fromstring(_WRAPPER + piece.raw + b"</split>", parser)[0]
    except (etree.XMLSyntaxError, LookupError) as error:
        return Damage(NOT_WELL_FORMED, f"at byte {piece.offset}: {error}", piece.raw)
