"""The engine computes what the Keras network computes, and the same bits for a sentence whatever it is computed with."""

from __future__ import annotations

import string
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genemine.models import engine as engine_module
from genemine.models.dictionary import make_dictionary
from genemine.models.encode import encode
from genemine.models.engine import Engine
from genemine.models.engine_forms import FormTable
from genemine.models.engine_weights import network_arrays, read_weights
from genemine.models.tagger import LstmTagger, emit_function, load_tagger
from genemine.models.vocabulary import Vocabulary, build_vocabulary

RNG = np.random.default_rng(3)
WORDS = ["the", "gene", "brca0", "of", "cancer", "-", "."]
VOCABULARY = build_vocabulary(WORDS, RNG.normal(0, 0.3, (len(WORDS), 12)).astype(np.float32), list(string.printable) * 5)
DICTIONARY = make_dictionary([["cancer", "gene of cancer"], ["the gene"]], ["BRCA1"])
KINDS = [(1, False), (2, False), (1, True)]  # layers, with a dictionary
SENTENCES = [
    ["The", "gene", "BRCA1", "of", "cancer", "."],
    ["BRCA1"],
    ["an-extraordinarily-long-word-beyond-twenty", "β", "of"] * 11,
    [".", "-"] * 4,
]


def networks(layers: int, hinted: bool = False) -> tuple[Any, Engine, Vocabulary]:
    """A network with random weights, its engine and its vocabulary."""
    from genemine.models.network import TaggerShape, build_network

    shape = TaggerShape(char_size=6, char_filters=5, char_widths=(2, 3, 4), units=16, layers=layers, hints=DICTIONARY.size * hinted)
    vocabulary = replace(VOCABULARY, dictionary=DICTIONARY if hinted else None)
    network = build_network(vocabulary.matrix(), len(vocabulary.chars) + 2, 3, shape, seed=1)
    for variable in network.emitter.trainable_variables:
        variable.assign(RNG.normal(0, 0.3, variable.shape).astype(np.float32))
    weights = read_weights(network_arrays(network), {"char_widths": (2, 3, 4), "layers": layers}, vocabulary)
    return network, Engine(weights, vocabulary), vocabulary


@pytest.mark.parametrize(("layers", "hinted"), KINDS)
def test_emissions_are_those_of_the_keras_network(layers: int, hinted: bool):
    """Up to the grid of the states, 2^-9; the batch of a network in training gives the same bits."""
    network, engine, vocabulary = networks(layers, hinted)
    inputs = encode(SENTENCES, vocabulary).inputs()
    wanted = emit_function(network.emitter)(inputs)
    for i, (sentence, emitted) in enumerate(zip(SENTENCES, engine.emissions(SENTENCES, range(3)), strict=True)):
        assert emitted == pytest.approx(wanted[i, : len(sentence)], abs=0.03)
        assert np.array_equal(engine.emit(inputs)[i, : len(sentence)], emitted)
        assert np.array_equal(engine.emissions([sentence], [2, 0])[0], emitted[:, [2, 0]])


@pytest.mark.parametrize(("layers", "hinted"), KINDS)
def test_on_a_fine_grid_emissions_agree_to_four_digits(layers: int, hinted: bool, monkeypatch: pytest.MonkeyPatch):
    from genemine.models import engine_lstm

    monkeypatch.setattr(engine_lstm, "STATE_STEP", 2.0**-16)
    monkeypatch.setattr(engine_module, "STATE_STEP", 2.0**12)  # so weights lie on grids that round next to nothing
    network, engine, vocabulary = networks(layers, hinted)
    wanted = emit_function(network.emitter)(encode(SENTENCES, vocabulary).inputs())
    for i, emitted in enumerate(engine.emissions(SENTENCES, range(3))):
        assert emitted == pytest.approx(wanted[i, : len(emitted)], abs=3e-4)


@pytest.fixture(scope="module")
def tagger() -> LstmTagger:
    return load_tagger()


WORD = st.one_of(
    st.sampled_from(["BRCA1", "breast", "cancer", "-", "of", "p53", "."]), st.text(st.characters(), min_size=1, max_size=8)
)
SENTENCE = st.lists(WORD, min_size=1, max_size=60)


@settings(max_examples=12, deadline=None)
@given(st.lists(SENTENCE, min_size=1, max_size=40), st.randoms())
def test_a_sentence_gets_the_same_bits_in_any_company_and_order(tagger: LstmTagger, sentences: list[list[str]], random: Any):
    alone = [tagger.tag([sentence])[0] for sentence in sentences]
    order = list(range(len(sentences)))
    random.shuffle(order)
    shuffled = tagger.tag([sentences[i] for i in order])
    assert [shuffled[order.index(i)] for i in range(len(sentences))] == alone
    among = tagger.tag([["Mutations", "in", "TP53", "."] * 40] * 50 + sentences)
    assert among[50:] == alone


@settings(max_examples=8, deadline=None)
@given(st.lists(SENTENCE, min_size=1, max_size=80))
def test_emissions_are_the_same_bits_alone_and_together(tagger: LstmTagger, sentences: list[list[str]]):
    assert tagger.engine is not None
    together = tagger.engine.emissions(sentences, [0, 1])
    for sentence, emitted in zip(sentences, together, strict=True):
        assert np.array_equal(tagger.engine.emissions([sentence], [0, 1])[0], emitted)


def test_a_small_table_of_forms_changes_nothing():
    """Forms are forgotten and computed anew; pools are cut so that each fits."""
    _, engine, _ = networks(1)
    words = [[f"w{number % 97}x{number // 97}" for number in range(start, start + 9)] for start in range(0, 900, 3)]
    wanted = engine.emissions(words, [0])
    engine._table = FormTable(engine._encoder, VOCABULARY, 16, table_bytes=12 * 2 * 64 * 4)
    assert engine._table.capacity == 12
    found = engine.emissions(words, [0])
    assert all(np.array_equal(a, b) for a, b in zip(wanted, found, strict=True))
    assert len(engine._table._rows) <= 12


def test_an_overlong_sentence_is_computed_in_windows(tagger: LstmTagger):
    """Far from its ends and from the cuts, what is found is what a sentence of moderate length has there."""
    tokens = ["Mutations", "of", "BRCA1", "cause", "breast", "cancer", ","]
    long = tagger.tag([tokens * 1500])[0]
    assert len(long) >= 2 * 1500 - 10
    assert all(0 <= s.first < s.last <= len(tokens) * 1500 for s in long)
    again = tagger.tag([["x"], tokens * 1500])[1]
    assert again == long


def test_tensorflow_is_not_imported_to_tag():
    code = (
        "import sys; from genemine.models.tagger import load_tagger; t = load_tagger(); t.tag([['BRCA1']]); "
        "print(sorted({'tensorflow', 'keras', 'sklearn', 'pandas'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
