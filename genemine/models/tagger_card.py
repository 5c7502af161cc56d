"""What training tells its readers: the report, the record in the bundle's config, the model card."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from genemine.config import TrainSettings
from genemine.evaluate.spans import SpanScores
from genemine.models.training import Fit


@dataclass(frozen=True)
class TaggerReport:
    """What training the tagger gave: devel scores by "corpus/output", temperature and calibration error by output.

    ``n_dropped`` training sentences were left out because a test file holds them too; ``files`` are sha256 by path.
    """

    fit: Fit
    devel: dict[str, SpanScores]
    temperature: dict[str, float]
    calibration_error: dict[str, float]
    n_examples: int
    n_dropped: int
    refit: bool
    files: dict[str, str] = field(default_factory=dict)


def training_record(report: TaggerReport, settings: TrainSettings) -> dict[str, Any]:
    """Give what the bundle's config.json says about training."""
    return {
        "settings": asdict(settings),
        "files": report.files,
        "examples": report.n_examples,
        "dropped_as_test_sentences": report.n_dropped,
        "epochs": report.fit.best_epoch,
        "learnt_from": "train and devel" if report.refit else "train",
        "devel": {name: round(score.f1, 4) for name, score in report.devel.items()},
        "calibration_error": report.calibration_error,
    }


def short_card(report: TaggerReport, settings: TrainSettings) -> str:
    """Write a model card from what training knows: data, recipe, devel figures, calibration."""
    lines = [
        "# Tagger: genes and diseases",
        "",
        "Word vectors (frozen) + character CNN, BiLSTM, one CRF an output; scores are calibrated on devel data.",
        "",
        "## Data",
        "",
        "| file | sha256 |",
        "| --- | --- |",
        *(f"| {path} | {digest} |" for path, digest in report.files.items()),
        "",
        f"{report.n_examples} sentences; {report.n_dropped} left out because a test file holds them too.",
        "",
        "## Recipe",
        "",
        f"Seed {settings.seed}, batch {settings.batch_size}, learning rate {settings.learning_rate}; "
        f"{report.fit.best_epoch} epochs, chosen on devel (mean F1); learnt from {'train and devel' if report.refit else 'train'}.",
        "",
        "## Devel figures (network trained on train alone; strict)",
        "",
        "| corpus/output | P | R | F1 | gold |",
        "| --- | --- | --- | --- | --- |",
        *(f"| {name} | {s.precision:.4f} | {s.recall:.4f} | {s.f1:.4f} | {s.tp + s.fn} |" for name, s in report.devel.items()),
        "",
        "## Calibration (devel)",
        "",
        "| output | temperature | expected calibration error |",
        "| --- | --- | --- |",
        *(f"| {name} | {t:.3f} | {report.calibration_error.get(name, 0.0):.4f} |" for name, t in report.temperature.items()),
    ]
    return "\n".join(lines) + "\n"
