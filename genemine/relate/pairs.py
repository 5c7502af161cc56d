"""Which gene-disease pairs of a sentence are asked about, and how a classifier is shown them."""

from __future__ import annotations

from dataclasses import dataclass

from genemine.records import Link, PairExample, Sentence

GENE_MARK = "@GENE$"
DISEASE_MARK = "@DISEASE$"


@dataclass(frozen=True, slots=True)
class Pair:
    """One gene and one disease of one sentence, with what the classifier reads of it."""

    pmid: str
    sentence: Sentence
    gene: Link
    disease: Link
    example: PairExample
