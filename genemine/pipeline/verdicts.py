"""Curators' verdicts as the tables and the training take them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from genemine.pipeline.fingerprint import fingerprint
from genemine.relate.verdicts import JUDGED
from genemine.review.consensus import judged
from genemine.review.events import UNSURE
from genemine.review.verdicts import read_verdicts
from genemine.tables.columns import LIST_SEPARATOR


@dataclass(frozen=True)
class Verdicts:
    """What curators say together: rows of :data:`JUDGED`, their digest ("" for none), and how many cards have each verdict."""

    table: pa.Table
    sha256: str
    counts: dict[str, int]


def read_judged(path: Path) -> Verdicts:
    """Read what stands in a file of verdicts; a file that is not there holds none.

    The digest is of what stands: a verdict that is undone leaves the tables as they were.

    Raises:
        StorageError: the file cannot be read.
    """
    cards = [card for card in judged(read_verdicts(path)) if card.verdict != UNSURE]
    rows = [
        (
            c.card.gene_curie,
            c.card.disease_curie,
            c.card.pmid,
            c.card.sentence,
            c.verdict,
            LIST_SEPARATOR.join(c.given),
            c.n_curators,
        )
        for c in cards
    ]
    columns = list(zip(*rows, strict=True)) or [()] * len(JUDGED)
    table = pa.table([pa.array(column, field.type) for column, field in zip(columns, JUDGED, strict=True)], schema=JUDGED)
    counts = dict(sorted(Counter(card.verdict for card in cards).items()))
    return Verdicts(table, fingerprint("verdicts", *(list(row) for row in rows)) if rows else "", counts)
