"""A run for the Prefect UI: a page with pictures, its counts, its best associations, and what the gate says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from genemine.pipeline.pictures import bars, inline
from genemine.pipeline.publish import FIRST, OFF, PASSED, RELEASED, held_for
from genemine.pipeline.report import REPORT
from genemine.pipeline.summary import counts_shown, shown
from genemine.storage.manifest import is_held, read_manifest
from genemine.tables.summary import articles_by_year, top_associations

N_BEST = 20
N_YEARS = 15  # bars of the picture of years; those before are one bar


def run_page(folder: Path) -> str:
    """The run in pictures, and where its files are.

    Raises:
        StorageError: the run is incomplete.
    """
    manifest = read_manifest(folder)
    counts = manifest["counts"]
    lines = [f"# Run {manifest['run_id']}", ""]
    if is_held(manifest):
        lines += ["**Held back**: these tables are not in use. The artifact `gate` says why and what to do.", ""]
    lines += ["## From records to associations", "", inline("counts of the run", bars("counts", counts_shown(counts))), ""]
    if years := _years(folder):
        lines += ["## Articles by year", "", inline("articles by year", bars("articles by year", years)), ""]
    if dropped := counts["dropped"]:
        lines += ["## Left out, by reason", "", "| reason | records |", "| --- | ---: |"]
        lines += [f"| {_cell(reason)} | {n:,} |" for reason, n in sorted(dropped.items(), key=lambda item: (-item[1], item[0]))]
        lines += [""]
    lines += ["## Files", ""]
    if (folder / REPORT).is_file():
        lines += [f"- Report, one page for the browser: `{(folder / REPORT).resolve().as_uri()}`"]
    lines += [f"- Tables: `{folder.resolve()}`; open `{'candidates' if counts.get('candidates') else 'associations'}.csv` first"]
    return "\n".join([*lines, ""])


def count_rows(folder: Path) -> list[dict[str, Any]]:
    """What came in, what was left out, what came of it: a row for each count."""
    counts = read_manifest(folder)["counts"]
    rows = [{"what": label, "count": f"{n:,}"} for label, n in counts_shown(counts)]
    return [*rows, *({"what": f"left out: {reason}", "count": f"{n:,}"} for reason, n in sorted(counts["dropped"].items()))]


def best_rows(folder: Path, n_best: int = N_BEST) -> list[dict[str, Any]]:
    """The best associations, a row each with its best sentence."""
    return [
        {
            "gene": row.gene,
            "disease": row.disease,
            "score": shown(row.score),
            "articles": row.n_articles,
            "PMID": row.pmid,
            "sentence": row.sentence,
        }
        for row in top_associations(folder, n_best)
    ]


def gate_page(folder: Path) -> str:
    """What the gate found, and what to do about it."""
    manifest = read_manifest(folder)
    run_id, gate = manifest["run_id"], manifest.get("gate", {})
    verdict = gate.get("verdict", OFF)
    words = {
        FIRST: "In use: the first run, nothing to compare it with.",
        OFF: "In use: the gate is off.",
        PASSED: f"In use: like enough to run {gate.get('compared_with')}.",
        RELEASED: "In use: released by a person.",
    }
    lines = [
        f"# Gate: {verdict}",
        "",
        words.get(verdict, "**Held back: these tables are not in use, `latest` stays as it is.**"),
        "",
    ]
    if is_held(manifest):
        lines += [*(f"- {reason}" for reason in held_for(manifest)), "", "## What to do", ""]
        mends = dict.fromkeys(line["mend"] for line in gate.get("lines", []) if line["mend"])
        lines += [f"- {mend}" for mend in mends]
        lines += [f"- To put the tables in use: the deployment `release` with run `{run_id}`, or `genemine release {run_id}`", ""]
    if note := gate.get("release"):
        lines += [f"{verdict} by {note['by']} at {note['at']}: {note['why']}", ""]
    if gate.get("lines"):
        lines += ["| | compared | found |", "| --- | --- | --- |"]
        lines += [f"| {line['verdict']} | {line['check']} | {_cell(line['what'])} |" for line in gate["lines"]]
    return "\n".join([*lines, ""])


def _years(folder: Path) -> list[tuple[str, int]]:
    years = sorted(articles_by_year(folder).items())
    before, last = years[:-N_YEARS], years[-N_YEARS:]
    earlier = [(f"before {last[0][0]}", sum(n for _, n in before))] if before else []
    return [*earlier, *((str(year), n) for year, n in last)]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
