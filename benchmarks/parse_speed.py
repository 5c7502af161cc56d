"""How fast PubMed XML is parsed, beside Bio.Entrez.read on the same files in the same process.

``python -m benchmarks.parse_speed``; the last line is one JSON object with ratio_to_entrez_read, records_per_second and
entrez_read_per_second. Files that Entrez.read cannot take offline (http DTD addresses, no DTD) are left out of both. Best of three
rounds, one core.
"""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Callable

from Bio import Entrez

from benchmarks.common import emit, shared_dir
from genemine.records import Article
from genemine.sources.pubmed_xml import parse_bytes

ROUNDS = 3


def entrez_read(data: bytes) -> int:
    """Count the records that Entrez.read makes of a file."""
    read = Entrez.read(io.BytesIO(data), validate=False)
    return len(read["PubmedArticle"]) + len(read["PubmedBookArticle"])


def genemine_read(data: bytes) -> int:
    """Count the articles that genemine makes of a file."""
    return sum(isinstance(found, Article) for found in parse_bytes(data, "benchmark"))


def readable_by_entrez(data: bytes) -> bool:
    """Say whether Entrez.read takes the file offline."""
    try:
        entrez_read(data)
    except (ValueError, TypeError, Entrez.Parser.NotXMLError):
        return False
    return True


def seconds(read: Callable[[bytes], int], files: list[bytes]) -> float:
    """Time the best of some rounds over all files."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for data in files:
            read(data)
        rounds.append(time.perf_counter() - started)
    return min(rounds)


def main() -> None:
    """Measure and print."""
    paths = sorted((shared_dir() / "data" / "pubmed-xml").rglob("*.xml*"))
    unpacked = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths]
    files = [data for data in unpacked if readable_by_entrez(data)]
    n_records = sum(map(genemine_read, files))
    if n_records != sum(map(entrez_read, files)):
        raise SystemExit("the two readers disagree on the number of records; see tests/sources/test_pubmed_oracle.py")
    ours, theirs = seconds(genemine_read, files), seconds(entrez_read, files)
    print(f"{len(files)} of {len(paths)} files, {n_records} records, {sum(map(len, files)) / 1e6:.1f} MB")
    emit(
        {
            "ratio_to_entrez_read": round(theirs / ours, 2),
            "records_per_second": round(n_records / ours),
            "entrez_read_per_second": round(n_records / theirs),
        }
    )


if __name__ == "__main__":
    main()
