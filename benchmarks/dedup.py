"""How well and how fast copies are found among 200,000 abstracts, beside the plain loop over datasketch's MinHashLSH.

The corpus (``benchmarks.copies_data``) is real abstracts, changed copies of them, and pairs that mislead. It is written as shards
of articles: six of 30,000, as yearly files give, and a hundred of 200, as nights do. Which pairs are copies is found exactly and
apart from the product (``benchmarks.truth_data``): a pair is one where

- the Jaccard similarity of the shingles (three words; title and abstract) is 0.8 or more, or the letters and digits are the same,
  or it was made to stand under one DOI and title,
- and it was not made to be none: part I and part II, two years of a series, a correction that repeats its paper; nor does
  each of the titles have a number that the other lacks.

``recall`` is the share of these pairs that the product tells: as a verified pair, or because both articles are left out for one
kept article. ``precision`` is the share of the pairs told, of whichever kind, that are such pairs. ``seconds`` is the wall time
of the process that reads the shards and ends with the duplicates known; ``vs_datasketch_loop`` is what the loop takes for the
same shards, divided by that. The loop makes a MinHash of each text, asks MinHashLSH for its like, measures those, and inserts it;
its bands are chosen for the same recall.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.abstracts_data import real_abstracts
from benchmarks.common import ROOT, emit, shared_dir
from benchmarks.copies_data import Corpus, Pair, corpus
from benchmarks.real_run import PeakMemory
from benchmarks.truth_data import shingle_sets, similar_pairs
from genemine.clean.copies import candidate
from genemine.clean.shingles import words
from genemine.config import CopySettings, Settings
from genemine.pipeline.copies import JOINED, find_copies
from genemine.pipeline.corpus import select_articles
from genemine.records import Article, Candidate, Deletion
from genemine.storage.layout import Layout
from genemine.storage.shards import write_shard

SEED = 20261123
SIZE, QUICK_SIZE = 200_000, 10_000
LARGE, SMALL = 30_000, 200  # records a shard
LOOP_BANDS = (25, 5)  # bands, rows: misses 1 pair in 20,000 of similarity 0.8
PAIRS = "pairs.json"  # what a process leaves behind: {"seconds": ..., "pairs": [[pmid, pmid], ...], ...}


@dataclass(frozen=True)
class Told:
    """What a finder said: its pairs, and PMID -> kept PMID where it chose."""

    seconds: float
    cpu_seconds: float
    peak_gib: float
    pairs: frozenset[Pair]
    kept: dict[str, str]


def write_corpus(data_dir: Path, articles: list[Article]) -> list[str]:
    """Write articles as shards, most of them in large ones; gives the batches in order."""
    n_small = len(articles) // 10
    cuts = [("bulk", articles[n_small:][start : start + LARGE]) for start in range(0, len(articles) - n_small, LARGE)]
    cuts += [("entrez", articles[:n_small][start : start + SMALL]) for start in range(0, n_small, SMALL)]
    layout, batches = Layout(data_dir), []
    layout.prepare()
    for number, (source, some) in enumerate(cuts, start=1):
        batches.append(f"{source}/copies{number:04}")
        write_shard(layout.shard("deletions", batches[-1]), [], Deletion, "benchmark")
        write_shard(layout.shard("articles", batches[-1]), some, Article, "benchmark")
    return batches


def true_pairs(made: Corpus) -> dict[Pair, float]:
    """Every pair that is a copy, by the rule above, with its similarity."""
    settings, articles = CopySettings(), made.articles
    sets = shingle_sets((words(article.text) for article in articles), settings.shingle_words)
    alike = {
        _ascending(articles[one], articles[other]): similarity
        for (one, other), similarity in similar_pairs(sets, settings.min_similarity).items()
        if _numbers_agree(articles[one].title, articles[other].title)
    }
    at = {article.pmid: number for number, article in enumerate(articles)}
    for one, other in made.same_doi | set(_same_letters(articles)):
        alike.setdefault((one, other), sets.similarity(at[one], at[other]))
    return {pair: similarity for pair, similarity in alike.items() if pair not in made.apart}


def _numbers_agree(one: str, other: str) -> bool:
    first, second = (set(re.findall(r"\d+", title)) for title in (one, other))
    return first <= second or second <= first


def _same_letters(articles: list[Article]) -> Iterator[Pair]:
    seen: dict[str, list[Article]] = {}
    for article in articles:
        seen.setdefault(re.sub(r"[\W_]+", "", article.text.lower()), []).append(article)
    for group in seen.values():
        for number, one in enumerate(group):
            yield from (_ascending(one, other) for other in group[:number])


def _ascending(one: Article | Candidate, other: Article | Candidate) -> Pair:
    return (one.pmid, other.pmid) if one.pmid < other.pmid else (other.pmid, one.pmid)


def run(how: str, data_dir: Path) -> Told:
    """Let a process of its own find the copies."""
    started, cpu_before = time.monotonic(), cpu_of_children()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.dedup", "--find", how, str(data_dir)], cwd=ROOT)
    memory = PeakMemory(process.pid)
    status = process.wait()
    seconds, peak = time.monotonic() - started, memory.stop()
    if status:
        sys.exit(f"finding copies with {how} ended with status {status}")
    told = json.loads((data_dir / PAIRS).read_text(encoding="utf-8"))
    pairs = frozenset((min(pair), max(pair)) for pair in told["pairs"])
    return Told(seconds - told["aside"], cpu_of_children() - cpu_before, peak, pairs, told["kept"])


def cpu_of_children() -> float:
    """Processor seconds of all processes started from here, and by them; where others work too, this tells more than time."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def find_with_product(data_dir: Path) -> tuple[Iterable[Pair], dict[str, str]]:
    """The product's way: signatures and verified pairs of texts on disk, then the choice of what is kept."""
    batches = [shard.stem.replace(".", "/", 1) for shard in Layout(data_dir).shards("articles")]
    find_copies(batches, Settings(data_dir=data_dir))
    selection = select_articles(batches, Layout(data_dir))
    return [], {found.pmid: found.kept_pmid for found in selection.duplicates}


def verified_pairs(data_dir: Path, articles: list[Article]) -> Iterator[Pair]:
    """The pairs of articles that the product's verified pairs of texts stand for, by its rule about kinds and DOIs."""
    texts: dict[int, list[Candidate]] = {}
    for one in map(candidate, articles):
        texts.setdefault(one.text, []).append(one)
    for same in texts.values():
        yield from (_ascending(one, other) for one, other in combinations(same, 2) if one.digested and one.kind == other.kind)
    for shard in Layout(data_dir).shards(JOINED):
        for pair in pq.read_table(shard, columns=["text_a", "text_b", "near"]).to_pylist():
            for one, other in product(texts[pair["text_a"]], texts[pair["text_b"]]):
                if one.kind == other.kind and one.pmid != other.pmid and (pair["near"] or one.doi == other.doi != ""):
                    yield _ascending(one, other)


def find_with_loop(data_dir: Path) -> tuple[Iterable[Pair], dict[str, str]]:
    """The plain loop over datasketch."""
    from datasketch import MinHash, MinHashLSH

    bands, rows = LOOP_BANDS
    lsh = MinHashLSH(num_perm=bands * rows, params=LOOP_BANDS)
    shingled: dict[str, set[int]] = {}
    pairs: list[Pair] = []
    for shard in Layout(data_dir).shards("articles"):
        table = pq.read_table(shard, columns=["pmid", "title", "abstract"])
        for pmid, title, abstract in zip(*(column.to_pylist() for column in table.columns), strict=True):
            found = words(f"{title}\n{abstract}")
            texts = {" ".join(found[at : at + 3]) for at in range(len(found) - 2)}
            signature = MinHash(num_perm=bands * rows)
            signature.update_batch([text.encode() for text in texts])
            own = {hash(text) for text in texts}  # the texts themselves would take gigabytes
            for other in lsh.query(signature):
                shared = len(own & shingled[other])
                if shared >= 0.8 * (len(own) + len(shingled[other]) - shared):
                    pairs.append((pmid, other))
            lsh.insert(pmid, signature)
            shingled[pmid] = own
    return pairs, {}


FINDERS = {"product": find_with_product, "datasketch": find_with_loop}


def find(how: str, data_dir: Path) -> None:
    """Find copies, and leave what was found for the parent; writing that is not the finder's time."""
    pairs, kept = FINDERS[how](data_dir)
    aside = time.monotonic()
    text = json.dumps({"pairs": sorted(pairs), "kept": kept, "aside": 0.0})
    (data_dir / PAIRS).write_text(text.replace('"aside": 0.0', f'"aside": {time.monotonic() - aside}'), encoding="utf-8")


def scores(told: Told, true: dict[Pair, float]) -> tuple[float, float]:
    """(precision, recall) by the definitions above."""
    chosen = {(min(pair), max(pair)) for pair in told.kept.items()}
    said = told.pairs | chosen
    kept = told.kept
    found = sum(1 for one, other in true if (one, other) in said or kept.get(one, one) == kept.get(other, other))
    return sum(1 for pair in said if pair in true) / len(said), found / len(true)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SIZE:,} abstracts")
    parser.add_argument("--seed", type=int, default=SEED, help="of the corpus (default: %(default)s)")
    parser.add_argument("--find", nargs=2, metavar=("HOW", "DIR"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.find:
        find(arguments.find[0], Path(arguments.find[1]))
        return
    emit(measure(QUICK_SIZE if arguments.quick else SIZE, arguments.seed))


def measure(size: int, seed: int) -> dict[str, Any]:
    """All figures for a corpus of that size."""
    made = corpus(real_abstracts(shared_dir() / "data"), size, seed)
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), made.articles)
        ours = run("product", Path(folder))
        ours = replace(ours, pairs=frozenset(verified_pairs(Path(folder), made.articles)))
        loop = run("datasketch", Path(folder))
    true = true_pairs(made)
    precision, recall = scores(ours, true)
    loop_precision, loop_recall = scores(loop, true)
    return {
        "seconds": round(ours.seconds, 1),
        "peak_gib": round(ours.peak_gib, 2),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "vs_datasketch_loop": round(loop.seconds / ours.seconds, 2),
        "cpu_seconds": round(ours.cpu_seconds, 1),
        "loop_cpu_seconds": round(loop.cpu_seconds, 1),
        "abstracts": len(made.articles),
        "real": made.n_real,
        "true_pairs": len(true),
        "told_pairs": len(ours.pairs),
        "duplicates": len(ours.kept),
        "loop_seconds": round(loop.seconds, 1),
        "loop_peak_gib": round(loop.peak_gib, 2),
        "loop_precision": round(loop_precision, 4),
        "loop_recall": round(loop_recall, 4),
    }


if __name__ == "__main__":
    main()
