"""Newest revision, deletions, exact copies: which stays, and what the others are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from genemine.clean.dedup import Batch, Selection, newest_revisions, select
from genemine.config import CopySettings
from genemine.records import Article, Deletion, Dropped, Duplicate

PAPER = Article("5", "A title", "An abstract", revised="2019-03-08", digest="d1", source="s")


def kept(*batches: Batch) -> list[tuple[int, int]]:
    return list(select(batches, CopySettings()).kept)


def test_the_newest_revision_stays() -> None:
    assert kept(Batch([replace(PAPER, version=2, revised="2018")]), Batch([PAPER])) == [(0, 0)]
    assert kept(Batch([replace(PAPER, revised="2020")]), Batch([PAPER])) == [(0, 0)]
    assert kept(Batch([PAPER]), Batch([PAPER])) == [(1, 0)]
    assert kept(Batch([PAPER, PAPER])) == [(0, 1)]
    found = select([Batch([replace(PAPER, revised=""), PAPER])], CopySettings())
    assert found == Selection(
        kept=((0, 1),), dropped=(Dropped("5", "dedup", "stale revision", "replaced by version 1 of 2019-03-08", "s"),)
    )


def test_a_deletion_reaches_back_and_not_forward() -> None:
    gone = Batch(deletions=[Deletion("5", "update1")])
    assert kept(Batch([PAPER]), gone) == []
    assert kept(Batch([PAPER], [Deletion("5", "update1")])) == []
    assert kept(gone, Batch([PAPER])) == [(1, 0)]
    assert select([Batch([PAPER]), gone], CopySettings()).dropped == (
        Dropped("5", "dedup", "deleted by PubMed", "by update1", "s"),
    )


@pytest.mark.parametrize(
    ("rival", "winner"),
    [
        (replace(PAPER, pmid="12"), 0),
        (replace(PAPER, pmid="4"), 1),
        (replace(PAPER, pmid="4", flags=("preprint",)), 0),
        (replace(PAPER, pmid="4", flags=("retracted",)), 0),
    ],
)
def test_of_exact_copies_the_sound_published_oldest_one_stays(rival: Article, winner: int) -> None:
    pair = [PAPER, rival]
    assert select([Batch(pair)], CopySettings()) == Selection(
        kept=((0, winner),),
        dropped=(Dropped(pair[1 - winner].pmid, "dedup", "exact copy", f"of PMID {pair[winner].pmid}", "s"),),
        duplicates=(Duplicate(pair[1 - winner].pmid, pair[winner].pmid, "exact copy", 1.0),),
    )


def test_a_preprint_stays_before_a_retracted_paper() -> None:
    preprint, retracted = replace(PAPER, pmid="9", flags=("preprint",)), replace(PAPER, flags=("retracted",))
    assert kept(Batch([retracted, preprint])) == [(0, 1)]


def test_texts_too_short_for_a_digest_are_no_copies() -> None:
    assert kept(Batch([replace(PAPER, digest=""), replace(PAPER, pmid="6", digest="")])) == [(0, 0), (0, 1)]


def test_the_copy_of_a_deleted_or_stale_record_stays() -> None:
    old = Batch([PAPER, replace(PAPER, pmid="6")], [Deletion("5", "s")])
    assert kept(old) == [(0, 1)]
    newer = Batch([replace(PAPER, revised="2020", digest="other")])
    assert kept(Batch([PAPER, replace(PAPER, pmid="6")]), newer) == [(0, 1), (1, 0)]


def test_within_one_batch_a_pmid_comes_to_name_one_article() -> None:
    older, newer, other = replace(PAPER, revised=""), replace(PAPER, version=2, revised=""), replace(PAPER, pmid="6")
    kept_articles, stale = newest_revisions([newer, other, older])
    assert kept_articles == [newer, other]
    assert stale == [Dropped("5", "dedup", "stale revision", "replaced by version 2 of unknown date", "s")]
