"""Does the order of `associations` agree with what curators know? Real abstracts mined, and their pairs ranked.

    python -m benchmarks.ranking [--quick] [--cache FOLDER]

All abstracts of ../shared/data go through the pipeline's own stages, with the lexicon of all vocabularies; those that the pair
classifier learnt from are left out (:mod:`benchmarks.ranking_data`). **Ranked** is every pair that an abstract names (both
linked, no matter where they stand, article not retracted) and whose gene and disease both occur in the curated set: of another
gene or disease nobody can say what curators think. **Right** is a pair that a curated source has (Gene2Phenotype, OMIM, HPO,
DisGeNET), under the very identifiers. Curators are not complete: many pairs that count as wrong here are not, for every way of
ranking alike. A pair without a row in `associations`, or that is only denied, has the score 0. Pairs of equal score: AUROC
counts them half, precision at 100 takes the mean over all their orders.

Beside the score stand the number of abstracts that name both (``cooccurrence_count_``) and the score of DISEASES
(``diseases_``), both counted here anew from the mentions. ``held_out_`` is the half of the genes that chose nothing: the
constants of the score were chosen on the other half (docs/experiments-relations.md). ``ahead_...`` is the 95 % interval of the
lead in AUROC over each, over 200 draws of genes. A run with ``--cache`` goes on where it was stopped, and after a change of a
model makes anew what hangs on it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import duckdb
import numpy as np

from benchmarks.common import emit
from benchmarks.ranking_mine import mine, prepare
from genemine.evaluate.ranking import precision_at, roc_auc
from genemine.relate.measures import ARTICLE_WEIGHT, COUNT_POWER, SENTENCE_WEIGHT

QUICK = 40  # every so many-th cased text
TOP = 100
DRAWS = 200
WAYS = {"": "score", "cooccurrence_count_": "n_abstracts", "diseases_": "diseases"}

# weights of abstracts and sentences over all pairs, those with genes and diseases that no curator has among them
_UNIVERSE = """
WITH kept AS (SELECT pmid FROM '{run}/articles.parquet' WHERE NOT regexp_matches(flags, '(^|[|])retract')),
named AS (
    SELECT DISTINCT pmid, type, curie FROM '{run}/mentions.parquet' SEMI JOIN kept USING (pmid) WHERE curie <> ''
), together AS (
    SELECT g.curie AS gene, d.curie AS disease, g.pmid FROM named g JOIN named d USING (pmid)
    WHERE g.type = 'Gene' AND d.type = 'Disease'
), in_sentence AS (
    SELECT DISTINCT gene_curie AS gene, disease_curie AS disease, pmid FROM '{run}/relations.parquet'
), counts AS (
    SELECT gene, disease, count(*) AS n_abstracts, {article} * count(*) + {sentence} * count(s.pmid) AS c
    FROM together LEFT JOIN in_sentence s USING (gene, disease, pmid) GROUP BY gene, disease
), sums AS (
    SELECT *, sum(c) OVER (PARTITION BY gene) AS of_gene, sum(c) OVER (PARTITION BY disease) AS of_disease, sum(c) OVER () AS total
    FROM counts
), curated AS (SELECT DISTINCT gene_curie AS gene, disease_curie AS disease FROM '{curated}')
SELECT gene, disease, c.gene IS NOT NULL AS known, coalesce(a.score, 0) AS score, n_abstracts,
    pow(s.c, {power}) * pow(s.c * total / (of_gene * of_disease), 1 - {power}) AS diseases
FROM sums s LEFT JOIN curated c USING (gene, disease)
LEFT JOIN (SELECT gene_curie AS gene, disease_curie AS disease, score FROM '{run}/associations.parquet') a USING (gene, disease)
WHERE gene IN (SELECT gene FROM curated) AND disease IN (SELECT disease FROM curated) ORDER BY gene, disease
"""


@dataclass(frozen=True)
class Ranked:
    """Pairs with their label and what ranks them, arrays of one length."""

    genes: np.ndarray
    labels: np.ndarray
    ways: dict[str, np.ndarray]

    def part(self, chosen: np.ndarray) -> Ranked:
        """Some of them, by number or by mask."""
        return Ranked(self.genes[chosen], self.labels[chosen], {way: values[chosen] for way, values in self.ways.items()})

    def figure(self, measure: Callable[[np.ndarray, np.ndarray], float], way: str) -> float:
        """One figure of one way of ranking."""
        return measure(self.labels, self.ways[way])


def read(run: Path, curated: Path) -> Ranked:
    """Read the pairs of a run."""
    question = _UNIVERSE.format(run=run, curated=curated, article=ARTICLE_WEIGHT, sentence=SENTENCE_WEIGHT, power=COUNT_POWER)
    columns = duckdb.sql(question).fetchnumpy()
    labels = columns["known"].astype(np.int64)
    return Ranked(columns["gene"], labels, {way: np.asarray(columns[name], np.float64) for way, name in WAYS.items()})


def held_out(genes: np.ndarray) -> np.ndarray:
    """True for the pairs of the half of the genes that chose nothing."""
    return np.array([crc32(gene.encode()) % 2 == 1 for gene in genes])


def figures(ranked: Ranked, prefix: str = "") -> dict[str, float]:
    """AUROC and precision at 100 of every way."""
    found = {}
    for way in WAYS:
        found[f"{prefix}{way}auroc"] = round(ranked.figure(roc_auc, way), 4)
        found[f"{prefix}{way}precision_at_{TOP}"] = round(ranked.figure(lambda y, s: precision_at(y, s, TOP), way), 4)
    return found


def leads(ranked: Ranked) -> dict[str, list[float]]:
    """The 95 % interval of the lead in AUROC over the baselines; genes are drawn, as pairs of one gene are no strangers."""
    names, owner = np.unique(ranked.genes, return_inverse=True)
    by_gene = np.split(np.argsort(owner, kind="stable"), np.cumsum(np.bincount(owner))[:-1])
    rng = np.random.default_rng(20261129)
    drawn: dict[str, list[float]] = {way: [] for way in WAYS if way}
    for _ in range(DRAWS):
        part = ranked.part(np.concatenate([by_gene[g] for g in rng.integers(len(names), size=len(names))]))
        if 0 < part.labels.sum() < len(part.labels):
            own = part.figure(roc_auc, "")
            for way, found in drawn.items():
                found.append(own - part.figure(roc_auc, way))
    bounds = {way: np.quantile(found, (0.025, 0.975)) for way, found in drawn.items()}
    return {f"ahead_of_{way}auroc": [round(float(bound), 4) for bound in both] for way, both in bounds.items()}


def main() -> None:
    """Mine, rank and print; the last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"every {QUICK}th of the texts that keep their letter case")
    parser.add_argument("--cache", type=Path, help="keep what is mined here, and go on from what is there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        settings, counts = prepare(given.cache or Path(temporary), QUICK if given.quick else 1)
        report = mine(settings)
        print(f"{counts}, tables in {report.folder}: {report.counts}")
        ranked = read(report.folder, Path(settings.curated.file))
    told = figures(ranked) | figures(ranked.part(held_out(ranked.genes)), "held_out_")
    for name, value in told.items():
        print(f"{name:<48}{value:>8.4f}")
    sizes = {"pairs": len(ranked.labels), "known": int(ranked.labels.sum()), "articles": report.counts["articles"]}
    emit(told | leads(ranked) | sizes)


if __name__ == "__main__":
    main()
