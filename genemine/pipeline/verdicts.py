"""Curators' verdicts as the tables and the training take them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from genemine.annotate.tokens import tokenize
from genemine.pipeline.fingerprint import fingerprint
from genemine.records import Sentence
from genemine.relate.pairs import DISEASE_MARK, GENE_MARK, mark
from genemine.relate.verdicts import JUDGED
from genemine.review.consensus import ACCEPTED, DISPUTED, Judged, judged
from genemine.review.events import DENIED, REJECT, UNSURE, Event
from genemine.review.verdicts import read_verdicts
from genemine.tables.columns import LIST_SEPARATOR

if TYPE_CHECKING:
    from genemine.models.relation_verdicts import JudgedSentence


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


def read_lessons(path: Path) -> tuple[list[JudgedSentence], dict[str, int]]:
    """Read what the pair classifier may learn from verdicts, and count the others by reason.

    Accepted is label 1, rejected and denied 0. Where a name was wrong the sentence may well state an association of what it does
    name, so that it teaches neither; nor does what is disputed.

    Raises:
        StorageError: the file cannot be read.
    """
    from genemine.models.relation_verdicts import JudgedSentence

    lessons, left_out = list[JudgedSentence](), Counter[str]()
    for card in judged(read_verdicts(path)):
        label = _label(card)
        if label is None:
            left_out[card.verdict if card.verdict in (DISPUTED, UNSURE) else "wrong gene or disease"] += 1
        else:
            lessons.append(JudgedSentence(card.card.pmid, card.card.sentence, _marked(card.card), label))
    return lessons, dict(sorted(left_out.items()))


def _label(card: Judged) -> int | None:
    if card.verdict == ACCEPTED:
        return 1
    said: Sequence[str] = [verdict for verdict in card.given if verdict != UNSURE]
    return 0 if said and set(said) <= {REJECT, DENIED} and card.verdict != DISPUTED else None


def _marked(card: Event) -> str:
    sentence = Sentence(0, 0, len(card.sentence), card.sentence, tokenize(card.sentence))
    spans = ((card.gene_start, card.gene_end, GENE_MARK), (card.disease_start, card.disease_end, DISEASE_MARK))
    return " ".join(mark(sentence, spans))
