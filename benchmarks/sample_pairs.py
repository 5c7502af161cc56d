"""How many of the textbook pairs that the embedded sample tells are in the tables, and what became of the others.

The sample was written by this project, so this is a check of the whole chain on plain text, not a figure to compare with others.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from pathlib import Path

from benchmarks.common import ROOT, emit
from genemine.config import load_settings
from genemine.pipeline.collect import collect_new
from genemine.pipeline.mine import mine
from genemine.pipeline.sample import SAMPLE_QUERY, SAMPLE_TODAY, serving
from genemine.tables.files import read_table

Pair = tuple[str, str]


def told(stance: str) -> set[Pair]:
    """The pairs that the sample's records tell with this stance, as (gene CURIE, disease CURIE)."""
    with (ROOT / "tests" / "data" / "sample_pairs.tsv").open(encoding="utf-8", newline="") as file:
        return {(r["gene_curie"], r["disease_curie"]) for r in csv.DictReader(file, delimiter="\t") if r["stance"] == stance}


def tables() -> tuple[set[Pair], set[Pair]]:
    """Mine the sample; gives the pairs in ``associations`` and those in ``relations`` at all."""
    with tempfile.TemporaryDirectory() as folder, serving() as url:
        settings = load_settings(data_dir=Path(folder), entrez__source="sample", entrez__base_url=url)
        collect_new(SAMPLE_QUERY, settings, SAMPLE_TODAY, first_days=0)
        run = mine(settings).folder
        frames = [read_table(run, name) for name in ("associations", "relations")]
        frames[0] = frames[0][frames[0]["direction"] != "denied"]
        found = [set(zip(frame["gene_curie"], frame["disease_curie"], strict=True)) for frame in frames]
    return found[0], found[1]


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the same: the whole takes seconds")
    parser.parse_args()
    associations, scored = tables()
    asserted, denied = told("asserted"), told("denied")
    for pair in sorted(asserted - associations):
        why = "scored below the threshold" if pair in scored else "never in one sentence, or not linked"
        print(f"missing: {pair[0]} {pair[1]}: {why}")
    for pair in sorted((denied - asserted) & associations):
        print(f"denied, yet an association: {pair[0]} {pair[1]}")
    emit(
        {
            "asserted": len(asserted),
            "found": len(asserted & associations),
            "recall": round(len(asserted & associations) / len(asserted), 3),
            "denied_only": len(denied - asserted),
            "denied_called_associations": len((denied - asserted) & associations),
        }
    )


if __name__ == "__main__":
    main()
