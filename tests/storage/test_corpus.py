"""Revisions and deletions over Parquet shards; tests/pipeline/test_corpus.py holds the whole selection against the plain rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from genemine.clean.dedup import Batch
from genemine.errors import StorageError
from genemine.records import Article, Deletion, Dropped, Duplicate
from genemine.storage.corpus import CorpusSelection, Kept, select_corpus
from genemine.storage.shards import write_shard


def write(folder: Path, batches: list[Batch]) -> tuple[list[Path], list[Path]]:
    shards: tuple[list[Path], list[Path]] = ([], [])
    for number, batch in enumerate(batches):
        name = f"batch{number:04d}.parquet"
        for paths, kind, records, record_type in (
            (shards[0], "articles", batch.articles, Article),
            (shards[1], "deletions", batch.deletions, Deletion),
        ):
            if records or kind == "articles":
                path = folder / kind / name
                path.parent.mkdir(parents=True, exist_ok=True)
                write_shard(path, records, record_type, "fingerprint")
                paths.append(path)
    return shards


def in_shards(folder: Path, batches: list[Batch]) -> CorpusSelection:
    return select_corpus(*write(folder, batches))


PAPER = Article("5", "A title", "An abstract", version=1, revised="2019-03-08", digest="d1", source="batch0000.xml.gz")


def test_every_rule_once(tmp_path: Path) -> None:
    folder = tmp_path / "odd [name]*'"
    batches = [
        Batch([PAPER, replace(PAPER, pmid="6"), replace(PAPER, pmid="7")]),
        Batch([replace(PAPER, version=2, revised="2019-01-01"), replace(PAPER, pmid="10")], [Deletion("7", "batch0001.xml.gz")]),
        Batch([replace(PAPER, pmid="7")], [Deletion("404", "batch0002.xml.gz")]),
    ]
    asked: list[list[dict[str, object]]] = []

    def find_duplicates(newest: pa.Table) -> list[Duplicate]:
        asked.append(newest.to_pylist())
        return [Duplicate("10", "5", "near copy", 0.9), Duplicate("6", "5", "exact copy", 1.0)]

    found = select_corpus(*write(folder, batches), find_duplicates)
    shards = sorted((folder / "articles").iterdir())
    assert asked == [
        [{"position": at, "row": row, "pmid": pmid} for at, row, pmid in ((0, 1, "6"), (1, 0, "5"), (1, 1, "10"), (2, 0, "7"))]
    ]
    assert found.kept() == [Kept("5", 2, "2019-01-01", shards[1], 0), Kept("7", 1, "2019-03-08", shards[2], 0)]
    assert found.dropped == (
        Dropped("5", "dedup", "stale revision", "replaced by version 2 of 2019-01-01", PAPER.source),
        Dropped("6", "dedup", "exact copy", "of PMID 5", PAPER.source),
        Dropped("7", "dedup", "deleted by PubMed", "by batch0001.xml.gz", PAPER.source),
        Dropped("10", "dedup", "near copy", "of PMID 5", PAPER.source),
    )
    assert found.duplicates == (Duplicate("6", "5", "exact copy", 1.0), Duplicate("10", "5", "near copy", 0.9))
    assert [found.rows(shard).tolist() for shard in shards] == [[], [0], [0]]


def test_batches_count_in_the_order_given(tmp_path: Path) -> None:
    articles, deletions = write(tmp_path, [Batch([PAPER]), Batch([PAPER, replace(PAPER, pmid="8")], [Deletion("8", "d")])])
    first, second = articles
    assert select_corpus([first, second], deletions).kept() == [Kept("5", 1, PAPER.revised, second, 0)]
    assert select_corpus([second, first], deletions).kept() == [Kept("5", 1, PAPER.revised, first, 0)]


def test_nothing_gives_nothing(tmp_path: Path) -> None:
    assert select_corpus([], []).kept() == []
    empty = in_shards(tmp_path, [Batch()])
    assert (empty.kept(), empty.dropped, empty.duplicates) == ([], (), ())


def test_a_damaged_shard_is_an_error_that_names_the_folder(tmp_path: Path) -> None:
    (articles, deletions) = write(tmp_path, [Batch([PAPER])])
    articles[0].write_bytes(b"PAR1 no more")
    with pytest.raises(StorageError, match=r"articles: shards cannot be read \(.*batch0000.*\); delete the damaged one"):
        select_corpus(articles, deletions)


def test_two_shards_of_one_name_have_no_order(tmp_path: Path) -> None:
    (first, _), (second, _) = write(tmp_path / "a", [Batch([PAPER])]), write(tmp_path / "b", [Batch([PAPER])])
    with pytest.raises(StorageError, match="two shards of articles have the same file name"):
        select_corpus([*first, *second], [])


def test_deletions_belong_to_a_batch(tmp_path: Path) -> None:
    (articles, deletions) = write(tmp_path, [Batch([PAPER]), Batch([PAPER], [Deletion("8", "d")])])
    with pytest.raises(StorageError, match=r"batch0001\.parquet: deletions of a batch without articles"):
        select_corpus(articles[:1], deletions)
