"""Each article of the corpus once: the newest revision of each PMID, and one of copies."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from genemine.clean.copies import find_duplicates
from genemine.pipeline.copies import JOINED, SIGNED
from genemine.records import Duplicate
from genemine.storage.copies import alike_articles
from genemine.storage.corpus import CorpusSelection, select_corpus
from genemine.storage.layout import Layout


def select_articles(batches: Sequence[str], layout: Layout) -> CorpusSelection:
    """Decide about every article of the corpus, once it is cleaned and :func:`~genemine.pipeline.copies.find_copies` is done.

    Args:
        batches: all batches ("source/name"), in the order in which they count.
        layout: the data folder.

    Raises:
        StorageError: a shard is missing or damaged, or the signatures are those of other articles.
    """
    signed, joined = ([layout.shard(stage, batch) for batch in batches] for stage in (SIGNED, JOINED))

    def duplicates(newest: pa.Table) -> list[Duplicate]:
        return find_duplicates(*alike_articles(newest, signed, joined))

    articles, deletions = ([layout.shard(stage, batch) for batch in batches] for stage in ("articles", "deletions"))
    return select_corpus(articles, deletions, duplicates)
