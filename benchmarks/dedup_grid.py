"""Which signatures find copies: hashes, bands, keys to share and size of shingles, tried on a devel corpus.

Prints two tables. The first: what the size of the shingles makes of the same corpus. The second, for shingles of three words: what
share of the true pairs would be proposed, and how many pairs would have to be compared for each true one. The corpus is that of
``benchmarks.dedup`` with another seed, so the reported figures were not chosen by.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import numpy as np
from rensa import RMinHash

from benchmarks.abstracts_data import real_abstracts
from benchmarks.common import emit, shared_dir
from benchmarks.copies_data import Corpus, corpus
from benchmarks.truth_data import shingle_sets, similar_pairs
from genemine.clean.shingles import words

DEVEL_SEED, SIZE, SIMILARITY = 1, 20_000, 0.8
SHINGLES = (2, 3, 4)
# (hashes, rows a band, keys to share)
CUTS = (
    (64, 4, 1),
    (64, 8, 1),
    (125, 5, 1),
    (128, 8, 1),
    (128, 13, 1),
    (125, 5, 2),
    (125, 6, 2),
    (125, 7, 2),
    (256, 8, 2),
    (256, 10, 2),
)
CROWD = 1_000  # texts that share a key beyond which it is left out here


def by_shingle_size(made: Corpus, size: int) -> dict[str, float]:
    """What is a copy with shingles of that size, of the pairs made as copies and of those made to mislead."""
    sets = shingle_sets((words(article.text) for article in made.articles), size)
    at = {article.pmid: number for number, article in enumerate(made.articles)}
    templates = [number for number, article in enumerate(made.articles) if article.title.endswith("in a rat model.")]
    alike = [sets.similarity(one, other) for one, other in combinations(templates[:100], 2)]
    return {
        "shingle_words": size,
        "pairs_of_0.8": len(similar_pairs(sets, SIMILARITY)),
        "of_them_apart": sum(sets.similarity(at[one], at[other]) >= SIMILARITY for one, other in made.apart),
        "most_alike_templates": round(max(alike, default=0.0), 2),
    }


def by_cut(texts: list[list[str]], true: set[tuple[int, int]]) -> Iterator[dict[str, float]]:
    """What each way to cut signatures finds, and what it costs."""
    for hashes, rows, enough in CUTS:
        started = time.process_time()
        matrix = RMinHash.digest_matrix_from_token_sets(texts, num_perm=hashes, seed=1)
        signatures = np.array(matrix.to_rows(), np.uint64)
        seconds = time.process_time() - started
        shared = Counter(_meetings(signatures, hashes // rows, rows))
        proposed = {pair for pair, count in shared.items() if count >= enough}
        yield {
            "hashes": hashes,
            "bands": hashes // rows,
            "rows": rows,
            "keys_shared": enough,
            "recall": round(len(true & proposed) / len(true), 4),
            "compared_per_true_pair": round(len(proposed) / len(true), 2),
            "sign_cpu_s": round(seconds, 1),
        }


def _meetings(signatures: np.ndarray, bands: int, rows: int) -> Iterator[tuple[int, int]]:
    """The pairs of texts that share a band, once for each band."""
    for band in range(bands):
        keys = np.ascontiguousarray(signatures[:, band * rows : (band + 1) * rows]).view(np.dtype((np.void, 8 * rows))).ravel()
        order = np.argsort(keys, kind="stable")
        cuts = np.flatnonzero(keys[order][1:] != keys[order][:-1]) + 1
        for group in np.split(order, cuts):
            if 1 < len(group) <= CROWD:
                yield from combinations(np.sort(group).tolist(), 2)


def main() -> None:
    """Try, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a fifth of the corpus")
    size = SIZE // 5 if parser.parse_args().quick else SIZE
    made = corpus(real_abstracts(shared_dir() / "data"), size, DEVEL_SEED)
    for n_words in SHINGLES:
        print(by_shingle_size(made, n_words), flush=True)
    texts = [words(article.text) for article in made.articles]
    true = set(similar_pairs(shingle_sets(texts, 3), SIMILARITY))
    shingled = [list(map(" ".join, zip(text, text[1:], text[2:], strict=False))) for text in texts]
    rows = list(by_cut(shingled, true))
    for row in rows:
        print(row, flush=True)
    emit({"true_pairs": len(true), "cuts": rows})


if __name__ == "__main__":
    main()
