"""Runs of any size for the report: names of the embedded lexicon, sentences of the sample's words, numbers by a fixed seed.

The words of a sentence are drawn one by one, so that the text packs worse than prose does: sizes measured on it flatter nobody.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from genemine.resources import lexicon_folder
from genemine.sample import records_folder
from genemine.tables import schema
from genemine.tables.frames import empty
from genemine.tables.schema import LIST_SEPARATOR, Table

SEED = 20261129
SENTENCES = 5  # an association
SOURCES = ("", "", "DisGeNET", "DisGeNET|OMIM", "Gene2Phenotype")


class Corpus:
    """Draws the rows of a run's tables; the same seed draws the same rows."""

    def __init__(self, n_associations: int, seed: int = SEED) -> None:
        self._random = random.Random(seed)
        text = " ".join(path.read_text(encoding="utf-8") for path in sorted(records_folder().glob("*.xml")))
        self._words = re.findall(r"[A-Za-z][a-z-]{1,}", " ".join(re.findall(r"<AbstractText[^>]*>([^<]*)", text)))
        self.genes, self.diseases = (_lexicon(name) for name in ("genes", "diseases"))
        pairs = self._random.sample(range(len(self.genes) * len(self.diseases)), n_associations)
        self._pairs = [(self.genes[pair // len(self.diseases)], self.diseases[pair % len(self.diseases)]) for pair in pairs]
        self.articles: dict[str, dict[str, Any]] = {}
        self.evidence: list[dict[str, Any]] = []
        self.associations = [self._association(*pair) for pair in self._pairs]
        self.associations.sort(key=lambda row: (row["direction"] == "denied", -row["score"]))

    def _prose(self, n_words: int) -> list[str]:
        return self._random.choices(self._words, k=n_words)

    def _article(self) -> dict[str, Any]:
        pmid = str(10_000_000 + self._random.randrange(len(self._pairs) * 3))
        return self.articles.setdefault(
            pmid,
            {
                "pmid": pmid,
                "title": " ".join(self._prose(12)),
                "year": self._random.randint(1995, 2026),
                "flags": "",
                "abstract": "",
            },
        )

    def _association(self, gene: Sequence[str], disease: Sequence[str]) -> dict[str, Any]:
        association_id = "GDA-" + hashlib.sha1(f"{gene[0]}|{disease[0]}".encode()).hexdigest()[:12]
        direction = self._random.choices(("stated", "speculated", "denied"), (90, 7, 3))[0]
        stance = {"stated": "supporting", "speculated": "speculative", "denied": "denied"}[direction]
        rows = [self._sentence(association_id, gene[1], disease[1], stance) for _ in range(SENTENCES)]
        rows.sort(key=lambda row: -row["score"])
        for rank, row in enumerate(rows, start=1):
            row["rank"] = rank
        self.evidence += rows
        pmids = sorted({row["pmid"] for row in rows})
        years = [self.articles[pmid]["year"] for pmid in pmids]
        n = len(pmids) if direction != "denied" else 0
        return {
            "association_id": association_id,
            **_names(gene, disease),
            "direction": direction,
            "score": rows[0]["score"] if direction != "denied" else 0.0,
            "known_in": self._random.choice(SOURCES),
            "n_articles": n,
            "n_articles_stated": n if direction == "stated" else 0,
            "n_articles_speculated": n if direction == "speculated" else 0,
            "n_articles_denied": len(pmids) - n,
            "n_sentences": SENTENCES if n else 0,
            "n_denied": 0 if n else SENTENCES,
            "n_retracted": 0,
            "q_value": round(10 ** self._random.uniform(-9, 0), 12),
            "trend": round(self._random.uniform(0.3, 2.2), 3),
            "first_year": min(years) if n else None,
            "last_year": max(years) if n else None,
            "pmids": LIST_SEPARATOR.join(pmids) if n else "",
            "best_pmid": rows[0]["pmid"],
            "best_sentence": rows[0]["sentence"],
        }

    def _sentence(self, association_id: str, gene: str, disease: str, stance: str) -> dict[str, Any]:
        article = self._article()
        words = [*self._prose(self._random.randint(3, 12)), gene, *self._prose(self._random.randint(2, 10)), disease]
        words += self._prose(self._random.randint(0, 9))
        sentence = f"{' '.join(words)}."
        starts = [match.span() for match in re.finditer(r"\S+", sentence)]
        looked = self._random.sample(starts, min(10, len(starts)))
        gene_start = sentence.index(gene)
        disease_start = sentence.index(disease, gene_start + len(gene))
        return {
            "association_id": association_id,
            "stance": stance,
            "pmid": article["pmid"],
            "year": article["year"],
            "title": article["title"],
            "sentence": sentence,
            "gene_text": gene,
            "disease_text": disease,
            "gene_start": gene_start,
            "gene_end": gene_start + len(gene),
            "disease_start": disease_start,
            "disease_end": disease_start + len(disease),
            "attention": LIST_SEPARATOR.join(f"{a}-{b}:{self._random.randint(1, 30)}" for a, b in sorted(looked)),
            "score": round(self._random.uniform(0.47, 0.99), 6),
            "cue": {"denied": "no", "speculative": "may"}.get(stance, ""),
            "is_repeat": False,
            "flags": "",
        }


def _lexicon(name: str) -> list[tuple[str, str, str]]:
    with (lexicon_folder() / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return [
            (row["id"], row["symbol" if name == "genes" else "name"], row["xrefs"]) for row in csv.DictReader(file, delimiter="\t")
        ]


def _names(gene: Sequence[str], disease: Sequence[str]) -> dict[str, str]:
    return {"gene_curie": gene[0], "gene_name": gene[1], "disease_curie": disease[0], "disease_name": disease[1]}


def _mentions(corpus: Corpus) -> Iterator[dict[str, Any]]:
    for type_, entities in (("Gene", corpus.genes), ("Disease", corpus.diseases)):
        for curie, name, xrefs in entities:
            yield {"pmid": "10000000", "type": type_, "text": name, "curie": curie, "name": name, "xrefs": xrefs, "reason": ""}


def make_run(folder: Path, corpus: Corpus) -> None:
    """Write the tables that a report reads, and run.json; the folder's name is the run's id."""
    folder.mkdir(parents=True)
    new = [row for row in corpus.associations if not row["known_in"] and row["direction"] != "denied"]
    candidates = [{"rank": rank, "promise": row["score"] * 0.9, **row} for rank, row in enumerate(new, start=1)]
    inherited = [{**row, "n_own_articles": 0, "diseases": row["disease_curie"]} for row in corpus.associations[::4]]
    for table, rows in (
        (schema.ASSOCIATIONS, corpus.associations),
        (schema.CANDIDATES, candidates),
        (schema.INHERITED, inherited),
        (schema.EVIDENCE, corpus.evidence),
        (schema.ARTICLES, list(corpus.articles.values())),
        (schema.MENTIONS, list(_mentions(corpus))),
    ):
        _write(table, rows, folder)
    n_denied = sum(row["direction"] == "denied" for row in corpus.associations)
    counts = {
        "records": len(corpus.articles) + 3,
        "articles": len(corpus.articles),
        "mentions": 12 * len(corpus.articles),
        "linked": 10 * len(corpus.articles),
        "relations": 2 * len(corpus.evidence),
        "associations": len(corpus.associations) - n_denied,
        "denied": n_denied,
        "candidates": len(candidates),
        "dropped": {"clean: no title and no abstract": 1, "dedup: near copy": 2},
    }
    manifest = {
        "run_id": folder.name,
        "started": "2026-11-29T02:00:00+00:00",
        "finished": "2026-11-29T02:10:00+00:00",
        "fingerprint": hashlib.sha256(folder.name.encode()).hexdigest(),
        "counts": counts,
        "models": {name: {"name": f"lstm-{name} 0.1.0", "sha256": "0" * 64} for name in ("tagger", "relations")},
        "curated": {"file": "curated.parquet", "sha256": "1" * 64},
        "lexicon": {"name": "embedded", "version": "2" * 64},
        "settings": {"entrez": {"email": "somebody@example.org", "source": "entrez"}, "relate": {"min_score": None}},
        "versions": {"genemine": "0.1.0", "python": "3.11"},
        "inputs": [{"shard": "entrez/1", "sha256": "3" * 64}],
    }
    (folder / "run.json").write_text(json.dumps(manifest), encoding="utf-8")


def _write(table: Table, rows: Sequence[dict[str, Any]], folder: Path) -> None:
    """One Parquet file with the schema's columns; columns that nobody drew are empty."""
    frame = pd.DataFrame(list(rows)).reindex(columns=list(table.names)).astype(empty(table).dtypes.to_dict())
    frame.to_parquet(folder / f"{table.name}.parquet", index=False)
