"""Does a collection lose, double or hide anything? Seeded runs, each with a fault at a step of its own (benchmarks/faults_plan.py).

Each run collects a service of 20,000 records on one night, with the fault; on the next night, when some records are revised and
some have come in, without it; and that night once more. After each, every raw shard and the ledger are compared with what the
service holds, byte by byte.

- ``lost``: records that after the second night are in no raw shard, unknown to the ledger, or there with other bytes;
- ``doubled``: records stored twice without having changed;
- ``silent``: runs that reported complete, or moved the watermark, and named nothing missing, while something was;
- ``fetched_again``: records fetched, or shards changed, by the second run of the same night;
- ``crashed``: runs that ended in a traceback in place of a message, or never, or a second run that was not told of the first.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from benchmarks.common import emit
from benchmarks.faults_child import Strike, run_collection, run_server
from benchmarks.faults_data import NIGHT, Count, World, count, make_world
from benchmarks.faults_plan import LONG_TIMEOUT, Scenario, scenarios
from genemine.sample.faultplan import FaultPlan
from genemine.sample.index import Index
from genemine.storage.layout import Layout

SEED = 20261123
N_RECORDS = 20_000
N_RECORDS_QUICK = 10_500  # more than esearch gives of one term
PATIENCE = 120.0  # seconds after which a run counts as hanging
FORK = multiprocessing.get_context("fork")


@dataclass
class Tally:
    """The figures so far."""

    runs: int = 0
    lost: int = 0
    doubled: int = 0
    silent: int = 0
    fetched_again: int = 0
    crashed: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    injected: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)


class Child:
    """A process that was forked, and our end of its pipe."""

    def __init__(self, target: Any, *arguments: Any) -> None:
        self.pipe, theirs = FORK.Pipe()
        self.process: BaseProcess = FORK.Process(target=_forked, args=(target, arguments, theirs, self.pipe), daemon=True)
        self.process.start()
        theirs.close()

    def hear(self) -> tuple[Any, ...]:
        """The next thing it says; ("killed",) if it is dead, ("hangs",) if it says nothing for too long."""
        try:
            return tuple(self.pipe.recv()) if self.pipe.poll(PATIENCE) else ("hangs",)
        except EOFError:
            return ("killed",)

    def end(self) -> None:
        """Wait for its end, and make it if need be."""
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self.pipe.close()


def _forked(target: Any, arguments: tuple[Any, ...], pipe: Connection, other: Connection) -> None:
    other.close()
    logging.disable(logging.CRITICAL)
    target(*arguments, pipe)


@contextmanager
def server(index: Index, faults: FaultPlan | None, injected: Counter[str] | None = None) -> Iterator[str]:
    """A server in a process of its own; gives its address, and at the end adds what it did wrong to ``injected``."""
    child = Child(run_server, index, faults)
    try:
        yield child.pipe.recv()
    finally:
        child.pipe.send("stop")
        for (utility, kind), n in dict(child.pipe.recv()).items():
            if injected is not None:
                injected[f"{utility} {kind}"] += n
        child.end()


def collection(url: str, data: Path, night: date, timeout: float = LONG_TIMEOUT, strike: Strike | None = None) -> Child:
    """Begin a collection in a process of its own."""
    return Child(run_collection, url, data, night, timeout, strike)


def first_night(scenario: Scenario, url: str, data: Path, usual: float, draw: random.Random) -> list[tuple[Any, ...]]:
    """The night with the fault; gives how each process ended."""
    if scenario.moment is not None:
        return [_killed_at(scenario.moment * usual, url, data)]
    child, others = collection(url, data, NIGHT, scenario.timeout, scenario.strike), []
    ended = child.hear()
    if ended[0] == "here":
        second = collection(url, data, NIGHT)
        others.append(second.hear())
        second.end()
        child.pipe.send("go on")
        ended = child.hear()
    if ended[0] == "unsynced":
        child.end()
        _power_cut(ended[1], ended[2], draw)
        return [("killed",)]
    child.end()
    if scenario.damage:
        _damage(Layout(data), scenario.damage, draw)
    return [ended, *others]


def _killed_at(seconds: float, url: str, data: Path) -> tuple[Any, ...]:
    """Kill a run so many seconds after its start; one that had ended by then is begun anew and killed earlier."""
    while True:
        child = collection(url, data, NIGHT)
        time.sleep(seconds)
        os.kill(child.process.pid or 0, signal.SIGKILL)
        ended = child.hear()
        child.end()
        if ended[0] != "complete":
            return ended
        shutil.rmtree(data)
        data.mkdir()
        seconds *= 0.7


def _power_cut(dirty: list[Path], renamed: list[tuple[Path, Path]], draw: random.Random) -> None:
    """Take away what was never synced: bytes of files, and names, which may have come to the disk or not."""
    for path in dirty:
        if path.exists():
            path.write_bytes(path.read_bytes()[: draw.randrange(path.stat().st_size + 1)])
    for new, old in renamed:
        if new.exists() and draw.random() < 0.5:
            new.rename(old)


def _damage(layout: Layout, how: str, draw: random.Random) -> None:
    """What the disk had not written after all of the newest shard; size and times as the system had noted them."""
    newest = max(layout.raw.glob("*/*.xml.gz"), key=lambda path: path.stat().st_mtime_ns)
    stat, content = newest.stat(), newest.read_bytes()
    newest.write_bytes({"empty": b"", "zeros": bytes(len(content))}.get(how, content[: draw.randrange(1, len(content))]))
    os.utime(newest, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def judge(tally: Tally, scenario: Scenario, ended: list[tuple[Any, ...]], now: Count, night: date) -> None:
    """Count how a night ended, and whether it hid anything."""
    for one in ended:
        tally.ended[one[0]] += 1
        if one[0] in ("crashed", "hangs"):
            tally.crashed += 1
            tally.bad.append(f"{scenario.fault}, {scenario.step}: {one}")
    for one in ended[1:]:
        if one[0] != "told" or "held by process" not in one[1]:
            tally.crashed += 1
            tally.bad.append(f"{scenario.fault}, {scenario.step}: the second run was not told who holds the folder: {one}")
    named = {pmid for one in ended if one[0] == "complete" for pmid in one[1]}
    said = any(one[0] == "complete" for one in ended) or now.watermark >= night.isoformat()
    # a damaged disk is found out by the next run; what this one said was true when it said it
    if said and now.lacking - named and not scenario.damage:
        tally.silent += 1
        tally.bad.append(f"{scenario.fault}, {scenario.step}: silent about {len(now.lacking - named)}")


def run(scenario: Scenario, world: World, urls: tuple[str, str], usual: float, tally: Tally, draw: random.Random) -> None:
    """One run: the night with the fault, the next night, and that night again."""
    tomorrow, truth, n_bad = NIGHT + timedelta(days=1), world.truth(1), len(tally.bad)
    with tempfile.TemporaryDirectory(prefix="genemine-faults-") as folder:
        layout, plan = Layout(Path(folder)), scenario.plan()
        if plan:
            with server(world.indexes[0], plan, tally.injected) as url:
                ended = first_night(scenario, url, layout.data_dir, usual, draw)
        else:
            ended = first_night(scenario, urls[0], layout.data_dir, usual, draw)
        judge(tally, scenario, ended, count(layout, world.truth(0)), NIGHT)
        said = "; ".join(": ".join(map(str, one[: 2 if one[0] == "told" else 1])) for one in ended)
        counts = []
        for _ in range(2):
            child = collection(urls[1], layout.data_dir, tomorrow)
            ended = [child.hear()]
            child.end()
            counts.append(count(layout, truth))
            judge(tally, scenario, ended, counts[-1], tomorrow)
        again = (ended[0][2] if ended[0][0] == "complete" else 1) + len(set(counts[0].files) ^ set(counts[1].files))
        wrong = {"lost": len(counts[0].lacking), "doubled": counts[0].doubled, "fetched_again": again}
        for name, n in wrong.items():
            setattr(tally, name, getattr(tally, name) + n)
            if n:
                tally.bad.append(f"{scenario.fault}, {scenario.step}: {name} {n}")
    tally.runs += 1
    print(f"{tally.runs:4} {scenario.fault} at {scenario.step}: {said[:160]}", *tally.bad[n_bad:], sep="\n     ", flush=True)


def calibrate(world: World) -> tuple[float, int, int]:
    """A run without faults: its seconds, its esearch and its efetch requests."""
    # a plan without a fault counts the requests
    requests: Counter[str] = Counter()
    nothing = FaultPlan([])
    with tempfile.TemporaryDirectory(prefix="genemine-faults-") as folder, server(world.indexes[0], nothing, requests) as url:
        started = time.monotonic()
        child = collection(url, Path(folder), NIGHT)
        ended = child.hear()
        child.end()
        seconds = time.monotonic() - started
        now = count(Layout(Path(folder)), world.truth(0))
    if ended[:2] != ("complete", ()) or now.lacking or now.doubled:
        raise SystemExit(f"a run without faults fails: {ended}, {len(now.lacking)} lacking, {now.doubled} doubled")
    return seconds, requests["requests esearch"], requests["requests efetch"]


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer runs, every kind of fault once, within 50 seconds")
    parser.add_argument("--runs", type=int, default=200, help="how many runs")
    parser.add_argument("--seed", type=int, default=SEED, help="draws steps, moments and order")
    arguments = parser.parse_args()
    started, budget = time.monotonic(), 45.0 if arguments.quick else float("inf")
    n_records = N_RECORDS_QUICK if arguments.quick else N_RECORDS
    world, tally, draw = make_world(n_records), Tally(), random.Random(arguments.seed)
    usual, n_esearch, n_efetch = calibrate(world)
    kinds = Counter[str]()
    with server(world.indexes[0], None) as first, server(world.indexes[1], None) as second:
        for scenario in scenarios(18 if arguments.quick else arguments.runs, n_esearch, n_efetch, arguments.seed):
            if time.monotonic() - started > budget:
                break
            run(scenario, world, (first, second), usual, tally, draw)
            kinds[scenario.fault] += 1
    emit({
        "runs": tally.runs,
        "lost": tally.lost,
        "doubled": tally.doubled,
        "silent": tally.silent,
        "fetched_again": tally.fetched_again,
        "crashed": tally.crashed,
        "records": n_records,
        "seconds": round(time.monotonic() - started),
        "nights": dict(tally.ended),
        "requests_spoiled": sum(n for name, n in tally.injected.items() if not name.startswith("requests ")),
        "runs_by_fault": dict(sorted(kinds.items())),
    })  # fmt: skip


if __name__ == "__main__":
    main()
