"""Run every benchmark one after the other and write docs/benchmarks.md from what they print (``make bench``)."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from benchmarks.common import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
# name -> (what is measured, {key: bar}); a bar is what the figure has to reach, or for "at most" figures not to exceed
BENCHMARKS: dict[str, tuple[str, dict[str, str]]] = {
    "make_run": (
        "`make run` in a fresh clone, install included, and a second time",
        {"first_seconds": "at most 240", "second_seconds": "at most 60"},
    ),
    "real_run": (
        "The nightly flow over every record of ../shared/data/pubmed-xml; time and memory of all its processes",
        {"seconds": "at most 90", "peak_gib": "at most 2.5", "served": "about 1,290", "unaccounted": "0"},
    ),
    "tagger_accuracy": (
        "Strict entity F1 of the committed bundle on the whole test files, and on BioRED's development part from raw text",
        {
            "bc2gm_f1": "0.82",
            "ncbi_disease_f1": "0.87",
            "bc5cdr_disease_f1": "0.85",
            "biored_dev_gene_f1": "0.86",
            "biored_dev_disease_f1": "0.80",
        },
    ),
    "tagger_calibration": (
        "How far a mention's score is the chance that it is right: fitted on devel, measured on the test files",
        {"ece": "at most 0.03"},
    ),
    "document_context": (
        "What an article says elsewhere about a name: strict F1 of raw texts as tagged and with the rules of document context",
        {"ms_per_document": "at most 0.2"},
    ),
    "own_corpus": (
        "A user's corpus of 50 documents: the shipped tagger as it is, going on from it, beginning anew; strict F1 of raw texts "
        "(`own`: BioRED's guideline, which the shipped tagger knows; `cancer`: cancers alone, which it does not)",
        {},
    ),
    "tagger_peers": (
        "spaCy's entity recogniser, trained on the same files, and ours on the same tests; one core each",
        {"ahead": "5"},
    ),
    "tagger_speed": (
        "`genemine annotate` on 20,000 real abstracts, the whole command with all its processes; the network by TensorFlow beside",
        {"abstracts_per_s": "300", "peak_gib": "at most 1.5", "load_s": "at most 4"},
    ),
    "relation_accuracy": (
        "GAD and EU-ADR, 10 folds, trained anew for each fold; mean and standard deviation over the folds",
        {"gad_f1": "0.76", "gad_auprc": "0.83", "gad_mcc": "0.50", "euadr_auprc": "0.84", "euadr_mcc": "0.25"},
    ),
    "relation_transfer": (
        "The committed bundle on BioRED's development part, which chose recipe and threshold (so it flatters)",
        {},
    ),
    "verdict_gain": (
        "What verdicts bring to the pair classifier: 120 documents of BioRED as if curators had judged them; AUPRC on verdicts "
        "held out, trained without and with the others",
        {"after": "ahead of before"},
    ),
    "relation_shading": (
        "How much the logit falls when the three words that the shading names first are replaced by an unknown one; beside it the "
        "three of the most attention, three by chance, and the three that cost most one by one",
        {"fall_shown": "ahead of fall_attention"},
    ),
    "relation_speed": (
        "Pairs scored a second on 2 cores; 1,000,000 made-up relations summed into the tables of associations, the whole process",
        {"pairs_per_s": "20,000", "table_seconds": "at most 30", "table_peak_gib": "at most 2"},
    ),
    "document_pairs": (
        "Gene-disease pairs of whole abstracts on BioRED's development part: on the curators' mentions, and from raw text",
        {"biored_dev_gold_f1": "0.62", "biored_dev_raw_f1": "0.45"},
    ),
    "ranking": (
        "The order of `associations` beside curated pairs: 70,000 real abstracts mined by the pipeline; pairs that an abstract "
        "names, of genes and diseases of the curated set; beside raw co-occurrence and the score of DISEASES",
        {"auroc": "ahead of both", "precision_at_100": "ahead of both"},
    ),
    "relation_calibration": (
        "Calibration error of the chances of associations, on parts and folds that nothing was fitted on",
        {"ece": "at most 0.05"},
    ),
    "relation_stance": (
        "Sentences that deny their pair or only suppose it: learnt chances and cue words, ten folds and sentences kept apart; "
        "read by one reader",
        {},
    ),
    "bundle_size": ("All committed bundles together", {"megabytes": "at most 25", "tagger_megabytes": "at most 20"}),
    "sample_pairs": (
        "Textbook pairs told by the embedded sample that are in its tables (our own text, a check and no test set)",
        {},
    ),
    "workbook": (
        "The Excel workbook of 10,000 associations with 50,000 sentences of evidence, made-up tables",
        {"seconds": "at most 20"},
    ),
    "review_load": (
        "Two curators post verdicts at once on a queue of 10,000 cards, the server is killed (`kill -9`) in between; time to the "
        "acknowledgement, acknowledged verdicts that are not in the file",
        {"p95_ms": "at most 100", "verdicts_lost": "0"},
    ),
    "report": (
        "The report of a run of 10,000 associations with 50,000 made-up sentences; shown by headless Chromium from the disk",
        {"build_s": "at most 30", "megabytes": "at most 15", "first_paint_s": "at most 2"},
    ),
    "linking_accuracy": (
        "Gold mentions that get the identifier a curator gave them: diseases of test files by the committed bundle, human genes by "
        "five folds, learnt anew for each; strict convention (docs/linking.md)",
        {"ncbi_disease_acc": "0.87", "bc5cdr_disease_acc": "0.91", "gene_acc": "0.85"},
    ),
    "linking_end_to_end": (
        "The set of identifiers of each abstract from its raw text, by the committed tagger and linker; micro F1",
        {
            "ncbi_disease_f1": "0.80",
            "bc5cdr_disease_f1": "0.82",
            "biored_dev_gene_f1": "0.78",
            "biored_dev_disease_f1": "0.75",
        },
    ),
    "linking_speed": (
        "Mentions of 10,000 real abstracts linked with the lexicon of all vocabularies, two processes, tagging not counted",
        {"mentions_per_s": "5,000", "peak_gib": "at most 1", "load_s": "at most 2"},
    ),
    "dedup": (
        "Copies found among 200,000 abstracts: real ones, changed copies of them, and pairs that mislead; every true pair is known",
        {"seconds": "at most 120", "peak_gib": "at most 2", "precision": "0.99", "recall": "0.99", "vs_datasketch_loop": "1.0"},
    ),
    "incremental_night": (
        "A night of new and revised records for a corpus of a million: collected, cleaned, compared with all, each article once",
        {"seconds": "at most 60", "new": "5,000", "revised": "2,000", "known": "1,000,000"},
    ),
    "parsing": (
        "Records a second of the parser, on one core, beside pubmed_parser and Entrez.read: same file, same fields",
        {"vs_pubmed_parser": "1.5", "vs_entrez_read": "6"},
    ),
    "malformed": (
        "Real records damaged in 36 ways, parsed and cleaned; every record is looked for in what comes out",
        {"cases": "10,000", "crashes": "0", "hangs": "0", "unaccounted": "0"},
    ),
    "scaling": (
        "100,000 abstracts from raw shards to tables: a Dask cluster of two workers here against one process on one core; "
        "the cost of an abstract against that in a corpus of 1,000",
        {"dask_speedup": "1.7", "same_tables": "True", "cost_ratio": "at most 1.15"},
    ),
    "faults": (
        "Collections of 20,000 records, each with a fault at a step of its own, `kill -9`, full disk and power cut among them",
        {"runs": "200", "lost": "0", "doubled": "0", "silent": "0"},
    ),
}
OPTIONS = {"real_run": ["--page"]}


def measure(name: str, quick: bool) -> tuple[dict[str, Any], str]:
    """Run one benchmark; gives its figures and the command."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *(["--quick"] if quick else OPTIONS.get(name, []))]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    print(done.stdout, flush=True)
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures, " ".join(["python", *command[1:]])


def section(name: str, figures: dict[str, Any], command: str, day: str) -> str:
    """One benchmark as Markdown."""
    what, bars = BENCHMARKS[name]
    lines = [f"## {name}", "", f"{what}. Measured on {day}: `{command}`", "", "| figure | value | bar |", "| --- | ---: | --- |"]
    lines += [f"| {key} | {_told(value)} | {bars.get(key, '')} |" for key, value in figures.items()]
    return "\n".join(lines) + "\n"


def _told(value: Any) -> str:
    return ", ".join(f"{name} {n}" for name, n in value.items()) if isinstance(value, dict) else str(value)


def sections(page: Path) -> dict[str, str]:
    """The sections of the page as it stands, by name."""
    if not page.exists():
        return {}
    parts = page.read_text(encoding="utf-8").split("\n## ")[1:]
    return {part.split("\n", 1)[0]: f"## {part.rstrip()}\n" for part in parts}


def main() -> None:
    """Measure all, or those named, and renew their sections of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these of {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="samples instead of whole corpora; does not write the page")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    known = sections(PAGE)
    for name in arguments.names or BENCHMARKS:
        figures, command = measure(name, arguments.quick)
        known[name] = section(name, figures, command, datetime.now(UTC).date().isoformat())
    if arguments.quick:
        return
    memory = psutil.virtual_memory().total / 2**30
    head = (
        "# Benchmarks\n\n"
        "Made by `make bench`; one benchmark alone: `python -m benchmarks.all NAME`. Accuracy is measured on files that no\n"
        "training has seen; models were chosen on devel data. BioRED's development part chose the pair classifier, and the\n"
        "sample is this project's own writing: relation_transfer and sample_pairs only orient. Times are of one run on a\n"
        "machine with other work on it.\n\n"
        f"Machine of the newest run: {psutil.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}.\n"
    )
    PAGE.write_text("\n".join([head, *(known[name] for name in BENCHMARKS if name in known)]), encoding="utf-8")


if __name__ == "__main__":
    main()
