"""Learn from gold links what names of genes mean."""

from __future__ import annotations

from collections.abc import Sequence

from genemine.link.knowledge import Learnt
from genemine.link.lexicon import Lexicon
from genemine.link.memory import Memory
from genemine.link.variants import gene_key
from genemine.models.gold_links import GoldDocument
from genemine.records import GENE


def learn_genes(documents: Sequence[GoldDocument], lexicon: Lexicon) -> Learnt:  # noqa: ARG001 - the ranker needs it
    """Learn from the gene mentions of documents that may be learnt from (:func:`gold_links.training_links`)."""
    seen = [
        (GENE, gene_key(mention.text), curie)
        for document in documents
        for mention, ids in zip(document.mentions, document.ids, strict=True)
        if mention.type == GENE and len(ids) == 1
        for curie in sorted(ids[0])
    ]
    return Learnt(Memory.of(seen))
