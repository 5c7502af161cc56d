"""Sentences with exact offsets."""

from __future__ import annotations

import re

from genemine.annotate.tokens import tokenize
from genemine.records import Sentence

_END = re.compile(r"[.?!][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])|\s*\n\s*")


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Cut ``text`` into sentences with tokens."""
    sentences: list[Sentence] = []
    start = 0
    for cut in [m.end() for m in _END.finditer(text)] + [len(text)]:
        piece = text[start:cut]
        stripped = piece.strip()
        if stripped:
            first = start + len(piece) - len(piece.lstrip())
            sentences.append(Sentence(len(sentences), first, first + len(stripped), stripped, tokenize(stripped, first)))
        start = cut
    return tuple(sentences)
