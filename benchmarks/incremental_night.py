"""A night with 5,000 new and 2,000 revised records, for one who knows 1,000,000: how long until all of it is clean text, each once.

Known are 33 bulk files of 30,000 records and 50 answers of earlier nights, loaded, collected, cleaned and compared by the program
itself (``benchmarks.night_folder``). That takes six minutes on two cores; the folder (2 GB) stays in the system's temporary folder
and serves again while the program's version and this generator stay the same (``--fresh`` makes it anew). Each run works on a copy.

The night asks a loopback server in another process, which keeps NCBI's three requests a second, as the program does. Timed is what
the nightly flow does without tagging, relating and tables: collecting, cleaning what is new, finding copies against everything, and
choosing which record stands for each article. ``new`` and ``revised`` count the records that really stand in the outcome as the
server has them, standing or left out as copies; ``copies_found`` how many of the new ones planted as copies were traced to the very
article that was copied. The run ends with an error where a file that was there before has changed by a byte.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import abstracts_data, mutations_data, night_data, night_folder
from benchmarks.common import ROOT, emit, shared_dir
from benchmarks.night_folder import FULL, QUERY, QUICK, Facts, Sizes, build, make_shards, twin
from benchmarks.real_run import PeakMemory
from benchmarks.truth_data import shingle_sets
from genemine import __version__
from genemine.clean.shingles import words
from genemine.config import CopySettings, EntrezSettings, Settings
from genemine.pipeline.collect import collect_new
from genemine.pipeline.copies import find_copies
from genemine.pipeline.corpus import select_articles
from genemine.pipeline.mine import find_batches
from genemine.pipeline.stages import CLEAN
from genemine.sample.server import serving
from genemine.storage.layout import RAW_SUFFIX, Layout

COPY = "of PMID "  # begins the detail of an article left out as a copy
OUTCOME, KEPT = "outcome.json", "outcome.parquet"


def cache_folder(sizes: Sizes) -> Path:
    """Where the folder of these sizes lies; another generator or version of the program has another."""
    sources = [Path(str(module.__file__)).read_bytes() for module in (abstracts_data, mutations_data, night_data, night_folder)]
    digest = hashlib.sha256(b"".join(sources) + json.dumps(asdict(sizes)).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"genemine-{__version__}-night-{digest}"


def prepared(folder: Path, sizes: Sizes) -> Facts:
    """The folder as it stands before the night: made if it is not there, and else brought up to what this program makes of it."""
    told = folder / "facts.json"
    if not told.exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"making {folder}", flush=True)
        build(folder, sizes, shared_dir() / "data")
    make_shards(Settings(data_dir=folder / "data"))
    return Facts(**json.loads(told.read_text(encoding="utf-8")))


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Serve a folder from a process of its own; gives the URL."""
    command = [sys.executable, "-m", "benchmarks.incremental_night", "--serve", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate("", timeout=30)


def serve(folder: Path) -> None:
    """Be that process: serve until the input ends."""
    with serving(folder) as url:
        print(url, flush=True)
        sys.stdin.read()


def night(data_dir: Path, url: str, today: date) -> None:
    """Be the process that is timed; leaves its times and outcome in the data folder."""
    settings = Settings(data_dir=data_dir, entrez=EntrezSettings(base_url=url))
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        started = time.monotonic()
        result = work()
        seconds[name] = time.monotonic() - started
        return result

    def clean() -> None:
        for batch in CLEAN.pending(find_batches(settings), settings):
            CLEAN(batch, settings)

    report = timed("collect_s", lambda: collect_new(QUERY, settings, today=today))
    timed("clean_s", clean)
    copies = timed("copies_s", lambda: find_copies(find_batches(settings), settings))
    selection = timed("select_s", lambda: select_articles(find_batches(settings), Layout(data_dir)))
    print(report.summary(), copies, sep="\n")
    pq.write_table(selection.table, data_dir / KEPT)
    tonight = {Layout(data_dir).shard("articles", batch) for batch in report.batches}
    outcome = {
        "seconds": seconds,
        "batches": report.batches,
        "tonight": [position for position, shard in enumerate(selection.shards) if shard in tonight],
        "duplicates": {found.pmid: found.kept_pmid for found in selection.duplicates},
        "left_out": {gone.pmid: gone.source.removesuffix(RAW_SUFFIX) for gone in selection.dropped if gone.detail.startswith(COPY)},
    }
    (data_dir / OUTCOME).write_text(json.dumps(outcome), encoding="utf-8")


def hashes(data_dir: Path) -> dict[str, str]:
    """SHA-256 of every file but the ledger's, by path."""
    ledger = Layout(data_dir).ledger.name
    return {
        path.relative_to(data_dir).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(data_dir.rglob("*"))
        if path.is_file() and not path.name.startswith((ledger, OUTCOME, KEPT))
    }


def run(folder: Path, facts: Facts) -> dict[str, float]:
    """One night on a copy of the folder; gives the figures."""
    with tempfile.TemporaryDirectory(dir=folder) as temporary, server(folder / "tonight") as url:
        data_dir = Path(temporary) / "data"
        twin(folder / "data", data_dir)
        before = hashes(data_dir)
        command = [sys.executable, "-m", "benchmarks.incremental_night", "--night", str(data_dir), url, facts.night]
        process = subprocess.Popen(command, cwd=ROOT)
        memory = PeakMemory(process.pid)
        status = process.wait()
        peak = memory.stop()
        if status:
            sys.exit(f"the night ended with status {status}")
        after = hashes(data_dir)
        outcome = json.loads((data_dir / OUTCOME).read_text(encoding="utf-8"))
        alike = copies_in(data_dir, facts)
        kept = pq.read_table(data_dir / KEPT, columns=["pmid", "position", "revised"]).to_pydict()
    if changed := [name for name, digest in before.items() if after.get(name) != digest]:
        sys.exit(f"files that were there before changed or went: {', '.join(changed[:5])}")
    return {**checked(outcome, kept, facts, alike), "peak_gib": round(peak, 2)}


def copies_in(data_dir: Path, facts: Facts) -> dict[str, str]:
    """The planted copies that are such by the rule, new PMID -> known PMID: 0.8 of the shingles, as measured here."""
    wanted = pa.array([*facts.copies, *facts.copies.values()])
    texts: dict[str, list[str]] = {}
    for shard in Layout(data_dir).shards("articles"):
        table = pq.read_table(shard, columns=["pmid", "title", "abstract"])
        for row in table.filter(pc.is_in(table.column("pmid"), wanted)).to_pylist():
            texts[row["pmid"]] = words(f"{row['title']}\n{row['abstract']}")
    number = {pmid: at for at, pmid in enumerate(texts)}
    settings = CopySettings()
    sets = shingle_sets(texts.values(), settings.shingle_words)
    return {
        new: known for new, known in facts.copies.items() if sets.similarity(number[new], number[known]) >= settings.min_similarity
    }


def checked(outcome: dict[str, Any], kept: dict[str, list[Any]], facts: Facts, alike: dict[str, str]) -> dict[str, float]:
    """Compare what stands after the night with what should; gives the counts and times."""
    tonight, duplicates = set(outcome["tonight"]), outcome["duplicates"]
    sources = {batch.split("/", 1)[1] for batch in outcome["batches"]}
    # left out as a copy is accounted for too, if it was tonight's record that was compared
    stands = {pmid: facts.night for pmid, source in outcome["left_out"].items() if source in sources}
    stands |= {
        pmid: revised
        for pmid, position, revised in zip(kept["pmid"], kept["position"], kept["revised"], strict=True)
        if position in tonight
    }
    parts = {name: round(value, 1) for name, value in outcome["seconds"].items()}
    return {
        "seconds": round(sum(outcome["seconds"].values()), 1),
        "new": sum(1 for pmid in facts.new if pmid in stands),
        "revised": sum(1 for pmid in facts.revised if stands.get(pmid) == facts.night),
        "known": sum(1 for pmid in {*kept["pmid"], *duplicates} if int(pmid) < int(facts.new[0])),
        **parts,
        "planted_copies": len(alike),
        "copies_found": sum(1 for new, known in alike.items() if duplicates.get(new) == known),
    }


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK.known:,} known, {QUICK.new} new, {QUICK.revised} revised")
    parser.add_argument("--fresh", action="store_true", help="make the folder of known records anew")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--night", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
        return
    if arguments.night:
        data_dir, url, today = arguments.night
        night(Path(data_dir), url, date.fromisoformat(today))
        return
    sizes = QUICK if arguments.quick else FULL
    folder = cache_folder(sizes)
    if arguments.fresh or arguments.quick:
        shutil.rmtree(folder, ignore_errors=True)
    figures = run(folder, prepared(folder, sizes))
    emit(figures)
    if arguments.quick:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
