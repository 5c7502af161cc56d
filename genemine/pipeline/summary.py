"""A run in words: what came in, what was left out and why, the best associations, and where the tables lie."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from genemine.storage.manifest import read_manifest
from genemine.tables.summary import top_associations

WIDTH = 110
N_BEST = 10
_SHOWN_IF_ANY = (
    "deletions",
    "copies",
    "implied",
    "denied",
    "candidates",
    "accepted",
    "rejected",
    "rejected_pairs",
    "lapsed_verdicts",
)


def summary(folder: Path, n_best: int = N_BEST) -> str:
    """Describe a run for the terminal.

    Args:
        folder: the folder of a complete run.
        n_best: how many associations to show, a sentence each.

    Raises:
        StorageError: the run is incomplete.
    """
    manifest = read_manifest(folder)
    counts = manifest["counts"]
    lines = ["", f"Run {manifest['run_id']}", ""]
    lines += [f"  {name:<32}{value:>8}" for name, value in counts_shown(counts)]
    dropped = counts["dropped"]
    if dropped:
        lines += ["", "  Left out, by reason:"]
        lines += [f"    {reason:<40}{n:>6}" for reason, n in sorted(dropped.items(), key=lambda item: (-item[1], item[0]))]
    best = top_associations(folder, n_best)
    lines += ["", f"  The {len(best)} best associations" if best else "  No association reached the threshold."]
    for rank, row in enumerate(best, start=1):
        articles = f"{row.n_articles} article{'s' if row.n_articles != 1 else ''}"
        lines += ["", f"  {rank:>2}. {row.gene} - {row.disease}   score {shown(row.score)}, {articles}"]
        lines += textwrap.wrap(f"“{row.sentence}” (PMID {row.pmid})", WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    first = "candidates.csv" if counts.get("candidates") else "associations.csv"
    lines += [
        "",
        f"  Report: {folder / 'report.html'}",
        f"  Tables: {folder}",
        f"  Open {first} first, or genemine.xlsx with Excel; every column is explained in data/processed/README.md",
    ]
    if not manifest.get("curated", {}).get("file"):
        lines += [
            "  No curated pairs given (`genemine curated pull`, `build`): the tables do not tell what is known from what is new"
        ]
    lines += [""]
    return "\n".join(lines)


def shown(score: float) -> str:
    """A probability for people: three digits, and never a 1.000 that would claim certainty."""
    return ">0.999" if score > 0.9994 else f"{score:.3f}"


def counts_shown(counts: dict[str, Any]) -> list[tuple[str, int]]:
    """The counts of a run that people see, with their labels, in the order of the work."""
    names = {
        "records": "records read",
        "deletions": "deletion notices read",
        "copies": "copies of other articles",
        "articles": "articles kept",
        "mentions": "mentions",
        "linked": "mentions with identifier",
        "relations": "gene-disease pairs scored",
        "associations": "associations",
        "implied": "pairs that only whole abstracts imply",
        "denied": "pairs that are only denied",
        "candidates": "candidates in no curated source",
        "evidence": "sentences of evidence",
        "accepted": "accepted by curators",
        "rejected": "rejected by curators",
        "rejected_pairs": "pairs out for it",
        "lapsed_verdicts": "verdicts that fit no sentence",
    }
    # runs of older versions did not count all of them
    return [(label, counts[key]) for key, label in names.items() if counts.get(key) or key not in _SHOWN_IF_ANY]
