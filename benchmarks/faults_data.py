"""What the benchmark of faults collects: small records made up for it, as they stand on one night and on the next; and the count of
what a data folder holds of them, byte by byte, with none of the collector's own reading."""

from __future__ import annotations

import gzip
import hashlib
import re
import sqlite3
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from genemine.sample.index import Index, StoredRecord
from genemine.storage.layout import Layout

QUERY = "cancer[ti]"
NIGHT = date(2026, 3, 10)
FIRST_PMID, PMID_STEP = 30_000_000, 577  # spread as PubMed's are, so that slices are cut at many depths
N_REVISED, N_NEW = 120, 60  # from the first night to the second
_RECORD = re.compile(rb"<PubmedArticle>.*?</PubmedArticle>", re.DOTALL)
_PMID = re.compile(rb"<PMID Version=\"1\">([0-9]+)</PMID>")


@dataclass(frozen=True)
class World:
    """PubMed on two nights; ``truth`` is PMID -> the bytes of its record."""

    indexes: tuple[Index, Index]

    def truth(self, night: int) -> dict[str, bytes]:
        """What the service holds on the first (0) or the second night (1)."""
        return {str(pmid): record.xml for pmid, record in self.indexes[night].records.items()}


def make_world(n_records: int) -> World:
    """A service of so many records on the first night; by the second some are revised and some have come in."""
    first, second = Index(folder=Path("night-1")), Index(folder=Path("night-2"))
    for number in range(n_records):
        entered = NIGHT - timedelta(days=number % 400)
        record = _record(number, entered, min(NIGHT, entered + timedelta(days=number % 7)), "first seen")
        first.records[record.pmid] = second.records[record.pmid] = record
    tomorrow = NIGHT + timedelta(days=1)
    for number in range(0, n_records, n_records // N_REVISED):
        record = _record(number, NIGHT - timedelta(days=number % 400), tomorrow, "revised")
        second.records[record.pmid] = record
    for number in range(n_records, n_records + N_NEW):
        record = _record(number, tomorrow, tomorrow, "new")
        second.records[record.pmid] = record
    for index in (first, second):
        index.finish()
    return World((first, second))


def _record(number: int, entered: date, revised: date, words: str) -> StoredRecord:
    pmid = FIRST_PMID + number * PMID_STEP
    title = f"BRCA1 in cancer {words} {hashlib.sha256(str(number).encode()).hexdigest()[:12]}"
    xml = (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><DateRevised>{_day(revised)}</DateRevised><Article>'
        f"<ArticleTitle>{title}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    )
    dates: dict[str, tuple[int, ...]] = {"EDAT": (_number(entered),), "CRDT": (_number(entered),), "LR": (_number(revised),)}
    return StoredRecord(pmid, 1, xml.encode(), {"TITL": title.lower()}, dates, ("", ""))


def _day(value: date) -> str:
    return f"<Year>{value.year}</Year><Month>{value.month}</Month><Day>{value.day}</Day>"


def _number(value: date) -> int:
    return value.year * 10_000 + value.month * 100 + value.day


@dataclass(frozen=True)
class Count:
    """How a data folder stands beside the truth: ``lacking`` are PMIDs without their record on disk or in the ledger, ``doubled``
    counts records stored again byte by byte."""

    lacking: frozenset[str]
    doubled: int
    watermark: str
    files: tuple[tuple[str, str], ...]


def count(layout: Layout, truth: dict[str, bytes]) -> Count:
    """Read every raw shard and the ledger."""
    stored: Counter[tuple[str, bytes]] = Counter()
    shards: dict[str, dict[str, bytes]] = {}
    files = []
    for path in sorted(layout.raw.glob("*/*.xml.gz")):
        packed = path.read_bytes()
        files.append((path.name, hashlib.sha256(packed).hexdigest()))
        records = _records(packed)
        stored.update(records)
        shards[path.name.removesuffix(".xml.gz")] = dict(records)
    kept, hashes, watermark = _ledger(layout.ledger)
    whole = {name for name, sha256 in files if hashes.get(name.removesuffix(".xml.gz")) == sha256}
    lacking = {
        pmid for pmid, record in truth.items() if f"{kept.get(pmid)}.xml.gz" not in whole or shards[kept[pmid]].get(pmid) != record
    }
    return Count(frozenset(lacking), sum(stored.values()) - len(stored), watermark, tuple(files))


def _records(packed: bytes) -> list[tuple[str, bytes]]:
    try:
        xml = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return []
    named = ((_PMID.search(record), record) for record in _RECORD.findall(xml))
    return [(pmid[1].decode(), record) for pmid, record in named if pmid]


def _ledger(path: Path) -> tuple[dict[str, str], dict[str, str], str]:
    """PMID -> shard, shard -> hash, and the watermark ("" for none), as the ledger has them."""
    if not path.exists():
        return {}, {}, ""
    connection = sqlite3.connect(path)
    try:
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return {}, {}, ""
        kept = dict(connection.execute("SELECT pmid, batch FROM pmids"))
        hashes = dict(connection.execute("SELECT name, sha256 FROM batches"))
        marks = connection.execute("SELECT until FROM watermarks").fetchall()
    finally:
        connection.close()
    return kept, hashes, marks[0][0] if marks else ""
