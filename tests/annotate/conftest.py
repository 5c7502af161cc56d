"""The development parts of NCBI-disease and BC5CDR: texts with the sentences and tokens of their token files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from genemine.sources.iob import read_iob
from genemine.sources.pubtator import read_pubtator

PARTS = (
    ("NCBI-disease", "ner/NCBI-disease-IOB/devel.tsv", "normalised/ncbi-disease/NCBIdevelopset_corpus.txt"),
    ("BC5CDR", "ner/BC5CDR-disease-IOB/devel.tsv", "normalised/bc5cdr/CDR_DevelopmentSet.PubTator.txt.gz"),
)


@dataclass(frozen=True)
class Reference:
    """One abstract: where the token file begins its sentences and tokens, and the gold mentions, as offsets into ``text``."""

    corpus: str
    text: str
    sentence_starts: frozenset[int]
    token_starts: frozenset[int]
    mentions: tuple[tuple[int, int], ...]


@pytest.fixture(scope="session")
def references(shared: Path) -> list[Reference]:
    """The abstracts of both corpora; the token files are in another order, so each abstract is looked up by its characters."""
    return [
        reference
        for name, iob, pubtator in PARTS
        for reference in _aligned(name, shared / "data" / iob, shared / "data" / pubtator)
    ]


def _aligned(name: str, iob: Path, pubtator: Path) -> list[Reference]:
    characters, sentence_starts, token_starts = "", set(), set()
    pieces: list[str] = []
    length = 0
    for sentence in read_iob(iob):
        sentence_starts.add(length)
        for token in sentence.tokens:
            token_starts.add(length)
            pieces.append(token)
            length += len(token)
    characters = "".join(pieces)
    aligned = []
    for document in read_pubtator(pubtator):
        places = [i for i, char in enumerate(document.text) if not char.isspace()]
        base = characters.index("".join(document.text[i] for i in places))
        aligned.append(
            Reference(
                name,
                document.text,
                frozenset(place for i, place in enumerate(places) if base + i in sentence_starts),
                frozenset(place for i, place in enumerate(places) if base + i in token_starts),
                tuple((m.start, m.end) for m in document.mentions),
            )
        )
    return aligned
