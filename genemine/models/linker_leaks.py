"""What gold links may be learnt from: no held-out document, no sentence that a held-out document has too, and a list of both.

A PMID of a test part never comes this far (:func:`gold_links.training_links`). A sentence that another document shares with a
held-out one ("Methods", or a whole sentence of a follow-up article) is blanked, with the mentions in it, so that offsets stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from genemine.annotate.abbreviations import find_abbreviations
from genemine.annotate.sentences import split_sentences
from genemine.errors import SourceError
from genemine.models.bundle import Bundle
from genemine.models.corpora import Example
from genemine.models.fingerprints import bundle_fingerprints, leaks_of_bundle
from genemine.models.gold_links import GoldDocument
from genemine.models.leaks import HeldOut


def without_sentences(document: GoldDocument, guard: HeldOut) -> GoldDocument:
    """Blank the sentences of a document that are held out; the document itself where none is."""
    pieces = [piece for piece in split_sentences(document.text) if guard.equals(piece.text)]
    if not pieces:
        return document
    text = document.text
    for piece in pieces:
        text = text[: piece.start] + " " * (piece.end - piece.start) + text[piece.end :]
    kept = [i for i, m in enumerate(document.mentions) if not any(m.start < piece.end and piece.start < m.end for piece in pieces)]
    found = find_abbreviations(split_sentences(text))
    return replace(
        document,
        text=text,
        mentions=tuple(document.mentions[i] for i in kept),
        ids=tuple(document.ids[i] for i in kept),
        short_forms={one.short: one.long for one in found},
    )


def fingerprints_of(data: Path, documents: Iterable[GoldDocument]) -> dict[str, np.ndarray]:
    """List the sentences and PMIDs of documents for the bundle that learns from them (fingerprints.py).

    Args:
        data: the folder of corpora, for what is held out.
        documents: all that is learnt from.

    Raises:
        SourceError: one of them is held out, or a file of what is held out is missing.
    """
    listed = bundle_fingerprints(data, _examples(documents))
    seen = leaks_of_bundle(Bundle("linker", "this linker", {}, listed, ""), data)
    if seen.sentences or seen.pmids:
        first: Sequence[str] = [*seen.sentences, *seen.pmids]
        raise SourceError(
            f"{data}: {len(seen.sentences)} held-out sentences and {len(seen.pmids)} held-out PMIDs would be learnt from, first "
            f"{first[0][:80]!r}; take them out of the training files. No bundle was written, for figures on them would mean nothing"
        )
    return listed


def _examples(documents: Iterable[GoldDocument]) -> Iterable[Example]:
    for document in documents:
        for piece in split_sentences(document.text):
            if piece.text.strip():
                yield Example((piece.text,), (None,), document.corpus, document.pmid)
