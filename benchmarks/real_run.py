"""The nightly flow over every real record in ../shared/data/pubmed-xml, served by the loopback server.

Counts that every PMID served ends in ``articles``, in ``dropped`` or in quarantine. ``--page`` renews the measured part of
docs/real-run.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from benchmarks.common import ROOT, emit, shared_dir
from genemine.pipeline.summary import shown
from genemine.sample.index import load_folder
from genemine.storage.layout import Layout
from genemine.storage.manifest import latest_run, read_manifest
from genemine.tables.files import read_table
from genemine.tables.summary import top_associations

BEGIN = "<!-- measured: python -m benchmarks.real_run --page -->\n"
END = "<!-- end of measured -->\n"


class PeakMemory:
    """Watches the resident memory of a process and all that it started, five times a second."""

    def __init__(self, pid: int) -> None:
        """Begin to watch."""
        self.peak = 0  # bytes
        self._process = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.2):
            total = 0
            try:
                for process in (self._process, *self._process.children(recursive=True)):
                    total += process.memory_info().rss
            except psutil.Error:
                continue
            self.peak = max(self.peak, total)

    def stop(self) -> float:
        """End the watch; gives the peak in GiB."""
        self._stop.set()
        self._thread.join()
        return self.peak / 2**30


def run(folder: Path, data_dir: Path, log_file: Path) -> tuple[float, float]:
    """Run the nightly flow over a folder; gives (seconds, peak GiB) of the whole process tree, Prefect's included."""
    command = [sys.executable, "-m", "flows.sample", "--folder", str(folder), "--data-dir", str(data_dir)]
    started = time.monotonic()
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        memory = PeakMemory(process.pid)
        status = process.wait()
    seconds, peak = time.monotonic() - started, memory.stop()
    if status:
        sys.exit(f"the run ended with status {status}:\n{log_file.read_text(errors='replace')[-3000:]}")
    return seconds, peak


def newest(data_dir: Path) -> Path:
    """The folder of the newest run."""
    folder = latest_run(Layout(data_dir))
    if folder is None:
        sys.exit(f"{data_dir}: the flow ended well but left no run")
    return folder


def unaccounted(folder: Path, data_dir: Path) -> tuple[int, set[str]]:
    """How many PMIDs were served, and which of them are in no table."""
    served = {str(pmid) for pmid in load_folder(folder).records}
    told = {str(pmid) for name in ("articles", "dropped") for pmid in read_table(newest(data_dir), name)["pmid"]}
    return len(served), served - told


def page_part(folder: Path, figures: dict[str, float]) -> str:
    """What docs/real-run.md shows of a run: counts, time and memory, and the twenty best associations with a sentence each."""
    counts = read_manifest(folder)["counts"]
    rows = [(name, value) for name, value in counts.items() if name != "dropped"]
    rows += [(f"left out, {reason}", n) for reason, n in counts["dropped"].items()]
    lines = ["| stage | count |", "| --- | ---: |", *(f"| {name} | {value:,} |" for name, value in rows)]
    lines += [
        "",
        f"Wall time {figures['seconds']} s, peak memory {figures['peak_gib']} GiB (all processes, Prefect's server included).",
    ]
    lines += ["", f"{figures['served']:,} PMIDs served, {figures['unaccounted']} in no table.", "", "## The twenty best", ""]
    for rank, row in enumerate(top_associations(folder, 20), start=1):
        articles = f"{row.n_articles} article{'s' if row.n_articles != 1 else ''}"
        lines.append(f"{rank}. **{row.gene} - {row.disease}**, score {shown(row.score)}, {articles}  ")
        lines.append(f"   {row.sentence} (PMID {row.pmid})")
    return "\n".join(lines)


def renew(page: Path, part: str) -> None:
    """Put the measured part between the page's markers."""
    head, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    page.write_text(f"{head}{BEGIN}\n{part}\n{END}{tail}", encoding="utf-8")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="keep the data folder here")
    parser.add_argument("--page", action="store_true", help="renew docs/real-run.md")
    parser.add_argument("--quick", action="store_true", help="the same: the whole takes less than 90 s")
    arguments = parser.parse_args()
    folder = shared_dir() / "data" / "pubmed-xml"
    with tempfile.TemporaryDirectory() as temporary:
        data_dir = arguments.keep or Path(temporary) / "data"
        seconds, peak = run(folder, data_dir, Path(temporary) / "log")
        served, lost = unaccounted(folder, data_dir)
        print(Path(temporary, "log").read_text(errors="replace"))
        figures = {"seconds": round(seconds, 1), "peak_gib": round(peak, 2), "served": served, "unaccounted": len(lost)}
        if arguments.page:
            renew(ROOT / "docs" / "real-run.md", page_part(newest(data_dir), figures))
    if lost:
        print("in no table:", *sorted(lost, key=int))
    emit(figures)


if __name__ == "__main__":
    main()
