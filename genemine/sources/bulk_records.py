"""What a bulk file holds, read as a stream: which records, by a digest of each, and which PMIDs it asks to delete."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from genemine.errors import SourceError
from genemine.sources.pubmed_stream import CUT_OFF, DAMAGED, Damage, stream_file

_PMID_PATHS = ("MedlineCitation/PMID", "BookDocument/PMID", "PMID")
_DELETIONS = ("DeleteCitation", "DeleteDocument")


@dataclass(frozen=True)
class BulkContent:
    """``digests``: PMID -> digest of its XML (of the last, where a PMID occurs several times); ``n_unreadable`` stretches that are
    no record: cleaning sets them aside with their bytes.
    """

    digests: dict[str, str]
    deleted: tuple[str, ...]
    n_records: int
    n_unreadable: int


def read_bulk(path: Path, progress: Callable[[int], None] | None = None) -> BulkContent:
    """Read a bulk file record by record; memory holds one record, and a digest of each.

    Args:
        path: the file, packed or not.
        progress: called with the number of records so far, every thousand.

    Raises:
        SourceError: it is cut off or damaged, no PubMed XML, hostile, or cannot be read.
    """
    digests: dict[str, str] = {}
    deleted: dict[str, None] = {}
    n_records = n_unreadable = 0
    for element in stream_file(path):
        if isinstance(element, Damage):
            if element.reason in (CUT_OFF, DAMAGED):
                raise SourceError(f"{path}: {element.reason} ({element.detail}); fetch it again")
            n_unreadable += 1
        elif element.tag in _DELETIONS:
            deleted.update(dict.fromkeys(pmid for child in element.iterchildren("PMID") if (pmid := (child.text or "").strip())))
        else:
            n_records += 1
            pmid, digest = record_digest(element)
            if pmid:
                digests[pmid] = digest
            if progress is not None and n_records % 1000 == 0:
                progress(n_records)
    return BulkContent(digests, tuple(deleted), n_records, n_unreadable)


def record_digest(record: etree._Element) -> tuple[str, str]:
    """PMID ("" if there is none) and digest of a record element."""
    # the last is that of MEDLINE's files until 2017, in which MedlineCitation is the record
    pmid = next((text for path in _PMID_PATHS if (text := record.findtext(path))), "")
    # without the white space after it, which depends on its neighbours
    return pmid.strip(), hashlib.sha256(etree.tostring(record, with_tail=False)).hexdigest()
