"""Read the unlabelled texts that a tagger learns from: ``abstracts/`` of a data folder, set by set."""

from __future__ import annotations

import csv
import gzip
import io
import json
import logging
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from genemine.errors import SourceError

log = logging.getLogger(__name__)

# SumPubMed put <dig> for most numbers and <cit> for citations; a number stays a number, a citation was never a word.
DIGIT_MARK, CITATION_MARK = "<dig>", "<cit>"
# The sets are of many makers (lower-cased, tokenised, a sentence a line): a sentence ends at a line or after . ? ! and a space.
SENTENCE_END = re.compile(r"\n+|(?<=[.?!])\s+")


PMID_NAME = re.compile(r"^(?:PMID-)?(\d+)$")  # how sets name the file of an abstract


class Text(NamedTuple):
    """One text of a set; ``pmid`` is "" where the set does not tell it."""

    set: str
    text: str
    pmid: str = ""


def unlabelled_texts(folder: Path) -> Iterator[Text]:
    """Yield every text under ``folder``.

    Reads JSON lines with ``title``, ``text`` or ``abstract``; CSV with ``title`` and ``abstract``; one JSON object of PubMedQA's
    form; tar.gz of ``.txt``. Sets come in sorted order, so the same folder gives the same sequence.

    Raises:
        SourceError: there is no readable text, or a file is broken.
    """
    readers = {".jsonl.gz": _json_lines, ".csv.gz": _csv_rows, ".json.gz": _pubmedqa, ".tar.gz": _tar_texts}
    paths = sorted(path for path in folder.rglob("*.gz") if any(path.name.endswith(end) for end in readers))
    if not paths:
        raise SourceError(f"{folder}: no texts (.jsonl.gz, .csv.gz, .json.gz, .tar.gz); give the folder that holds abstracts/")
    for path in paths:
        reader = next(read for end, read in readers.items() if path.name.endswith(end))
        try:
            for text, pmid in reader(path):
                yield Text(path.parent.name, text, pmid)
        except (OSError, EOFError, ValueError, KeyError, tarfile.TarError) as error:
            raise SourceError(f"{path}: cannot be read ({error}); fetch the file again") from error


def sentences_of(text: str) -> list[str]:
    """Cut a text into rough sentences, marks resolved: "<dig>" becomes 0, "<cit>" nothing."""
    clean = text.replace(CITATION_MARK, " ").replace(DIGIT_MARK, " 0 ")
    return [sentence for part in SENTENCE_END.split(clean) if (sentence := part.strip())]


def _json_lines(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            # the ids of these sets are running numbers, no PMIDs
            yield "\n".join(record[name] for name in ("title", "text", "abstract") if record.get(name)), ""


def _csv_rows(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield f"{row['title']}\n{row['abstract']}", row.get("pubmedID") or ""


def _pubmedqa(path: Path) -> Iterator[tuple[str, str]]:
    records = json.loads(gzip.decompress(path.read_bytes()))
    for pmid, record in records.items():
        yield "\n".join([record["QUESTION"], *record["CONTEXTS"], record["LONG_ANSWER"]]), pmid


def _tar_texts(path: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            if not member.name.endswith(".txt") or "labels/" in member.name:
                continue
            stream = archive.extractfile(member)
            if stream is not None:
                name = PMID_NAME.match(Path(member.name).stem)
                yield io.TextIOWrapper(stream, encoding="utf-8").read(), name[1] if name else ""
