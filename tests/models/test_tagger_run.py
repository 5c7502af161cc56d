"""Gold and silver batches mixed: every gold sentence each epoch, all silver ones over the epochs, tags as chances."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from genemine.config import TrainSettings
from genemine.models.corpora import Example
from genemine.models.silver import Silver
from genemine.models.tagger_run import Run, mixed_batches, softened, training_inputs
from genemine.models.text_ids import make_ready, number_texts
from genemine.models.vocabulary import build_vocabulary

WORDS = [f"w{letter}" for letter in "abcdefghij"]
VOCABULARY = build_vocabulary(WORDS, np.eye(len(WORDS)), WORDS, min_char_count=1)
GOLD = [Example((word, "of"), ((1, 0), None), "c") for word in WORDS[:6]]
TEXT = number_texts([[word, "or", word] for word in WORDS])
SILVER = Silver(make_ready(TEXT, VOCABULARY), np.full((len(TEXT.tokens), 2, 2), 51, np.uint8))
SETTINGS = TrainSettings(seed=1, epochs=5, batch_size=2)


def seen(n: int, batch: object, epoch: int) -> tuple[Counter[int], Counter[int]]:
    """Count the first words of gold and of silver sentences of one epoch."""
    gold: Counter[int] = Counter()
    silver: Counter[int] = Counter()
    for number in range(n):
        words, *_, weights = batch(epoch, number)  # type: ignore[operator]
        (gold if weights[0, 1] == 0 else silver).update(words[:, 0].tolist())
    return gold, silver


def test_each_epoch_has_all_gold_and_its_share_of_silver():
    n, batch = mixed_batches(GOLD, SILVER, Run(None, None, VOCABULARY, ("a", "b")), SETTINGS, silver_passes=1)  # type: ignore[arg-type]
    assert n == 3 + 1
    epochs = [seen(n, batch, epoch) for epoch in range(5)]
    ids = [VOCABULARY.word_id(word) for word in WORDS]
    assert all(gold == Counter(ids[:6]) for gold, _ in epochs)
    assert sum((silver for _, silver in epochs), Counter()) == Counter(ids)


def test_batches_are_the_same_when_asked_again_and_differ_by_seed():
    run = Run(None, None, VOCABULARY, ("a", "b"))  # type: ignore[arg-type]
    one, again = (mixed_batches(GOLD, SILVER, run, SETTINGS, 2)[1] for _ in range(2))
    other = mixed_batches(GOLD, SILVER, run, replace(SETTINGS, seed=2), 2)[1]
    firsts = [[batch(3, number)[0].tolist() for number in range(4)] for batch in (one, again, other)]
    assert firsts[0] == firsts[1] != firsts[2]


def test_tags_become_chances():
    inputs = training_inputs(GOLD[:2], VOCABULARY, 2)
    *same, chances, weights = softened(inputs)
    assert chances.shape == (2, 8, 2, 3)
    assert np.array_equal(chances.argmax(axis=-1), inputs[-2])
    assert (chances.sum(axis=-1) == 1).all()
    assert weights.tolist() == [[1, 0], [1, 0]]
    assert all(a is b for a, b in zip(same, inputs[:-2], strict=True))
