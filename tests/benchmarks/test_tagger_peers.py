"""spaCy's peer: it learns, is kept and found again; and who is ahead."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import spacy_peer
from benchmarks.spacy_peer import Recipe, found_spans, trained
from benchmarks.tagger_data import TEST_CORPORA
from benchmarks.tagger_peers import Duel, summary, timed
from genemine.evaluate.spans import SpanScores
from genemine.models.corpora import Example

SENTENCES = [
    Example(("no", "fever", "here"), ((0, 1, 0),), "toy"),
    Example(("lung", "cancer", "-", "rare"), ((1, 2, 0, 0),), "toy"),
    Example(("nothing",), ((0,),), "toy"),
]


def test_spacy_learns_the_given_tokens_and_is_not_trained_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    recipe = Recipe(steps=60, eval_every=20)
    first = trained("toy", SENTENCES, SENTENCES, tmp_path, recipe)
    sentences = [example.tokens for example in SENTENCES]
    assert found_spans(first, sentences) == [{(1, 2)}, {(0, 2)}, set()]
    monkeypatch.setattr(spacy_peer, "_train", lambda *_: pytest.fail("trained again"))
    again = trained("toy", SENTENCES, SENTENCES, tmp_path, recipe)
    assert found_spans(again, sentences) == found_spans(first, sentences)
    assert [path.name.split("-")[0] for path in tmp_path.iterdir()] == ["toy"]


def test_other_sentences_or_steps_are_another_model():
    digests = {
        spacy_peer._digest(SENTENCES, SENTENCES, Recipe()),
        spacy_peer._digest(SENTENCES[:2], SENTENCES, Recipe()),
        spacy_peer._digest(SENTENCES, SENTENCES, Recipe(steps=10)),
    }
    assert len(digests) == 3
    assert spacy_peer._digest(SENTENCES, SENTENCES, Recipe()) in digests


def test_ahead_counts_the_corpora_that_are_won_and_speeds_are_abstracts_of_250_tokens():
    won = Duel(TEST_CORPORA[0], SpanScores(1, 1, 1), SpanScores(3, 1, 1), 1000.0, 5000.0)
    level = Duel(TEST_CORPORA[3], SpanScores(1, 1, 1), SpanScores(1, 1, 1), 250.0, 500.0)
    assert summary([won, level]) == {
        "ahead": 1,
        "corpora": 2,
        "bc2gm_spacy_f1": 0.5,
        "bc2gm_ours_f1": 0.75,
        "bc2gm_spacy_abstracts_per_s": 4.0,
        "bc2gm_ours_abstracts_per_s": 20.0,
        "jnlpba_spacy_f1": 0.5,
        "jnlpba_ours_f1": 0.5,
        "jnlpba_spacy_abstracts_per_s": 1.0,
        "jnlpba_ours_abstracts_per_s": 2.0,
    }
    assert won.row().split() == ["BC2GM", "50.00", "75.00", "4.0", "20.0", "73.50", "-"]


def test_a_time_is_of_all_tokens():
    spans, speed = timed(lambda: [{(0, 1)}], SENTENCES)
    assert spans == [{(0, 1)}]
    assert speed > 1000
