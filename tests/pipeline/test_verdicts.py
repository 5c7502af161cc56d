"""Verdicts as the training takes them: which teach, and how their sentences are marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from genemine.config import TrainSettings
from genemine.errors import SourceError
from genemine.models.relation_verdicts import JudgedSentence
from genemine.pipeline.train import train
from genemine.pipeline.verdicts import read_judged, read_lessons
from genemine.review.events import Event
from genemine.review.verdicts import VerdictStore

SENTENCE = "In gout, TNF-α rises (p<0.05)."


def test_accepted_and_rejected_ones_teach_and_the_others_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.sqlite"
    given = {"accept": "a", "reject": "b", "denied": "c", "wrong gene": "d", "unsure": "e"}
    with VerdictStore(path) as store:
        for n, (verdict, card) in enumerate([*given.items(), ("accept", "f"), ("wrong disease", "b")]):
            store.add([Event(f"event-{n}", f"curator {n > 4}", verdict, card, pmid=card, sentence=SENTENCE, gene_start=9,
                             gene_end=14, disease_start=3, disease_end=7)])  # fmt: skip
        store.add([Event("event-9", "Cai", "reject", "f")])
    lessons, left_out = read_lessons(path)
    marked = "In @DISEASE$ , @GENE$ rises ( p < 0 . 05 ) ."
    assert lessons == [JudgedSentence(pmid, SENTENCE, marked, label) for pmid, label in (("a", 1), ("c", 0))]
    assert left_out == {"disputed": 1, "unsure": 1, "wrong gene or disease": 2}
    assert read_judged(path).counts == {"accepted": 1, "denied": 1, "disputed": 1, "rejected": 2}


def test_no_file_of_verdicts_holds_none_and_training_with_one_that_is_missing_stops(tmp_path: Path) -> None:
    assert (read_judged(tmp_path / "none").sha256, len(read_judged(tmp_path / "none").table)) == ("", 0)
    with pytest.raises(SourceError, match=r"none: no file of verdicts; `genemine review` makes it"):
        train("relations", tmp_path, tmp_path / "models", TrainSettings(), verdicts=tmp_path / "none")
