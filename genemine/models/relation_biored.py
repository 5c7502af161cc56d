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
from genemine.records import DISEASE, GENE, Link, Mention, PairExample, Sentence
from genemine.relate.pairs import Pair, pair_examples
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
    return [
        DocumentPair(document.pmid, pair.example, int((pair.gene.curie, pair.disease.curie) in document.related))
        for document in read_biored_documents(path)
        for pair in document.pairs()
    ]


@dataclass(frozen=True)
class BioredDocument:
    """A document: its sentences, its mentions with the curators' identifiers, and the pairs (gene, disease) that they relate."""

    pmid: str
    sentences: tuple[Sentence, ...]
    links: list[Link]
    related: frozenset[tuple[str, str]]

    def pairs(self) -> Iterator[Pair]:
        """Give the pairs of its sentences, as when texts are mined."""
        for sentence in self.sentences:
            yield from pair_examples(sentence, self.links, _ALL_PAIRS, is_gold=True).pairs


def read_biored_documents(path: Path) -> list[BioredDocument]:
    """Read a BioRED file in PubTator format, in its order.

    Raises:
        SourceError: the file is missing or cannot be read.
        RecordError: a line is broken; names file and line.
    """
    return [_document(document) for document in read_pubtator(path)]


def _document(document: PubTatorDocument) -> BioredDocument:
    links = list(_links(document))
    genes, diseases = ({link.curie for link in links if link.mention.type == kind} for kind in (GENE, DISEASE))
    told = [relation.arguments[:2] for relation in document.relations]
    either = {pair for first, second in told for pair in ((first, second), (second, first))}
    related = frozenset((gene, disease) for gene, disease in either if gene in genes and disease in diseases)
    return BioredDocument(document.pmid, split_sentences(document.text), links, related)


def _links(document: PubTatorDocument) -> Iterator[Link]:
    """Give each mention with each of its identifiers; one with several ("BRCA1/2") is several links."""
    for found in document.mentions:
        if found.type in _TYPES and found.identifier:
            mention = Mention(document.pmid, found.start, found.end, found.text, _TYPES[found.type])
            for identifier in found.identifier.split(","):
                yield Link(mention, identifier)
