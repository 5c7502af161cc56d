"""Sentences of unlabelled abstracts that name a gene and a disease, marked as the pair classifier reads them.

The classifier's teachers label them, and the network that ships learns from these labels: a hundred thousand sentences instead of
the ten thousand that people labelled. Nothing that is held out is among them, by the same rule as for the tagger's texts
(:mod:`genemine.models.held_out`), and no sentence of GAD or EU-ADR at all.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

from genemine.annotate.tokens import tokenize
from genemine.models.held_out import held_out_pmids, held_out_sentences
from genemine.models.leaks import HeldOut
from genemine.models.recase import is_lower_cased
from genemine.models.relation_encode import DISEASE_MARK, GENE_MARK
from genemine.models.texts import sentences_of, unlabelled_texts
from genemine.records import DISEASE, GENE, PairExample, TokenSpan
from genemine.storage.files import write_whole

log = logging.getLogger(__name__)

PAIRS_A_SENTENCE = 4  # the nearest; sentences that list twenty genes would crowd the others out
SHORTEST, LONGEST = 6, 90  # tokens
AT_ONCE = 8_000  # sentences tagged together
Tagged = tuple[Sequence[str], Sequence[TokenSpan]]


class Tagger(Protocol):
    """What finds the names."""

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[TokenSpan]]:
        """Give the names in each sentence."""
        ...


def mined_pairs(
    data_dir: Path, tagger: Tagger, keep: Path, progress: Callable[[int, int], None] | None = None
) -> list[PairExample]:
    """Give the marked sentences of ``abstracts/`` of a data folder, each once, in the order of the texts.

    Args:
        data_dir: the folder; texts that lost their capitals are left out, for genes are told by theirs.
        tagger: finds the names.
        keep: JSON file to write them to; where it is there already, it is read instead.
        progress: called with (sentences read, the same).

    Raises:
        SourceError: texts or held-out corpora are missing.
        StorageError: ``keep`` cannot be written.
    """
    if not keep.is_file():
        guard = held_out_sentences(data_dir)
        found: dict[tuple[str, ...], None] = {}
        waiting, n = _sentences(data_dir), 0
        while chunk := list(islice(waiting, AT_ONCE)):
            n += len(chunk)
            for tokens, spans in zip(chunk, tagger.tag(chunk), strict=True):
                found |= dict.fromkeys(example.tokens for example in examples_of(tokens, spans, guard))
            if progress:
                progress(n, n)
        log.info("mined %d pairs in %d sentences of unlabelled texts", len(found), n)
        keep.parent.mkdir(parents=True, exist_ok=True)
        write_whole(keep, json.dumps(list(found)).encode())
    return [PairExample(tuple(tokens)) for tokens in json.loads(keep.read_text(encoding="utf-8"))]


def examples_of(tokens: Sequence[str], spans: Sequence[TokenSpan], guard: HeldOut) -> list[PairExample]:
    """Mark the nearest pairs of a gene and a disease in one sentence; none of a sentence that holds a part of a held-out one."""
    genes, diseases = ([span for span in spans if span.type == kind] for kind in (GENE, DISEASE))
    pairs = [(gene, disease) for gene in genes for disease in diseases if gene.last <= disease.first or disease.last <= gene.first]
    if not pairs or guard.touched([" ".join(tokens)])[0]:
        return []
    pairs.sort(key=lambda pair: (max(pair[0].first, pair[1].first) - min(pair[0].last, pair[1].last), pair[0].first))
    return [PairExample(tuple(_marked(tokens, gene, disease))) for gene, disease in pairs[:PAIRS_A_SENTENCE]]


def _marked(tokens: Sequence[str], gene: TokenSpan, disease: TokenSpan) -> Iterator[str]:
    for i, token in enumerate(tokens):
        if i == gene.first:
            yield GENE_MARK
        elif i == disease.first:
            yield DISEASE_MARK
        elif not (gene.first < i < gene.last or disease.first < i < disease.last):
            yield token


def _sentences(data_dir: Path) -> Iterator[list[str]]:
    forbidden, seen = held_out_pmids(data_dir), set()
    for text in unlabelled_texts(data_dir / "abstracts"):
        if text.pmid in forbidden or hash(text.text) in seen or is_lower_cased(text.text):
            continue
        seen.add(hash(text.text))
        for sentence in sentences_of(text.text):
            tokens = [token.text for token in tokenize(sentence)]
            if SHORTEST <= len(tokens) <= LONGEST:
                yield tokens
