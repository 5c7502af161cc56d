"""The selection over Parquet shards is the one that the plain rules make."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genemine.clean.dedup import Batch, select
from genemine.errors import StorageError
from genemine.records import Article, Deletion, Dropped
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
    folder = tmp_path / "odd [name]*"
    batches = [
        Batch([PAPER, replace(PAPER, pmid="6", flags=("retracted",)), replace(PAPER, pmid="7", digest="d2")]),
        Batch(
            [
                replace(PAPER, version=2, revised="2019-01-01"),
                replace(PAPER, pmid="3", flags=("preprint",)),
                replace(PAPER, pmid="10"),
            ],
            [Deletion("7", "batch0001.xml.gz")],
        ),
        Batch([replace(PAPER, pmid="7", digest="")], [Deletion("404", "batch0002.xml.gz")]),
    ]
    found = in_shards(folder, batches)
    shards = sorted((folder / "articles").iterdir())
    assert found.kept == (Kept("5", 2, "2019-01-01", shards[1], 0), Kept("7", 1, "2019-03-08", shards[2], 0))
    assert found.dropped == (
        Dropped("5", "dedup", "stale revision", "replaced by version 2 of 2019-01-01", PAPER.source),
        Dropped("6", "dedup", "exact duplicate", "of PMID 5", PAPER.source),
        Dropped("7", "dedup", "deleted by PubMed", "by batch0001.xml.gz", PAPER.source),
        Dropped("3", "dedup", "exact duplicate", "of PMID 5", PAPER.source),
        Dropped("10", "dedup", "exact duplicate", "of PMID 5", PAPER.source),
    )
    assert [found.rows(shard) for shard in shards] == [frozenset(), {0}, {0}]


ARTICLES = st.builds(
    Article,
    pmid=st.sampled_from(["1", "2", "3", "10"]),
    title=st.just("T"),
    abstract=st.just("A"),
    version=st.integers(1, 2),
    revised=st.sampled_from(["", "2018", "2018-01-02"]),
    flags=st.sampled_from([(), ("retracted",), ("preprint",), ("erratum", "preprint")]),
    digest=st.sampled_from(["", "d1", "d2"]),
    source=st.sampled_from(["a.xml", "b.xml"]),
)
DELETIONS = st.builds(Deletion, st.sampled_from(["1", "2", "99"]), st.sampled_from(["a.xml", "b.xml"]))
BATCHES = st.lists(st.builds(Batch, st.lists(ARTICLES, max_size=4), st.lists(DELETIONS, max_size=2)), min_size=1, max_size=4)


@settings(max_examples=20, deadline=None)
@given(BATCHES)
def test_the_selection_over_shards_equals_the_rules_in_memory(batches: list[Batch]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = in_shards(Path(folder), batches)
    expected = select(batches)
    assert tuple((int(kept.shard.stem[-4:]), kept.row) for kept in found.kept) == expected.kept
    assert found.dropped == expected.dropped
    assert len(found.kept) + len(found.dropped) == sum(len(batch.articles) for batch in batches)


def test_nothing_gives_nothing(tmp_path: Path) -> None:
    assert select_corpus([], []) == CorpusSelection((), ())
    assert in_shards(tmp_path, [Batch()]) == CorpusSelection((), ())


def test_a_damaged_shard_is_an_error_that_names_the_folder(tmp_path: Path) -> None:
    (articles, deletions) = write(tmp_path, [Batch([PAPER])])
    articles[0].write_bytes(b"PAR1 no more")
    with pytest.raises(StorageError, match=r"articles: shards cannot be read \(.*batch0000.*\); delete the damaged one"):
        select_corpus(articles, deletions)


def test_two_shards_of_one_name_have_no_order(tmp_path: Path) -> None:
    (first, _), (second, _) = write(tmp_path / "a", [Batch([PAPER])]), write(tmp_path / "b", [Batch([PAPER])])
    with pytest.raises(StorageError, match="two shards of articles have the same file name"):
        select_corpus([*first, *second], [])
