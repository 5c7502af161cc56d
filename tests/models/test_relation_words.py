"""Words by place: what they are, that they learn, and that a bundle keeps them."""

from __future__ import annotations

import numpy as np
import pytest

from genemine.errors import RecordError
from genemine.models.relation_encode import example_of
from genemine.models.relation_words import WordsModel, features, fit_words

YES, NO = ("causes", "predisposes to", "is linked to"), ("and", "as well as", "beside")
EXAMPLES = [example_of(f"Here @GENE$ {words} @DISEASE$ in {n} adults .") for words in (*YES, *NO) for n in (12, 7.5)]
LABELS = [1] * 6 + [0] * 6


def test_a_word_counts_by_where_it_stands() -> None:
    found = list(features(example_of("Loss of @DISEASE$ after @GENE$ 35")))
    assert found[:3] == ["order=dg", "between=1", "length=0"]
    assert {"before:loss of", "between dg:after", "between:after", "after:0", "any:@DISEASE$ after @GENE$"} <= set(found)
    assert {"gene-1:after", "gene+1:0", "disease-2:loss", "disease-1:of", "disease+2:@GENE$"} <= set(found)
    assert not [feature for feature in found if feature.startswith("between gd")]


def test_learns_and_a_bundle_keeps_it() -> None:
    model = fit_words(EXAMPLES, LABELS)
    logits = model.logits(EXAMPLES)
    assert ((logits > 0) == (np.array(LABELS) == 1)).all()
    again = WordsModel.from_arrays(model.arrays())
    np.testing.assert_allclose(again.logits(EXAMPLES), logits, atol=1e-6)
    assert again.logits([]).shape == (0,)


def test_numbers_beside_the_words_count_by_their_spread() -> None:
    given = np.array(LABELS, float)[:, None] * 1000 + 5
    model = fit_words(EXAMPLES, LABELS, given)
    same = [EXAMPLES[0]] * 2
    low, high = model.logits(same, np.array([[5.0], [1005.0]]))
    assert high > low
    assert model.given[0, :2].tolist() == [505.0, 500.0]
    assert WordsModel.from_arrays(model.arrays()).logits(same, np.array([[5.0], [1005.0]])) == pytest.approx([low, high])


def test_sentences_of_one_label_teach_nothing() -> None:
    with pytest.raises(RecordError, match="of both labels"):
        fit_words(EXAMPLES[:6], LABELS[:6])


def test_a_bundle_whose_names_and_weights_differ_is_refused() -> None:
    arrays = fit_words(EXAMPLES, LABELS).arrays()
    with pytest.raises(ValueError, match="features"):
        WordsModel.from_arrays(arrays | {"words/weights": arrays["words/weights"][:-1]})
