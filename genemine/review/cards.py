"""A card: one gene-disease pair in one sentence, with all that a curator needs to judge it, and where its words stand."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from itertools import pairwise

from genemine.annotate.sentences import split_sentences
from genemine.tables.links import curie_url, pubmed_url

PREFIX = "CARD-"
_DIGITS = 16
_STANDS_OUT = 2  # percent above the mean: long sentences have 3 or 4 a word


@dataclass(frozen=True, slots=True)
class Card:
    """One gene-disease pair in one sentence.

    ``gene_start`` and the like are characters within ``sentence``, ends exclusive; ``start`` is the sentence's place in the
    article's text. ``association_score`` is None where the pair is no association; ``attention`` are (start, end, percent) within
    the sentence, where the tables have them.
    """

    card_id: str
    association_id: str
    gene_curie: str
    gene_name: str
    disease_curie: str
    disease_name: str
    pmid: str
    sentence: str
    gene_text: str
    gene_start: int
    gene_end: int
    disease_text: str
    disease_start: int
    disease_end: int
    score: float
    model: str
    title: str = ""
    year: int | None = None
    journal: str = ""
    start: int = 0
    negated: bool = False
    speculative: bool = False
    cue: str = ""
    association_score: float | None = None
    n_articles: int = 0
    known_in: str = ""
    attention: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence that looks the same: whose name it is ("gene", "disease" or ""), how much attention, 0 to 5."""

    text: str
    names: str
    attention: int


def card_id(gene_curie: str, disease_curie: str, pmid: str, sentence: str) -> str:
    """Give the id of a card: the same pair in the same sentence of the same article has it in every run.

    :mod:`genemine.review.pool` makes the same in SQL.
    """
    told = "|".join((gene_curie, disease_curie, pmid, sentence))
    return PREFIX + hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()[:_DIGITS]


def place_of(text: str, sentence: str, first: int) -> int:
    """Find where a sentence begins in its article: at its last copy that begins at ``first`` or before; else -1."""
    return text.rfind(sentence, 0, first + len(sentence))


def pieces(card: Card) -> list[Piece]:
    """Cut a card's sentence so that gene, disease and attention can be shown; the pieces are the sentence, whole and in order."""
    spans = [("gene", card.gene_start, card.gene_end), ("disease", card.disease_start, card.disease_end)]
    borders = {0, len(card.sentence)}
    for start, end in [(s, e) for _, s, e in spans] + [(s, e) for s, e, _ in card.attention]:
        borders |= {min(max(start, 0), len(card.sentence)), min(max(end, 0), len(card.sentence))}
    ordered = sorted(borders)
    made, shades = [], _shades(card.attention)
    for start, end in pairwise(ordered):
        names = next((name for name, first, last in spans if first <= start and end <= last), "")
        weight = max((percent for first, last, percent in card.attention if first <= start and end <= last), default=0)
        made.append(Piece(card.sentence[start:end], names, shades.get(weight, 0)))
    return made


def neighbours(card: Card, text: str) -> tuple[str, str]:
    """Give the sentences before and after a card's in the article's text; "" where there is none."""
    sentences = split_sentences(text)
    at = next((i for i, one in enumerate(sentences) if one.start == card.start and one.text == card.sentence), None)
    if at is None:
        return "", ""
    return sentences[at - 1].text if at else "", sentences[at + 1].text if at + 1 < len(sentences) else ""


def links(card: Card) -> dict[str, str]:
    """Give the addresses where a curator can look further, by what they show; nothing is asked from them unless clicked."""
    found = {"PubMed": pubmed_url(card.pmid)}
    for curie in (card.gene_curie, card.disease_curie):
        found[_NAMES.get(curie.partition(":")[0], "")] = curie_url(curie)
    return {name: address for name, address in found.items() if name and address}


_NAMES = {
    "ncbigene": "NCBI Gene",
    "hgnc": "HGNC",
    "mesh": "MeSH",
    "omim": "OMIM",
    "doid": "Disease Ontology",
    "orphanet": "Orphanet",
}


def _shades(attention: tuple[tuple[int, int, int], ...]) -> dict[int, int]:
    """Give each percent its shade: above the mean of the sentence, up to 5 for its most; none where no part stands out."""
    percents = [percent for _, _, percent in attention]
    if not percents or max(percents) - sum(percents) / len(percents) < _STANDS_OUT:
        return {}
    mean, most = sum(percents) / len(percents), max(percents)
    return {percent: min(5, max(0, math.ceil(5 * (percent - mean) / (most - mean)))) for percent in percents}
