"""Cut damaged PubMed XML into records by their tags alone, so that one broken record costs one record.

An XML parser has to stop at the first error. What comes after it is found here by looking for the start and end tags of records in
the bytes. Every byte that is not white space or the frame around the records ends up in some piece: nothing is lost unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

RECORD_TAGS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation", "DeleteDocument")
ROOT_TAGS = ("PubmedArticleSet", "PubmedBookArticleSet", "RAW_DATA")
# The largest records, of collaborations with thousands of authors, take about 10 MB; beyond this it is no record.
MAX_RECORD_BYTES = 32 * 1024 * 1024

WHOLE = "whole"  # start tag to end tag
BROKEN = "broken"  # a record that the next one begins in, or text that belongs to none
CUT = "cut"  # what stands where the file breaks off; may be empty

_TAG = re.compile(rb"<(/?)(" + "|".join(RECORD_TAGS).encode() + rb")(?:\s[^<>]*)?>")
_FIRST_ELEMENT = re.compile(rb"<([A-Za-z_][\w.:-]*)[\s/>]")
_ROOTS = "|".join(ROOT_TAGS).encode()
_TAG_REACH = 256  # bytes kept of an oversized piece, so that a tag that lies across two chunks is seen


@dataclass(frozen=True)
class Piece:
    """A stretch of a damaged file: what it is, its bytes, and at which byte of the (unpacked) file it starts."""

    kind: str
    raw: bytes
    offset: int

    @property
    def is_record(self) -> bool:
        """True for what begins with the start tag of a record."""
        return _TAG.match(self.raw) is not None


class _Cutter:
    """The bytes not yet given away, and whether they stand inside a record."""

    def __init__(self) -> None:
        self.buffer = b""
        self.base = 0  # byte of the file at which the buffer starts
        self.open: bytes | None = None  # tag of the record that the buffer starts with
        self.root = b""  # tag of the first element of the file

    def add(self, chunk: bytes) -> Iterator[Piece]:
        """Take more bytes; give the pieces that they complete."""
        self.buffer += chunk
        if not self.root and (found := _FIRST_ELEMENT.search(self.buffer)):
            self.root = found.group(1)
        start = 0
        for tag in _TAG.finditer(self.buffer):
            closing, name = tag.group(1), tag.group(2)
            if closing and name != self.open:
                continue
            if not closing:
                yield from self._piece(BROKEN, start, tag.start())
                start, self.open = tag.start(), name
            if closing or tag.group().endswith(b"/>"):
                yield from self._piece(WHOLE, start, tag.end())
                start, self.open = tag.end(), None
        if len(self.buffer) - start > MAX_RECORD_BYTES:
            end = len(self.buffer) - _TAG_REACH
            yield from self._piece(BROKEN, start, end)
            start, self.open = end, None
        self.base += start
        self.buffer = self.buffer[start:]

    def finish(self) -> Iterator[Piece]:
        """Give what is left when the file has ended."""
        end = len(self.buffer)
        rooted = self.root.decode("latin-1") not in RECORD_TAGS
        if self.open is not None or (rooted and not re.search(rb"</" + re.escape(self.root) + rb"\s*>\s*$", self.buffer)):
            yield Piece(CUT, self.buffer, self.base)
        else:
            yield from self._piece(BROKEN, 0, end)

    def _piece(self, kind: str, start: int, end: int) -> Iterator[Piece]:
        """Give ``buffer[start:end]``, unless it is nothing but the frame around records."""
        raw = self.buffer[start:end]
        if raw and (self.open is not None or self._frame().sub(b"", raw).strip()):
            yield Piece(kind, raw, self.base + start)

    def _frame(self) -> re.Pattern[bytes]:
        root = b"|" + re.escape(self.root) if self.root else b""
        return re.compile(
            rb"\xef\xbb\xbf|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>|</?(?:" + _ROOTS + root + rb")(?:\s[^<>]*)?>",
            re.DOTALL,
        )


def split_records(chunks: Iterable[bytes]) -> Iterator[Piece]:
    """Cut PubMed XML into pieces, in order; reads no further ahead than one record.

    Pieces of kind WHOLE run from a record's start tag to its end tag but need not be well-formed. A last piece of kind CUT tells
    that the file ends inside a record or before the end tag of its root.
    """
    cutter = _Cutter()
    for chunk in chunks:
        yield from cutter.add(chunk)
    yield from cutter.finish()
