"""The pair classifier's engine: the numbers of the Keras network, and the same for a sentence in any company."""

from __future__ import annotations

import numpy as np
import pytest

from genemine.models.quiet import load_backend
from genemine.models.relation_encode import STAND_INS, PairEncoder, encode, example_of, pair_vocabulary, read_tokens, stacked
from genemine.models.relation_engine import PairEngine, PairWeights
from genemine.models.vocabulary import Vocabulary
from genemine.records import PairExample

SENTENCES = [
    "@GENE$ causes @DISEASE$.",
    "Patients with @DISEASE$ and a mutation of @GENE$, as told before, were treated for years.",
    "In @DISEASE$ @GENE$",
]


@pytest.fixture(scope="module")
def examples() -> list[PairExample]:
    far = PairExample(("@GENE$", *(["word"] * 300), "@DISEASE$", "end"))
    return [*map(example_of, SENTENCES), far]


@pytest.fixture(scope="module")
def vocabulary(examples: list[PairExample]) -> Vocabulary:
    return pair_vocabulary(examples, None, 100, size=12)


def random_weights(vocabulary: Vocabulary, units: int = 8, outputs: int = 2) -> PairWeights:
    """Weights with which the network is anything but flat."""
    load_backend()
    from genemine.models.relation_net import PairShape, build_pair_net, pair_weights

    net = build_pair_net(vocabulary.matrix(), PairShape(units=units, own_size=3, place_size=4, outputs=outputs), seed=5)
    rng = np.random.default_rng(1)
    net.reader.set_weights([rng.normal(0, 0.4, weight.shape) for weight in net.reader.get_weights()])
    vectors = net.reader.get_layer("word_vectors")
    vectors.set_weights([vocabulary.matrix() * net.word_scale])
    return pair_weights(net)


def test_gives_the_numbers_of_the_network(examples: list[PairExample], vocabulary: Vocabulary) -> None:
    load_backend()
    from genemine.models.relation_net import PairShape, build_pair_net, pair_weights

    net = build_pair_net(vocabulary.matrix(), PairShape(units=8, own_size=3, place_size=4, outputs=2), seed=5)
    rng = np.random.default_rng(1)
    net.reader.get_layer("own_vectors").set_weights([rng.normal(0, 0.3, (len(vocabulary.words) + 2, 3))])
    rows = [encode(example, vocabulary) for example in examples]
    wanted = np.concatenate([net.reader(stacked([row])) for row in rows])
    found = PairEngine(pair_weights(net), vocabulary).read(PairEncoder(vocabulary)(examples)).logits
    assert np.abs(wanted).max() > 0.01
    assert found == pytest.approx(wanted, abs=0.02)  # states are kept to 2^-9


def test_company_changes_no_bit(examples: list[PairExample], vocabulary: Vocabulary) -> None:
    engine, read = PairEngine(random_weights(vocabulary), vocabulary), PairEncoder(vocabulary)
    singly = [engine.read(read([example]), explained=1) for example in examples]
    alone, looked, raised = (np.concatenate([getattr(one, name) for one in singly]) for name in ("logits", "attention", "raised"))
    reading = engine.read(read(examples * 40), explained=1)
    together = reading.logits
    assert (together[: len(examples)] == alone).all()
    assert (together[-len(examples) :] == alone).all()
    assert (reading.attention == np.tile(looked, 40)).all()
    assert (reading.raised == np.tile(raised, 40)).all()
    assert len({tuple(row) for row in alone.tolist()}) == len(examples)


def test_attention_of_a_sentence_adds_up_to_one(examples: list[PairExample], vocabulary: Vocabulary) -> None:
    batch = PairEncoder(vocabulary)(examples)
    attention = PairEngine(random_weights(vocabulary), vocabulary).read(batch).attention
    ends = np.cumsum(batch.lengths)
    sums = [part.sum() for part in np.split(attention, ends[:-1])]
    assert sums == pytest.approx([1.0] * len(examples), abs=1e-5)
    assert attention.max() > 2 / batch.lengths.max()  # not the same for all


def test_tells_of_the_asked_output_what_raised_it_and_nothing_of_the_marks(
    examples: list[PairExample], vocabulary: Vocabulary
) -> None:
    engine, batch = PairEngine(random_weights(vocabulary), vocabulary), PairEncoder(vocabulary)(examples)
    both = [engine.read(batch, explained=output).raised for output in (0, 1)]
    assert np.abs(both[0] - both[1]).max() > 0.1
    marks = np.array([token in STAND_INS for example in examples for token in read_tokens(example)])
    for raised in both:
        assert (raised[marks] == 0).all()
        assert (raised[~marks] != 0).any()
    assert not len(engine.read(batch).raised)


def test_nothing_to_read(vocabulary: Vocabulary) -> None:
    engine = PairEngine(random_weights(vocabulary), vocabulary)
    assert engine.read(PairEncoder(vocabulary)([])).logits.shape == (0, 2)


def test_weights_of_another_vocabulary_are_refused(vocabulary: Vocabulary) -> None:
    other = pair_vocabulary([example_of("@GENE$ or @DISEASE$ alone")], None, 100, size=12)
    with pytest.raises(ValueError, match="made for others"):
        PairEngine(random_weights(vocabulary), other)


def test_weights_come_back_from_a_bundle(vocabulary: Vocabulary) -> None:
    weights = random_weights(vocabulary)
    arrays = weights.arrays()
    again = PairWeights.from_arrays(arrays)
    assert again.kernel == pytest.approx(weights.kernel, abs=1e-3)
    assert again.arrays()["pair/forward/kernel"].tobytes() == arrays["pair/forward/kernel"].tobytes()
    with pytest.raises(ValueError, match="another size"):
        PairWeights.from_arrays({**arrays, "pair/attention": np.zeros((4, 1), np.float16)})
