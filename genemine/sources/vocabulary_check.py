"""Is a file whole, and the vocabulary that its name says? What a server sends in its place must never replace a good one."""

from __future__ import annotations

from pathlib import Path

from genemine.errors import SourceError
from genemine.sources.unpack import unpack
from genemine.sources.vocabulary import Vocabulary

_CHUNK = 1 << 18
HEAD = 1 << 16  # the marker stands before this, also below MEDIC's page of terms


def fault_of(path: Path, vocabulary: Vocabulary) -> str:
    """Why a file is not this vocabulary, whole; "" if it is.

    Every byte is unpacked, so that a cut or damaged gzip file shows. A plain file that was cut shows by its last line.
    """
    head, n_lines, last = b"", 0, b""
    try:
        with path.open("rb") as stream:
            for chunk in unpack(stream, _CHUNK):
                if len(head) < HEAD:
                    head += chunk[: HEAD - len(head)]
                n_lines += chunk.count(b"\n")
                last = chunk[-1:]
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    except SourceError as error:
        return str(error)
    return _fault_of_text(head, n_lines, last, vocabulary)


def _fault_of_text(head: bytes, n_lines: int, last: bytes, vocabulary: Vocabulary) -> str:
    if not head.strip():
        return "empty"
    if not is_vocabulary(head, vocabulary):
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html")):
            return "an HTML page"
        marked = vocabulary.marker.encode() in head
        missing = (
            f"no {vocabulary.holds!r} near its head" if marked else f"no line begins with {vocabulary.marker.split(chr(9))[0]!r}"
        )
        return f"not {vocabulary.title}: {missing}"
    if not (last == b"\n" or vocabulary.marker.startswith("<")):
        return "cut off within a line"
    if n_lines <= head.split(vocabulary.marker.encode())[0].count(b"\n") + 1:
        return "nothing below its head"
    return ""


def is_vocabulary(head: bytes, vocabulary: Vocabulary) -> bool:
    """Whether the first :data:`HEAD` bytes of a file, unpacked, are those of this vocabulary."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    at = head.find(vocabulary.marker.encode())
    at_line_start = at == 0 or (at > 0 and head[at - 1 : at] == b"\n")
    return at_line_start and vocabulary.holds.encode() in head
