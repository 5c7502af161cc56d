"""BioRED as sentences with one marked gene and one marked disease.

BioRED tells which identifiers of a *document* are related, not where that is said. Here a sentence that names both is taken as said
to relate them (label 1) where the document lists a relation of any kind between them, and else as not (label 0): what a curator
believes after reading the abstract. Pairs are found and marked as when texts are mined (``genemine.relate.pairs``): one example for
each pair of identifiers in a sentence, at the two mentions nearest to each other.

Source: Luo et al. (2022), "BioRED: a rich biomedical relation extraction dataset", Briefings in Bioinformatics 23:bbac282.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from genemine.annotate.sentences import split_sentences
from genemine.config import RelateSettings
from genemine.records import DISEASE, GENE, Link, Mention, PairExample
from genemine.relate.pairs import pair_examples
from genemine.sources.pubtator import PubTatorDocument, read_pubtator

_TYPES = {"GeneOrGeneProduct": GENE, "DiseaseOrPhenotypicFeature": DISEASE}
_ALL_PAIRS = RelateSettings(max_pairs_per_sentence=10_000)


@dataclass(frozen=True, slots=True)
class DocumentPair:
    """A pair in a sentence of a document; ``label`` 1 where the document relates the two."""

    pmid: str
    example: PairExample
    label: int


def read_biored(path: Path) -> list[DocumentPair]:
    """Read the gene-disease pairs of a BioRED file in PubTator format, in its order.

    Raises:
        SourceError: the file is missing or cannot be read.
        RecordError: a line is broken; names file and line.
    """
    return [pair for document in read_pubtator(path) for pair in _pairs(document)]


def _pairs(document: PubTatorDocument) -> Iterator[DocumentPair]:
    related = {frozenset(relation.arguments[:2]) for relation in document.relations}
    links = list(_links(document))
    for sentence in split_sentences(document.text):
        for pair in pair_examples(sentence, links, _ALL_PAIRS, is_gold=True).pairs:
            label = int(frozenset((pair.gene.curie, pair.disease.curie)) in related)
            yield DocumentPair(document.pmid, pair.example, label)


def _links(document: PubTatorDocument) -> Iterator[Link]:
    """Give each mention with each of its identifiers; one with several ("BRCA1/2") is several links."""
    for found in document.mentions:
        if found.type in _TYPES and found.identifier:
            mention = Mention(document.pmid, found.start, found.end, found.text, _TYPES[found.type])
            for identifier in found.identifier.split(","):
                yield Link(mention, identifier)
