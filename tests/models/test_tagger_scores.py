"""Scores and temperatures from a network whose emissions are set by hand."""

from __future__ import annotations

import numpy as np
import pytest

from genemine.models.corpora import Corpus, Example, Output
from genemine.models.decode import Chain
from genemine.models.tagger import LstmTagger
from genemine.models.tagger_scores import calibrated, calibration_errors, corpus_scores, mean_f1
from genemine.models.vocabulary import build_vocabulary

CORPUS = Corpus("toy", ".", ("Gene",))
VOCABULARY = build_vocabulary(["gene", "other"], np.ones((2, 3), np.float32), [])


def boastful(inputs: list[np.ndarray]) -> np.ndarray:
    """Word id 2 ("gene") is a mention with log-odds 6, whatever else there is."""
    emissions = np.zeros((*inputs[0].shape, 1, 3), np.float32)
    emissions[..., 0, 1] = np.where(inputs[0] == 2, 6.0, -6.0)
    emissions[..., 0, 2] = -30.0
    return emissions


TAGGER = LstmTagger(
    "toy", boastful, VOCABULARY, (Output("gene", "Gene", ("toy",)),), (0,), Chain(np.zeros((1, 3, 3)), np.zeros((1, 3))), np.ones(1)
)
# of eight mentions that the network is sure of, six are right
EXAMPLES = [Example(("gene", "other"), ((int(i < 6), 0),), "toy") for i in range(8)]


def test_scores_are_counted_by_corpus_and_output():
    scores = corpus_scores(TAGGER, EXAMPLES, [CORPUS])
    assert {name: (s.tp, s.fp, s.fn) for name, s in scores.items()} == {"toy/gene": (6, 2, 0)}
    assert mean_f1(scores) == pytest.approx(12 / 14)


def test_the_temperature_makes_the_score_the_share_that_is_right():
    """Log-odds 6 say 0.998, the truth is 0.75 with log-odds 1.1: temperature 6 / 1.1, and then no calibration error."""
    tagger = calibrated(TAGGER, EXAMPLES)
    assert tagger.temperature[0] == pytest.approx(6 / np.log(3), rel=0.05)
    assert tagger.tag([("gene", "other")])[0][0].score == pytest.approx(0.75, abs=0.02)
    assert calibration_errors(TAGGER, EXAMPLES)["gene"] == pytest.approx(0.2475, abs=1e-3)
    assert calibration_errors(tagger, EXAMPLES)["gene"] < 0.02
