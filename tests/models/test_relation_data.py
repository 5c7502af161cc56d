"""Training data: no test sentence in training, devel parts cut whole, a user's folder, the bundle that comes of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genemine.config import TrainSettings
from genemine.errors import RecordError, SourceError
from genemine.models.bundle import read_bundle
from genemine.models.corpora import file_sha256
from genemine.models.relation import load_pair_classifier
from genemine.models.relation_biored import read_biored
from genemine.models.relation_bundle import train_relations
from genemine.models.relation_data import cut_devel, read_pair_data
from genemine.models.relation_training import PairRecipe
from genemine.models.vectors import WordVectors, save_vectors
from genemine.resources import bundle_folder
from genemine.sources.pair_corpus import LabelledSentence, bare_text


def sentences(n: int, start: int = 0) -> list[LabelledSentence]:
    return [LabelledSentence(f"Case {i} of @GENE$ {('and', 'causes')[i % 2]} @DISEASE$.", i % 2) for i in range(start, start + n)]


def write(path: Path, many: list[LabelledSentence]) -> None:
    path.write_text("".join(f"{s.text}\t{s.label}\n" for s in many))


def test_devel_part_holds_all_copies_of_its_sentences() -> None:
    many = sentences(100) + sentences(50)
    train, devel = cut_devel(many, seed=1)
    assert (len(train) + len(devel), len({s.text for s in devel})) == (150, 10)
    assert not {s.text for s in train} & {s.text for s in devel}
    assert cut_devel(many, seed=1) == (train, devel)
    assert cut_devel(many, seed=2) != (train, devel)
    with pytest.raises(RecordError, match="3 sentences are too few"):
        cut_devel(sentences(3), seed=1)


def test_own_folder_and_its_leaks(tmp_path: Path) -> None:
    write(tmp_path / "train.tsv", sentences(40))
    write(tmp_path / "devel.tsv", sentences(10, start=35))
    write(tmp_path / "test.tsv", sentences(10, start=43))
    data = read_pair_data(tmp_path, seed=1)
    assert data.train == sentences(35)
    assert data.devel == sentences(8, start=35)  # 43 and 44 are test sentences
    assert data.tests == {tmp_path.name: sentences(10, start=43)}
    assert (data.n_dropped, sorted(data.files)) == (7, ["devel.tsv", "test.tsv", "train.tsv"])
    assert data.parts == {"devel.tsv": "devel", "test.tsv": "test", "train.tsv": "train"}


def test_folder_without_corpora_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nor a train\.tsv"):
        read_pair_data(tmp_path, seed=1)
    (tmp_path / "relations").mkdir()
    with pytest.raises(SourceError, match=r"GAD-BLURB/train\.tsv: missing"):
        read_pair_data(tmp_path, seed=1)


def test_public_corpora_keep_their_test_sentences_apart(shared: Path) -> None:
    data = read_pair_data(shared / "data", seed=1)
    held = {bare_text(s.text) for part in data.tests.values() for s in part}
    assert {name: len(part) for name, part in data.tests.items()} == {"GAD": 534, "EU-ADR": 37}
    assert len(data.train) + len(data.devel) + data.n_dropped == 4261 + 535 + 318 + 2370 + 679
    assert {s.corpus for s in data.train} == {s.corpus for s in data.devel} == {"GAD", "EU-ADR", "BioRED"}
    assert not held & {bare_text(s.text) for s in data.train + data.devel}
    assert not {bare_text(s.text) for s in data.train} & {bare_text(s.text) for s in data.devel}
    dev = {bare_text(" ".join(pair.example.tokens)) for pair in read_biored(shared / "data/relations/BioRED/Dev.PubTator")}
    assert len(dev) > 600
    assert not dev & {bare_text(s.text) for s in data.train}


def test_shipped_bundle_names_what_it_learnt_from(shared: Path) -> None:
    """Files by their sha256; no test part and not BioRED's development part among those learnt from."""
    files = read_bundle(bundle_folder("relations"), "relations").config["training"]["files"]
    assert files == {name: [files[name][0], file_sha256(shared / "data" / name)] for name in files}
    by_part = {part: [name for name, (found, _) in files.items() if found == part] for part in ("train", "devel", "test")}
    assert by_part == {
        "train": ["relations/GAD-BLURB/train.tsv", "relations/euadr/1/train.tsv", "relations/BioRED/Train.PubTator.gz"],
        "devel": ["relations/GAD-BLURB/dev.tsv", "relations/BioRED/Dev.PubTator"],
        "test": ["relations/GAD-BLURB/test.tsv", "relations/euadr/1/test.tsv"],
    }


def test_training_on_an_own_folder_writes_a_bundle(tmp_path: Path) -> None:
    write(tmp_path / "train.tsv", sentences(40))
    write(tmp_path / "test.tsv", sentences(10, start=43))
    words = ("case", "of", "and", "causes", "gene", "disease", ".")
    save_vectors(WordVectors(words, np.random.default_rng(0).normal(0, 1, (7, 5)).astype(np.float16)), tmp_path / "v.npz")
    recipe = PairRecipe(epochs=20, shape={"units": 4, "own_size": 2, "input_dropout": 0.0})
    settings = TrainSettings(seed=1, epochs=20, batch_size=36, learning_rate=0.05)
    report = train_relations(tmp_path, tmp_path / "out" / "relations", settings, tmp_path / "v.npz", recipe=recipe)
    test = report.tests[tmp_path.name]
    assert (report.n_sentences, test.model.n, test.model.f1) == (36, 10, 1.0)
    assert report.lines()[1] == f"{tmp_path.name} test: F1 1.000, AUPRC 1.000, always yes F1 0.667, n 10"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["relations"]  # checkpoints are gone
    classifier = load_pair_classifier(tmp_path / "out" / "relations")
    assert classifier.threshold == report.trained.classifier.threshold
    card = (tmp_path / "out" / "relations" / "card.md").read_text()
    assert report.data.files["train.tsv"] in card
    assert "GAD" not in card  # notes on the public corpora belong to bundles trained on them
