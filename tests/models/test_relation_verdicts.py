"""Verdicts as training sentences: never one that is tested on, and an honest figure of what they bring."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from genemine.errors import RecordError
from genemine.models.relation_data import read_pair_data
from genemine.models.relation_verdicts import JudgedSentence, gain, not_held_out, too_few
from genemine.records import PairExample
from genemine.sources.pair_corpus import LabelledSentence

TESTED = "In a cohort of many patients we saw that @GENE$ variants were linked to @DISEASE$ in one half of families"


def judged(number: int, label: int, pmid: str = "") -> JudgedSentence:
    said = "causes" if label else "stands beside"
    return JudgedSentence(pmid or str(number), f"BRCA1 {said} gout {number}.", f"@GENE$ {said} @DISEASE$ {number} .", label)


class Fake:
    """Knows the words of the verdicts that it was given, and gives half to what it does not know."""

    name, threshold = "fake", 0.5

    def __init__(self, learnt: Sequence[JudgedSentence]) -> None:
        self.learnt = learnt
        self.known = {word: one.label for one in learnt for word in one.marked.split()[1:2]}

    def score(self, examples: Sequence[PairExample]) -> list[float]:
        return [0.1 + 0.8 * self.known[word] if (word := example.tokens[1]) in self.known else 0.5 for example in examples]


def test_a_sentence_that_is_tested_on_is_left_out_also_in_part_or_with_another_pair_marked() -> None:
    plain = TESTED.replace("@GENE$", "BRCA1").replace("@DISEASE$", "gout")
    same = JudgedSentence("1", plain, TESTED, 1)
    part = JudgedSentence("2", "Also, in a cohort of many patients we saw that TP53 was silent in gout.", "@GENE$ @DISEASE$", 0)
    assert not_held_out([same, judged(3, 1), part], [LabelledSentence(TESTED, 1)]) == [judged(3, 1)]


def test_verdicts_join_the_training_part_alone(tmp_path: Path) -> None:
    lines = [f"Patient {n} of @GENE$ had @DISEASE$ .\t{n % 2}" for n in range(20)]
    (tmp_path / "train.tsv").write_text("\n".join(lines))
    (tmp_path / "test.tsv").write_text(f"{TESTED}\t1\n")
    hidden = JudgedSentence("9", TESTED.replace("@GENE$", "X").replace("@DISEASE$", "Y"), TESTED, 0)
    data = read_pair_data(tmp_path, 1, [judged(1, 1), hidden])
    assert data.judged == (judged(1, 1),)
    assert data.with_verdicts(data.judged) == [*data.train, LabelledSentence("@GENE$ causes @DISEASE$ 1 .", 1)]
    with pytest.raises(RecordError, match="1 held-out sentences also stand in the training part"):
        data.with_verdicts([hidden])


def test_what_verdicts_bring_is_measured_on_articles_not_learnt_from() -> None:
    verdicts = [judged(n, n % 2, pmid=str(n // 2)) for n in range(60)]
    fitted: list[Fake] = []

    def fit(some: Sequence[JudgedSentence]) -> Fake:
        fitted.append(Fake(some))
        return fitted[-1]

    found = gain(verdicts, fit, seed=1)
    assert [len(one.learnt) for one in fitted] == [0, 40, 40, 40]
    left_out = [{one.pmid for one in verdicts} - {one.pmid for one in fake.learnt} for fake in fitted[1:]]
    assert set.union(*left_out) == {one.pmid for one in verdicts}
    assert sum(map(len, left_out)) == 30, "each article in one fold"
    assert (found.n, found.n_positive, found.auprc, found.loss[0]) == (60, 30, (0.5, 1.0), pytest.approx(0.693, abs=1e-3))
    assert found.interval[0] > 0.3
    assert "AUPRC 0.500 before, 1.000 after" in found.line()
    assert "more than chance" in found.line()
    none = gain(verdicts, lambda _: Fake(()), seed=1)
    assert (none.auprc, none.interval) == ((0.5, 0.5), (0.0, 0.0))
    assert "may be chance" in none.line()


def test_few_verdicts_give_no_figure() -> None:
    assert too_few([judged(n, n % 2) for n in range(30)]) == ""
    assert too_few([judged(n, int(n > 3)) for n in range(40)]) == (
        "held-out verdicts: 40, 36 of them accepted, are too few to tell before from after; 30 with 5 of each label are needed"
    )
    assert too_few([judged(n, n % 2, pmid="1") for n in range(30)])
