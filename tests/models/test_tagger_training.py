"""The tagger learns ten sentences, resumes to the same weights, and learns nothing from what a corpus does not annotate."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genemine.config import TrainSettings
from genemine.errors import RecordError, SourceError
from genemine.models.corpora import Example, corpora_in, training_examples
from genemine.models.decode import Chain, forward
from genemine.models.tagger import load_tagger
from genemine.models.tagger_run import training_inputs
from genemine.models.tagger_training import train_tagger
from genemine.models.training import compile_learner, fit
from genemine.models.vectors import WordVectors, save_vectors
from genemine.models.vocabulary import Vocabulary, build_vocabulary
from genemine.records import TokenSpan

GENES = ("BRCA1", "TP53", "KRAS", "EGFR", "MYC")
DISEASES = ("asthma", "gout", "scurvy", "breast cancer", "lung cancer")
SETTINGS = TrainSettings(seed=3, epochs=60, patience=60, batch_size=5, learning_rate=0.01)


def sentence(gene: str, disease: str) -> list[tuple[str, str]]:
    words = disease.split()
    tags = ["B-Disease", "I-Disease"]
    return [("We", "O"), ("link", "O"), (gene, "B-Gene"), ("to", "O"), *zip(words, tags, strict=False), (".", "O")]


TEN = [sentence(gene, disease) for gene, disease in zip(GENES * 2, DISEASES + DISEASES[::-1], strict=True)]


def write(path: Path, sentences: list[list[tuple[str, str]]]) -> None:
    path.write_text("\n".join("".join(f"{token}\t{tag}\n" for token, tag in s) for s in sentences), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    write(folder / "train.tsv", TEN)
    write(folder / "devel.tsv", TEN)
    words = sorted({token.lower() for s in TEN for token, _ in s})
    rng = np.random.default_rng(1)
    save_vectors(WordVectors(tuple(words), rng.normal(size=(len(words), 12)).astype(np.float16)), folder / "vectors.npz")
    return folder


def small() -> object:
    from genemine.models.network import TaggerShape

    return TaggerShape(char_size=6, char_filters=6, char_widths=(2, 3), units=12, input_dropout=0.1, output_dropout=0.1)


def test_ten_sentences_are_learnt_and_the_bundle_finds_their_mentions(data: Path, tmp_path: Path):
    out = tmp_path / "bundle"
    calls: list[tuple[int, int]] = []
    report = train_tagger(data, out, SETTINGS, data / "vectors.npz", lambda *c: calls.append(c), refit=False, shape=small())
    assert {name: score.f1 for name, score in report.devel.items()} == {"own/gene": 1.0, "own/disease": 1.0}
    assert calls[0] == (1, 180)  # batches of four: a small corpus gets no larger ones
    spans = load_tagger(out).tag([[token for token, _ in TEN[3]], [], ["nothing"]])
    assert [replace(span, score=1.0) for span in spans[0]] == [TokenSpan(2, 3, "Gene"), TokenSpan(4, 6, "Disease")]
    assert all(0.5 < span.score <= 1.0 for span in spans[0])
    assert spans[1:] == [[], []]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "data"]


def test_a_test_sentence_among_the_training_sentences_never_reaches_training(data: Path):
    """Six of the ten training sentences stand in the test file too (KRAS and scurvy twice): left out, and counted."""
    write(data / "test.tsv", TEN[:5])
    corpora, outputs = corpora_in(data)
    kept, n_dropped = training_examples(data, ["train"], corpora, outputs)
    assert n_dropped == 6
    assert [list(e.tokens) for e in kept] == [[token for token, _ in s] for s in (TEN[5], TEN[6], TEN[8], TEN[9])]


def examples() -> tuple[list[Example], Vocabulary]:
    tokens = ("BRCA1", "causes", "gout", ".")
    made = [
        Example(tokens, ((1, 0, 0, 0), None), "a"),
        Example(tokens[::-1], ((0, 0, 0, 1), None), "a"),
    ]
    return made, build_vocabulary(["brca0", "gout"], np.eye(2, 6, dtype=np.float32), list(tokens) * 5)


def test_an_output_that_no_corpus_annotates_gets_no_gradient_and_does_not_move():
    from genemine.models.network import build_network

    made, vocabulary = examples()
    network = build_network(vocabulary.matrix(), len(vocabulary.chars) + 2, 2, small(), seed=1)
    compile_learner(network.learner, SETTINGS)
    network.learner.run_eagerly = True  # three steps are not worth a trace
    inputs = training_inputs(made, vocabulary, 2)
    assert inputs[-1].tolist() == [[1.0, 0.0], [1.0, 0.0]]
    dense = network.emitter.get_layer("emissions")
    before = [v.numpy().copy() for v in (*dense.trainable_variables, network.crf.steps, network.crf.start)]
    for _ in range(3):
        network.learner.train_on_batch(inputs, np.zeros(2, np.float32))
    after = [v.numpy() for v in (*dense.trainable_variables, network.crf.steps, network.crf.start)]
    kernel, bias = after[0] - before[0], after[1] - before[1]
    assert np.abs(kernel[:, :3]).max() > 1e-3
    assert not kernel[:, 3:].any()
    assert not bias[3:].any()
    assert not (after[2] - before[2])[1].any()
    assert not (after[3] - before[3])[1].any()


def test_the_loss_of_the_layer_is_the_log_likelihood_of_the_decoder():
    """Gold path against all paths, for sentences of different lengths, with weights 1, 0.5 and 0."""
    from genemine.models.crf import CrfLoss

    rng = np.random.default_rng(4)
    emissions = rng.normal(size=(3, 8, 2, 3)).astype(np.float32)
    lengths = np.array([8, 3, 1])
    mask = (np.arange(8)[None] < lengths[:, None]).astype(np.float32)
    tags = np.zeros((3, 8, 2), np.int32)
    tags[0, 2:5, 0] = (1, 2, 2)
    tags[1, 0:3, 1] = (1, 1, 2)
    weights = np.array([[1, 0.5], [0, 1], [1, 1]], np.float32)
    layer = CrfLoss(2)
    layer.build(None)
    steps, start = rng.normal(size=(2, 3, 3)).astype(np.float32), rng.normal(size=(2, 3)).astype(np.float32)
    layer.steps.assign(steps)
    layer.start.assign(start)
    _, total = forward(emissions, lengths, Chain(steps, start).legal())
    expected = np.zeros(3)
    for b in range(3):
        for k in range(2):
            path = tags[b, : lengths[b], k]
            gold = start[k, path[0]] + sum(emissions[b, t, k, tag] for t, tag in enumerate(path))
            gold += sum(steps[k, i, j] for i, j in itertools.pairwise(path))
            expected[b] += weights[b, k] * (total[b, k] - gold)
    assert np.allclose(np.array(layer([emissions, tags, mask, weights])), expected, atol=1e-3)


def test_a_killed_run_resumes_to_the_weights_of_an_unbroken_one(tmp_path: Path):
    """Weights, dropout, optimizer and average go on where they were; a network of one layer stands for the tagger."""
    import keras

    def run(checkpoint: Path | None, last_epoch: int) -> list[np.ndarray]:
        keras.utils.set_random_seed(5)
        inputs = keras.Input((4,))
        hidden = keras.layers.Dropout(0.5, seed=1)(keras.layers.Dense(3)(inputs))
        model = keras.Model([inputs], keras.ops.mean(keras.ops.square(hidden - 1.0), axis=-1))
        compile_learner(model, SETTINGS)
        batch = [np.ones((2, 4), np.float32), np.eye(4, dtype=np.float32)]
        fit(
            model, 2, lambda epoch, n: [batch[n]], None, SETTINGS,
            last_epoch=last_epoch, checkpoint=checkpoint, fingerprint="f",
        )  # fmt: skip
        return [v.numpy() for v in model.trainable_variables]

    unbroken = run(None, 8)
    run(tmp_path / "c.npz", 3)
    resumed = run(tmp_path / "c.npz", 8)
    assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(unbroken, resumed, strict=True))


def test_bad_training_data_is_told_with_its_cure(data: Path, tmp_path: Path):
    with pytest.raises(SourceError, match=r"no \w+\.tsv or \w+\.tsv\.gz; give a folder with train\.tsv, train\.pubtator"):
        train_tagger(tmp_path / "none", tmp_path / "b", SETTINGS, data / "vectors.npz")
    with pytest.raises(SourceError, match="word vectors cannot be read"):
        train_tagger(data, tmp_path / "b", SETTINGS, data / "none.npz")
    write(data / "test.tsv", TEN)
    with pytest.raises(SourceError, match=r"all 10 sentences of train are also test sentences; give another test part"):
        train_tagger(data, tmp_path / "b", SETTINGS, data / "vectors.npz")
    write(data / "devel.tsv", TEN[:5])
    write(data / "test.tsv", TEN[:5])
    with pytest.raises(SourceError, match=r"all 5 sentences of devel are also test sentences; give another test part"):
        train_tagger(data, tmp_path / "b", SETTINGS, data / "vectors.npz")
    (data / "train.tsv").write_text("x\tB-Chemical\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"no mention of a gene or disease is tagged; what is marked are Chemical; tag tokens"):
        train_tagger(data, tmp_path / "b", SETTINGS, data / "vectors.npz")
    (data / "train.tsv").write_text("x\tO\n", encoding="utf-8")
    with pytest.raises(RecordError, match="no mention of a gene or disease is tagged; tag tokens"):
        train_tagger(data, tmp_path / "b", SETTINGS, data / "vectors.npz")
