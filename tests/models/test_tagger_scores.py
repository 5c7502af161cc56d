"""Scores and temperatures from a network whose emissions are set by hand."""

from __future__ import annotations

from dataclasses import replace

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
# of eighty mentions that the network is sure of, sixty are right
EXAMPLES = [Example(("gene", "other"), ((int(i < 60), 0),), "toy") for i in range(80)]


def test_scores_are_counted_by_corpus_and_output():
    scores = corpus_scores(TAGGER, EXAMPLES, [CORPUS])
    assert {name: (s.tp, s.fp, s.fn) for name, s in scores.items()} == {"toy/gene": (60, 20, 0)}
    assert mean_f1(scores) == pytest.approx(120 / 140)


def test_the_temperature_makes_the_score_the_share_that_is_right():
    """Log-odds 6 say 0.998, the truth is 0.75 with log-odds 1.1: temperature 6 / 1.1, and then no calibration error."""
    tagger = calibrated(TAGGER, EXAMPLES)
    assert tagger.temperature[0] == pytest.approx(6 / np.log(3), rel=0.05)
    assert tagger.tag([("gene", "other")])[0][0].score == pytest.approx(0.75, abs=0.02)
    assert calibration_errors(TAGGER, EXAMPLES)["gene"] == pytest.approx(0.2475, abs=1e-3)
    assert calibration_errors(tagger, EXAMPLES)["gene"] < 0.02


def timid(inputs: list[np.ndarray]) -> np.ndarray:
    """Word id 2 ("gene") is a mention with log-odds 1, word id 3 ("other") one with log-odds 3."""
    emissions = np.zeros((*inputs[0].shape, 1, 3), np.float32)
    emissions[..., 0, 1] = np.select([inputs[0] == 2, inputs[0] == 3], [1.0, 3.0], -30.0)
    emissions[..., 0, 2] = -30.0
    return emissions


def test_slope_and_shift_mend_what_a_temperature_cannot():
    """Scores of 0.73 and 0.95 where 0.2 and 0.5 are right: all along too high, so no temperature reaches both."""
    examples = [Example(("gene",), ((int(i < 200),),), "toy") for i in range(1000)]
    examples += [Example(("other",), ((int(i < 500),),), "toy") for i in range(1000)]
    tagger = calibrated(replace(TAGGER, emit=timid), examples)
    spans = tagger.tag([("gene",), ("other",)])
    assert [span[0].score for span in spans] == pytest.approx([0.2, 0.5], abs=0.005)
    assert calibration_errors(tagger, examples)["gene"] < 0.005
    assert calibration_errors(replace(tagger, platt=None), examples)["gene"] > 0.1


def test_an_output_that_finds_nothing_keeps_its_scores():
    silent = replace(TAGGER, emit=lambda inputs: np.tile(np.array([0, -6, -30], np.float32), (*inputs[0].shape, 1, 1)))
    tagger = calibrated(silent, EXAMPLES)
    assert (tagger.temperature.tolist(), tagger.platt.tolist()) == ([1.0], [[1.0, 0.0]])
    assert calibration_errors(tagger, EXAMPLES) == {}


def test_an_output_without_held_out_examples_takes_the_mean_of_its_type():
    """Log-odds 6 where 0.75 is right, and another output of the type that no example is labelled for."""

    def twice(inputs: list[np.ndarray]) -> np.ndarray:
        return np.repeat(boastful(inputs), 3, axis=2)

    outputs = (*TAGGER.outputs, Output("other", "Gene", ("elsewhere",)), Output("disease", "Disease", ("elsewhere",)))
    chain = Chain(np.zeros((3, 3, 3)), np.zeros((3, 3)))
    examples = [Example(e.tokens, (*e.labels, None, None), e.corpus) for e in EXAMPLES]
    tagger = calibrated(replace(TAGGER, emit=twice, outputs=outputs, chain=chain, temperature=np.ones(3)), examples)
    assert tagger.temperature[0] == pytest.approx(6 / np.log(3), rel=0.05)
    assert tagger.temperature[1] == pytest.approx(tagger.temperature[0])
    assert tagger.platt[1].tolist() == pytest.approx(tagger.platt[0].tolist())
    assert (tagger.temperature[2], tagger.platt[2].tolist()) == (1.0, [1.0, 0.0])
