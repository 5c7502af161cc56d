"""Read damaged PubMed XML record by record: each record that an XML parser can still make sense of, and the bytes of the rest.

The records that were given before the first error are passed over by their PMIDs. What cannot be followed so is an error of the
file: nothing is passed over in silence.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree

from genemine.errors import SourceError
from genemine.sources.pubmed_split import CUT, WHOLE, Piece, split_records
from genemine.sources.unpack import unpack

log = logging.getLogger(__name__)

CUT_OFF = "file is cut off"
NOT_WELL_FORMED = "not well-formed XML"
NOT_A_RECORD = "text outside of records"
DAMAGED = "file is damaged"

# No DTD, no network, no entities; libxml2's limits on depth, names and the size of one text stay on.
PARSER_OPTIONS: dict[str, Any] = {
    "load_dtd": False,
    "no_network": True,
    "resolve_entities": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
# A tree takes about 100 bytes for each of these characters. The largest records, of 10 MB, have about 400,000 of them.
MAX_RECORD_MARKUP = 1_000_000

_CHUNK = 1 << 20
_HEAD = 4096
_SPACE_AND_BOM = b"\xef\xbb\xbf \t\r\n"
_HIDING = ((b"!", b"<!--", b"-->"), (b"!", b"<![CDATA[", b"]]>"), (b"?", b"<?", b"?>"))
_LONGEST_HIDING = 8
_RECORD_PARTS = (b"<PMID", b"<Pubmed", b"<MedlineCitation")
_PMID = re.compile(rb"<PMID[^<>]*>\s*(\d{1,10})\s*<")
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
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


class Reader:
    """The bytes of one source in chunks; damaged compression ends them and is remembered."""

    def __init__(self, open_stream: Callable[[], BinaryIO]) -> None:
        self.open_stream = open_stream
        self.head = b""  # the first bytes that are not white space
        self.n_bytes = 0
        self.root = ""  # tag of the root element, once the file has been parsed to its end
        self.damage = ""
        self.hides = False  # there are comments or the like, in which a parser sees no records

    def chunks(self, size: int) -> Iterator[bytes]:
        """Give the bytes, unpacked, in chunks of at most ``size``."""
        with self.open_stream() as stream:
            last = b""
            try:
                for chunk in unpack(stream, size):
                    self.head = self.head or chunk.lstrip(_SPACE_AND_BOM)[:_HEAD]
                    self.n_bytes += len(chunk)
                    self.hides = self.hides or _hides(last + chunk)
                    last = chunk[-_LONGEST_HIDING:]
                    yield chunk
            except SourceError as error:
                self.damage = str(error)


def _hides(data: bytes) -> bool:
    """Look for comments, CDATA sections and processing instructions that may hold a record.

    They are looked for by their rarest character: a search for one is quick.
    """
    for mark, starts, closing in _HIDING:
        for at in _places(data, mark):
            if data.startswith(starts, at - 1) and not data.startswith(b"<?xml ", at - 1):
                end = data.find(closing, at)
                if end < 0 or any(tag in data[at:end] for tag in _RECORD_PARTS):
                    return True
    return False


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark, 1)
    while at > 0:
        yield at
        at = data.find(mark, at + 1)


def markup(data: bytes) -> int:
    """Count the characters that make a parser build something: of tags, attributes and references."""
    return data.count(b"<") + data.count(b"=") + data.count(b"&")


def salvage(reader: Reader, source: str, error: Exception, given: Iterable[str]) -> Iterator[etree._Element | Damage]:
    """Give what follows the records already given, each parsed by itself.

    Args:
        reader: has read the file up to the error.
        source: name of the file for messages.
        error: what stopped the parser.
        given: PMIDs of the records given before it, in any order; "" for a record without one.

    Raises:
        SourceError: the file holds no record, or is broken beyond what can be told apart.
    """
    log.warning("%s: %s; reading on record by record", source, error)
    encoding = _encoding(reader.head)
    again = Reader(reader.open_stream)
    cut = False
    for piece in _after(Counter(given), again, source, error):
        cut = cut or piece.kind == CUT
        yield _read_piece(piece, encoding, again.damage)
    if again.damage and not cut:
        yield Damage(DAMAGED, again.damage)


def hidden(reader: Reader, given: Iterable[str]) -> Iterator[Damage]:
    """Tell of the records that stand in comments, CDATA sections and processing instructions of a sound file."""
    left = Counter(given)
    for piece in split_records(Reader(reader.open_stream).chunks(_CHUNK)):
        pmid = pmid_in(piece.raw)
        if left[pmid] > 0:
            left[pmid] -= 1
        elif pmid or piece.is_record:
            yield Damage(NOT_A_RECORD, f"at byte {piece.offset}: hidden in a comment or the like", piece.raw)


def _after(given: Counter[str], reader: Reader, source: str, error: Exception) -> Iterator[Piece]:
    """Give the pieces of a file that follow the records given; raises where the two do not go together."""
    n_left = given.total()
    seen_record = n_left > 0
    held: list[Piece] = []  # what stands before the first record; without a record it is no PubMed file
    for piece in split_records(reader.chunks(_CHUNK)):
        if n_left and piece.kind != WHOLE:
            continue  # text between records that were given; it was told with them
        if piece.kind == WHOLE and given[pmid_in(piece.raw)] > 0:
            given[pmid_in(piece.raw)] -= 1
            n_left -= 1
            continue
        seen_record = seen_record or piece.is_record
        held.append(piece)
        if seen_record:
            yield from held
            held.clear()
        elif len(held) > 1:
            break
    if not seen_record:
        raise SourceError(f"{source}: is no sound XML ({error}) and holds no PubMed record; fetch it again") from error
    if n_left:
        raise SourceError(
            f"{source}: is no sound XML ({error}), and what follows {given.total()} of its records cannot be told apart from them; "
            "fetch it again"
        ) from error


def pmid_in(raw: bytes) -> str:
    """Give the first PMID in the bytes of a record; "" for none."""
    found = _PMID.search(raw)
    return str(int(found.group(1))) if found else ""


def _encoding(head: bytes) -> str:
    """Give the declared encoding, if it is one in which the tags of a file that was cut by them can stand; else UTF-8."""
    declared = _ENCODING.search(head)
    name = declared.group(1).decode() if declared else "utf-8"
    try:
        etree.XMLParser(encoding=name)
        return name if "<PubmedArticle>".encode(name) == b"<PubmedArticle>" else "utf-8"
    except (LookupError, UnicodeError):
        return "utf-8"


def _read_piece(piece: Piece, encoding: str, damage: str) -> etree._Element | Damage:
    if piece.kind == CUT:
        return Damage(CUT_OFF, f"after byte {piece.offset + len(piece.raw)}: {damage or 'the end tag is missing'}", piece.raw)
    if piece.kind != WHOLE:
        return Damage(NOT_WELL_FORMED if piece.is_record else NOT_A_RECORD, f"at byte {piece.offset}", piece.raw)
    if markup(piece.raw) > MAX_RECORD_MARKUP:
        return Damage(NOT_WELL_FORMED, f"at byte {piece.offset}: more tags than any PubMed record has", piece.raw)
    try:
        parser = etree.XMLParser(encoding=encoding, **PARSER_OPTIONS)
        return etree.fromstring(_WRAPPER + piece.raw + b"</split>", parser)[0]
    except (etree.XMLSyntaxError, LookupError) as error:
        return Damage(NOT_WELL_FORMED, f"at byte {piece.offset}: {error}", piece.raw)
