"""Train the models: word vectors from unlabelled texts, the tagger, the pair classifier, the stance, the linker."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING

from genemine.config import TrainSettings
from genemine.errors import ConfigError, SourceError, StorageError
from genemine.link.build import build
from genemine.link.lexicon import load_lexicon
from genemine.models.quiet import load_backend
from genemine.pipeline.reports import StageProgress, silent
from genemine.records import StepReport

if TYPE_CHECKING:
    from genemine.models.relation_card import RelationReport
    from genemine.models.relation_verdicts import JudgedSentence

log = logging.getLogger(__name__)

MODELS = ("tagger", "relations", "stance", "linker", "all")


def train(
    model: str,
    data: Path,
    out: Path,
    settings: TrainSettings,
    *,
    vectors: Path | None = None,
    lexicon: str = "",
    accurate: bool = False,
    verdicts: Path | None = None,
    folds: int = 0,
    progress: StageProgress = silent,
) -> list[StepReport]:
    """Train one model or all; a stopped training goes on from its last checkpoint.

    Args:
        model: "tagger", "relations", "stance", "linker", or "all". On the public corpora the tagger is made by its whole recipe,
            word vectors first; on one's own it is one training.
        data: the folder of corpora, laid out as docs/training.md tells; for the tagger also one labelled file.
        out: the folder of bundles; each model gets a folder of its name in it.
        settings: seed; for one's own corpus and the pair classifier also epochs and the like.
        vectors: word vectors of an earlier training, for one's own corpus or the pair classifier; None takes those of the shipped
            bundle, or those that the recipe made.
        lexicon: the folder of the lexicon that the linker learns with; "" makes one of the vocabularies in ``data``/vocab.
        accurate: the pair classifier becomes a committee, slower and better (:mod:`genemine.models.relation_committee`).
        verdicts: a file of curators' verdicts, which join the training sentences of the model "relations"; None for none.
        folds: by which it is measured what they bring; 0 measures nothing.
        progress: told of each step of training.

    Raises:
        VocabularyError: the lexicon, or a vocabulary that it would be made of, is missing or damaged.
        ConfigError: there is no such model.
        SourceError, RecordError: a corpus is missing or broken, or one of its test sentences would be trained on.
        StorageError: the bundles cannot be written.
    """
    if model not in MODELS:
        raise ConfigError(f"no model '{model}'; give one of {', '.join(MODELS)}")
    if not data.is_dir() and not (model == "tagger" and data.is_file()):
        raise SourceError(f"{data}: no such corpus; docs/training.md tells what has to be in it")
    if model == "tagger" and data.is_dir():
        _check_folder(data)
    if model in ("linker", "all") and not lexicon and not (data / "vocab").is_dir():
        raise SourceError(
            f"{data / 'vocab'}: no folder of vocabularies; name a lexicon with --lexicon (`genemine vocab build` makes it)"
        )
    lessons = _lessons(verdicts) if verdicts and model == "relations" else None
    read = _read_own(data, settings) if model == "tagger" else ()  # first: a fault in the data is told before TensorFlow loads
    _check_out(out)
    if model not in ("linker", "stance"):
        load_backend()
    reports = [StepReport("corpus", notes=read)] if read else []
    if model == "tagger" and read:
        reports.append(_train_tagger(data, out / "tagger", settings, vectors, _as(progress, "tagger")))
    elif model in ("tagger", "all"):
        report, made = _make_tagger(data, out / "tagger", settings, progress)
        reports.append(report)
        vectors = vectors or made
    if model in ("relations", "all"):
        reports.append(
            _train_relations(data, out / "relations", settings, vectors, lessons, folds, accurate, _as(progress, "relations"))
        )
    if model in ("stance", "all"):
        reports.append(_train_stance(data, out / "stance", _as(progress, "stance")))
    if model in ("linker", "all"):
        reports.append(_train_linker(data, out / "linker", lexicon, _as(progress, "linker")))
    return reports


def _check_folder(data: Path) -> None:
    """Stop at a folder that holds neither a user's own corpus nor any of the public ones."""
    from genemine.models.corpus_files import CORPORA, OWN_NAMES, own_parts

    if own_parts(data) or any((data / corpus.folder).is_dir() for corpus in CORPORA):
        return
    held = ", ".join(sorted(path.name for path in data.iterdir())[:5]) or "nothing"
    raise SourceError(f"{data}: no corpus in it (there is {held}); name the file to learn from {OWN_NAMES}")


def _check_out(out: Path) -> None:
    """Make the folder of bundles, so that hours of training do not end with a folder that cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise StorageError(
            f"{out}: bundles cannot be written there ({error.strerror}); choose another folder with --out"
        ) from error


def _as(progress: StageProgress, stage: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(stage, done, total)


def _make_tagger(data: Path, out: Path, settings: TrainSettings, progress: StageProgress) -> tuple[StepReport, Path]:
    """Make the tagger of the public corpora by its recipe; gives its word vectors too."""
    from genemine.models.recipe import Recipe
    from genemine.models.recipe_tagger import make_tagger

    started = time.monotonic()
    made = make_tagger(data, out, Recipe(seed=settings.seed), progress)
    scores = [f"test {name}: F1 {s.f1:.4f}" for name, s in made.test.items() if s.tp + s.fn]
    notes = (f"bundle in {out}; {made.vectors.parent} may be deleted", *scores)
    return StepReport("tagger", {"sentences": made.n_examples}, time.monotonic() - started, notes), made.vectors


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
        for part, found in (("devel before this training", report.before), ("devel", report.devel), ("test", report.test))
        for name, s in found.items()
        if s.tp + s.fn  # one's own corpus may come without a test part
    ]
    notes = (f"bundle in {out}", f"best epoch {report.fit.best_epoch}", *scores, *report.warnings())
    return StepReport("tagger", {"sentences": report.n_examples}, time.monotonic() - started, notes)


@dataclass(frozen=True)
class _Lessons:
    """What curators' verdicts teach, and a line on those that teach nothing."""

    judged: list[JudgedSentence]
    notes: tuple[str, ...]


def _lessons(path: Path) -> _Lessons:
    from genemine.pipeline.verdicts import read_lessons

    if not path.is_file():
        raise SourceError(f"{path}: no file of verdicts; `genemine review` makes it, or leave --verdicts away")
    judged, left_out = read_lessons(path)
    others = ", ".join(f"{n} {why}" for why, n in left_out.items())
    return _Lessons(judged, (f"verdicts that teach neither yes nor no: {others}",) if others else ())


def _train_relations(
    data: Path,
    out: Path,
    settings: TrainSettings,
    vectors: Path | None,
    lessons: _Lessons | None,
    folds: int,
    accurate: bool,
    progress: Callable[[int, int], None],
) -> StepReport:
    from genemine.models.relation_bundle import train_relations
    from genemine.models.relation_committee_bundle import CommitteeReport, train_accurate

    started = time.monotonic()
    judged, notes = (lessons.judged, lessons.notes) if lessons else ([], ())
    report: RelationReport | CommitteeReport = (
        train_accurate(data, out, settings, progress, judged=judged)
        if accurate
        else train_relations(data, out, settings, vectors, progress, judged=judged, folds=folds)
    )
    told = (f"bundle in {out}", *report.lines(), *notes)
    return StepReport("relations", {"sentences": report.n_sentences}, time.monotonic() - started, told)


def _train_stance(data: Path, out: Path, progress: Callable[[int, int], None]) -> StepReport:
    from genemine.models.stance_training import train_stance

    started = time.monotonic()
    report = train_stance(data, out, progress)
    return StepReport("stance", {"sentences": report.n_rows}, time.monotonic() - started, (f"bundle in {out}", *report.lines()))


def _train_linker(data: Path, out: Path, lexicon: str, progress: Callable[[int, int], None]) -> StepReport:
    from genemine.models.linker_training import train_linker

    started = time.monotonic()
    with TemporaryDirectory() as folder:
        if not lexicon:
            build(data / "vocab", Path(folder))
        report = train_linker(data, out, load_lexicon(lexicon or folder), progress)
    return StepReport(
        "linker", {"articles": sum(report.documents.values())}, time.monotonic() - started, (f"bundle in {out}", *report.lines())
    )
