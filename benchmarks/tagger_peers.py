"""spaCy's entity recogniser beside the committed tagger: trained on the same files, scored on the same tests, timed in one run.

For each corpus spaCy's network is trained from nothing on the train file, with the file's own tokens; the devel file chooses the
best of at most 4,000 steps. Ours is the committed bundle, by the output of the corpus's own guideline; it learnt from more
(card.md): the devel files, other corpora, unlabelled abstracts. Times are of one core each, tokens in and mentions out; abstracts a
second are tokens a second over 250. ``ahead`` counts the corpora in which ours has the larger F1. A full run trains five networks
(an hour on one core); they are kept in the cache, and a second run is quick.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks.common import emit, shared_dir
from benchmarks.spacy_peer import MOST_STEPS, Recipe, found_spans, trained
from benchmarks.tagger_data import (
    TEST_CORPORA,
    TestCorpus,
    bare,
    find_by_output,
    gold_of,
    guideline_output,
    read_part,
    serving_output,
)
from genemine.evaluate.spans import SpanScores, score_spans
from genemine.models.corpora import CORPORA, DEVEL, TEST, TRAIN, Example, Output, training_examples
from genemine.models.tagger import LstmTagger, load_tagger

TOKENS_AN_ABSTRACT = 250
QUICK = Recipe(steps=200, eval_every=100)
QUICK_CORPUS, QUICK_STEP = "ncbi_disease", 8  # --quick trains on it all and scores every eighth sentence
# strict F1 of a CRF with hand-made features on the same test files, and of spaCy there, from ../shared/ANCHORS.md
PUBLISHED = {"bc2gm": (73.5, None), "ncbi_disease": (79.2, 79.7), "bc5cdr_disease": (79.5, None)}
Spans = set[tuple[int, int]]


@dataclass(frozen=True)
class Duel:
    """Both on one corpus: F1, and tokens a second on one core."""

    corpus: TestCorpus
    spacy: SpanScores
    ours: SpanScores
    spacy_speed: float
    our_speed: float

    def figures(self) -> dict[str, float | int]:
        """Name the figures."""
        name = self.corpus.name
        return {
            f"{name}_spacy_f1": round(self.spacy.f1, 4),
            f"{name}_ours_f1": round(self.ours.f1, 4),
            f"{name}_spacy_abstracts_per_s": round(self.spacy_speed / TOKENS_AN_ABSTRACT, 1),
            f"{name}_ours_abstracts_per_s": round(self.our_speed / TOKENS_AN_ABSTRACT, 1),
        }

    def row(self) -> str:
        """Write the line of the table."""
        crf, trial = (f"{value:.2f}" if value else "-" for value in PUBLISHED.get(self.corpus.name, (None, None)))
        speeds = f"{self.spacy_speed / TOKENS_AN_ABSTRACT:>16.1f}{self.our_speed / TOKENS_AN_ABSTRACT:>16.1f}"
        return f"{self.corpus.title:<18}{100 * self.spacy.f1:>9.2f}{100 * self.ours.f1:>9.2f}{speeds}{crf:>9}{trial:>9}"


def learnt_from(data: Path, corpus: TestCorpus, part: str) -> list[Example]:
    """Read what may be learnt from: a part's sentences less those that some test file holds too, as for our own training."""
    known = next(c for c in CORPORA if c.name == corpus.name)
    return training_examples(data, [part], [known], [Output(corpus.name, corpus.type, (corpus.name,))])[0]


def timed(find: Callable[[], list[Spans]], tests: Sequence[Example]) -> tuple[list[Spans], float]:
    """Tag on one core; gives the spans and the tokens a second."""
    with threadpool_limits(1):
        began = time.perf_counter()
        spans = find()
        return spans, sum(len(test.tokens) for test in tests) / (time.perf_counter() - began)


def duel(tagger: LstmTagger, data: Path, corpus: TestCorpus, cache: Path, recipe: Recipe, step: int) -> Duel:
    """Train spaCy where the cache has no model, and score and time both on every ``step``-th test sentence."""
    nlp = trained(corpus.name, learnt_from(data, corpus, TRAIN), learnt_from(data, corpus, DEVEL)[::step], cache, recipe)
    tests = read_part(data, corpus, TEST, step)
    own = guideline_output(tagger, corpus)
    output = serving_output(tagger, corpus.type) if own is None else own
    sentences = [test.tokens for test in tests]
    found_spans(nlp, sentences[:10]), find_by_output(tagger, tests[:10], output)  # both warm
    theirs, spacy_speed = timed(lambda: found_spans(nlp, sentences), tests)
    ours, our_speed = timed(lambda: bare(find_by_output(tagger, tests, output)), tests)
    gold = gold_of(tests)
    return Duel(corpus, score_spans(gold, theirs), score_spans(gold, ours), spacy_speed, our_speed)


def summary(duels: Sequence[Duel]) -> dict[str, float | int]:
    """Give the figures of all corpora, and in how many ours is ahead."""
    figures: dict[str, float | int] = {"ahead": sum(d.ours.f1 > d.spacy.f1 for d in duels), "corpora": len(duels)}
    for one in duels:
        figures |= one.figures()
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK.steps} steps on one corpus, and a sample: no result")
    parser.add_argument("--only", nargs="+", choices=[c.name for c in TEST_CORPORA], help="these corpora alone")
    parser.add_argument("--bundle", type=Path, help="folder of another bundle of ours (default: the committed one)")
    default = Path(tempfile.gettempdir()) / "genemine-peers"
    parser.add_argument("--cache", type=Path, default=default, help=f"folder of trained spaCy models (default: {default})")
    arguments = parser.parse_args()
    recipe, step = (QUICK, QUICK_STEP) if arguments.quick else (Recipe(), 1)
    chosen = [QUICK_CORPUS] if arguments.quick else arguments.only or [c.name for c in TEST_CORPORA]
    data, tagger = shared_dir() / "data", load_tagger(arguments.bundle)
    if arguments.quick:
        print(f"Quick: {QUICK.steps} of {MOST_STEPS} steps, every {QUICK_STEP}th test sentence. This is no result.\n")
    print(f"{'':<18}{'F1 spaCy':>9}{'ours':>9}{'spaCy abstr./s':>16}{'ours':>16}{'CRF':>9}{'spaCy':>9}")
    duels = []
    for corpus in (c for c in TEST_CORPORA if c.name in chosen):
        duels.append(duel(tagger, data, corpus, arguments.cache, recipe, step))
        print(duels[-1].row(), flush=True)
    print("Last two columns: ../shared/ANCHORS.md's CRF with hand-made features (train and devel) and its trial of spaCy.")
    emit(summary(duels) | ({"quick_is_no_result": True} if arguments.quick else {}))


if __name__ == "__main__":
    main()
