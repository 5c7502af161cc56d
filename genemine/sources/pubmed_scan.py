"""Which records a file of PubMed XML holds, by their tags alone: ten times as fast as parsing them, for checks of whole corpora.

The number, version and revision date of a record stand in its first lines, in the order that PubMed's DTD gives. What is found here
is what :mod:`genemine.sources.pubmed_xml` finds; a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from genemine.errors import SourceError
from genemine.sources.pubmed_split import WHOLE, Piece, split_records
from genemine.sources.unpack import unpack

_CHUNK = 1 << 20
_HEAD = re.compile(rb"<(?:MedlineCitation|BookDocument)(?:\s[^<>]*)?>\s*<PMID((?:\s[^<>]*)?)>\s*(\d{1,10})\s*</PMID>")
_VERSION = re.compile(rb"""\sVersion\s*=\s*["']\s*(\d+)\s*["']""")
_REVISED = re.compile(
    rb"<DateRevised>\s*<Year>\s*(\d{4})\s*</Year>\s*<Month>\s*(\d{1,2})\s*</Month>\s*<Day>\s*(\d{1,2})\s*</Day>\s*</DateRevised>"
)
_DELETED = re.compile(rb"<PMID(?:\s[^<>]*)?>\s*(\d{1,10})\s*</PMID>")
_DELETION = (b"<DeleteCitation", b"<DeleteDocument")


@dataclass
class Scan:
    """What a file holds: (PMID, version, ISO date of revision or "") of each record, PMIDs that it asks to delete, and its faults.

    ``n_unreadable`` counts stretches of bytes without a record that has a PMID; ``damage`` says why the file could not be unpacked
    to its end, "" if it could.
    """

    records: list[tuple[str, int, str]] = field(default_factory=list)
    deletions: list[str] = field(default_factory=list)
    n_unreadable: int = 0
    damage: str = ""


def scan_file(path: Path) -> Scan:
    """Look through a file, plain or gzip; memory holds one record at a time, and the list of what was found.

    Raises:
        SourceError: the file cannot be opened.
    """
    scan = Scan()
    try:
        for piece in _pieces(path):
            _note(piece, scan)
    except SourceError as error:
        scan.damage = str(error)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); check the disk and the file's permissions") from error
    return scan


def find_records(path: Path, pmids: Collection[str]) -> dict[str, bytes]:
    """The bytes of the records with these PMIDs, of each the last in the file; those that are not in it are left out.

    Raises:
        SourceError: the file cannot be read to its end.
    """
    found = {}
    try:
        for piece in _pieces(path):
            head = _HEAD.search(piece.raw)
            if head and (pmid := _pmid(head.group(2))) in pmids:
                found[pmid] = piece.raw
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); check the disk and the file's permissions") from error
    return found


def _pieces(path: Path) -> Iterator[Piece]:
    with path.open("rb") as stream:
        yield from split_records(unpack(stream, _CHUNK))


def _note(piece: Piece, scan: Scan) -> None:
    if piece.kind == WHOLE and piece.raw.startswith(_DELETION):
        scan.deletions += map(_pmid, _DELETED.findall(piece.raw))
        return
    head = _HEAD.search(piece.raw) if piece.kind == WHOLE else None
    if head is None:
        scan.n_unreadable += 1
        return
    version, revised = _VERSION.search(head.group(1)), _REVISED.search(piece.raw)
    date = f"{int(revised[1]):04}-{int(revised[2]):02}-{int(revised[3]):02}" if revised else ""
    scan.records.append((_pmid(head.group(2)), int(version[1]) if version else 1, date))


def _pmid(digits: bytes) -> str:
    return str(int(digits))
