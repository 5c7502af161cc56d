"""Train the models: word vectors from unlabelled texts, the tagger, the pair classifier."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from genemine.config import TrainSettings
from genemine.errors import ConfigError, SourceError
from genemine.models.quiet import load_backend
from genemine.pipeline.reports import StageProgress, silent
from genemine.records import StepReport

log = logging.getLogger(__name__)

MODELS = ("tagger", "relations", "all")
VECTORS = "vectors.npz"


def train(
    model: str, data: Path, out: Path, settings: TrainSettings, *, vectors: Path | None = None, progress: StageProgress = silent
) -> list[StepReport]:
    """Train one model or all; a stopped training goes on from its last checkpoint.

    Args:
        model: "tagger", "relations", or "all": word vectors from the unlabelled texts first, then both.
        data: the folder of corpora, laid out as docs/training.md tells; for the tagger also one labelled file.
        out: the folder of bundles; each model gets a folder of its name in it.
        settings: seed, epochs and the like.
        vectors: word vectors of an earlier training; None takes those of the shipped bundle, or makes them for "all".
        progress: told of each step of training.

    Raises:
        ConfigError: there is no such model.
        SourceError, RecordError: a corpus is missing or broken, or one of its test sentences would be trained on.
        StorageError: the bundles cannot be written.
    """
    if model not in MODELS:
        raise ConfigError(f"no model '{model}'; give one of {', '.join(MODELS)}")
    if not data.is_dir() and not (model == "tagger" and data.is_file()):
        raise SourceError(f"{data}: no such corpus; docs/training.md tells what has to be in it")
    read = _read_own(data, settings) if model == "tagger" else ()  # first: a fault in the data is told before TensorFlow loads
    load_backend()
    reports = [StepReport("corpus", notes=read)] if read else []
    if model == "all":
        vectors = out / f".{VECTORS}"
        if not vectors.exists():  # a stopped training goes on with the vectors that it had
            reports.append(_train_vectors(data, vectors, _as(progress, "vectors")))
    if model in ("tagger", "all"):
        reports.append(_train_tagger(data, out / "tagger", settings, vectors, _as(progress, "tagger")))
    if model in ("relations", "all"):
        reports.append(_train_relations(data, out / "relations", settings, vectors, _as(progress, "relations")))
    if model == "all" and vectors is not None:
        vectors.unlink(missing_ok=True)
    return reports


def _as(progress: StageProgress, stage: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(stage, done, total)


def _train_vectors(data: Path, out: Path, progress: Callable[[int, int], None]) -> StepReport:
    from genemine.models.unlabelled import write_texts
    from genemine.models.vectors import build_vectors

    started = time.monotonic()
    texts = out.with_suffix(".txt")
    write_texts(data, texts)
    counts = build_vectors(texts, out, progress=progress)
    texts.unlink()
    return StepReport("vectors", counts, time.monotonic() - started, tuple(f"{n} {name}" for name, n in counts.items()))


def _read_own(data: Path, settings: TrainSettings) -> tuple[str, ...]:
    """Say what a user's own corpus holds; nothing for the public ones."""
    from genemine.models.corpus_files import own_parts
    from genemine.models.own_corpus import own_notes

    return own_notes(data, settings.seed) if own_parts(data) else ()


def _train_tagger(
    data: Path, out: Path, settings: TrainSettings, vectors: Path | None, progress: Callable[[int, int], None]
) -> StepReport:
    from genemine.models.tagger_training import train_tagger

    started = time.monotonic()
    report = train_tagger(data, out, settings, vectors, progress)
    scores = [
        f"{part} {name}: precision {s.precision:.4f}, recall {s.recall:.4f}, F1 {s.f1:.4f}"
        for part, found in (("devel", report.devel), ("test", report.test))
        for name, s in found.items()
        if s.tp + s.fn  # one's own corpus may come without a test part
    ]
    notes = (f"bundle in {out}", f"best epoch {report.fit.best_epoch}", *scores)
    return StepReport("tagger", {"sentences": report.n_examples}, time.monotonic() - started, notes)


def _train_relations(
    data: Path, out: Path, settings: TrainSettings, vectors: Path | None, progress: Callable[[int, int], None]
) -> StepReport:
    from genemine.models.relation_bundle import train_relations

    started = time.monotonic()
    report = train_relations(data, out, settings, vectors, progress)
    return StepReport(
        "relations", {"sentences": report.n_sentences}, time.monotonic() - started, (f"bundle in {out}", *report.lines())
    )
