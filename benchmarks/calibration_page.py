"""docs/calibration.md and its diagram, made by ``benchmarks.relation_calibration``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import ROOT
from genemine.evaluate.calibration import ReliabilityBin, expected_calibration_error, least_error, log_loss, reliability

PAGE, DIAGRAM = ROOT / "docs" / "calibration.md", ROOT / "docs" / "reliability.svg"
SURE = 1.96  # standard errors of a 95 % interval
FOR = {
    "high_precision": "few wrong rows: lists that go on without a reader",
    "balanced": "the setting as it comes: a list that somebody reads",
    "high_recall": "few missed: a search for anything there may be",
}


@dataclass(frozen=True)
class Kind:
    """Chances of one kind, float64 (n,), and what was true, int64 (n,)."""

    name: str
    chances: np.ndarray
    labels: np.ndarray

    @cached_property
    def error(self) -> float:
        """Expected calibration error."""
        return expected_calibration_error(self.chances, self.labels)

    @cached_property
    def reliability(self) -> list[ReliabilityBin]:
        """The bins that hold anything."""
        return reliability(self.chances, self.labels)

    def bins(self) -> str:
        """Tell the bins as lines of text."""
        lines = [f"{self.name}: {len(self.labels):,}, calibration error {self.error:.4f}", "  chance       n promised    true"]
        rows = (f"{b.low:.2f}-{b.high:.2f} {b.n:>5} {b.mean_score:>8.3f} {b.share_right:>7.3f}" for b in self.reliability)
        return "\n".join([*lines, *rows])


@dataclass(frozen=True)
class Called:
    """What a threshold calls: so many associations, so many of them true, of so many true ones that a sentence names."""

    use: str
    threshold: float
    n: int
    n_right: int
    n_true: int


def write_page(folds: Mapping[str, Kind], devel: Mapping[str, Kind], called: Sequence[Called]) -> None:
    """Write page and diagram."""
    draw([folds[name] for name in ("sentences_ece", "article_pairs_ece", "ece")], DIAGRAM)
    parts = [
        "# Do the chances keep what they promise?",
        "Made by `python -m benchmarks.relation_calibration`, whose description says what was fitted on what: five folds of the "
        "articles of\nBioRED Train, with no number of a fold fitted on that fold. True is a pair that BioRED's curators relate.",
        f"![reliability diagram]({DIAGRAM.name})",
        "Each dot is a bin of chances: what was promised, and the share that was true with its 95 % interval (Wilson). The bars "
        "below tell\nwhere the pairs lie. On the diagonal a promise is kept.",
        _errors(folds, devel),
        "Least is the calibration error that would be left on average if each promise were exact, since few pairs lie in a bin:\n"
        "an error near it cannot be told from none. By best sentence: were an article to count with the score of its best "
        "sentence,\nwithout what was learnt of articles ([associations.md](associations.md)).",
        "## Thresholds per use",
        _thresholds(called),
        "`relate.use` names one. Thresholds are the committed bundle's, counts those of the five folds. Right is the share of the\n"
        "associations that are true; found is the share of the true pairs with a common sentence that become associations.",
    ]
    PAGE.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _errors(folds: Mapping[str, Kind], devel: Mapping[str, Kind]) -> str:
    head = ["| chances of | on | n | calibration error | least | log-loss |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    rows = [(kind, "five folds") for kind in folds.values()] + [(kind, "development part") for kind in devel.values()]
    return "\n".join(
        head
        + [
            f"| {kind.name} | {on} | {len(kind.labels):,} | {kind.error:.3f} | {least_error(kind.chances):.3f} "
            f"| {log_loss(kind.chances, kind.labels):.3f} |"
            for kind, on in rows
        ]
    )


def _thresholds(called: Sequence[Called]) -> str:
    head = ["| use | for | a sentence supports from | associations | right | found |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    return "\n".join(
        head
        + [
            f"| `{c.use}` | {FOR[c.use]} | {c.threshold:.3f} | {c.n:,} | {c.n_right / max(c.n, 1):.3f} "
            f"| {c.n_right / max(c.n_true, 1):.3f} |"
            for c in sorted(called, key=lambda c: -c.threshold)
        ]
    )


def interval(n_right: float, n: int) -> tuple[float, float]:
    """Give the 95 % interval of a share. Source: Wilson (1927), JASA 22:209-212."""
    share, z = n_right / n, SURE
    middle, reach = share + z * z / (2 * n), z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return float((middle - reach) / (1 + z * z / n)), float((middle + reach) / (1 + z * z / n))


def draw(kinds: Sequence[Kind], path: Path) -> None:
    """Draw a reliability diagram for each kind, side by side; the same numbers give the same bytes."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    settings = {"svg.hashsalt": "reliability", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10}
    with mpl.rc_context(settings):
        figure, axes = plt.subplots(
            2, len(kinds), figsize=(3.4 * len(kinds), 4.4), height_ratios=(4, 1), sharex=True, squeeze=False, layout="constrained"
        )
        for column, kind in enumerate(kinds):
            _panel(axes[0][column], axes[1][column], kind)
        axes[0][0].set_ylabel("true share")
        axes[1][0].set_ylabel("pairs")
        figure.savefig(path, format="svg", metadata={"Date": None})
        plt.close(figure)


def _panel(dots: Any, bars: Any, kind: Kind) -> None:
    found = kind.reliability
    promised, true = [b.mean_score for b in found], [b.share_right for b in found]
    ends = [interval(b.share_right * b.n, b.n) for b in found]
    lows = [max(0.0, share - low) for share, (low, _) in zip(true, ends, strict=True)]
    highs = [max(0.0, high - share) for share, (_, high) in zip(true, ends, strict=True)]
    dots.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle="--")
    dots.errorbar(promised, true, yerr=(lows, highs), fmt="o", color="#1f5a96", markersize=5, elinewidth=1)
    dots.set(xlim=(0, 1), ylim=(0, 1), title=f"{kind.name}\n{len(kind.labels):,}, error {kind.error:.3f}")
    bars.bar([b.low for b in found], [b.n for b in found], found[0].high - found[0].low, align="edge", color="#9db8d2")
    bars.set(xlabel="promised chance")
