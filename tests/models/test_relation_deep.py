"""Deep pair networks: learn labelled sentences on the shipped tagger's encoder, output by output, and are loaded as they were."""

from __future__ import annotations

import numpy as np
import pytest

from genemine.models.corpora import OUTPUTS
from genemine.models.quiet import load_backend
from genemine.models.relation_deep import DeepRecipe, load_deep, read_examples, train_deep
from genemine.models.relation_encode import MAX_TOKENS, example_of
from genemine.models.tagger_start import from_bundle
from genemine.records import PairExample

YES, NO = ("causes", "is linked to", "predisposes to"), ("and", "as well as", "was read in patients with")
TEXTS = [f"Here @GENE$ {words} @DISEASE$ in adults." for words in (*YES, *NO)]
LABELS = np.array([1, 1, 1, 0, 0, 0], np.float32)


@pytest.mark.slow  # builds the tagger's network
def test_a_network_learns_and_is_loaded_as_it_was() -> None:
    load_backend()
    start = from_bundle(OUTPUTS)
    examples = [example_of(text) for text in TEXTS]
    read = read_examples(examples, start.vocabulary)
    chances = np.stack([LABELS, 1 - LABELS], axis=1)  # the second output is taught the other way round
    recipe = DeepRecipe(epochs=1, min_steps=40, batch_size=6, units=8, narrow=16, learning_rate=0.01, state_dropout=0.1)
    trained = train_deep(start, read, chances, np.ones_like(chances), recipe, seed=2)
    long = PairExample((*examples[0].tokens, *(["word"] * 300)))
    asked = read_examples([*reversed(examples), long], start.vocabulary)
    logits = trained.logits(asked)
    assert logits.shape == (7, 2)
    assert ((logits[:6, 0] > 0) == (LABELS[::-1] == 1)).all()
    assert ((logits[:6, 1] > 0) == (LABELS[::-1] == 0)).all()
    again = load_deep(start, recipe, 2, trained.weights)
    np.testing.assert_allclose(again(asked), logits, atol=1e-5)
    with pytest.raises(ValueError, match="another shape"):
        load_deep(start, recipe, 2, trained.weights[:-1])


def test_a_long_example_is_read_around_its_marks() -> None:
    start = from_bundle(OUTPUTS)
    read = read_examples([PairExample(("@GENE$", *(["word"] * 300), "@DISEASE$"))], start.vocabulary)
    assert read.text.text.lengths.tolist() == [MAX_TOKENS]
    assert read.places.shape == (2, MAX_TOKENS)
