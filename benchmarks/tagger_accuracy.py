"""Strict entity F1 of the committed tagger bundle on the three whole test files, beside published figures.

A mention counts when its first and last token are those of a gold mention. NCBI-disease and BC5CDR are scored by the one Disease
output that production uses, never by an output of their own. The bundle's training saw none of these sentences (card.md).
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from benchmarks.common import emit, shared_dir
from genemine.evaluate.spans import SpanScores
from genemine.models.corpora import CORPORA, TEST, Corpus, corpus_file
from genemine.models.tagger import LstmTagger, evaluate_tagger, load_tagger
from genemine.sources.iob import read_iob

QUICK_STEP = 8  # --quick scores every eighth sentence
# F1 on the same test files, from ../shared/ANCHORS.md: (BC2GM, NCBI-disease, BC5CDR-disease); None where none is given
BASELINES: dict[str, tuple[float | None, float | None, float | None]] = {
    "CRF, hand-made features (measured there on these files)": (73.5, 79.2, 79.5),
    "spaCy 3.8 NER from nothing (measured there on these files)": (None, 79.7, None),
    "LSTM-CRF (Habibi 2017)": (77.82, 84.44, None),
    "BiLSTM-CRF (Lample's, run by Wang 2018)": (80.51, 85.80, None),
    "MTM-CW, multi-task BiLSTM-CRF (Wang 2018)": (80.74, 86.14, 84.95),
    "BioBERT v1.1 (paper)": (84.72, 89.71, 87.15),
}


def measure(tagger: LstmTagger, data: Path, corpus: Corpus, step: int) -> tuple[SpanScores, int]:
    """Score every ``step``-th sentence of a corpus's test file; gives the scores and the number of tokens read."""
    sentences = list(read_iob(corpus_file(data, corpus, TEST)))[::step]
    scores = evaluate_tagger(tagger, sentences, corpus.types[0], source=corpus.name)
    return scores, sum(len(sentence.tokens) for sentence in sentences)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"every {QUICK_STEP}th sentence only")
    step = QUICK_STEP if parser.parse_args().quick else 1
    data, tagger = shared_dir() / "data", load_tagger()
    tagger.tag([["warm", "up"]])
    began, n_tokens = time.perf_counter(), 0
    figures: dict[str, float] = {}
    f1s = []
    print(f"{tagger.name}, bundle {tagger.fingerprint[:12]}{', every ' + str(step) + 'th sentence' if step > 1 else ''}\n")
    print(f"{'corpus':<16}{'P':>8}{'R':>8}{'F1':>8}{'gold':>8}")
    for corpus in CORPORA:
        scores, n = measure(tagger, data, corpus, step)
        n_tokens += n
        f1s.append(100 * scores.f1)
        print(f"{corpus.name:<16}{scores.precision:>8.4f}{scores.recall:>8.4f}{scores.f1:>8.4f}{scores.tp + scores.fn:>8}")
        for name, value in (("f1", scores.f1), ("precision", scores.precision), ("recall", scores.recall)):
            figures[f"{corpus.name}_{name}"] = round(value, 4)
    figures["tokens_per_second"] = round(n_tokens / (time.perf_counter() - began))
    print(f"\n{'F1 of':<60}{'BC2GM':>8}{'NCBI':>8}{'BC5CDR':>8}")
    for name, row in {"this bundle": f1s, **BASELINES}.items():
        print(f"{name:<60}" + "".join(f"{value:>8.2f}" if value else f"{'-':>8}" for value in row))
    print("Baselines: ../shared/ANCHORS.md, which names their papers.")
    emit(figures)


if __name__ == "__main__":
    main()
