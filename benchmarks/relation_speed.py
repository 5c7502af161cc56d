"""How fast pairs are scored, and how fast 1,000,000 relations become the tables of associations.

``pairs_per_s``: the committed pair classifier over the sentences of GAD's test files (3 folds, each twice; the second time
counts), with its loading left out. ``table_seconds``, ``table_peak_gib``: a process of its own that reads shards of made-up
articles, mentions, relations and pairs of articles, sums them and writes associations, candidates, inherited and evidence as
CSV and Parquet, start of Python included.
Genes and diseases are drawn by Zipf's law, so that a few pairs have thousands of sentences and most have one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, chain, pairwise
from pathlib import Path

import numpy as np

from benchmarks.common import ROOT, emit, shared_dir
from benchmarks.real_run import PeakMemory
from genemine.records import DISEASE, GENE, Article, ArticlePair, Attended, Link, Mention, Relation
from genemine.storage.shards import write_shard

N, N_QUICK = 1_000_000, 50_000
A_SHARD = 50_000  # relations
AN_ARTICLE = 4  # relations at most
N_GENES, N_DISEASES, N_WORDS = 18_000, 5_000, 20_000
SEED = 20261124
THRESHOLD = 0.5
VIEWS = ("articles", "mentions", "relations", "article_pairs")
WORDS_A_SENTENCE = 22


def make_shards(folder: Path, n_relations: int) -> int:
    """Write shards of articles, mentions and relations, numbered from 0; gives how many of each."""
    rng = np.random.default_rng(SEED)
    for name in VIEWS:
        (folder / name).mkdir()
    n_shards, pmid = -(-n_relations // A_SHARD), 10_000_000
    for shard in range(n_shards):
        n = min(A_SHARD, n_relations - shard * A_SHARD)
        genes, diseases = (np.minimum(rng.zipf(1.3, n), last) for last in (N_GENES, N_DISEASES))
        words = np.minimum(rng.zipf(1.2, (n, WORDS_A_SENTENCE)), N_WORDS)
        scores, stances = rng.beta(2, 1, n), rng.random(n)
        percents = rng.multinomial(95, [1 / WORDS_A_SENTENCE] * WORDS_A_SENTENCE, n).tolist()
        years = rng.integers(1990, 2027, n)
        articles, links, relations = [], [], []
        for at in range(n):
            if at % AN_ARTICLE == 0:
                pmid += 1
                flags = ("retracted",) if pmid % 1000 == 0 else ()
                types = ("Journal Article", "Review") if pmid % 7 == 0 else ("Journal Article",)
                articles.append(Article(str(pmid), f"Title {pmid}", "", year=int(years[at]), publication_types=types, flags=flags))
            text = " ".join(f"w{word}" for word in words[at])
            gene = _link(pmid, f"G{genes[at]}", GENE, f"ncbigene:{genes[at]}", at)
            disease = _link(pmid, f"disease {diseases[at]}", DISEASE, f"mesh:D{diseases[at]:06}", at)
            links += [gene, disease]
            start = at % AN_ARTICLE * 200
            sentence = (str(pmid), at % AN_ARTICLE, start, start + len(text), text)
            negated, speculative = bool(stances[at] < 0.05), bool(stances[at] > 0.85)
            found = Relation(*sentence, gene, disease, float(scores[at]), negated, speculative, model="made up")
            relations.append(replace(found, attention=_looked(text, percents[at])))
        write_shard(folder / "articles" / f"{shard}.parquet", articles, Article, "")
        write_shard(folder / "mentions" / f"{shard}.parquet", links, Link, "")
        write_shard(folder / "relations" / f"{shard}.parquet", relations, Relation, "")
        write_shard(folder / "article_pairs" / f"{shard}.parquet", _pairs(relations, rng.beta(1, 2, 2 * n)), ArticlePair, "")
    return n_shards


def _pairs(relations: Sequence[Relation], scores: np.ndarray) -> list[ArticlePair]:
    """Pair each gene with the disease of its sentence and with that of the sentence before it in the article."""
    found: dict[tuple[str, str, str], ArticlePair] = {}
    for at, one in enumerate(relations):
        for n_sentences, other in ((1, one), (0, relations[at - 1])):
            if other.pmid == one.pmid:
                key = (one.pmid, one.gene.curie, other.disease.curie)
                pair = ArticlePair(
                    one.pmid, key[1], one.gene.name, key[2], other.disease.name, float(scores[len(found)]), n_sentences
                )
                found.setdefault(key, pair)
    return list(found.values())


def _looked(text: str, percents: Sequence[int]) -> tuple[Attended, ...]:
    """Spread attention over the words of a text."""
    ends = accumulate(len(word) + 1 for word in text.split(" "))
    spans = pairwise(chain([0], ends))
    return tuple(Attended(start, end - 1, percent) for (start, end), percent in zip(spans, percents, strict=True) if percent)


def _link(pmid: int, text: str, kind: str, curie: str, at: int) -> Link:
    start = at % AN_ARTICLE * 200 + (100 if kind == DISEASE else 0)
    return Link(Mention(str(pmid), start, start + len(text), text, kind), curie, text, text, "exact", 0.9)


def make_tables(folder: Path) -> None:
    """Sum the shards and write the tables; a process of its own runs this."""
    import pyarrow as pa

    from genemine.relate.associate import associate
    from genemine.relate.inherit import inherit
    from genemine.relate.known import tell_known
    from genemine.storage.query import add_shards, duck
    from genemine.tables.files import write_table
    from genemine.tables.schema import ASSOCIATIONS, CANDIDATES, EVIDENCE, INHERITED
    from genemine.tables.selects import SELECTS

    (folder / "run").mkdir()
    with duck("shards", folder) as connection:
        for name in VIEWS:
            add_shards(connection, name, [(path, int(path.stem)) for path in sorted((folder / name).iterdir())])
        associate(connection, THRESHOLD)
        known = [f"ncbigene:{n}" for n in range(1, 1000)], [f"mesh:D{n:06}" for n in range(1, 1000)], ["made up"] * 999
        columns = dict(zip(("gene_curie", "disease_curie", "source"), known, strict=True))
        tell_known(connection, pa.table(columns))
        # ten diseases to one above, as in a tree
        inherit(connection, {f"mesh:D{n:06}": (f"mesh:D{n // 10:06}",) for n in range(10, N_DISEASES)}, {})
        for table in (ASSOCIATIONS, CANDIDATES, INHERITED, EVIDENCE):
            n = write_table(table, connection.sql(SELECTS[table.name]).to_arrow_reader(50_000), folder / "run")
            print(f"{table.name}: {n:,} rows", flush=True)


def pairs_per_second(n_folds: int) -> float:
    """Score the test sentences of GAD with the committed bundle; pairs a second, loading left out."""
    from genemine.config import RelateSettings
    from genemine.models.relation_encode import example_of
    from genemine.pipeline.models import pair_classifier
    from genemine.sources.pair_corpus import read_pair_corpus

    classifier = pair_classifier(RelateSettings())
    corpora = shared_dir() / "data" / "relations" / "GAD"
    paths = [next(path for path in sorted(corpora.rglob("test.tsv*")) if path.parent.name == str(n + 1)) for n in range(n_folds)]
    examples = [example_of(one.text) for path in paths for one in read_pair_corpus(path)]
    classifier.score(examples)
    began = time.perf_counter()
    classifier.score(examples)
    return len(examples) / (time.perf_counter() - began)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{N_QUICK:,} relations instead of {N:,}")
    parser.add_argument("--tables", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.tables:
        make_tables(arguments.tables)
        return
    n_relations = N_QUICK if arguments.quick else N
    with tempfile.TemporaryDirectory() as name:
        n_shards = make_shards(Path(name), n_relations)
        print(f"{n_relations:,} relations in {n_shards} shards", flush=True)
        began = time.monotonic()
        process = subprocess.Popen([sys.executable, "-m", "benchmarks.relation_speed", "--tables", name], cwd=ROOT)
        memory = PeakMemory(process.pid)
        status = process.wait()
        seconds, peak = time.monotonic() - began, memory.stop()
    if status:
        sys.exit(f"the tables were not made: status {status}")
    rate = pairs_per_second(1 if arguments.quick else 3)
    figures = {"pairs_per_s": round(rate), "table_seconds": round(seconds, 1), "table_peak_gib": round(peak, 2)}
    emit(figures | {"relations": n_relations, "cores": os.cpu_count()})


if __name__ == "__main__":
    main()
