"""Copies over shards are those of the plain rule, whatever happened before: nights, kills, batches that go and come back."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from genemine.clean.dedup import Batch, Selection, newest_revisions, select
from genemine.clean.normalise import normalise
from genemine.config import CleanSettings, CopySettings, Settings
from genemine.errors import StorageError
from genemine.pipeline import copies
from genemine.pipeline.copies import copies_fingerprint, find_copies
from genemine.pipeline.corpus import select_articles
from genemine.records import Article, Deletion
from genemine.storage.layout import Layout
from genemine.storage.shards import write_shard

TEXT = (
    "we read one gene in ninety families whose hearts were large and weak and found that twelve of them had lost a letter of it "
    "while none of the healthy people of the same towns had a change so that this gene must be the reason"
)
# how many of its words to change, and so how much the text is like the first one
VERSIONS = {
    changed: " ".join(f"x{n}" if n % 9 == 4 and n // 9 < changed else word for n, word in enumerate(TEXT.split()))
    for changed in range(5)
}
TITLE = "One gene of large and weak hearts"
PAPER = normalise(Article("5", TITLE, VERSIONS[0], doi="10.1/a", source="b0"), CleanSettings())


def article(pmid: str, changed: int = 0, title: str = TITLE, **fields: object) -> Article:
    abstract = VERSIONS.get(changed, "")
    return normalise(replace(PAPER, pmid=pmid, title=title, abstract=abstract, **{"doi": "", **fields}), CleanSettings())  # type: ignore[arg-type]


def put(layout: Layout, name: str, batch: Batch) -> str:
    """Write what cleaning would make of a raw shard, and an empty raw shard."""
    raw = layout.raw_file(*name.split("/", 1))
    raw.parent.mkdir(parents=True, exist_ok=True)
    raw.touch()
    kept, _ = newest_revisions(batch.articles)
    write_shard(layout.shard("deletions", name), batch.deletions, Deletion, "made from")
    write_shard(layout.shard("articles", name), kept, Article, f"made from {hash(tuple(kept))}")
    return name


def put_all(folder: Path, batches: Sequence[Batch]) -> list[str]:
    return [put(Layout(folder), f"entrez/b{number}", batch) for number, batch in enumerate(batches)]


def selected(names: Sequence[str], folder: Path) -> Selection:
    """The selection over shards in the form of the plain rule's."""
    found = select_articles(names, Layout(folder))
    places = zip(found.table.column("position").to_pylist(), found.table.column("row").to_pylist(), strict=True)
    return Selection(tuple(places), found.dropped, found.duplicates)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


ARTICLES = st.builds(
    article,
    pmid=st.sampled_from(["1", "2", "3", "10", "11"]),
    changed=st.integers(0, 5),
    title=st.sampled_from(
        [TITLE, TITLE.upper(), f"{TITLE}. Part I", f"{TITLE}. Part II", "Reply.", "Ein Gen des Herzens in ninety families"]
    ),
    doi=st.sampled_from(["", "10.1/a", "10.1/b"]),
    version=st.integers(1, 2),
    revised=st.sampled_from(["", "2018", "2018-01-02"]),
    flags=st.sampled_from([(), ("retracted",), ("preprint",)]),
    publication_types=st.sampled_from([("Journal Article",), ("Journal Article",), ("Published Erratum",)]),
    source=st.sampled_from(["a.xml", "b.xml"]),
)
DELETIONS = st.builds(Deletion, st.sampled_from(["1", "2", "99"]), st.sampled_from(["a.xml", "b.xml"]))
BATCHES = st.lists(st.builds(Batch, st.lists(ARTICLES, max_size=4), st.lists(DELETIONS, max_size=1)), min_size=1, max_size=4)


def unique(batches: Sequence[Batch]) -> list[Batch]:
    """As cleaning leaves them: a PMID names one article of a batch."""
    return [Batch(newest_revisions(batch.articles)[0], batch.deletions) for batch in batches]


@hypothesis_settings(max_examples=20, deadline=None)
@given(BATCHES, st.data())
def test_the_selection_over_shards_equals_the_rule_in_memory(batches: list[Batch], data: st.DataObject) -> None:
    """Also where the batches came in two nights, in whatever order they count."""
    order = data.draw(st.permutations(range(len(batches))))
    first_night = data.draw(st.integers(0, len(batches)))
    with tempfile.TemporaryDirectory() as name:
        folder, settings = Path(name), Settings(data_dir=Path(name))
        names = put_all(folder, batches)
        if first_night:
            find_copies(names[:first_night], settings)
        names = [names[at] for at in order]
        find_copies(names, settings)
        found = selected(names, folder)
    assert found == select([unique(batches)[at] for at in order], CopySettings())


NIGHTS = [Batch([article("1"), article("2", 3)]), Batch([article("3", 1)]), Batch([article("4", 2), article("5", title="Other")])]


def expected(batches: Sequence[Batch]) -> Selection:
    return select(batches, CopySettings())


def test_copies_are_found_across_batches(tmp_path: Path) -> None:
    names, settings = put_all(tmp_path, NIGHTS), Settings(data_dir=tmp_path)
    told: list[tuple[int, int]] = []
    report = find_copies(names, settings, lambda done, total: told.append((done, total)))
    assert {name: report.counts[name] for name in ("made", "reused", "crowded keys")} == {"made": 3, "reused": 0, "crowded keys": 0}
    assert report.counts["pairs compared"] >= report.counts["pairs alike"] > 0
    assert told[-1] == (6, 6)
    assert told == sorted(told)
    found = selected(names, tmp_path)
    assert found == expected(NIGHTS)
    assert [(one.pmid, one.kept_pmid, one.reason) for one in found.duplicates] == [
        ("3", "1", "near copy"),
        ("4", "2", "near copy"),
        ("5", "1", "near copy"),
    ]


def test_a_night_with_nothing_new_changes_no_byte(tmp_path: Path) -> None:
    names, settings = put_all(tmp_path, NIGHTS), Settings(data_dir=tmp_path)
    find_copies(names, settings)
    before = files(tmp_path)
    assert find_copies(names, settings).counts == {"made": 0, "reused": 3}
    assert files(tmp_path) == before


def test_equal_texts_give_equal_bytes(tmp_path: Path) -> None:
    for folder in (tmp_path / "a", tmp_path / "b"):
        find_copies(put_all(folder, NIGHTS), Settings(data_dir=folder))
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_only_what_is_new_is_worked_on(tmp_path: Path) -> None:
    names, settings = put_all(tmp_path, NIGHTS), Settings(data_dir=tmp_path)
    find_copies(names[:2], settings)
    before = files(tmp_path)
    assert find_copies(names, settings).counts["made"] == 1
    after = files(tmp_path)
    assert {name for name in before if after[name] != before[name]} == set()
    assert selected(names, tmp_path) == expected(NIGHTS)


@pytest.mark.parametrize("n_writes", range(6))
def test_a_run_that_is_killed_resumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_writes: int) -> None:
    """Killed after any of its six files: the next run finds what the first would have found."""
    names, settings = put_all(tmp_path, NIGHTS), Settings(data_dir=tmp_path)
    written: list[object] = []

    def write(*args: object) -> None:
        if len(written) == n_writes:
            raise KeyboardInterrupt
        written.append(args)
        write_columns(*args)  # type: ignore[arg-type]

    write_columns = copies.write_columns
    with monkeypatch.context() as patch:
        patch.setattr(copies, "write_columns", write)
        with pytest.raises(KeyboardInterrupt):
            find_copies(names, settings)
    find_copies(names, settings)
    assert selected(names, tmp_path) == expected(NIGHTS)


def test_a_batch_that_was_made_again_is_joined_again(tmp_path: Path) -> None:
    names, settings = put_all(tmp_path, NIGHTS), Settings(data_dir=tmp_path)
    find_copies(names, settings)
    changed = [NIGHTS[0], Batch([article("9", 4)]), NIGHTS[2]]
    put(Layout(tmp_path), names[1], changed[1])
    with pytest.raises(StorageError, match="signatures of 1 articles are missing or of other articles"):
        selected(names, tmp_path)
    assert find_copies(names, settings).counts["made"] == 1
    assert selected(names, tmp_path) == expected(changed)


def test_a_batch_that_goes_and_comes_back_counts_as_new(tmp_path: Path) -> None:
    """While it was gone another came, and the two were never compared."""
    layout, settings = Layout(tmp_path), Settings(data_dir=tmp_path)
    names = put_all(tmp_path, NIGHTS)
    find_copies(names[:2], settings)
    layout.raw_file("entrez", "b1").unlink()
    find_copies([names[0], names[2]], settings)
    assert [path.name for path in layout.shards("copies")] == ["entrez.b0.parquet", "entrez.b2.parquet"]
    assert [path.name for path in layout.shards("signatures")] == ["entrez.b0.parquet", "entrez.b2.parquet"]
    put(layout, names[1], NIGHTS[1])
    find_copies(names, settings)
    assert selected(names, tmp_path) == expected(NIGHTS)


def test_a_source_that_is_not_mined_now_is_left_alone(tmp_path: Path) -> None:
    layout, settings = Layout(tmp_path), Settings(data_dir=tmp_path)
    sample, other = put(layout, "sample/b0", NIGHTS[0]), put(layout, "entrez/b0", NIGHTS[1])
    find_copies([sample], settings)
    find_copies([other], settings)
    assert [path.name for path in layout.shards("copies")] == ["entrez.b0.parquet", "sample.b0.parquet"]


def test_another_similarity_finds_other_copies_and_changes_the_fingerprint(tmp_path: Path) -> None:
    names = put_all(tmp_path, NIGHTS)
    strict = Settings(data_dir=tmp_path, copies=CopySettings(min_similarity=0.95))
    prints = []
    for settings in (strict, Settings(data_dir=tmp_path)):
        find_copies(names, settings)
        prints.append(copies_fingerprint(names, Layout(tmp_path)))
        assert selected(names, tmp_path) == select(NIGHTS, settings.copies)
    assert prints[0] != prints[1]


def test_a_missing_shard_is_named(tmp_path: Path) -> None:
    names = put_all(tmp_path, NIGHTS)
    with pytest.raises(StorageError, match=r"copies/entrez\.b0\.parquet"):
        copies_fingerprint(names, Layout(tmp_path))


def test_many_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    find_copies(put_all(one, NIGHTS), Settings(data_dir=one))
    monkeypatch.setattr(copies, "_BYTES_WORTH_A_POOL", 0)
    monkeypatch.setattr(copies, "_PAIRS_A_TASK", 1)
    find_copies(put_all(many, NIGHTS), Settings(data_dir=many))
    assert files(many) == files(one)


KILLED = """
import os, time
from genemine.pipeline.copies import _workers

if __name__ == "__main__":
    with _workers(True) as run:
        list(run(abs, range(4)))
        print("ready", flush=True)
        time.sleep(60)
"""


@pytest.mark.skipif(os.cpu_count() == 1, reason="on one core there are no workers")
def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(KILLED, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, cwd=tmp_path) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"ready\n"
        children = psutil.Process(run.pid).children()
        assert children
        run.kill()
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert (len(gone), alive) == (len(children), [])
