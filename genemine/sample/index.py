"""A folder of PubMed XML in memory: the newest revision of every record, ready to be searched and sent.

Files are read as they come: ``.xml`` and ``.xml.gz``, any root, a byte-order mark, records of articles and of books. What cannot
be read is listed with its reason and the rest is served.
"""

from __future__ import annotations

import gzip
import logging
import time
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import IO

from lxml import etree

from genemine.errors import SourceError
from genemine.sample.fields import BREAK, date_fields, text_fields, whole_number

log = logging.getLogger(__name__)

RECORD_TAGS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")
GZIP_MAGIC = b"\x1f\x8b"
PMID_PATHS = {"PubmedArticle": "MedlineCitation/PMID", "PubmedBookArticle": "BookDocument/PMID"}


@dataclass(frozen=True)
class StoredRecord:
    """One served record: ``xml`` is its element in UTF-8, ``text`` and ``dates`` its search fields (see ``fields``)."""

    pmid: int
    version: int
    xml: bytes
    text: dict[str, str]
    dates: dict[str, tuple[int, ...]]
    journal: tuple[str, str]  # NLM's abbreviation and id; empty for a book

    @property
    def revision(self) -> tuple[int, int]:
        """(version of the PMID, day of the revision): the larger is the newer record."""
        return self.version, max(self.dates.get("LR", (0,)))


@dataclass(frozen=True)
class Skipped:
    """A file, or a record of it, that is not served."""

    path: str
    reason: str


@dataclass
class Index:
    """Every served record by PMID, and what a search needs to find it."""

    folder: Path
    loaded: time.struct_time = field(default_factory=time.gmtime)
    n_files: int = 0
    records: dict[int, StoredRecord] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    n_deleted: int = 0
    n_older: int = 0  # revisions that a newer one replaced
    postings: dict[str, dict[str, set[int]]] = field(default_factory=dict)  # field -> word -> PMIDs
    journals: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # folded title, abbreviation, ISSN or id -> StoredRecord.journal

    def finish(self) -> None:
        """Build the look-ups once all records are in."""
        for record in self.records.values():
            for name, text in record.text.items():
                holders = self.postings.setdefault(name, {})
                for word in set(text.split()):
                    holders.setdefault(word, set()).add(record.pmid)
            for piece in record.text.get("JOUR", "").split(BREAK):
                self.journals.setdefault(piece.strip(), record.journal)

    @cached_property
    def pmids(self) -> list[int]:
        """Every PMID, ascending."""
        return sorted(self.records)

    @cached_property
    def days(self) -> dict[str, list[tuple[int, int]]]:
        """Date field -> (yyyymmdd, PMID), ascending."""
        found: dict[str, list[tuple[int, int]]] = {}
        for record in self.records.values():
            for name, days in record.dates.items():
                found.setdefault(name, []).extend((day, record.pmid) for day in days)
        return {name: sorted(pairs) for name, pairs in found.items()}

    def with_word(self, field_name: str, word: str) -> set[int]:
        """PMIDs whose field holds the folded word."""
        return self.postings.get(field_name, {}).get(word, set())

    def with_prefix(self, field_name: str, prefix: str) -> set[int]:
        """PMIDs whose field holds a word that begins so."""
        holders = (pmids for word, pmids in self.postings.get(field_name, {}).items() if word.startswith(prefix))
        return set().union(*holders)

    def between(self, field_name: str, first: int, last: int) -> set[int]:
        """PMIDs with a date of the field in first..last (yyyymmdd, both included)."""
        pairs = self.days.get(field_name, [])
        return {pmid for _, pmid in pairs[bisect_left(pairs, (first, 0)) : bisect_left(pairs, (last + 1, 0))]}

    def numbered(self, first: int, last: int) -> set[int]:
        """PMIDs from first to last, both included."""
        return set(self.pmids[bisect_left(self.pmids, first) : bisect_right(self.pmids, last)])

    def newest_first(self, pmids: Iterable[int]) -> list[int]:
        """Sort as PubMed does by default: most recently added first."""
        return sorted(pmids, key=lambda pmid: (self.records[pmid].dates.get("CRDT", (0,))[-1], pmid), reverse=True)


def load_folder(folder: Path) -> Index:
    """Read all PubMed XML below a folder.

    Raises:
        SourceError: the folder is missing, or no file in it holds a PubMed record.
    """
    if not folder.is_dir():
        raise SourceError(f"{folder}: no such folder; name one that holds PubMed XML (.xml or .xml.gz)")
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name.lower().endswith((".xml", ".xml.gz")))
    index = Index(folder=folder)
    for _, series in groupby(paths, key=lambda path: path.parent):
        _add_series(index, series)
    if not index.records:
        raise SourceError(_nothing_found(folder, index))
    index.finish()
    log.info(
        "serve: %d records of %d files in %s; %d older revisions, %d deleted, %d skipped",
        len(index.records), index.n_files, folder, index.n_older, index.n_deleted, len(index.skipped),
    )  # fmt: skip
    return index


def _nothing_found(folder: Path, index: Index) -> str:
    seen = f"{index.n_files} .xml or .xml.gz files were read" if index.n_files else "it has no .xml or .xml.gz file"
    first = f"; {index.skipped[0].path}: {index.skipped[0].reason}" if index.skipped else ""
    return f"{folder}: no PubMed record found ({seen}{first}); name a folder that holds PubMed XML"


def _add_series(index: Index, paths: Iterable[Path]) -> None:
    """Read the files of one folder in the order of their names, then join them to what other folders hold.

    A DeleteCitation takes out records of its own folder alone, those before it: only the files of one series have an order.
    """
    series: dict[int, StoredRecord] = {}
    for path in paths:
        index.n_files += 1
        _add_file(index, series, path)
    for record in series.values():
        _keep_newest(index, index.records, record)


def _add_file(index: Index, series: dict[int, StoredRecord], path: Path) -> None:
    name = path.relative_to(index.folder).as_posix()
    n_records = n_deletions = 0
    try:
        for element in read_elements(path):
            if element.tag == "DeleteCitation":
                n_deletions += 1
                index.n_deleted += _delete(series, element)
                continue
            n_records += 1
            record = _record(element)
            if isinstance(record, StoredRecord):
                _keep_newest(index, series, record)
            else:
                _skip(index, name, record)
        if not n_records and not n_deletions:
            _skip(index, name, "it holds no PubMed record")
    except (etree.XMLSyntaxError, OSError, EOFError, zlib.error) as problem:
        _skip(index, name, f"{problem}" + (f"; the {n_records} whole records before it are served" if n_records else ""))


def _skip(index: Index, name: str, reason: str) -> None:
    index.skipped.append(Skipped(name, reason))
    log.warning("serve: %s: %s", name, reason)


def _delete(series: dict[int, StoredRecord], element: etree._Element) -> int:
    named = [whole_number(pmid.text) for pmid in element.iterfind("PMID")]
    return sum(series.pop(number, None) is not None for number in named if number is not None)


def _keep_newest(index: Index, records: dict[int, StoredRecord], record: StoredRecord) -> None:
    known = records.get(record.pmid)
    if known:
        index.n_older += 1
    if known is None or record.revision >= known.revision:
        records[record.pmid] = record


def read_elements(path: Path) -> Iterator[etree._Element]:
    """Stream the record elements of one file; each is cleared once the next is asked for.

    Raises:
        lxml.etree.XMLSyntaxError, OSError, EOFError, zlib.error: the file is no XML or is cut off; elements before are given.
    """
    with path.open("rb") as raw:
        packed = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        stream: IO[bytes] = gzip.open(raw) if packed else raw  # type: ignore[assignment]  # noqa: SIM115 (raw is closed)
        # No entity, DTD or network: the folder may hold anything.
        parse = etree.iterparse(
            stream,
            tag=RECORD_TAGS,
            load_dtd=False,
            no_network=True,
            resolve_entities=False,
            huge_tree=False,
            remove_blank_text=False,
        )
        for _, element in parse:
            yield element
            element.clear(keep_tail=True)
            while element.getprevious() is not None:
                del element.getparent()[0]


def _record(element: etree._Element) -> StoredRecord | str:
    """Read one record, or the reason why it cannot be served."""
    pmid = element.find(PMID_PATHS[element.tag])
    number = whole_number(pmid.text) if pmid is not None else None
    if pmid is None or not number:
        return f"a {element.tag} without a PMID"
    if next(element.iter(etree.Entity), None) is not None:
        return f"PMID {number}: an entity that XML itself does not define"
    return StoredRecord(
        pmid=number,
        version=whole_number(pmid.get("Version")) or 1,
        xml=etree.tostring(element, encoding="utf-8", xml_declaration=False, with_tail=False),
        text=text_fields(element),
        dates=date_fields(element),
        journal=(
            element.findtext("MedlineCitation/MedlineJournalInfo/MedlineTA") or "",
            element.findtext("MedlineCitation/MedlineJournalInfo/NlmUniqueID") or "",
        ),
    )
