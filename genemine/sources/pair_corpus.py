"""Sentences that name one gene and one disease, with a label: the corpora GAD and EU-ADR, and a user's own.

Two layouts are read, told apart by the header::

    train.tsv   sentence<TAB>label                (no header)
    test.tsv    index<TAB>sentence<TAB>label      (with this header)

The gene is written ``@GENE$``, the disease ``@DISEASE$``; the label is 0 or 1.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from genemine.errors import RecordError, SourceError

GENE_MARK = "@GENE$"
DISEASE_MARK = "@DISEASE$"
HEADER = ("index", "sentence", "label")


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence with both marks and its label: 1 for "speaks of an association of the two", 0 for "does not".

    ``corpus`` names where it comes from in training data of several corpora, which differ in what they call an association.
    """

    text: str
    label: int
    corpus: str = ""


def read_pair_corpus(path: Path) -> list[LabelledSentence]:
    """Read one file (``.gz`` too), in its order.

    Raises:
        SourceError: the file cannot be read or holds no sentence.
        RecordError: a line is broken; file, line number and remedy are named.
    """
    lines = _lines(path)
    has_header = bool(lines) and tuple(lines[0].split("\t")) == HEADER
    first = 1 if has_header else 0
    sentences = [
        _sentence(line, f"{path}:{number}", columns=3 if has_header else 2)
        for number, line in enumerate(lines[first:], start=first + 1)
        if line.strip()
    ]
    if not sentences:
        raise SourceError(f"{path}: holds no sentence; a pair corpus has lines 'sentence<TAB>label'")
    return sentences


def normal_text(text: str) -> str:
    """Fold case and spaces, so that copies of a sentence compare equal."""
    return " ".join(text.split()).casefold()


def bare_text(text: str) -> str:
    """Fold case and leave out all spaces, so that copies in corpora that space their words otherwise compare equal."""
    return "".join(text.split()).casefold()


def without_copies(
    sentences: Sequence[LabelledSentence], held_out: Sequence[LabelledSentence], key: Callable[[str], str] = normal_text
) -> list[LabelledSentence]:
    """Return ``sentences`` without those whose text, folded by ``key``, also stands in ``held_out``."""
    held = {key(sentence.text) for sentence in held_out}
    return [sentence for sentence in sentences if key(sentence.text) not in held]


def check_no_leak(
    train: Sequence[LabelledSentence], held_out: Sequence[LabelledSentence], key: Callable[[str], str] = normal_text
) -> None:
    """Fail if a held-out sentence, folded by ``key``, also stands in the training part.

    Raises:
        RecordError: it does; how often, and the first of them, are named.
    """
    trained = {key(sentence.text) for sentence in train}
    leaked = [sentence.text for sentence in held_out if key(sentence.text) in trained]
    if leaked:
        raise RecordError(
            f"{len(leaked)} held-out sentences also stand in the training part, the first: '{leaked[0][:80]}'; "
            "remove them from one of the two before training"
        )


def _lines(path: Path) -> list[str]:
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except OSError as error:  # a broken gzip is an OSError too
        raise SourceError(f"{path}: cannot be read ({error.strerror or error}); check the path to the pair corpus") from error
    except EOFError as error:
        raise SourceError(f"{path}: the compressed file is cut off; fetch it again") from error
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise RecordError(f"{path}:{line}: not UTF-8 (byte {error.start}); save the corpus as UTF-8") from error


def _sentence(line: str, where: str, columns: int) -> LabelledSentence:
    cells = line.split("\t")
    if len(cells) != columns:
        layout = "index<TAB>sentence<TAB>label" if columns == 3 else "sentence<TAB>label"
        raise RecordError(f"{where}: {len(cells)} columns where {columns} are needed; write each line as {layout}")
    text, label = cells[-2], cells[-1].strip()
    if label not in ("0", "1"):
        raise RecordError(f"{where}: label '{label[:20]}' is neither 0 nor 1; write 1 for an association, 0 for none")
    for mark in (GENE_MARK, DISEASE_MARK):
        if text.count(mark) != 1:
            raise RecordError(
                f"{where}: {mark} stands {text.count(mark)} times in the sentence; mark exactly one gene and one disease "
                f"with {GENE_MARK} and {DISEASE_MARK}"
            )
    return LabelledSentence(text, int(label))
