"""The report of a large run: seconds to make it, its size, and how soon Chromium shows it.

10,000 associations with 50,000 sentences (``--quick``: 1,000 and 5,000), compared with a run before that lacks a tenth of them.
Opened from the disk in headless Chromium three times, the middle one counts: the first paint of anything, the table ready, and how
long a sort by gene and a filter take until the table stands.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.common import emit
from benchmarks.report_data import Corpus, make_run
from genemine.config import ReportSettings
from genemine.pipeline.report import add_report
from genemine.storage.layout import Layout
from genemine.storage.manifest import read_manifest

CHROMIUM = Path("/usr/bin/chromium")
LOADS = 3
_PAINT = """new Promise((done) => {
    const painted = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    const wait = () => (painted() ? done(painted()) : setTimeout(wait, 20));
    wait();
})"""
_TIMED = (
    """(act) => { const before = performance.now(); eval(act); document.body.offsetHeight; return performance.now() - before; }"""
)


def main() -> None:
    """Measure and print."""
    if "--help" in sys.argv:
        print(__doc__)
        return
    if not CHROMIUM.exists():
        sys.exit(f"{CHROMIUM} is missing: the first paint is measured in it (apt-get install chromium)")
    n = 1_000 if "--quick" in sys.argv else 10_000
    with tempfile.TemporaryDirectory(prefix="genemine.report.") as folder:
        layout = Layout(Path(folder))
        corpus = Corpus(n)
        make_run(layout.run("20261129T020000Z-00000002"), corpus)
        corpus.associations = corpus.associations[: -n // 10]
        make_run(layout.run("20261128T020000Z-00000001"), corpus)
        run = layout.run("20261129T020000Z-00000002")
        before = time.perf_counter()
        path = add_report(run, read_manifest(run), layout, ReportSettings())
        build = time.perf_counter() - before
        seen = [_look(path) for _ in range(LOADS)]
        megabytes = path.stat().st_size / 1e6
    figures: dict[str, Any] = {"build_s": round(build, 2), "megabytes": round(megabytes, 2)}
    figures |= {key: round(median(one[key] for one in seen), 3) for key in seen[0]}
    figures |= {"associations": n, "sentences": len(corpus.evidence)}
    for key, value in figures.items():
        print(f"{key:<16}{value:>12}")
    emit(figures)


def _look(path: Path) -> dict[str, float]:
    """Open the report in a browser of its own, so that nothing is remembered from the time before."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=["--disable-gpu"])
        page = browser.new_page()
        before = time.perf_counter()
        page.goto(path.as_uri(), wait_until="commit")
        page.wait_for_selector("#association-table tbody tr")
        ready = time.perf_counter() - before
        page.wait_for_load_state()
        figures = {
            "first_paint_s": page.evaluate(_PAINT) / 1000,
            "table_s": ready,
            "sort_ms": page.evaluate(_TIMED, "document.querySelector('#association-table th:nth-child(2) button').click()"),
            "filter_ms": page.evaluate(
                _TIMED, "document.querySelector('#filters [name=text]').value = 'breast'; filters.requestSubmit()"
            ),
        }
        page.locator("#association-table .opener").first.click()
        page.wait_for_selector("ol.sentences li")
        browser.close()
    return figures


if __name__ == "__main__":
    main()
