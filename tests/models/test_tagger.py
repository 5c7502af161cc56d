"""The tagger that ships: it loads, finds plain mentions, and its card tells the truth about its data."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from genemine.annotate.tokens import tokenize
from genemine.errors import BundleError, RecordError
from genemine.evaluate.spans import SpanScores
from genemine.models.bundle import read_bundle, write_bundle
from genemine.models.corpora import CORPORA, file_sha256, training_paths
from genemine.models.tagger import LstmTagger, default_bundle, evaluate_tagger, load_tagger
from genemine.models.tagger_card import model_card
from genemine.sources.iob import TaggedSentence

TEXT = "Mutations in BRCA1 and TP53 cause hereditary breast cancer."


@pytest.fixture(scope="module")
def tagger() -> LstmTagger:
    return load_tagger()


def words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


def test_plain_mentions_are_found_with_scores_between_0_and_1(tagger: LstmTagger):
    spans = tagger.tag([words(TEXT)])[0]
    assert [(s.first, s.last, s.type) for s in spans] == [(2, 3, "Gene"), (4, 5, "Gene"), (6, 9, "Disease")]
    assert all(0.5 < s.score <= 1.0 for s in spans)


def test_answers_do_not_depend_on_the_neighbours_in_a_batch(tagger: LstmTagger):
    """Alone, among longer sentences, beside an empty one: the same spans, the same scores."""
    alone = tagger.tag([words(TEXT)])[0]
    long = words(TEXT) * 9
    among = tagger.tag([long, words(TEXT), [], words("No name here.")])
    assert among[1] == alone
    assert among[2:] == [[], []]


def test_evaluation_counts_what_the_tagger_finds_of_one_type(tagger: LstmTagger):
    tags = ["O", "O", "B-Gene", "O", "O", "O", "B-Disease", "I-Disease", "I-Disease", "O"]
    sentence = TaggedSentence(tuple(words(TEXT)), tuple(tags))
    assert evaluate_tagger(tagger, [sentence], "Gene") == SpanScores(tp=1, fp=1, fn=0)
    assert evaluate_tagger(tagger, [sentence], "Disease", "disease") == SpanScores(tp=1, fp=0, fn=0)
    with pytest.raises(RecordError, match="own: tag 'B-Virus' is of no known type"):
        evaluate_tagger(tagger, [TaggedSentence(("x",), ("B-Virus",))], "Gene", source="own")


def test_the_bundle_lists_the_files_that_it_was_trained_on(shared: Path):
    """The sha256 in the bundle are those of the corpora beside the repository, and no test file is among them."""
    config = read_bundle(default_bundle(), "tagger").config
    taught = {name for output in config["outputs"] for name in output["corpora"]}
    data = shared / "data"
    paths = training_paths(data, [corpus for corpus in CORPORA if corpus.name in taught])
    assert config["training"]["files"] == {path.relative_to(data).as_posix(): file_sha256(path) for path in paths}


def test_the_card_is_the_one_that_the_training_record_gives():
    record = read_bundle(default_bundle(), "tagger").config["training"]
    assert (default_bundle() / "card.md").read_text(encoding="utf-8") == model_card(record)
    assert {"bc2gm/bc2gm", "ncbi_disease/ncbi_disease", "bc5cdr_disease/bc5cdr_disease"} <= set(record["test"])


def test_a_bundle_without_its_weights_or_of_another_version_is_refused(tmp_path: Path):
    bundle = read_bundle(default_bundle(), "tagger")
    arrays = {name: array for name, array in bundle.arrays.items() if name != "vocabulary_codes"}
    write_bundle(tmp_path / "b", "tagger", "toy", config=bundle.config, arrays=arrays, card="")
    with pytest.raises(BundleError, match="the bundle lacks or misshapes 'vocabulary_codes'; train it anew"):
        load_tagger(tmp_path / "b")
    shutil.copytree(default_bundle(), tmp_path / "c")
    head = json.loads((tmp_path / "c" / "config.json").read_text())
    (tmp_path / "c" / "config.json").write_text(json.dumps(head | {"format": 2}))
    with pytest.raises(BundleError, match="bundle format 2, this genemine reads format 1"):
        load_tagger(tmp_path / "c")
