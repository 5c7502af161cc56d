"""Learn how sentences deny and suppose: logistic regression over cues, cross-validated by article or sentence.

A cue of a sentence that denies is an example for denial, whatever the sentence says by its other cues: the labels are of sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from genemine.evaluate.calibration import fit_platt, platt_scaled
from genemine.models.corpora import file_sha256
from genemine.models.stance import NAME, save_stance
from genemine.models.stance_card import StanceReport, measured, stance_card
from genemine.models.stance_data import BIORED_FILES, EUADR_FILE, GAD_FILES, LEARN, READ, TEST, StanceRow, read_stances
from genemine.relate.cue_features import Features, candidates
from genemine.relate.cues import load_cues, read
from genemine.relate.learnt_stance import CueWeights, LearntStance
from genemine.resources import stance_labels

FOLDS = 10
STRENGTH = 0.3  # C of the logistic regression; 0.1 and 1 gave the same to a point of F1
_SMALLEST = 1e-4  # weights below are left out


@dataclass(frozen=True)
class Learner:
    """The rows with the features of their cues: ``denials`` and ``doubts`` have a tuple for each row, empty without a cue."""

    rows: Sequence[StanceRow]
    denials: list[tuple[Features, ...]]
    doubts: list[tuple[Features, ...]]

    def learn(self, at: np.ndarray) -> LearntStance:
        """Learn from the rows of these numbers, uncalibrated."""
        labels = np.asarray([[row.denied, row.supposed] for row in self.rows], bool)
        return LearntStance(NAME, _fit(self.denials, labels[:, 0], at), _fit(self.doubts, labels[:, 1], at))

    def chances(self, learnt: LearntStance, at: np.ndarray) -> np.ndarray:
        """Give the chances of denial and supposition of these rows, float64 (n, 2)."""
        parts = ((learnt.denial, self.denials), (learnt.doubt, self.doubts))
        return np.asarray([[max([m.floor, *map(m.chance, cues[n])]) for m, cues in parts] for n in at])


def learner(rows: Sequence[StanceRow]) -> Learner:
    """Describe the cues of all rows."""
    cues = load_cues()
    found = [reading and candidates(reading) for reading in (read(row.example, cues) for row in rows)]
    return Learner(
        rows,
        [tuple(features for _, features in one.denials) if one else () for one in found],
        [tuple(features for _, features in one.doubts) if one else () for one in found],
    )


def folds(rows: Sequence[StanceRow], n_folds: int = FOLDS) -> list[tuple[np.ndarray, np.ndarray]]:
    """Part rows into folds (numbers to learn from, numbers to measure on); the rows of a group stay together."""
    from sklearn.model_selection import GroupKFold

    return list(GroupKFold(n_folds).split(np.zeros(len(rows)), groups=[row.group for row in rows]))


def left_out(found: Learner, n_folds: int = FOLDS) -> np.ndarray:
    """Give each row the chances of a training that had not seen its group, uncalibrated, float64 (n, 2)."""
    result = np.zeros((len(found.rows), 2))
    for learnt_from, rest in folds(found.rows, n_folds):
        result[rest] = found.chances(found.learn(learnt_from), rest)
    return result


def learn_stance(rows: Sequence[StanceRow]) -> tuple[LearntStance, np.ndarray]:
    """Learn from rows; gives the calibrated model and the calibrated chances of the rows when left out, float64 (n, 2)."""
    found = learner(rows)
    chances, learnt = left_out(found), found.learn(np.arange(len(rows)))
    is_read = np.asarray([row.corpus == READ for row in rows])  # EU-ADR means something else by "speculative"
    labels = np.asarray([[row.denied, row.supposed] for row in rows], bool)
    denial, denied = _calibrated(learnt.denial, chances[:, 0], labels[:, 0], found.denials, is_read)
    doubt, supposed = _calibrated(learnt.doubt, chances[:, 1], labels[:, 1], found.doubts, is_read)
    return LearntStance(NAME, denial, doubt), np.stack([denied, supposed], axis=1)


def train_stance(data: Path, out: Path, progress: Callable[[int, int], None]) -> StanceReport:
    """Learn from the rows that may be learnt from, measure on the others, and write the bundle to ``out``.

    Args:
        data: the folder of corpora.
        out: the bundle; an older one is replaced.
        progress: called with (steps done, steps in all).

    Raises:
        SourceError, RecordError: a corpus is missing or broken.
        StorageError: ``out`` cannot be written.
    """
    progress(0, 3)
    relations = data / "relations"
    rows = read_stances(relations)
    learnt_from, tested = ([row for row in rows if row.part == part] for part in (LEARN, TEST))
    progress(1, 3)
    learnt, chances = learn_stance(learnt_from)
    progress(2, 3)
    on_test = np.asarray([(said.denied, said.speculated) for said in (learnt(row.example) for row in tested)])
    paths = {name: relations / name for name in (*GAD_FILES, *BIORED_FILES, EUADR_FILE)} | {"labels.tsv": stance_labels()}
    report = StanceReport(
        files={name: file_sha256(path) for name, path in paths.items()},
        crossed=measured(learnt_from, chances),
        held_out=measured(tested, on_test),
        n_rows=len(learnt_from),
        n_weights=len(learnt.denial.weights) + len(learnt.doubt.weights),
    )
    save_stance(out, learnt, about=report.record(), card=stance_card(report))
    progress(3, 3)
    return report


def _fit(cues: Sequence[Sequence[Features]], labels: np.ndarray, at: np.ndarray) -> CueWeights:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    examples = [(features, labels[number]) for number in at for features in cues[number]]
    vectors = DictVectorizer()
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    model.fit(vectors.fit_transform([features for features, _ in examples]), [label for _, label in examples])
    pairs = zip(vectors.feature_names_, model.coef_[0].tolist(), strict=True)
    return CueWeights({name: weight for name, weight in pairs if abs(weight) > _SMALLEST}, float(model.intercept_[0]))


def _calibrated(
    part: CueWeights, chances: np.ndarray, labels: np.ndarray, cues: Sequence[Sequence[Features]], fitted: np.ndarray
) -> tuple[CueWeights, np.ndarray]:
    """Fit the calibration to chances left out, on the rows ``fitted``; gives all chances calibrated too, float64 (n,).

    The floor is the share of these rows without a cue that have the label.
    """
    has_cue = np.asarray([bool(one) for one in cues])
    slope, shift = fit_platt(chances[has_cue & fitted], labels[has_cue & fitted])
    without = labels[~has_cue & fitted]
    floor = float((without.sum() + 1) / (len(without) + 2))
    scaled = np.where(has_cue, np.maximum(floor, platt_scaled(chances, slope, shift)), floor)
    return replace(part, slope=slope, shift=shift, floor=floor), scaled
