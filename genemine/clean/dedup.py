"""Each article once: the newest revision, nothing that PubMed deleted, one of copies.

The rules in plain Python, for lists that fit in memory; ``storage/corpus.py`` applies the same rules to any number of shards.

1. A deletion removes the records of its PMID in its own and in all earlier batches; a later batch may bring the PMID back.
2. Of the records of one PMID the newest stays: largest version, then latest revision date, then latest batch, then latest row.
3. Of copies one stays (:mod:`genemine.clean.copies`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from genemine.clean.copies import duplicates_in
from genemine.config import CopySettings
from genemine.records import Article, Deletion, Dropped, Duplicate

DELETED = "deleted by PubMed"
STALE = "stale revision"


@dataclass(frozen=True)
class Batch:
    """What one raw shard holds, in its order."""

    articles: Sequence[Article] = ()
    deletions: Sequence[Deletion] = ()


@dataclass(frozen=True)
class Selection:
    """The articles kept, in order, as (batch, row), and those dropped with reasons, in the order of the batches."""

    kept: tuple[tuple[int, int], ...]
    dropped: tuple[Dropped, ...]
    duplicates: tuple[Duplicate, ...] = ()


def select(batches: Sequence[Batch], settings: CopySettings) -> Selection:
    """Decide about every article of the batches, which come in the order in which PubMed issued them."""
    rows = {(b, r): article for b, batch in enumerate(batches) for r, article in enumerate(batch.articles)}
    dropped: dict[tuple[int, int], Dropped] = {}
    last_deletion = {deletion.pmid: (b, deletion.source) for b, batch in enumerate(batches) for deletion in batch.deletions}
    for place, article in rows.items():
        batch_no, by = last_deletion.get(article.pmid, (-1, ""))
        if place[0] <= batch_no:
            dropped[place] = _dropped(article, DELETED, f"by {by}")
    newest = _newest({place: article for place, article in rows.items() if place not in dropped})
    for place, article in rows.items():
        if place not in dropped and newest[article.pmid] != place:
            dropped[place] = _stale(article, rows[newest[article.pmid]])
    duplicates = duplicates_in([rows[place] for place in newest.values()], settings)
    for found in duplicates:
        dropped[newest[found.pmid]] = _dropped(rows[newest[found.pmid]], found.reason, f"of PMID {found.kept_pmid}")
    return Selection(
        kept=tuple(place for place in rows if place not in dropped),
        dropped=tuple(dropped[place] for place in rows if place in dropped),
        duplicates=tuple(sorted(duplicates, key=lambda found: int(found.pmid))),
    )


def newest_revisions(articles: Sequence[Article]) -> tuple[list[Article], list[Dropped]]:
    """Keep the newest record of each PMID of one batch, so that a PMID names one article in it; give the others with the reason."""
    newest = _newest({(0, row): article for row, article in enumerate(articles)})
    rows = {row for _, row in newest.values()}
    stale = [_stale(article, articles[newest[article.pmid][1]]) for row, article in enumerate(articles) if row not in rows]
    return [article for row, article in enumerate(articles) if row in rows], stale


def _newest(rows: dict[tuple[int, int], Article]) -> dict[str, tuple[int, int]]:
    """Give the place of the newest record of each PMID."""
    newest: dict[str, tuple[int, int]] = {}
    for place in sorted(rows, key=lambda place: (rows[place].version, rows[place].revised, place)):
        newest[rows[place].pmid] = place
    return newest


def _stale(article: Article, newer: Article) -> Dropped:
    return _dropped(article, STALE, f"replaced by version {newer.version} of {newer.revised or 'unknown date'}")


def _dropped(article: Article, reason: str, detail: str) -> Dropped:
    return Dropped(article.pmid, "dedup", reason, detail, article.source)
