"""Bulk files as NCBI lays them out: ``baseline/`` and ``updatefiles/``, packed, with a checksum beside each."""

from __future__ import annotations

import gzip
import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from genemine.sample import records_folder

BASELINE = "baseline"
UPDATES = "updatefiles"
N_BASELINE = 2  # files of the embedded sample that make its baseline; the others revise, add and delete
FIRST_DAY = datetime(2026, 10, 1, 14, 5, tzinfo=UTC)


def write_sample(folder: Path) -> list[Path]:
    """Write the embedded sample as two baseline files and two update files, a day apart; gives their paths in order."""
    paths = []
    for number, source in enumerate(sorted(records_folder().glob("*.xml"))):
        place = BASELINE if number < N_BASELINE else UPDATES
        path = folder / place / f"{source.name}.gz"
        write_bulk_file(path, source.read_bytes(), FIRST_DAY + timedelta(days=number))
        paths.append(path)
    return paths


def write_bulk_file(path: Path, xml: bytes, issued: datetime) -> None:
    """Pack a file of PubMed XML, write its checksum beside it, and date both."""
    path.parent.mkdir(parents=True, exist_ok=True)
    packed = gzip.compress(xml, compresslevel=6, mtime=0)
    md5 = hashlib.md5(packed, usedforsecurity=False).hexdigest()
    for target, content in ((path, packed), (path.with_name(f"{path.name}.md5"), f"MD5({path.name})= {md5}\n".encode())):
        # a new file in its place, as a server's mirror is renewed: whoever reads or links the old one keeps it
        target.unlink(missing_ok=True)
        target.write_bytes(content)
        os.utime(target, (issued.timestamp(), issued.timestamp()))
