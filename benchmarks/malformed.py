"""Parse and clean damaged PubMed files, and look for every record of the original in what comes out.

``python -m benchmarks.malformed`` damages 10,000 small files of real records, each in one of the ways of
``benchmarks.byte_mutations`` and ``benchmarks.xml_mutations`` or in several, always the same ones for the same ``--seed``;
``--quick`` takes every fifth. Each is read in a worker with a time limit. Counted are:

- crashes: any error but a GenemineError that names the file, and a worker that dies;
- hangs: cases over the time limit;
- unaccounted: records of which more than half is left in the damaged file and that are neither an article (the same one, where the
  damage left the record alone) nor dropped with a reason, nor in the bytes in quarantine, while the file is not refused; and files
  that end early without being told of.

``--case N`` runs one case again and tells what became of it; ``--keep FILE`` writes its bytes.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from benchmarks.common import emit
from benchmarks.malformed_cases import SEED, Outcome, bases, damage, missing, read, run_case

CASES = 10_000
QUICK = 5  # every how manieth case; shares no factor with the 36 ways of damage
WORKERS = 2
LIMIT = 20.0  # seconds a case; most take some milliseconds


def _work(cases: list[int], seed: int, results: Connection) -> None:
    bases()
    results.send(None)  # from now on the clock runs
    for case in cases:
        results.send(run_case(case, seed))
    results.close()


@dataclass
class Worker:
    """A process, its cases, and the one that it is at."""

    process: multiprocessing.process.BaseProcess
    results: Connection
    cases: list[int]
    done: int = 0
    since: float = field(default_factory=lambda: time.monotonic() + 600)


def start(cases: list[int], seed: int) -> Worker:
    """Start a worker."""
    context = multiprocessing.get_context("fork")
    results, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(cases, seed, sender), daemon=True)
    process.start()
    sender.close()
    return Worker(process, results, cases)


def run_all(cases: list[int], seed: int) -> list[Outcome]:
    """Run cases in workers; one that dies or takes too long is replaced and goes on behind the case it was at."""
    bases()  # once, before the workers are forked
    workers = [start(cases[number::WORKERS], seed) for number in range(WORKERS)]
    outcomes: list[Outcome] = []
    while workers:
        ready = wait([worker.results for worker in workers], timeout=1.0)
        for worker in list(workers):
            broken = ""
            if worker.results in ready:
                try:
                    outcome = worker.results.recv()
                    worker.since = time.monotonic()
                    if outcome is not None:
                        outcomes.append(outcome)
                        worker.done += 1
                    continue
                except EOFError:
                    broken = "the worker died"
            elif time.monotonic() - worker.since > LIMIT:
                broken = "hang"
                worker.process.kill()
            if not broken:
                continue
            worker.process.join()
            workers.remove(worker)
            if worker.done < len(worker.cases):
                outcomes.append(Outcome(worker.cases[worker.done], broken, crash=broken))
                workers.append(start(worker.cases[worker.done + 1 :], seed))
    return outcomes


def show(case: int, seed: int, keep: Path | None) -> None:
    """Run one case and tell all."""
    kind, base, mutated = damage(case, seed)
    print(f"case {case}, seed {seed}: {kind}, {len(base.records)} records, {len(base.data)} -> {len(mutated.data)} bytes")
    if keep:
        keep.write_bytes(mutated.data)
    found = read(mutated.data)
    print("refused:", found.refused)
    print("articles:", [article.pmid for article in found.articles], "of", [record.article.pmid for record in base.records])
    for one in (*found.dropped, *found.quarantined):
        print(f"{one.stage}: {one.reason}: {one.pmid}: {one.detail}", len(getattr(one, "raw", b"")))
    print("unaccounted:", missing(base, mutated, found))


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"every {QUICK}th case")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--case", type=int, help="run one case and tell what became of it")
    parser.add_argument("--keep", type=Path, help="with --case: write the damaged file here")
    arguments = parser.parse_args()
    if arguments.case is not None:
        show(arguments.case, arguments.seed, arguments.keep)
        return
    logging.getLogger("genemine").setLevel(logging.ERROR)
    started = time.monotonic()
    outcomes = run_all(list(range(0, arguments.cases, QUICK if arguments.quick else 1)), arguments.seed)
    hangs = [one for one in outcomes if one.crash == "hang"]
    crashes = [one for one in outcomes if one.crash and one.crash != "hang"]
    lost = [one for one in outcomes if one.unaccounted]
    for one in (*hangs, *crashes, *lost)[:40]:
        print(f"--case {one.case} --seed {arguments.seed} ({one.kind}): {one.crash or one.unaccounted}")
    for kind in sorted({one.kind for one in outcomes}):
        ours = [one for one in outcomes if one.kind == kind]
        same, alone = sum(one.same[0] for one in ours), sum(one.same[1] for one in ours)
        print(
            f"{kind:18} {len(ours):5} cases, {sum(one.refused for one in ours):4} refused, {same:5} of {alone:5} whole records read"
        )
    emit(
        {
            "cases": len(outcomes),
            "crashes": len(crashes),
            "hangs": len(hangs),
            "unaccounted": sum(len(one.unaccounted) for one in lost),
            "refused": sum(one.refused for one in outcomes),
            "whole_records_read": round(sum(one.same[0] for one in outcomes) / sum(one.same[1] for one in outcomes), 4),
            "seconds": round(time.monotonic() - started, 1),
        }
    )


if __name__ == "__main__":
    main()
