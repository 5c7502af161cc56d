"""A made-up run with rows that are hard to show."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.report_data import Corpus

N = 60
ATTACK = "</script><script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">"
LONG = "A" * 900 + " " + "long sentence, " * 200


def hard_corpus() -> Corpus:
    """N associations; the best has an attack in every text, the second a sentence without end."""
    corpus = Corpus(N)
    first, second = corpus.associations[:2]
    first["gene_name"], first["disease_name"] = f"GENE{ATTACK}", f"$x^2$ {ATTACK}"
    for row in corpus.evidence:
        if row["association_id"] == first["association_id"]:
            row["title"], row["cue"] = ATTACK, ATTACK
            row["sentence"] += ATTACK
        if row["association_id"] == second["association_id"]:
            row["sentence"] += LONG
    return corpus


def accept(folder: Path, association_id: str) -> None:
    """Let a curator have accepted a pair and its best sentence."""
    for table, best in (("associations", True), ("evidence", lambda frame: frame["rank"] == 1)):
        path = folder / f"{table}.parquet"
        frame = pd.read_parquet(path)
        chosen = (frame["association_id"] == association_id) & (best(frame) if callable(best) else best)
        frame.assign(verdict=chosen.map({True: "accepted", False: ""})).to_parquet(path, index=False)
