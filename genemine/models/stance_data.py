"""Sentences with a known stance: EU-ADR's negative and speculative rows, and sentences of GAD and BioRED read for it.

What is tested with is never learnt from: GAD's dev and test part, BioRED Dev, the sentences of EU-ADR's first test fold, and every
sentence that shares six words in a row with one of the sentences that were read for testing (the same sentence with another pair
marked).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from genemine.errors import SourceError
from genemine.models.relation_biored import read_biored
from genemine.models.relation_encode import example_of
from genemine.records import PairExample
from genemine.resources import stance_labels
from genemine.sources.euadr_table import NEGATIVE, NONE, SPECULATIVE, read_euadr_table
from genemine.sources.pair_corpus import DISEASE_MARK, GENE_MARK, bare_text, read_pair_corpus

LEARN, TEST = "learn", "test"
READ, EUADR = "read", "EU-ADR"
GAD_FILES = ("GAD-BLURB/train.tsv", "GAD-BLURB/dev.tsv", "GAD-BLURB/test.tsv")
BIORED_FILES = ("BioRED/Train.PubTator.gz", "BioRED/Dev.PubTator")
EUADR_FILE, EUADR_HELD = "EU-ADR-corpus/EUADR_target_disease.csv", "euadr/1/test.tsv"
_SHARED_WORDS = 6
_STANCES = {"denied": (True, False), "supposed": (False, True), "both": (True, True), "neither": (False, False)}


@dataclass(frozen=True, slots=True)
class StanceRow:
    """A sentence and what it says of its pair.

    ``group`` is the same for sentences that may not be parted: those of one article (EU-ADR), or that share words in a row.
    ``is_associated`` is False for EU-ADR's rows of no relation, whose sentences may deny or suppose all the same.
    """

    example: PairExample
    denied: bool
    supposed: bool
    corpus: str
    part: str = LEARN
    group: str = ""
    is_associated: bool = True


def read_stances(relations: Path) -> list[StanceRow]:
    """Read all rows below the folder of relation corpora: those read by eye, then EU-ADR's.

    Raises:
        SourceError: a corpus is missing, or holds none of the sentences that were read.
        RecordError: a corpus is broken.
    """
    labels = _labels()
    texts = [one.text for name in GAD_FILES for one in read_pair_corpus(relations / name)]
    texts += [" ".join(pair.example.tokens) for name in BIORED_FILES for pair in read_biored(relations / name)]
    by_key = {fingerprint(text): text for text in reversed(texts)}
    rows = [
        StanceRow(example_of(by_key[key]), *_STANCES[stance], READ, part)
        for key, (part, stance) in labels.items()
        if key in by_key and stance in _STANCES
    ]
    if not rows:
        raise SourceError(f"{relations}: none of the sentences that were read for their stance is in {', '.join(GAD_FILES)}")
    grouped = [replace(row, group=group) for row, group in zip(rows, _groups(rows), strict=True)]
    tested = {row.group for row in grouped if row.part == TEST}
    return [row for row in grouped if row.part == TEST or row.group not in tested] + _euadr(relations)


def _euadr(relations: Path) -> list[StanceRow]:
    """Give EU-ADR's rows; for testing those of the first fold's test file, which the pair classifier's card is measured on."""
    held = {bare_text(one.text) for one in read_pair_corpus(relations / EUADR_HELD)}
    return [
        StanceRow(
            example_of(row.text),
            denied=row.kind == NEGATIVE,
            supposed=row.kind == SPECULATIVE,
            corpus=EUADR,
            part=TEST if bare_text(row.text) in held else LEARN,
            group=row.pmid,
            is_associated=row.kind != NONE,
        )
        for row in read_euadr_table(relations / EUADR_FILE)
    ]


def fingerprint(text: str) -> str:
    """Give what stands for a sentence in the list of labels."""
    return hashlib.sha256(bare_text(text).encode()).hexdigest()[:16]


def _labels() -> dict[str, tuple[str, str]]:
    lines = stance_labels().read_text(encoding="utf-8").splitlines()[1:]
    return {key: (part, stance) for _, part, key, stance in (line.split("\t") for line in lines)}


def _groups(rows: Sequence[StanceRow]) -> Iterable[str]:
    """Give each row the name of its group: sentences that share six words in a row, the marks left out, belong together."""
    parents = list(range(len(rows)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows):
        plain = " ".join(token for token in row.example.tokens if token not in (GENE_MARK, DISEASE_MARK))
        words = re.findall(r"\w+", plain.casefold())
        for at in range(len(words) - _SHARED_WORDS + 1):
            other = seen.setdefault(tuple(words[at : at + _SHARED_WORDS]), number)
            parents[root(number)] = root(other)
    return [f"{READ} {root(number)}" for number in range(len(rows))]
