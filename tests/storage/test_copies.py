"""Texts that share keys or a DOI are proposed once, where one of them is new."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from genemine.errors import StorageError
from genemine.records import AlikeTexts, Candidate
from genemine.storage import copies
from genemine.storage.columns import to_table
from genemine.storage.copies import SIGNATURES, alike_articles, propose, split_by_batch
from genemine.storage.shards import write_columns


@dataclass(frozen=True)
class Row:
    """One signature."""

    pmid: str
    text: int
    keys: tuple[int, ...] = ()
    doi: str = ""
    digested: bool = True
    kind: str = "paper"
    retracted: bool = False
    preprint: bool = False


def write(folder: Path, batches: list[list[Row]]) -> list[Path]:
    paths = []
    for number, rows in enumerate(batches):
        columns = {name: [getattr(row, name) for row in rows] for name in SIGNATURES.names}
        paths.append(folder / f"batch{number:04d}.parquet")
        write_columns(paths[-1], pa.table(columns, schema=SIGNATURES), "Signature", "made from")
    return paths


def proposed(paths: list[Path], new: list[int]) -> list[tuple[int, int]]:
    found = propose(paths, new, 2).pairs.to_pylist()
    return sorted((pair["text_a"], pair["text_b"]) for pair in found)


def test_texts_that_share_enough_keys_are_proposed(tmp_path: Path) -> None:
    paths = write(tmp_path, [[Row("1", 10, (1, 2, 3)), Row("2", 20, (2, 3, 4)), Row("3", 30, (4, 5, 6))]])
    assert proposed(paths, [0]) == [(10, 20)]
    assert propose(paths, [0], 2).pairs.to_pylist() == [
        {"position_a": 0, "row_a": 0, "position_b": 0, "row_b": 1, "text_a": 10, "text_b": 20}
    ]
    assert [(p["text_a"], p["text_b"]) for p in propose(paths, [0], 1).pairs.to_pylist()] == [(10, 20), (20, 30)]


def test_only_pairs_with_something_new_are_proposed(tmp_path: Path) -> None:
    paths = write(tmp_path, [[Row("1", 10, (1, 2)), Row("2", 20, (1, 2))], [Row("3", 30, (1, 2))], []])
    assert proposed(paths, [0, 1, 2]) == [(10, 20), (10, 30), (20, 30)]
    assert proposed(paths, [1]) == [(10, 30), (20, 30)]
    assert proposed(paths, [0]) == [(10, 20), (10, 30), (20, 30)]
    assert proposed(paths, [2]) == []


def test_keys_are_looked_at_in_several_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [(number, number + 1, -number) for number in range(0, 3000, 7)]
    paths = write(tmp_path, [[Row(str(2 * n + 1), n, key) for n, key in enumerate(keys)], [Row("2", -5, keys[3])]])
    everything = proposed(paths, [0, 1])
    assert everything == [(-5, 3)]
    monkeypatch.setattr(copies, "_KEYS_A_PASS", 100)
    assert proposed(paths, [0, 1]) == everything


def test_one_doi_proposes_and_no_doi_does_not(tmp_path: Path) -> None:
    paths = write(tmp_path, [[Row("1", 10, doi="10.1/a"), Row("2", 20, doi="10.1/a"), Row("3", 30), Row("4", 40)]])
    assert proposed(paths, [0]) == [(10, 20)]


def test_revisions_of_one_article_are_not_compared(tmp_path: Path) -> None:
    paths = write(tmp_path, [[Row("1", 10, (1, 2), "10.1/a")], [Row("1", 20, (1, 2), "10.1/a")]])
    assert proposed(paths, [1]) == []
    shared = write(tmp_path / "shared", [[Row("1", 10, (1, 2)), Row("2", 10, (1, 2))], [Row("1", 20, (1, 2))]])
    assert proposed(shared, [1]) == [(10, 20)]


def test_equal_texts_take_part_once_under_the_oldest(tmp_path: Path) -> None:
    paths = write(tmp_path, [[Row("100", 10, (1, 2)), Row("20", 10, (1, 2))], [Row("3", 30, (1, 2))]])
    assert propose(paths, [0], 2).pairs.to_pylist() == [
        {"position_a": 0, "row_a": 1, "position_b": 1, "row_b": 0, "text_a": 10, "text_b": 30}
    ]


def test_equal_words_without_a_digest_are_compared_with_themselves(tmp_path: Path) -> None:
    short = [Row("1", 10, doi="10.1/a", digested=False), Row("2", 10, doi="10.1/a", digested=False)]
    others = [Row("3", 30, doi="10.1/b", digested=False), Row("4", 30, doi="10.1/c", digested=False)]
    keyed = [Row("5", 50, (1, 2), digested=False), Row("6", 50, (1, 2), digested=False)]
    digested = [Row("7", 70, doi="10.1/d"), Row("8", 70, doi="10.1/d")]
    assert proposed(write(tmp_path, [[*short, *others, *keyed, *digested]]), [0]) == [(10, 10), (50, 50)]


def test_a_crowd_is_compared_with_its_oldest_only(tmp_path: Path) -> None:
    """150 texts of one template: each with the oldest hundred, not each with each."""
    paths = write(tmp_path, [[Row(str(1000 - number), number, (1, 2)) for number in range(150)]])
    found = propose(paths, [0], 2)
    assert found.n_crowded == 2
    assert len(found.pairs) == 100 * 99 // 2 + 50 * 100
    oldest = set(range(50, 150))  # the smallest PMIDs
    assert all(pair["text_a"] in oldest or pair["text_b"] in oldest for pair in found.pairs.to_pylist())


def test_each_batch_gets_the_pairs_of_its_texts(tmp_path: Path) -> None:
    paths = write(tmp_path, [[Row("1", 10), Row("2", 20)], [Row("3", 20), Row("4", 30)], [Row("5", 40)]])
    alike = [AlikeTexts(20, 30, 0.9, True), AlikeTexts(10, 20, 0.6, False)]
    found = split_by_batch(paths, to_table(alike, AlikeTexts))
    assert [[AlikeTexts(**pair) for pair in batch.to_pylist()] for batch in found] == [
        [alike[1], alike[0]],
        [alike[1], alike[0]],
        [],
    ]


def test_what_the_rule_is_told(tmp_path: Path) -> None:
    rows = [
        Row("1", 10),
        Row("2", 20, doi="10.1/a", kind="comment", retracted=True),
        Row("3", 30, preprint=True),
        Row("4", 30, digested=True),
        Row("5", 50, digested=False),
        Row("6", 50, digested=False),
        Row("7", 20),
    ]
    paths = write(tmp_path / "signatures", [rows])
    pair = AlikeTexts(20, 99, 0.9, True)
    pairs = tmp_path / "copies.parquet"
    write_columns(pairs, to_table([pair], AlikeTexts), "AlikeTexts", "made from")
    newest = pa.table(
        {
            "position": pa.array([0] * 6, pa.int32()),
            "row": pa.array(range(6), pa.int64()),
            "pmid": [str(number) for number in range(1, 7)],
        }
    )
    articles, alike = alike_articles(newest, paths, [pairs, pairs])
    assert sorted(articles, key=lambda one: one.pmid) == [
        Candidate("2", 20, True, "10.1/a", "comment", retracted=True),
        Candidate("3", 30, True, preprint=True),
        Candidate("4", 30, True),
    ]
    assert alike == [pair]


def test_signatures_of_other_articles_are_an_error(tmp_path: Path) -> None:
    paths = write(tmp_path / "signatures", [[Row("1", 10)]])
    write_columns(pairs := tmp_path / "copies.parquet", to_table([], AlikeTexts), "AlikeTexts", "made from")
    newest = pa.table({"position": pa.array([0, 0], pa.int32()), "row": pa.array([0, 1], pa.int64()), "pmid": ["1", "2"]})
    with pytest.raises(StorageError, match="signatures of 1 articles are missing or of other articles; run `genemine mine` again"):
        alike_articles(newest, paths, [pairs])


def test_a_damaged_shard_is_named(tmp_path: Path) -> None:
    paths = write(tmp_path, [[Row("1", 10)], [Row("2", 20)]])
    paths[1].write_bytes(paths[1].read_bytes()[:100])
    with pytest.raises(StorageError, match=r"signatures cannot be read \(.*batch0001.*\); delete the damaged one"):
        propose(paths, [0], 2)
