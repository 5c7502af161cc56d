"""Do the words that are shaded matter to the score? They are replaced by an unknown word, and the fall of the logit is told.

    python -m benchmarks.relation_shading [--quick]

Over the pairs of BioRED's development part: the three words that the shipped classifier's shading names first, as ``shown``; beside
it the three by attention weights alone, three by chance, and the three whose replacing one by one costs most (``one_by_one``: as
many readings as there are words, too dear for every sentence). This is the comprehensiveness of DeYoung et al. 2020 (ERASER,
arXiv:1911.03429), in logits.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

from benchmarks.common import emit, shared_dir
from genemine.models.quiet import load_backend
from genemine.models.relation import LstmPairClassifier, load_pair_classifier
from genemine.models.relation_biored import read_biored
from genemine.models.relation_encode import MAX_TOKENS, STAND_INS, PairEncoder
from genemine.models.relation_engine import PairEngine
from genemine.records import PairExample
from genemine.resources import bundle_folder

N_WORDS = 3
N_QUICK = 100
UNKNOWN = "qqzzxx"
SEED = 20261129


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"the first {N_QUICK} pairs only")
    given = parser.parse_args()
    load_backend()
    pairs = read_biored(shared_dir() / "data" / "relations" / "BioRED" / "Dev.PubTator")
    examples = [pair.example for pair in pairs if len(pair.example.tokens) <= MAX_TOKENS][: N_QUICK if given.quick else None]
    classifier = load_pair_classifier(bundle_folder("relations"))
    assert isinstance(classifier, LstmPairClassifier), "a committee shades nothing"
    falls = {f"fall_{name}": _fall(classifier, examples, weights) for name, weights in _weights(classifier, examples).items()}
    emit({**{name: round(fall, 3) for name, fall in falls.items()}, "n_pairs": len(examples), "n_words": N_WORDS})


def _weights(classifier: LstmPairClassifier, examples: Sequence[PairExample]) -> dict[str, list[np.ndarray]]:
    """How much each way of choosing makes of each word, by example."""
    batch = PairEncoder(classifier.vocabulary)(examples)
    reading = PairEngine(classifier.weights, classifier.vocabulary).read(batch, explained=classifier.serves)
    ends = np.cumsum(batch.lengths)[:-1]
    one_by_one = [[replaced(example, [at]) for at in range(len(example.tokens))] for example in examples]
    logits = classifier.logits([one for ones in one_by_one for one in ones])
    return {
        "shown": np.split(reading.raised, ends),
        "attention": np.split(reading.attention.astype(np.float64), ends),
        "chance": np.split(np.random.default_rng(SEED).random(len(reading.attention)), ends),
        "one_by_one": np.split(-logits.astype(np.float64), ends),
    }


def _fall(classifier: LstmPairClassifier, examples: Sequence[PairExample], weights: Sequence[np.ndarray]) -> float:
    without = [replaced(example, chosen(example, own)) for example, own in zip(examples, weights, strict=True)]
    return float(np.mean(classifier.logits(examples) - classifier.logits(without)))


def chosen(example: PairExample, weights: np.ndarray) -> list[int]:
    """Choose the words of the largest weights, the marks left out."""
    order = sorted(range(len(example.tokens)), key=lambda at: -weights[at])
    return [at for at in order if example.tokens[at] not in STAND_INS][:N_WORDS]


def replaced(example: PairExample, places: Sequence[int]) -> PairExample:
    """Put a word that nobody knows at some places; the marks stay."""
    at = set(places)
    return PairExample(tuple(UNKNOWN if i in at and token not in STAND_INS else token for i, token in enumerate(example.tokens)))


if __name__ == "__main__":
    main()
