"""The benchmark of faults counts what is lost and doubled, whatever way it is; and it tries every fault at every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.faults import Tally, judge
from benchmarks.faults_data import NIGHT, Count, count, make_world
from benchmarks.faults_plan import CUT, FILLED, KILLED, LYING, NETWORK, SHARED, Scenario, scenarios
from genemine.storage.layout import Layout
from genemine.storage.ledger import Batch, Kept, Ledger
from genemine.storage.shards import write_raw

WORLD = make_world(240)
TRUTH = WORLD.truth(0)


def stored(folder: Path, change: Callable[[bytes], bytes] = lambda xml: xml, twice: int = 0) -> Layout:
    """A data folder that holds the truth in two shards, the first of them changed, and some records once more in a third."""
    layout = Layout(folder)
    layout.prepare()
    pmids = sorted(TRUTH)
    with Ledger(layout.ledger) as ledger:
        for name, part in (("a", pmids[:100]), ("b", pmids[100:])):
            xml = b"<PubmedArticleSet>" + b"\n".join(TRUTH[pmid] for pmid in part) + b"</PubmedArticleSet>"
            sha256 = write_raw(layout.raw_file("entrez", name), change(xml) if name == "a" else xml)
            batch = Batch("entrez", name, sha256, len(part), "2026-03-10T00:00:00+00:00", tuple(part))
            ledger.add("entrez", batch, [Kept(pmid, name, "", "2026-03-10") for pmid in part])
    if twice:
        write_raw(layout.raw_file("entrez", "c"), b"".join(TRUTH[pmid] for pmid in pmids[:twice]))
    return layout


def test_a_whole_folder_lacks_nothing_and_holds_nothing_twice(tmp_path: Path) -> None:
    now = count(stored(tmp_path), TRUTH)
    assert (now.lacking, now.doubled, now.watermark, len(now.files)) == (frozenset(), 0, "", 2)


def test_a_record_that_is_gone_or_other_is_lost(tmp_path: Path) -> None:
    first, second = sorted(TRUTH)[:2]
    gone = stored(tmp_path / "gone", lambda xml: xml.replace(TRUTH[first], b""))
    assert count(gone, TRUTH).lacking == {first}
    other = stored(tmp_path / "other", lambda xml: xml.replace(TRUTH[second], TRUTH[second].replace(b"BRCA1", b"BRCA2")))
    assert count(other, TRUTH).lacking == {second}


def test_records_without_a_row_or_a_whole_shard_are_lost(tmp_path: Path) -> None:
    forgotten = stored(tmp_path / "forgotten")
    with Ledger(forgotten.ledger) as ledger:
        ledger.rows("DELETE FROM pmids WHERE pmid = ?", (min(TRUTH),))
    assert count(forgotten, TRUTH).lacking == {min(TRUTH)}
    torn = stored(tmp_path / "torn")
    path = torn.raw_file("entrez", "a")
    path.write_bytes(path.read_bytes()[:-8])
    assert len(count(torn, TRUTH).lacking) == 100


def test_a_record_stored_again_is_doubled(tmp_path: Path) -> None:
    now = count(stored(tmp_path, twice=7), TRUTH)
    assert (now.lacking, now.doubled) == (frozenset(), 7)


@pytest.mark.parametrize(
    ("ended", "watermark", "silent"),
    [
        (("complete", (), 5), "", 1),
        (("complete", ("1",), 5), "", 0),
        (("told", "the disk is full"), "", 0),
        (("told", "the disk is full"), "2026-03-10", 1),
        (("killed",), "2026-03-10", 1),
    ],
)
def test_a_run_that_hides_what_it_lacks_is_silent(ended: tuple[object, ...], watermark: str, silent: int) -> None:
    tally = Tally()
    judge(tally, Scenario("a fault", "a step"), [ended], Count(frozenset({"1"}), 0, watermark, ()), NIGHT)
    assert tally.silent == silent


def test_every_fault_is_tried_at_every_step_of_two_hundred_runs() -> None:
    tried = scenarios(200, 18, 40, seed=1)
    assert len(tried) == 200
    assert tried == scenarios(200, 18, 40, seed=1) != scenarios(200, 18, 40, seed=2)
    seen = Counter((one.fault.split()[0], one.step) for one in tried)
    for fault in NETWORK:
        for utility in ("esearch", "efetch") if fault.kind not in ("doubled", "foreign") else ("efetch",):
            assert all(seen[fault.kind, f"{where} {utility}"] for where in ("first", "later", "last"))
    for fault_name, steps in (("kill", KILLED), ("full", FILLED), ("power", CUT), ("two", SHARED)):
        assert all(seen[fault_name, step] for step in steps)
    assert sum(n for (fault_name, _), n in seen.items() if fault_name == "disk") == 3 * len(LYING)


def test_few_runs_try_each_kind_of_fault_once() -> None:
    kinds = [one.fault.split()[0] for one in scenarios(17, 18, 40, seed=1)]
    assert len(set(kinds)) == 17
    assert "kill" in kinds[:5]
