"""Cut damaged PubMed XML into records by their tags alone, so that one broken record costs one record.

An XML parser has to stop at the first error. What comes after it is found here by looking for the start and end tags of records in
the bytes. Every byte that is not white space or the frame around the records ends up in some piece: nothing is lost unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

RECORD_TAGS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation", "DeleteDocument")
# Until 2017 MEDLINE was also given away as citations alone: MedlineCitation right below the root, no PubmedArticle around it.
BARE_RECORD = "MedlineCitation"
BARE_ROOT = "MedlineCitationSet"
ROOT_TAGS = ("PubmedArticleSet", "PubmedBookArticleSet", "RAW_DATA", BARE_ROOT)
# The largest records, of collaborations with thousands of authors, take about 10 MB; beyond this it is no record.
MAX_RECORD_BYTES = 32 * 1024 * 1024

WHOLE = "whole"  # start tag to end tag
BROKEN = "broken"  # a record that the next one begins in, or text that belongs to none
CUT = "cut"  # what stands where the file breaks off; may be empty

_FIRST_ELEMENT = re.compile(rb"<([A-Za-z_][\w.:-]*)[\s/>]")
_FRAME_TAG = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>|</?(?:" + "|".join(ROOT_TAGS).encode() + rb")(?:\s[^<>]*)?>")
_FRAME_SPANS = ((b"<!--", b"-->"), (b"<?", b"?>"))
_BOM = b"\xef\xbb\xbf"
_TAG_REACH = 256  # bytes kept of an oversized piece, so that a tag that lies across two chunks is seen


def _tag_pattern(*names: str) -> re.Pattern[bytes]:
    return re.compile(rb"<(/?)(" + "|".join(names).encode() + rb")(?:\s[^<>]*)?>")


_TAG = _tag_pattern(*RECORD_TAGS)
_TAG_OR_BARE = _tag_pattern(*RECORD_TAGS, BARE_RECORD)


def first_tag(data: bytes) -> str:
    """Give the tag of the first element; "" for none."""
    found = _FIRST_ELEMENT.search(data)
    return found.group(1).decode("latin-1") if found else ""


@dataclass(frozen=True)
class Piece:
    """A stretch of a damaged file: what it is, its bytes, and at which byte of the (unpacked) file it starts."""

    kind: str
    raw: bytes
    offset: int

    @property
    def is_record(self) -> bool:
        """True for what begins with the start tag of a record."""
        return self.kind == WHOLE or _TAG.match(self.raw) is not None


class _Cutter:
    """The bytes not yet given away, and whether they stand inside a record."""

    def __init__(self) -> None:
        self.buffer = b""
        self.base = 0  # byte of the file at which the buffer starts
        self.open: bytes | None = None  # tag of the record that the buffer starts with
        self.root = b""  # tag of the first element of the file
        self.tags = _TAG  # what records begin and end with here
        self.scanned = 0  # no tag of a record begins before this byte of the buffer, but for the one that is open

    def add(self, chunk: bytes) -> Iterator[Piece]:
        """Take more bytes; give the pieces that they complete."""
        self.buffer += chunk
        if not self.root and (root := first_tag(self.buffer)):
            self.root = root.encode("latin-1")
            self.tags = _TAG_OR_BARE if root in (BARE_ROOT, BARE_RECORD) else _TAG
        start = 0
        for tag in self.tags.finditer(self.buffer, self.scanned):
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
        # a tag has no "<" inside, so one that goes on in the next chunk begins at the last "<"; one that is open begins at 0
        self.scanned = max(self.buffer.rfind(b"<"), 1 if self.open is not None else 0)

    def finish(self) -> Iterator[Piece]:
        """Give what is left when the file has ended."""
        end = len(self.buffer)
        rooted = self.root.decode("latin-1") not in (*RECORD_TAGS, BARE_RECORD)
        if self.open is not None or (rooted and not re.search(rb"</" + re.escape(self.root) + rb"\s*>\s*$", self.buffer)):
            yield Piece(CUT, self.buffer, self.base)
        else:
            yield from self._piece(BROKEN, 0, end)

    def _piece(self, kind: str, start: int, end: int) -> Iterator[Piece]:
        """Give ``buffer[start:end]``, unless it is nothing but the frame around records."""
        raw = self.buffer[start:end]
        if raw and (self.open is not None or not self._is_frame(raw)):
            yield Piece(kind, raw, self.base + start)

    def _is_frame(self, raw: bytes) -> bool:
        """Say whether there is nothing but declarations, comments, root tags and white space; goes over each byte once."""
        at, end = 0, len(raw)
        roots = re.compile(rb"</?" + re.escape(self.root) + rb"(?:\s[^<>]*)?>") if self.root else _FRAME_TAG
        white = re.compile(rb"(?:\s|" + _BOM + rb")*")
        while (at := white.match(raw, at).end()) < end:  # type: ignore[union-attr]  # the pattern matches the empty string
            span = next((closing for opening, closing in _FRAME_SPANS if raw.startswith(opening, at)), None)
            if span is not None:
                closed = raw.find(span, at)
                at = closed + len(span)
                if closed < 0:
                    return False
            elif found := _FRAME_TAG.match(raw, at) or roots.match(raw, at):
                at = found.end()
            else:
                return False
        return True


def split_records(chunks: Iterable[bytes]) -> Iterator[Piece]:
    """Cut PubMed XML into pieces, in order; reads no further ahead than one record.

    Pieces of kind WHOLE run from a record's start tag to its end tag but need not be well-formed. A last piece of kind CUT tells
    that the file ends inside a record or before the end tag of its root.
    """
    cutter = _Cutter()
    for chunk in _gathered(chunks, MAX_RECORD_BYTES // 32):
        yield from cutter.add(chunk)
    yield from cutter.finish()


def _gathered(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Put small chunks together: what is left of a long record is copied for each."""
    parts: list[bytes] = []
    n_bytes = 0
    for chunk in chunks:
        parts.append(chunk)
        n_bytes += len(chunk)
        if n_bytes >= size:
            yield b"".join(parts)
            parts, n_bytes = [], 0
    yield b"".join(parts)
