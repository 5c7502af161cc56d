"""The model card: what a record holds is told, what it lacks is left out, and nothing is claimed that was not looked up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from genemine.config import TrainSettings
from genemine.evaluate.spans import SpanScores
from genemine.models.corpora import CORPORA, DEVEL, TRAIN, Corpus, Output, file_sha256
from genemine.models.decode import Chain
from genemine.models.tagger import LstmTagger
from genemine.models.tagger_card import TaggerReport, model_card, training_record
from genemine.models.tagger_recipe_card import LICENCES, recipe_card
from genemine.models.tagger_recipe_record import corpora_record, outputs_record
from genemine.models.training import Fit
from genemine.models.vocabulary import build_vocabulary

SCORE = {"tp": 8, "fp": 2, "fn": 8, "precision": 0.8, "recall": 0.5, "f1": 0.6154}
RECORD: dict[str, Any] = {
    "corpora": {
        "bc2gm": {
            "types": ["Gene"],
            "teaches": "bc2gm",
            "parts": {"train": {"file": "ner/x.tsv", "sentences": 12574, "mentions": 15197, "sha256": "33a9"}},
        },
        "jnlpba": {"types": ["Gene"], "teaches": "jnlpba", "parts": {}},
    },
    "vectors": {"method": "skip-gram", "tokens": 29666941, "seed": 20261123},
    "language_model": {"units": 300, "perplexity": {"forward": 61.5, "backward": 60.25}},
    "teachers": {
        "what": "BiLSTM 300, each with another seed.",
        "members": [
            {"name": "a", "seed": 1, "devel": {"bc2gm": 0.82, "jnlpba": 0.76}},
            {"name": "b", "seed": 2, "devel": {"bc2gm": 0.84}},
        ],
        "together": {"bc2gm": 0.85, "jnlpba": 0.77},
    },
    "silver": {"sentences": 1_000_000},
    "student": {"seed": 20261123, "learnt_from": "train, devel and silver", "shape": {"units": 200, "widths": [2, 3]}},
    "devel": {"bc2gm/bc2gm": SCORE},
    "test": {"bc2gm/bc2gm": SCORE},
    "biored_dev": {"Gene": SCORE},
    "seeds": {"bc2gm_f1": [0.84, 0.85, 0.86]},
    "outputs": [
        {"name": "bc2gm", "type": "Gene", "corpora": ["bc2gm"], "serves": True, "temperature": 1.1, "slope": 0.9, "shift": -0.1},
        {"name": "plain", "temperature": 1.5, "devel_ece": 0.01, "test_ece": 0.02},
    ],
    "serving": "Best on BioRED's development part.",
    "calibration": {"ece": 0.0093},
    "leaks": {"held_out_sentences": 16000, "found": 0},
    "cost": {"student": 1.5},
    "notes": ["One epoch was run twice."],
}


def test_the_card_of_a_recipe_tells_every_part_of_its_record():
    card = recipe_card(json.loads(json.dumps(RECORD)))  # as it stands in the bundle's config
    lines = card.splitlines()
    for line in (
        "| bc2gm | train | ner/x.tsv | 12574 | 15197 | 33a9 |",
        "| jnlpba | Gene | jnlpba |",
        "| tokens | 29,666,941 |",
        "| seed | 20261123 |",
        "| perplexity | forward 61.5, backward 60.25 |",
        "BiLSTM 300, each with another seed.",
        "| a | 1 | 0.8200 | 0.7600 | 0.7900 |",
        "| b | 2 | 0.8400 | - | 0.8400 |",
        "| all together |  | 0.8500 | 0.7700 | 0.8100 |",
        "| sentences | 1,000,000 |",
        "| shape | units 200, widths 2, 3 |",
        "| bc2gm/bc2gm | 0.8000 | 0.5000 | 0.6154 | 16 |",
        "| Gene | 0.8000 | 0.5000 | 0.6154 | 16 |",
        "| bc2gm_f1 | 3 | 0.8500 | 0.0100 | 0.8400, 0.8500, 0.8600 |",
        "| bc2gm | Gene | bc2gm | yes | 1.100 | 0.900 | -0.100 | - | - |",
        "| plain |  |  |  | 1.500 | - | - | 0.0100 | 0.0200 |",
        "bins of score. Best on BioRED's development part.",
        "| ece | 0.0093 |",
        "| student | 1.5 |",
        "- One epoch was run twice.",
        f"- {LICENCES['jnlpba']}.",
    ):
        assert line in lines, line
    assert not any(LICENCES["biored"] in line for line in lines)


def test_what_a_record_lacks_is_left_out():
    heads = [line for line in recipe_card({"student": {"seed": 1}}).splitlines() if line.startswith("#")]
    assert heads == ["# Tagger: genes and diseases", "## Student: the network of this bundle", "## Use", "## Limits"]


def test_leaks_are_denied_only_after_a_look():
    def verdict(counts: dict[str, int]) -> str:
        return recipe_card({"student": {}, "leaks": counts})

    assert "among them. None was found." in verdict({"found": 0})
    assert "among them. 3 WERE FOUND: figures on them mean nothing." in verdict({"found": 3})
    assert "among them. Not looked up yet." in verdict({"held_out_sentences": 5})


def test_one_seed_has_no_spread():
    assert "| ncbi_f1 | 1 | 0.9000 | - | 0.9000 |" in recipe_card({"student": {}, "seeds": {"ncbi_f1": [0.9]}})


def test_every_public_corpus_has_its_licence():
    assert set(LICENCES) == {corpus.name for corpus in CORPORA}


def test_a_record_of_one_training_has_the_plain_card_and_one_of_a_recipe_the_other():
    score = SpanScores(tp=8, fp=2, fn=8)
    report = TaggerReport(
        Fit(best_epoch=3), {"own/gene": score}, {"gene": 1.25}, {"gene": 0.01}, 100, 2, True,
        {"train.tsv": "ab12"}, {"own/gene": score}, vectors={"from": "lstm-tagger"}, platt={"gene": (0.9, -0.125)},
    )  # fmt: skip
    record = training_record(report, TrainSettings(), "A note.")
    card = model_card(json.loads(json.dumps(record)))
    assert "| own/gene | 0.8000 | 0.5000 | 0.6154 | 16 |" in card
    assert "| gene | 1.250 | 0.0100 | - |" in card
    assert "Slope and shift of the log-odds of a score after that: gene 0.900, -0.125." in card
    assert "Licence" not in card
    assert model_card(RECORD) == recipe_card(RECORD)


def test_a_part_that_the_first_tagger_has_learnt_from_is_told_and_stands_in_the_record():
    def report(**seen: tuple[int, int]) -> TaggerReport:
        return TaggerReport(Fit(), {}, {}, {}, 100, 0, True, vectors={"begun": "lstm-tagger 1"}, seen=seen)

    line = (
        "devel: 3 of its 40 sentences are among those that lstm-tagger 1 has learnt from, so its devel figures are too good; "
        "measure on sentences that are in no public corpus"
    )
    assert report(devel=(3, 40), test=(0, 9)).warnings() == (line,)
    assert training_record(report(devel=(3, 40)), TrainSettings(), "A note.")["note"] == f"A note. D{line[1:]}."
    assert report(devel=(0, 40), test=(0, 0)).warnings() == ()


def test_the_record_counts_sentences_and_mentions_of_a_corpus(tmp_path: Path):
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "train.tsv").write_text("p53\tB-GENE\n\nthe\tO\nBRCA1\tB-GENE\ngene\tI-GENE\n")
    (folder / "devel.tsv").write_text("none\tO\n")
    (folder / "test.tsv").write_text("none\tO\n")
    record = corpora_record(tmp_path, [Corpus("toy", "toy", ("Gene",))], [Output("toy", "Gene", ("toy",)), Output("x", "Gene", ())])
    assert (record["toy"]["types"], record["toy"]["teaches"]) == (["Gene"], "toy")
    assert record["toy"]["parts"][TRAIN] == {
        "file": "toy/train.tsv",
        "sha256": file_sha256(folder / "train.tsv"),
        "sentences": 2,
        "mentions": 2,
    }
    assert record["toy"]["parts"][DEVEL]["mentions"] == 0


def test_the_record_tells_of_each_output_what_production_makes_of_it():
    outputs = (Output("gene", "Gene", ("bc2gm",)), Output("disease", "Disease", ("a", "b")))
    vocabulary = build_vocabulary(["gene"], np.ones((1, 3), np.float32), [])
    chain = Chain(np.zeros((2, 3, 3)), np.zeros((2, 3)))
    platt = np.array([[0.5, 0.25], [1.0, 0.0]])
    tagger = LstmTagger("toy", lambda _: np.zeros(0), vocabulary, outputs, (1,), chain, np.array([1.5, 2.0]), platt=platt)
    gene = {"name": "gene", "type": "Gene", "corpora": ["bc2gm"], "serves": False}
    disease = {"name": "disease", "type": "Disease", "corpora": ["a", "b"], "serves": True}
    assert outputs_record(tagger, {"gene": 0.01}, {}) == [
        gene | {"temperature": 1.5, "slope": 0.5, "shift": 0.25, "devel_ece": 0.01},
        disease | {"temperature": 2.0, "slope": 1.0, "shift": 0.0},
    ]
