"""What verdicts bring to the shipped recipe: a part of BioRED's training documents as if curators had judged their sentences.

    python -m benchmarks.verdict_gain [--quick] [--documents N]

The documents' pairs are verdicts (accepted where the curators of BioRED relate the two, else rejected); the public corpora without
these documents are what is trained on before. ``before`` and ``after`` are AUPRC over the verdicts of documents held out, in folds,
as `genemine train relations` tells it (:mod:`genemine.models.relation_verdicts`). With ``--anew`` no other sentence of BioRED is
trained on before: what the first verdicts bring where the corpora hold nothing of the curators' notion.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from benchmarks.common import emit, shared_dir
from genemine.config import TrainSettings
from genemine.models.quiet import load_backend
from genemine.models.relation import LstmPairClassifier
from genemine.models.relation_biored import DocumentPair, read_biored
from genemine.models.relation_bundle import word_vectors
from genemine.models.relation_data import BIORED, BIORED_TRAIN, PairData, read_pair_data
from genemine.models.relation_training import PUBLIC_RECIPE, train_pair_classifier
from genemine.models.relation_verdicts import Gain, JudgedSentence, gain
from genemine.sources.pair_corpus import LabelledSentence, bare_text

N_DOCUMENTS = 120  # of BioRED's 400 for training: about as many sentences as a curator judges in two days
N_QUICK, QUICK_STEPS, QUICK_EVERY = 30, 20, 5
FOLDS, QUICK_FOLDS = 3, 2


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=N_DOCUMENTS, help="documents that were judged (default: %(default)s)")
    parser.add_argument("--anew", action="store_true", help="train on GAD and EU-ADR before, on nothing of BioRED")
    parser.add_argument("--quick", action="store_true", help="few documents, sentences and steps: shows that it works")
    given = parser.parse_args()
    load_backend()
    data_dir, settings = shared_dir() / "data", TrainSettings()
    judged = verdicts(read_biored(data_dir / BIORED_TRAIN), N_QUICK if given.quick else given.documents)
    data = read_pair_data(data_dir, settings.seed, judged)
    others = [s for s in without(data, data.judged) if s.corpus != BIORED or not given.anew]
    before = replace(data, train=others)
    found = _gain(before, settings, given.quick)
    print(found.line())
    emit(
        {
            "before": round(found.auprc[0], 3),
            "after": round(found.auprc[1], 3),
            "difference_low": round(found.interval[0], 3),
            "difference_high": round(found.interval[1], 3),
            "log_loss_before": round(found.loss[0], 3),
            "log_loss_after": round(found.loss[1], 3),
            "verdicts": found.n,
            "sentences_before": len(before.train),
        }
    )


def verdicts(pairs: Sequence[DocumentPair], n_documents: int) -> list[JudgedSentence]:
    """Make verdicts of the pairs of the first documents."""
    chosen = set(list(dict.fromkeys(pair.pmid for pair in pairs))[:n_documents])
    texts = [(pair, " ".join(pair.example.tokens)) for pair in pairs if pair.pmid in chosen]
    return [JudgedSentence(pair.pmid, text, text, pair.label) for pair, text in texts]


def without(data: PairData, judged: Sequence[JudgedSentence]) -> list[LabelledSentence]:
    """Leave the judged sentences out of what is trained on before, by normalised text and whatever corpus they stand in."""
    texts = {bare_text(one.marked) for one in judged}
    return [sentence for sentence in data.train if bare_text(sentence.text) not in texts]


def _gain(data: PairData, settings: TrainSettings, quick: bool) -> Gain:
    recipe = replace(PUBLIC_RECIPE, epochs=1, min_steps=QUICK_STEPS) if quick else PUBLIC_RECIPE
    if quick:
        data = replace(data, train=data.train[::QUICK_EVERY])
    learn = partial(
        train_pair_classifier,
        devel=data.devel,
        settings=settings,
        recipe=recipe,
        vectors=word_vectors(None),
        name="before and after",
    )

    def fit(some: Sequence[JudgedSentence]) -> LstmPairClassifier:
        print(f"training with {len(some)} verdicts", flush=True)
        return learn(data.with_verdicts(some)).classifier

    return gain(data.judged, fit, settings.seed, QUICK_FOLDS if quick else FOLDS)


if __name__ == "__main__":
    main()
