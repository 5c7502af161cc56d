"""A training of one's own begins as the tagger that it goes on from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genemine.config import TrainSettings
from genemine.errors import BundleError, SourceError
from genemine.models.corpora import Output
from genemine.models.dictionary import make_dictionary
from genemine.models.fingerprints import FORMAT, NAMES, pack, sentence_codes
from genemine.models.tagger import LstmTagger, load_tagger, save_tagger
from genemine.models.tagger_run import Run, fresh_run
from genemine.models.tagger_start import from_bundle, from_vectors
from genemine.models.tagger_training import train_tagger
from genemine.models.vectors import WordVectors, save_vectors
from genemine.models.vocabulary import build_vocabulary

WORDS = ("brca0", "causes", "gout", ".")
OUTPUTS = (Output("a/gene", "Gene", ("a",)), Output("b/disease", "Disease", ("b",)), Output("c/gene", "Gene", ("c",)))
OWN = (Output("own/disease", "Disease", ("own",)), Output("own/gene", "Gene", ("own",)))
FINGERPRINTS = [f"fingerprints_{name}" for name in NAMES]
SENTENCES = [["BRCA1", "causes", "gout", "."], ["Gout", "?"]]


def small(hints: int) -> object:
    from genemine.models.network import TaggerShape

    return TaggerShape(char_size=5, char_filters=4, char_widths=(2, 3), units=6, input_dropout=0.3, hints=hints)


def saved(folder: Path, outputs: tuple[Output, ...] = OUTPUTS, learnt: tuple[str, ...] = ()) -> Run:
    """Write a bundle of a network of first weights whose genes its last output serves."""
    vocabulary = build_vocabulary(WORDS, np.random.default_rng(2).normal(size=(4, 8)), WORDS * 5)
    vocabulary = replace(vocabulary, dictionary=make_dictionary([["gout"]], ["BRCA1"]))
    assert vocabulary.dictionary is not None
    shape = small(vocabulary.dictionary.size)
    run = fresh_run(vocabulary, outputs, shape, seed=7)
    rng = np.random.default_rng(3)
    run.network.crf.steps.assign(rng.normal(size=(len(outputs), 3, 3)))
    run.network.crf.start.assign(rng.normal(size=(len(outputs), 3)))
    tagger = run.tagger()
    serving = (len(outputs) - 1, 1) if len(outputs) > 1 else (0,)
    empty = dict.fromkeys(FINGERPRINTS, pack(np.empty(0, np.uint64)))
    listed = empty | {"fingerprints_labelled": pack(sentence_codes(learnt))} if learnt else {}
    about = {"fingerprints": FORMAT} if learnt else {}
    save_tagger(folder, replace(tagger, serving=serving), run.network, shape, about=about, card="", further=listed)
    return run


def answers(tagger: LstmTagger, numbers: list[int]) -> list[np.ndarray]:
    """Give emissions of the chosen outputs."""
    return tagger._emissions(SENTENCES, numbers)


def test_each_output_begins_as_the_one_that_served_its_type(tmp_path: Path):
    saved(tmp_path / "bundle")
    shipped = load_tagger(tmp_path / "bundle")
    begin = from_bundle(OWN, tmp_path / "bundle")
    run = fresh_run(begin.vocabulary, OWN, begin.shape, seed=1)
    fresh = answers(run.tagger(), [0, 1])
    begin.give(run.network, OWN)
    tagger = run.tagger()
    for own, theirs, other in zip(answers(tagger, [0, 1]), answers(shipped, [1, 2]), fresh, strict=True):
        assert np.allclose(own, theirs, atol=2e-3)  # float16 in the bundle, exact products in the engine
        assert not np.allclose(other, theirs, atol=0.02)
    assert np.array_equal(tagger.chain.steps, shipped.chain.steps[[1, 2]])
    assert np.array_equal(tagger.chain.start, shipped.chain.start[[1, 2]])
    assert begin.about == {"begun": shipped.name}
    assert begin.fingerprint == shipped.fingerprint


def test_what_the_tagger_has_learnt_already_is_known(tmp_path: Path):
    saved(tmp_path / "listed", learnt=("One sentence.", "Another."))
    assert from_bundle(OWN, tmp_path / "listed").learnt.tolist() == sentence_codes(("another", "one sentence")).tolist()
    saved(tmp_path / "none")
    assert not from_bundle(OWN, tmp_path / "none").learnt.size


def test_training_tells_which_devel_and_test_sentences_were_learnt_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    known, new = "BRCA1 causes gout in one of the oldest families .", "TP53 causes none of the other diseases of these mice ."
    seen = [f"{known[:-1]}and of {place} ." for place in ("Europe", "Asia")]
    saved(tmp_path / "shipped", learnt=(known, *seen))
    monkeypatch.setattr("genemine.models.tagger_start.default_bundle", lambda: tmp_path / "shipped")
    data = tmp_path / "data"
    data.mkdir()
    for part, sentences in (("train", ["EGFR causes gout ."]), ("devel", [known, new]), ("test", [f"No {new}", *seen])):
        rows = [[f"{token}\t{'O' if k else 'B-Gene'}\n" for k, token in enumerate(s.split())] for s in sentences]
        text = "\n".join("".join(row) for row in rows)
        (data / f"{part}.tsv").write_text(text, encoding="utf-8")
    report = train_tagger(data, tmp_path / "own", TrainSettings(epochs=1), refit=False)
    assert report.seen == {"devel": (1, 2), "test": (2, 3)}
    assert set(report.before) == set(report.devel) == {"own/gene"}
    assert "Devel: 1 of its 2 sentences are among those" in (tmp_path / "own" / "card.md").read_text(encoding="utf-8")


def test_a_type_that_the_tagger_does_not_serve_is_told(tmp_path: Path):
    saved(tmp_path / "bundle", OUTPUTS[:1])
    assert from_bundle(OWN[1:], tmp_path / "bundle").trained
    with pytest.raises(BundleError, match=r"an output for Disease.*--vectors"):
        from_bundle(OWN, tmp_path / "bundle")


def test_word_vectors_alone_leave_the_first_weights(tmp_path: Path):
    save_vectors(WordVectors(WORDS, np.eye(4, 8, dtype=np.float16)), tmp_path / "vectors.npz")
    begin = from_vectors(tmp_path / "vectors.npz", WORDS * 5, small(0))
    assert begin.vocabulary.words == WORDS
    run = fresh_run(begin.vocabulary, OWN, begin.shape, seed=1)
    before = answers(run.tagger(), [0, 1])
    begin.give(run.network, OWN)
    assert all(np.array_equal(a, b) for a, b in zip(before, answers(run.tagger(), [0, 1]), strict=True))
    with pytest.raises(SourceError, match="word vectors cannot be read"):
        from_vectors(tmp_path / "none.npz", WORDS)
