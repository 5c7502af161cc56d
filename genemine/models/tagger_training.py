"""Train the tagger: choose the number of epochs and the temperature on devel, then learn from train and devel together."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from genemine.config import TrainSettings
from genemine.errors import SourceError
from genemine.models.corpora import (
    DEVEL,
    TEST,
    TRAIN,
    Corpus,
    Example,
    Output,
    corpora_in,
    file_sha256,
    path_below,
    read_tests,
    training_examples,
    training_paths,
)
from genemine.models.fingerprints import n_learnt
from genemine.models.tagger import quiet_tensorflow, save_tagger
from genemine.models.tagger_card import TaggerReport, model_card, training_record
from genemine.models.tagger_run import Run, fresh_run, gold_batches
from genemine.models.tagger_scores import calibrated, calibration_errors, corpus_scores, mean_f1, platt_pairs
from genemine.models.tagger_start import Start, from_bundle, from_vectors
from genemine.models.training import AVERAGE_EVERY, Fit, compile_learner, fit

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
Score = Callable[[], float]
# Chosen on devel (docs/experiments.md). The learning rate falls over the epochs, so more of them is another recipe; one's own
# corpus may be far smaller and need more.
RATE_FACTOR = 2.0  # times the settings' learning rate
TRAINED_RATE_FACTOR = 1.0  # the same where training begins at a finished tagger; chosen on devel parts of 5 and 10 documents
# A small corpus gives few steps an epoch: its batches are smaller, and its averaged weights reach back over a part of an epoch.
LEAST_BATCHES, SMALLEST_BATCH = 64, 4
AVERAGES = 20  # an epoch, at least


@dataclass(frozen=True)
class _Job:
    """What the devel run and the final run share."""

    out_dir: Path
    settings: TrainSettings
    begin: Start
    outputs: tuple[Output, ...]
    files: dict[str, str]
    resume: bool
    progress: Progress | None

    def fresh(self) -> Run:
        """Build a network: as it begins, what is not given by the seed."""
        run = fresh_run(self.begin.vocabulary, self.outputs, self.begin.shape, self.settings.seed)
        self.begin.give(run.network, self.outputs)
        compile_learner(run.network.learner, self.settings)
        return run

    def learn(self, run: Run, examples: list[Example], part: str, last_epoch: int | None, score: Score | None) -> Fit:
        """Train a network; takes up the checkpoint of this part of the same job."""
        path = self._checkpoint(part)
        if not self.resume:
            path.unlink(missing_ok=True)
        n, batch = gold_batches(examples, run, self.settings)
        return fit(
            run.network.learner, n, batch, score, self.settings,
            last_epoch=last_epoch, checkpoint=path, fingerprint=self._fingerprint(), progress=self.progress,
            average_every=min(AVERAGE_EVERY, max(1, n // AVERAGES)),
        )  # fmt: skip

    def forget(self) -> None:
        """Delete the checkpoints of a finished job."""
        for part in ("devel", "final"):
            self._checkpoint(part).unlink(missing_ok=True)

    def _checkpoint(self, part: str) -> Path:
        return self.out_dir.parent / f".{self.out_dir.name}-{part}.checkpoint.npz"

    def _fingerprint(self) -> str:
        """Name the job by all that decides its steps, so that no other job's checkpoint is taken up."""
        told = [self.files, repr(self.settings), repr(self.outputs), repr(self.begin.shape), self.begin.fingerprint]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode() + self.begin.vocabulary.codes.tobytes()).hexdigest()


def train_tagger(
    data_dir: Path,
    out_dir: Path,
    settings: TrainSettings,
    vectors: Path | None = None,
    progress: Progress | None = None,
    *,
    resume: bool = True,
    refit: bool = True,
    outputs: Sequence[Output] | None = None,
    shape: Any = None,
) -> TaggerReport:
    """Train a tagger and write its bundle to ``out_dir``.

    Args:
        data_dir: the three public corpora (``ner/BC2GM-IOB`` and so on), or train.tsv and devel.tsv of one's own.
        out_dir: the bundle; checkpoints lie beside it while training goes on.
        settings: seed, epochs, patience, batch_size (less for a small corpus), learning_rate (times RATE_FACTOR or
            TRAINED_RATE_FACTOR).
        vectors: word vectors of :func:`genemine.models.vectors.build_vectors`, to begin anew; None begins at the tagger that ships
            with genemine.
        progress: called with (steps done, steps in all), first for the devel run, then for the final run.
        resume: go on from a checkpoint of the same data and settings.
        refit: after the devel run train anew on train and devel, for as many epochs as were best; else keep the devel run's.
        outputs: other outputs than :func:`corpora_in` gives.
        shape: a TaggerShape of a network that begins anew; None is the default one.

    Raises:
        SourceError: a corpus or the vectors are missing, or a training sentence is a test sentence.
        RecordError: a corpus has a broken line.
        BundleError: the shipped tagger is missing or damaged.
        StorageError: ``out_dir`` cannot be written.
    """
    quiet_tensorflow()
    corpora, own_outputs = corpora_in(data_dir, settings.seed)
    chosen = tuple(outputs or own_outputs)
    train, n_dropped = training_examples(data_dir, [TRAIN], corpora, chosen)
    devel, n_dropped_devel = training_examples(data_dir, [DEVEL], corpora, chosen)
    for part, kept, n in ((TRAIN, train, n_dropped), (DEVEL, devel, n_dropped_devel)):
        if not kept:
            raise SourceError(f"{data_dir}: all {n} sentences of {part} are also test sentences; give another test part")
    tokens = (token for example in train + devel for token in example.tokens)
    begin = from_vectors(vectors, tokens, shape) if vectors else from_bundle(chosen)
    job = _Job(out_dir, _fitted(settings, begin, len(train)), begin, chosen, training_files(data_dir, corpora), resume, progress)

    run = job.fresh()
    before = corpus_scores(run.tagger(), devel, corpora) if begin.trained else {}
    done = job.learn(run, train, "devel", None, lambda: mean_f1(corpus_scores(run.tagger(), devel, corpora)))
    tagger = calibrated(run.tagger(), devel)
    temperature = {o.name: round(float(t), 4) for o, t in zip(chosen, tagger.temperature, strict=True)}
    report = TaggerReport(
        done,
        corpus_scores(tagger, devel, corpora),
        temperature,
        calibration_errors(tagger, devel),
        len(train) + (len(devel) if refit else 0),
        n_dropped + (n_dropped_devel if refit else 0),
        refit,
        job.files,
        vectors=dict(begin.about),
        platt=platt_pairs(tagger),
        before=before,
    )
    if refit:
        run = job.fresh()
        job.learn(run, train + devel, "final", done.best_epoch, None)
        tagger = replace(run.tagger(tagger.temperature), platt=tagger.platt)
    tests = read_tests(data_dir, corpora, chosen)
    report = replace(
        report,
        test=corpus_scores(tagger, tests, corpora),
        test_calibration_error=calibration_errors(tagger, tests),
        seen={part: _seen(begin, examples) for part, examples in ((DEVEL, devel), (TEST, tests))},
    )
    record = training_record(report, job.settings)
    save_tagger(out_dir, tagger, run.network, begin.shape, about={"training": record}, card=model_card(record))
    job.forget()
    return report


def _seen(begin: Start, examples: Sequence[Example]) -> tuple[int, int]:
    """Count the sentences that the tagger training begins at has learnt from, and all."""
    return n_learnt((" ".join(example.tokens) for example in examples), begin.learnt), len(examples)


def _fitted(settings: TrainSettings, begin: Start, n_sentences: int) -> TrainSettings:
    """Fit learning rate and batch size to where training begins and to the size of the corpus."""
    factor = TRAINED_RATE_FACTOR if begin.trained else RATE_FACTOR
    size = min(settings.batch_size, max(SMALLEST_BATCH, n_sentences // LEAST_BATCHES))
    return replace(settings, learning_rate=settings.learning_rate * factor, batch_size=size)


def training_files(data_dir: Path, corpora: Sequence[Corpus]) -> dict[str, str]:
    """Give the sha256 of each training and devel file by its path below the data folder."""
    paths = training_paths(data_dir, corpora)
    return {path_below(path, data_dir): file_sha256(path) for path in paths}
