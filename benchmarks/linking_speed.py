"""How fast mentions get their identifiers: the linker alone, on mentions of real abstracts, with the lexicon of all vocabularies.

10,000 abstracts of the sets that keep letter case, tagged by the committed tagger beforehand; then two processes, one a core, link
half of them each, all caches empty at first. ``mentions_per_s`` is of both together. ``peak_gib`` sums the resident memory of both,
so that pages of the mapped lexicon count twice. ``load_s`` is the time from the start of Python until lexicon and bundle are loaded
and a first article with a gene and a disease is linked (what is indexed at first use is indexed by then); the median of three.
Exact string match against the same lexicon, letter case apart, runs the same way.
"""

from __future__ import annotations

import argparse
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks.common import ROOT, emit, shared_dir
from benchmarks.linking_common import ExactMatch
from benchmarks.real_run import PeakMemory
from benchmarks.tagger_speed import write_abstracts
from genemine.annotate.abbreviations import find_abbreviations
from genemine.annotate.sentences import split_sentences
from genemine.link.build import build
from genemine.models.linker_scores import MentionLinker
from genemine.pipeline.annotate import read_documents
from genemine.records import DISEASE, GENE, Mention

N, N_QUICK = 10_000, 1_000
EXACT = "exact"
READY = "ready"
Job = tuple[str, tuple[Mention, ...], dict[str, str]]
FIRST: Job = ("BRCA1 and breast cancer", (Mention("1", 0, 5, "BRCA1", GENE), Mention("1", 10, 23, "breast cancer", DISEASE)), {})


def prepare(folder: Path, n: int) -> int:
    """Tag abstracts and write two files of jobs; gives the number of mentions."""
    source, target = folder / "in.txt", folder / "out.txt"
    write_abstracts(source, n)
    subprocess.run([sys.executable, "-m", "genemine.cli.main", "annotate", str(source), str(target)], cwd=ROOT, check=True)
    jobs: list[Job] = []
    for document in read_documents(target):
        text = document.text
        mentions = tuple(Mention(document.pmid, m.start, m.end, m.text, m.type) for m in document.mentions)
        jobs.append((text, mentions, {one.short: one.long for one in find_abbreviations(split_sentences(text))}))
    for half in (0, 1):
        (folder / f"jobs{half}").write_bytes(pickle.dumps(jobs[half::2]))
    return sum(len(mentions) for _, mentions, _ in jobs)


def work(way: str, bundle: str, lexicon: str, jobs: str) -> None:
    """Be one of the processes: load, say how long it took, wait for a line, link, say how many got an identifier."""
    linker = load(way, lexicon, bundle)
    linker.link(*FIRST)
    print(READY, time.time() - psutil.Process().create_time(), flush=True)
    if not sys.stdin.readline():
        return
    with Path(jobs).open("rb") as file:
        read: list[Job] = pickle.load(file)
    began = time.perf_counter()
    n = sum(bool(link.curie) for text, mentions, short_forms in read for link in linker.link(text, mentions, short_forms))
    print(n, time.perf_counter() - began, flush=True)


def load(way: str, lexicon: str, bundle: str) -> MentionLinker:
    """Load the linker as the product does, or the baseline."""
    if way == EXACT:
        from genemine.link.lexicon import load_lexicon

        return ExactMatch(load_lexicon(lexicon))
    from genemine.config import LinkSettings
    from genemine.pipeline.models import linker

    return linker(LinkSettings(lexicon=lexicon, bundle=bundle))


def start(way: str, bundle: str, folder: Path, half: int) -> tuple[subprocess.Popen[str], float]:
    """Start a process and wait until it is ready; gives it and its seconds to load."""
    given = [way, bundle, str(folder / "lexicon"), str(folder / f"jobs{half}")]
    command = [sys.executable, "-m", "benchmarks.linking_speed", "--work", *given]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = process.stdout.readline().split()
    if told[:1] != [READY]:
        sys.exit("the linker cannot be loaded; see above")
    return process, float(told[1])


def measure(way: str, bundle: str, folder: Path, n_mentions: int) -> tuple[float, float, float]:
    """Link with two processes; gives mentions a second, peak GiB, and the share of mentions that got an identifier."""
    processes = [start(way, bundle, folder, half)[0] for half in (0, 1)]
    memories = [PeakMemory(process.pid) for process in processes]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = []
    for process in processes:
        assert process.stdout is not None
        told.append(process.stdout.readline().split())
    peak = sum(memory.stop() for memory in memories)
    for process in processes:
        process.communicate()
    return n_mentions / max(float(seconds) for _, seconds in told), peak, sum(int(n) for n, _ in told) / n_mentions


def load_seconds(way: str, bundle: str, folder: Path, times: int = 3) -> float:
    """Seconds until a linker is ready; the median."""
    found = []
    for _ in range(times):
        process, seconds = start(way, bundle, folder, 0)
        process.communicate()  # ends its input, so it ends
        found.append(seconds)
    return statistics.median(found)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{N_QUICK:,} abstracts instead of {N:,}")
    parser.add_argument("--work", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--bundle", default="", help="folder of another bundle (default: the committed one)")
    arguments = parser.parse_args()
    if arguments.work:
        work(*arguments.work)
        return
    n = N_QUICK if arguments.quick else N
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(shared_dir() / "data" / "vocab", folder / "lexicon")
        n_mentions = prepare(folder, n)
        print(f"{n:,} abstracts, {n_mentions:,} mentions; two processes")
        for way, prefix in (("genemine", ""), (EXACT, "exact_")):
            seconds = load_seconds(way, arguments.bundle, folder)
            speed, peak, linked = measure(way, arguments.bundle, folder, n_mentions)
            print(f"{way:<10}{speed:>10,.0f} mentions/s{peak:>8.2f} GiB{seconds:>8.2f} s to load{linked:>8.1%} linked")
            figures |= {
                f"{prefix}mentions_per_s": round(speed),
                f"{prefix}peak_gib": round(peak, 2),
                f"{prefix}load_s": round(seconds, 2),
                f"{prefix}linked": round(linked, 3),
            }
    emit(figures | {"abstracts": n, "mentions": n_mentions})


if __name__ == "__main__":
    main()
