"""Committees: trained on one's own sentences, written, read back, and refused where they do not fit."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from genemine.config import RelateSettings, TrainSettings
from genemine.errors import BundleError, ConfigError, RecordError
from genemine.models.relation import load_pair_classifier
from genemine.models.relation_committee import CommitteeClassifier, CommitteeRecipe, committee_calibration
from genemine.models.relation_committee_bundle import train_accurate
from genemine.models.relation_deep import DeepRecipe
from genemine.models.relation_encode import example_of
from genemine.relate.classify import support_threshold

TINY = CommitteeRecipe(members=1, words=10.0, deep=DeepRecipe(epochs=1, min_steps=1, batch_size=64, units=4, narrow=8))
WORDS = {1: ("causes", "predisposes to", "is linked to", "raises the risk of"), 0: ("and", "as well as", "beside", "nor")}
LINES = [f"Here @GENE$ {w} @DISEASE$ in {p}.\t{y}" for y, words in WORDS.items() for w in words for p in ("men", "women", "mice")]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    (folder / "train.tsv").write_text("\n".join(LINES[::2]) + "\n")
    (folder / "devel.tsv").write_text("\n".join(LINES[1::2]) + "\n")
    report = train_accurate(folder, folder / "made", TrainSettings(), recipe=TINY, workers=0)
    assert report.n_sentences == 12
    assert [line.split(":")[0] for line in report.lines()] == ["devel"]
    return folder / "made"


def test_a_committee_is_read_back_as_it_was_measured(bundle: Path) -> None:
    found = load_pair_classifier(bundle)
    assert isinstance(found, CommitteeClassifier)
    assert found.name.startswith("lstm-committee ")
    examples = [example_of(line.split("\t")[0]) for line in LINES]
    scores = found.score(examples)
    assert scores == pytest.approx([s for e in examples for s in found.score([e])], abs=1e-4)
    assert np.corrcoef(scores, [int(line[-1]) for line in LINES])[0, 1] > 0.5  # the words tell the two apart
    assert found.thresholds["high_recall"] <= found.threshold == support_threshold(found, RelateSettings())
    assert "| devel | 12 |" in (bundle / "card.md").read_text()


def test_a_committee_of_another_tagger_is_refused(bundle: Path, tmp_path: Path) -> None:
    for file in bundle.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    head = json.loads((tmp_path / "config.json").read_text())
    head["model"]["committee"]["tagger"] = "0" * 64
    (tmp_path / "config.json").write_text(json.dumps(head))
    with pytest.raises(BundleError, match="train it anew with 'genemine train relations --accurate'"):
        load_pair_classifier(tmp_path)


def test_public_corpora_and_one_label_are_refused(tmp_path: Path) -> None:
    (tmp_path / "train.tsv").write_text("\n".join(line for line in LINES if line.endswith("1")) + "\n")
    with pytest.raises(RecordError, match="both labels"):
        train_accurate(tmp_path, tmp_path / "made", TrainSettings(), recipe=TINY, workers=0)
    shared = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not shared.is_dir():
        pytest.skip("../shared is not there")
    with pytest.raises(ConfigError, match="leave the option out"):
        train_accurate(shared, tmp_path / "made", TrainSettings(), recipe=TINY, workers=0)


def test_the_threshold_is_that_of_the_best_f1() -> None:
    found = committee_calibration(np.array([-3.0, -1, 0, 1, 2, 3] * 20), [0, 0, 1, 0, 1, 1] * 20)
    called = found.probability(np.array([-3.0, -1, 0, 1])) >= found.threshold
    assert called.tolist() == [False, False, True, True]
    assert found.high_recall <= found.threshold <= found.high_precision


def test_recipes_survive_json() -> None:
    kept = json.loads(json.dumps(dataclasses.asdict(TINY)))
    assert CommitteeRecipe(**(kept | {"deep": DeepRecipe(**kept["deep"])})) == TINY
