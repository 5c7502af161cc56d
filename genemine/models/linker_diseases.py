"""Learn from gold links what names of diseases mean."""

from __future__ import annotations

from collections.abc import Sequence

from genemine.link.knowledge import Learnt
from genemine.link.lexicon import Lexicon
from genemine.link.memory import Memory
from genemine.link.variants import disease_key
from genemine.models.gold_links import GoldDocument
from genemine.records import DISEASE


def learn_diseases(documents: Sequence[GoldDocument], lexicon: Lexicon) -> Learnt:  # noqa: ARG001 - the ranker needs it
    """Learn from the disease mentions of documents that may be learnt from (:func:`gold_links.training_links`)."""
    seen = [
        (DISEASE, disease_key(mention.text), curie)
        for document in documents
        for mention, ids in zip(document.mentions, document.ids, strict=True)
        if mention.type == DISEASE and len(ids) == 1
        for curie in sorted(ids[0])
    ]
    return Learnt(Memory.of(seen))
