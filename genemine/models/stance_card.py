"""What training the stance tells its readers: figures beside those of the cue words, and the model card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from genemine.evaluate.calibration import expected_calibration_error
from genemine.evaluate.ranking import average_precision, count
from genemine.models.stance import NAME, OUTPUTS
from genemine.models.stance_data import EUADR, READ, StanceRow
from genemine.relate.cues import stance
from genemine.relate.learnt_stance import CERTAIN

ABOUT = """Reads a sentence with one gene and one disease marked; gives the chance that it denies the association and the chance
that it only supposes it. The cues are those of resources/cues; the weights tell which of them speak of the pair: by the word, by
where it stands, by what stands between, and by whether the rules of relate/cues.py count it. A sentence has the chance of its
likeliest cue.

## Data

"""
LIMITS = """## Limits

- One reader labelled the sentences, who also keeps the cue lists, and the cues were mended on the sentences that are learnt from,
  not on those tested with. So the cues' figures in cross-validation flatter; the test part tells what both reach on other texts.
- At a chance of 0.5 it calls what the cue words call, nearly to the sentence. What is learnt is the order: which calls to doubt.
- The sentences were drawn among those with a word that can deny or suppose. Others are nearly always neither; `floor` is their
  chance.
- EU-ADR calls some sentences with "suggests that" speculative and many with "may" positive; that is not learnt from 30 rows.
- A word that is in no cue list is not seen.

## Licences

EU-ADR: Open Database License 1.0 / Database Contents License. GAD and BioRED as distributed state none. The bundle holds weights of
words, none of their sentences.
"""


@dataclass(frozen=True)
class StanceFigures:
    """Figures of one output on some rows; ``cues_...`` those of the cue words."""

    n: int
    positive: int
    precision: float
    recall: float
    f1: float
    auprc: float
    calibration_error: float
    cues_precision: float
    cues_recall: float
    cues_f1: float
    cues_auprc: float


@dataclass(frozen=True)
class StanceReport:
    """What was learnt from, and figures by part and output ("read denied")."""

    files: Mapping[str, str]
    crossed: Mapping[str, StanceFigures]
    held_out: Mapping[str, StanceFigures]
    n_rows: int
    n_weights: int

    def lines(self) -> tuple[str, ...]:
        """Tell the outcome in a line for each measured part."""
        parts = [("cross-validated", self.crossed), ("test", self.held_out)]
        return tuple(
            f"{how}, {name}: F1 {f.f1:.3f} (cue words {f.cues_f1:.3f}), AUPRC {f.auprc:.3f} ({f.cues_auprc:.3f}), "
            f"{f.positive} of {f.n}"
            for how, part in parts
            for name, f in part.items()
        )

    def record(self) -> dict[str, Any]:
        """Give what the bundle's config.json says about training."""
        parts = {"cross_validated": self.crossed, "test": self.held_out}
        return {
            "files": dict(self.files),
            "sentences": self.n_rows,
            **{how: {name: asdict(f) for name, f in part.items()} for how, part in parts.items()},
        }


def measured(rows: Sequence[StanceRow], chances: np.ndarray) -> dict[str, StanceFigures]:
    """Measure chances (n, 2) and the cue words on the rows of each corpus; parts without a positive row are left out."""
    said = [stance(row.example) for row in rows]
    called = np.asarray([(one.negated, one.speculative) for one in said], bool)
    labels = np.asarray([(row.denied, row.supposed) for row in rows], bool)
    corpora = np.asarray([row.corpus for row in rows])
    found = {}
    for corpus in (READ, EUADR):
        for number, output in enumerate(OUTPUTS):
            own = corpora == corpus
            if labels[own, number].any():
                found[f"{corpus} {output}"] = figures(labels[own, number], chances[own, number], called[own, number])
    return found


def figures(labels: np.ndarray, chances: np.ndarray, called: np.ndarray) -> StanceFigures:
    """Measure one output: labels, chances and the calls of the cue words, each (n,)."""
    learnt, cues, y = count(labels, chances >= CERTAIN), count(labels, called), labels.astype(int)
    return StanceFigures(
        n=len(y),
        positive=int(y.sum()),
        precision=learnt.precision,
        recall=learnt.recall,
        f1=learnt.f1,
        auprc=average_precision(y, chances),
        calibration_error=expected_calibration_error(chances, y),
        cues_precision=cues.precision,
        cues_recall=cues.recall,
        cues_f1=cues.f1,
        cues_auprc=average_precision(y, called.astype(float)),
    )


def stance_card(report: StanceReport) -> str:
    """Write the model card: data, recipe, figures, limits."""
    lines = [
        f"# Stance: {NAME}",
        "",
        ABOUT + "| file | sha256 |",
        "| --- | --- |",
        *(f"| {name} | {digest} |" for name, digest in report.files.items()),
        "",
        f"{report.n_rows} sentences learnt from: GAD and BioRED read by eye (resources/stance), EU-ADR's table. Left out:",
        "GAD's dev and test part, BioRED Dev, EU-ADR's first test fold, and sentences that share six words in a row with a read",
        "test sentence.",
        "",
        "## Recipe",
        "",
        f"Logistic regression over the cues of the sentences (C 0.3), {report.n_weights} weights; calibrated (Platt) on ten folds",
        "of those read by eye, the sentences of an article, or those that share words, kept together. No chance is involved.",
        "",
        "## Figures",
        "",
        "From a chance of 0.5 on a sentence is called. Beside each figure that of the cue words alone, which give 1 or 0.",
        "",
        "| rows | n | positive | P | R | F1 | cues F1 | AUPRC | cues AUPRC | calibration error |",
        "| --- |" + " --- |" * 9,
        *_rows("ten folds", report.crossed),
        *_rows("test", report.held_out),
        "",
        "`python -m benchmarks.relation_stance` has the spread over the folds.",
        "",
        LIMITS,
    ]
    return "\n".join(lines)


def _rows(how: str, part: Mapping[str, StanceFigures]) -> list[str]:
    return [
        f"| {how}: {name} | {f.n} | {f.positive} | {f.precision:.3f} | {f.recall:.3f} | {f.f1:.3f} | {f.cues_f1:.3f} "
        f"| {f.auprc:.3f} | {f.cues_auprc:.3f} | {f.calibration_error:.3f} |"
        for name, f in part.items()
    ]
