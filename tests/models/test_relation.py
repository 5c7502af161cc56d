"""The pair classifier: learns, is blind to padding and order, and comes back from a bundle as it was."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from genemine.config import TrainSettings
from genemine.errors import BundleError, RecordError
from genemine.models.relation import Calibration, LstmPairClassifier, load_pair_classifier, save_pair_classifier
from genemine.models.relation_calibration import calibrated
from genemine.models.relation_encode import MAX_TOKENS, STAND_INS, example_of
from genemine.models.relation_training import PairRecipe, TrainedPairs, train_pair_classifier
from genemine.records import PairExample
from genemine.resources import bundle_folder
from genemine.sources.pair_corpus import LabelledSentence

YES = ("causes", "is associated with", "raises the risk of", "predisposes to", "is linked to")
NO = ("and", "was sequenced in patients with", "expression and stage of", "assays, samples and", "as well as")
TEN = [
    LabelledSentence(f"Here @GENE$ {words} @DISEASE$ in adults.", label) for label, many in ((1, YES), (0, NO)) for words in many
]
DEVEL = [LabelledSentence(f"We say @GENE$ {words} @DISEASE$ now.", label) for label, many in ((1, YES), (0, NO)) for words in many]
# one batch an epoch and one length, so that few graphs are built
SETTINGS = TrainSettings(seed=3, epochs=30, patience=30, batch_size=10, learning_rate=0.03)
RECIPE = PairRecipe(epochs=30, shape={"units": 8, "own_size": 4, "input_dropout": 0.0, "state_dropout": 0.0})


@pytest.fixture(scope="module")
def trained() -> TrainedPairs:
    return train_pair_classifier(TEN, DEVEL, SETTINGS, RECIPE)


@pytest.fixture(scope="module")
def classifier(trained: TrainedPairs) -> LstmPairClassifier:
    return trained.classifier


def examples(sentences: list[LabelledSentence]) -> list[PairExample]:
    return [example_of(sentence.text) for sentence in sentences]


def test_learns_ten_sentences_by_heart(classifier: LstmPairClassifier) -> None:
    called = [int(score >= 0.5) for score in classifier.score(examples(TEN))]
    assert called == [sentence.label for sentence in TEN]


def test_neither_padding_nor_order_nor_company_changes_a_score(classifier: LstmPairClassifier) -> None:
    ten = examples(TEN)
    long = PairExample((*ten[0].tokens, *("word",) * 90))
    alone = [classifier.score([example])[0] for example in ten]
    together = classifier.score([*reversed(ten), long])  # padded to the long one's length
    assert together[:-1] == pytest.approx(list(reversed(alone)), abs=1e-6)
    assert classifier.score([]) == []


def test_scores_more_sentences_than_a_batch_holds(classifier: LstmPairClassifier) -> None:
    ten = examples(TEN)
    assert classifier.score(ten * 30) == pytest.approx(classifier.score(ten) * 30, abs=1e-6)


def test_each_token_has_its_share_of_what_raised_the_score_whatever_it_is_read_with(classifier: LstmPairClassifier) -> None:
    ten = examples(TEN)
    long = PairExample((*ten[0].tokens, *("word",) * 200))
    scores, percents = classifier.attend([*ten, long] * 100)  # more than one part
    alone = [classifier.attend([example]) for example in (*ten, long)]
    assert scores == [own[0] for own, _ in alone] * 100 == classifier.score([*ten, long] * 100)
    assert percents == [own[0] for _, own in alone] * 100
    for example, own in zip((*ten, long), percents, strict=False):
        assert len(own) == len(example.tokens)
        assert 100 - len(own) <= sum(own) <= 100
        assert not any(percent for token, percent in zip(example.tokens, own, strict=True) if token in STAND_INS)
        assert min(own) >= 0
    assert max(percents[0]) > 100 / len(ten[0].tokens)  # not the same for all
    assert sum(percents[10][:MAX_TOKENS]) == sum(percents[10])  # what was not read has none
    assert classifier.attend([]) == ([], [])


def test_an_example_without_both_marks_is_refused(classifier: LstmPairClassifier) -> None:
    with pytest.raises(RecordError, match=r"@DISEASE\$ stands 0 times"):
        classifier.score([PairExample(("@GENE$", "alone"))])


def test_bundle_round_trip(trained: TrainedPairs, tmp_path: Path) -> None:
    save_pair_classifier(trained.classifier, tmp_path / "b", "# Card\n")
    again = load_pair_classifier(tmp_path / "b")
    assert again.score(examples(DEVEL)) == pytest.approx(trained.classifier.score(examples(DEVEL)), abs=1e-7)
    assert (again.name, again.threshold, again.vocabulary.words) == (
        trained.classifier.name,
        trained.classifier.threshold,
        trained.classifier.vocabulary.words,
    )


def test_bundle_whose_parts_do_not_fit_is_refused(trained: TrainedPairs, tmp_path: Path) -> None:
    save_pair_classifier(trained.classifier, tmp_path / "b", "# Card\n")
    config = tmp_path / "b" / "config.json"
    head = json.loads(config.read_text())
    head["model"]["serves"] = 9
    config.write_text(json.dumps(head))
    with pytest.raises(BundleError, match="do not fit together"):
        load_pair_classifier(tmp_path / "b")


@pytest.mark.slow  # trains twice
def test_same_seed_same_scores_and_a_stopped_run_goes_on(trained: TrainedPairs, tmp_path: Path) -> None:
    class StoppedError(Exception):
        """Stands in for a killed process."""

    def stop(done: int, total: int) -> None:
        assert total == 30  # epochs x batches
        if done == 11:
            raise StoppedError

    with pytest.raises(StoppedError):
        train_pair_classifier(TEN, DEVEL, SETTINGS, RECIPE, checkpoints=tmp_path, progress=stop)
    seen: list[int] = []
    again = train_pair_classifier(TEN, DEVEL, SETTINGS, RECIPE, checkpoints=tmp_path, progress=lambda done, _: seen.append(done))
    assert seen[0] == 11  # goes on after its last whole epoch, the tenth
    assert again.best_epoch == trained.best_epoch
    for resumed, whole in zip(
        again.classifier.weights.arrays().values(), trained.classifier.weights.arrays().values(), strict=True
    ):
        assert resumed == pytest.approx(whole, abs=1e-3)  # kept as float16


def test_devel_sentences_may_not_be_trained_on() -> None:
    with pytest.raises(RecordError, match="1 held-out sentences also stand in the training part"):
        train_pair_classifier(TEN, [*DEVEL, TEN[0]], SETTINGS, RECIPE)
    with pytest.raises(RecordError, match="devel part holds 5 sentences, not of both labels"):
        train_pair_classifier(TEN, DEVEL[:5], SETTINGS, RECIPE)


def test_each_corpus_has_an_output_that_the_others_teach_nothing() -> None:
    """Two corpora that label the same sentences the other way round; the one that serves is believed."""
    other = [LabelledSentence(s.text.replace("Here", "There"), 1 - s.label, "other") for s in TEN]
    mine = [dataclasses.replace(s, corpus="mine") for s in TEN]
    devel = [dataclasses.replace(s, corpus="mine") for s in DEVEL]
    recipe = dataclasses.replace(RECIPE, serves="mine", precision=0.8)
    settings = dataclasses.replace(SETTINGS, batch_size=20)
    found = train_pair_classifier([*mine, *other], devel, settings, recipe)
    assert (found.corpora, found.shape.outputs, found.classifier.serves, found.served) == (("mine", "other"), 2, 0, devel)
    assert [int(score >= 0.5) for score in found.classifier.score(examples(TEN))] == [s.label for s in TEN]
    logits = found.classifier.output_logits(examples(TEN))
    assert ((logits[:, 1] > 0) == [s.label == 0 for s in TEN]).all()
    assert logits[:, 0] == pytest.approx(found.classifier.logits(examples(TEN)), abs=1e-6)


def test_shipped_bundle_believes_plain_statements() -> None:
    """What a curator would record scores above what names both in passing, and above the threshold."""
    classifier = load_pair_classifier(bundle_folder("relations"))
    said = (
        "Mutations in @GENE$ cause @DISEASE$ .",
        "@DISEASE$ is caused by mutations of @GENE$ .",
        "@GENE$ mutations are associated with @DISEASE$ in one fifth of patients .",
    )
    passing = ("Patients with @DISEASE$ were treated ; @GENE$ served as a loading control .",)
    scores = classifier.score([example_of(text) for text in (*said, *passing)])
    assert min(scores[:3]) >= classifier.threshold
    assert min(scores[:3]) > scores[3]


def test_temperature_where_it_is_enough_and_platt_where_scores_are_off_centre() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 3, 4000)
    labels = (rng.random(4000) < Calibration(slope=0.5).probability(logits)).astype(float)
    assert calibrated(logits, labels).intercept == 0.0
    assert calibrated(logits, labels).slope == pytest.approx(0.5, abs=0.05)
    parted = calibrated(np.array([-9.0, -8.0, -7.0, 1.0, 2.0, 3.0]), np.array([0, 0, 0, 1, 1, 1]))
    assert np.all(np.abs(parted.probability(np.array([-9.0, 3.0])) - 0.5) < 0.45)  # three of each label are no certainty
    shifted = calibrated(logits + 4, labels)
    assert (shifted.slope, shifted.intercept) == pytest.approx((0.5, -2.0), abs=0.2)
