"""What training tells its readers: the report, the record in the bundle's config, the model card made from that record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from genemine.config import TrainSettings
from genemine.evaluate.spans import SpanScores
from genemine.models.tagger_recipe_card import RECIPE, recipe_card
from genemine.models.training import Fit

USE = """## Use

Finds names of genes (with proteins and RNA, as BC2GM has it) and of diseases in sentences of English biomedical abstracts, cut by
`genemine.annotate.tokens`. A mention's score is the calibrated probability that this very span is right by its type's guideline.
The species of a gene is not told; which gene or disease is meant is told by the linker, not by the tagger.

## Limits

- Trained on corpora published from 2008 to 2016: newer names are read by their letters and context alone.
- Reads one sentence at a time; an abbreviation that an earlier sentence explains is unknown here.
- Symptoms and injuries are diseases for BC5CDR and less so for NCBI-disease; the one disease output lies between the two.
- Not for patient care: a tagged mention is a word in a text, no diagnosis.
- Word vectors were made by two workers at once and sums run in another order on another processor: `make models` gives a tagger of
  the same recipe, not the same bits.
"""
PUBLIC = """## Licence of the data

BC2GM, NCBI-disease and BC5CDR token files: CC BY 4.0 (github.com/cambridgeltl/MTL-Bioinformatics-2016). The unlabelled texts behind
the word vectors are under several terms (SumPubMed MIT with "non-commercial academic purpose" in its README, Hallmarks of Cancer
GPL-3, AnatEM CC BY-SA 3.0, others not stated); no text of theirs is in this bundle.
"""


@dataclass(frozen=True)
class TaggerReport:
    """What training the tagger gave; scores by "corpus/output", temperature and calibration error by output.

    ``devel`` is of the network trained on train alone; ``test`` of the finished bundle, empty where there are no test files.
    ``n_dropped`` training sentences were left out because a test file holds them too; ``files`` are sha256 by path; ``vectors``
    says where the word vectors came from, or which tagger ("begun") training began at; ``before`` is that tagger on devel;
    ``platt`` slope and shift of the log-odds after the temperature, by output; ``seen`` has for devel and test how many sentences
    the tagger that training began at has learnt from, and how many there are: the figures on such a part are too good.
    """

    fit: Fit
    devel: dict[str, SpanScores]
    temperature: dict[str, float]
    calibration_error: dict[str, float]
    n_examples: int
    n_dropped: int
    refit: bool
    files: dict[str, str] = field(default_factory=dict)
    test: dict[str, SpanScores] = field(default_factory=dict)
    test_calibration_error: dict[str, float] = field(default_factory=dict)
    vectors: dict[str, Any] = field(default_factory=dict)
    platt: dict[str, tuple[float, float]] = field(default_factory=dict)
    before: dict[str, SpanScores] = field(default_factory=dict)
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def warnings(self) -> tuple[str, ...]:
        """Say in a line a part whose figures are too good."""
        return tuple(
            f"{part}: {n} of its {total} sentences are among those that {self.vectors['begun']} has learnt from, so its {part} "
            f"figures are too good; measure on sentences that are in no public corpus"
            for part, (n, total) in self.seen.items()
            if n
        )


def training_record(report: TaggerReport, settings: TrainSettings, note: str = "") -> dict[str, Any]:
    """Give what the bundle's config.json says about training; ``note`` is what else a reader should know."""
    return {
        "settings": asdict(settings),
        "files": report.files,
        "vectors": report.vectors,
        "examples": report.n_examples,
        "dropped_as_test_sentences": report.n_dropped,
        "epochs": report.fit.best_epoch,
        "learnt_from": "train and devel" if report.refit else "train",
        **({"before": scores_record(report.before)} if report.before else {}),
        "devel": scores_record(report.devel),
        "test": scores_record(report.test),
        "temperature": report.temperature,
        **({"platt": {name: list(pair) for name, pair in report.platt.items()}} if report.platt else {}),
        "calibration_error": report.calibration_error,
        "test_calibration_error": report.test_calibration_error,
        "note": " ".join(filter(None, (note, *(f"{line[0].upper()}{line[1:]}." for line in report.warnings())))),
    }


def scores_record(scores: Mapping[str, SpanScores]) -> dict[str, dict[str, float]]:
    """Give counts and rounded figures of each score."""
    return {
        name: {**asdict(s), "precision": round(s.precision, 4), "recall": round(s.recall, 4), "f1": round(s.f1, 4)}
        for name, s in scores.items()
    }


def model_card(record: Mapping[str, Any]) -> str:
    """Write the model card from the training record: data, recipe, figures, calibration, use, limits."""
    if RECIPE in record:
        return recipe_card(record)
    settings = record["settings"]
    on_devel, on_test = record["calibration_error"], record["test_calibration_error"]
    begun = record["vectors"].get("begun")
    vectors = ", ".join(f"{name} {value}" for name, value in record["vectors"].items())
    lines = [
        "# Tagger: genes and diseases",
        "",
        "Frozen word vectors and a character CNN, one BiLSTM, one linear-chain CRF an output; a corpus teaches only the output of",
        "the type that it annotates.",
        "",
        "## Data",
        "",
        "| file | sha256 |",
        "| --- | --- |",
        *(f"| {path} | {digest} |" for path, digest in record["files"].items()),
        "",
        f"{record['examples']} sentences; {record['dropped_as_test_sentences']} more were left out: their letters are those of a "
        "test sentence.",
        f"Began with the weights, words and dictionary of {begun}." if begun else f"Word vectors: {vectors}.",
        "",
        "## Recipe",
        "",
        f"Seed {settings['seed']}, batches of {settings['batch_size']} sentences of like length, Adam, learning rate "
        f"{settings['learning_rate']} falling in a line over {settings['epochs']} epochs, weights averaged; "
        f"{record['epochs']} epochs, chosen by mean devel F1; learnt from {record['learnt_from']}.",
        *([record["note"]] if record["note"] else []),
        "",
        *_table(f"Devel figures of {begun} before this training (strict)", record.get("before", {})),
        *_table("Devel figures (strict; network trained on train alone)", record["devel"]),
        *_table("Test figures (strict; this bundle)", record["test"]),
        "## Calibration",
        "",
        "Temperatures were fitted on devel; expected calibration error over 15 bins of score, on devel and, by this bundle, on "
        "test.",
        "",
        "| output | temperature | devel | test |",
        "| --- | --- | --- | --- |",
        *(
            f"| {name} | {t:.3f} | {_figure(on_devel, name)} | {_figure(on_test, name)} |"
            for name, t in record["temperature"].items()
        ),
        "",
        *_platt(record.get("platt", {})),
        USE,
    ]
    if any(path.startswith("ner/") for path in record["files"]):
        lines.append(PUBLIC)
    return "\n".join(lines)


def _platt(pairs: Mapping[str, Sequence[float]]) -> list[str]:
    told = "; ".join(f"{name} {slope:.3f}, {shift:+.3f}" for name, (slope, shift) in pairs.items())
    return [f"Slope and shift of the log-odds of a score after that: {told}.", ""] if pairs else []


def _figure(errors: Mapping[str, float], name: str) -> str:
    return f"{errors[name]:.4f}" if name in errors else "-"


def _table(title: str, scores: Mapping[str, Mapping[str, float]]) -> list[str]:
    if not scores:
        return []
    rows = [
        f"| {name} | {s['precision']:.4f} | {s['recall']:.4f} | {s['f1']:.4f} | {int(s['tp'] + s['fn'])} |"
        for name, s in scores.items()
    ]
    return [f"## {title}", "", "| corpus/output | P | R | F1 | gold |", "| --- | --- | --- | --- | --- |", *rows, ""]
