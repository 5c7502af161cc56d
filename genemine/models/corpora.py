"""The labelled corpora of the tagger: where their files lie, what each one annotates, which sentences are held out."""

from __future__ import annotations

import csv
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from genemine.errors import SourceError
from genemine.models.leaks import HeldOut, held_out
from genemine.records import DISEASE, GENE
from genemine.sources.iob import read_iob

log = logging.getLogger(__name__)

TRAIN, DEVEL, TEST = "train", "devel", "test"


@dataclass(frozen=True)
class Guideline:
    """One annotation guideline = one output of the tagger: a corpus says nothing about any other output."""

    name: str
    type: str  # the mention type that it marks
    folder: str  # below the data folder


GUIDELINES = (
    Guideline("bc2gm", GENE, "ner/BC2GM-IOB"),
    Guideline("ncbi_disease", DISEASE, "ner/NCBI-disease-IOB"),
    Guideline("bc5cdr_disease", DISEASE, "ner/BC5CDR-disease-IOB"),
)


def corpus_file(data_dir: Path, guideline: Guideline, part: str) -> Path:
    """Find ``part.tsv`` or ``part.tsv.gz`` of a corpus.

    Raises:
        SourceError: neither is there.
    """
    base = data_dir / guideline.folder
    for path in (base / f"{part}.tsv", base / f"{part}.tsv.gz"):
        if path.is_file():
            return path
    raise SourceError(f"{base}: no {part}.tsv or {part}.tsv.gz; give a data folder that holds {guideline.folder}")


def relation_sentences(data_dir: Path) -> Iterator[str]:
    """Yield every sentence of the GAD and EU-ADR folds, training and test (each is the test sentence of some fold)."""
    for path in sorted((data_dir / "relations").glob("*/*/t*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield max(row, key=len)


def held_out_sentences(data_dir: Path) -> HeldOut:
    """Make fingerprints of all test sentences: three corpora's test files, GAD and EU-ADR."""
    guard = held_out(" ".join(s.tokens) for g in GUIDELINES for s in read_iob(corpus_file(data_dir, g, TEST)))
    for sentence in relation_sentences(data_dir):
        guard.add(sentence)
    return guard


def file_sha256(path: Path) -> str:
    """Hash a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
