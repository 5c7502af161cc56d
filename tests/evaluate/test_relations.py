"""A classifier is measured with its baselines beside it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from genemine.errors import RecordError
from genemine.evaluate.baselines import TfidfClassifier
from genemine.evaluate.ranking import RankingReport
from genemine.evaluate.relations import evaluate_relations
from genemine.records import PairExample

TRAIN = [
    PairExample(tuple(f"@GENE$ {verb} @DISEASE$ {rest}".split()))
    for verb in ("causes", "near")
    for rest in ("here", "there", "now")
]
LABELS = [1, 1, 1, 0, 0, 0]


class ByLength:
    """Calls a sentence longer than three tokens 1."""

    name, threshold = "by-length", 0.5

    def score(self, examples: Sequence[PairExample]) -> list[float]:
        return [1.0 if len(example.tokens) > 3 else 0.0 for example in examples]


def test_figures_of_classifier_and_baselines() -> None:
    examples = [PairExample(("@GENE$", "causes", "@DISEASE$", "often")), PairExample(("@GENE$", "near", "@DISEASE$"))]
    result = evaluate_relations(ByLength(), examples, [1, 0], (TRAIN, LABELS))
    perfect = RankingReport(2, 1, 0.5, precision=1, recall=1, f1=1, mcc=1, auprc=1, roc_auc=1, always_yes_f1=2 / 3)
    assert (result.name, result.model, result.calibration_error, result.logreg) == ("by-length", perfect, 0.0, perfect)
    assert evaluate_relations(ByLength(), examples, [1, 0]).logreg is None


def test_baseline_refuses_what_it_cannot_learn() -> None:
    with pytest.raises(RecordError, match="cannot be fitted on 3 training sentences"):
        TfidfClassifier(TRAIN[:3], [1, 1, 1])
    assert TfidfClassifier(TRAIN, LABELS).score([]) == []
