"""Let teachers label mined sentences: what the pair classifier that ships learns from."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from genemine.models.corpora import OUTPUTS
from genemine.models.parallel import run_jobs
from genemine.models.quiet import load_backend
from genemine.models.relation_encode import example_of
from genemine.models.relation_teacher import TeacherRecipe, read_examples, train_teacher
from genemine.models.relation_training import Lessons, PairRecipe, output_names, targets
from genemine.models.tagger_start import from_bundle
from genemine.records import PairExample
from genemine.sources.pair_corpus import LabelledSentence

log = logging.getLogger(__name__)

StageProgress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class TeacherJob:
    """One teacher: what it learns from, what it labels, and its seed; ``asked`` are examples that it only is measured on."""

    train: Sequence[LabelledSentence]
    mined: Sequence[PairExample]
    asked: Sequence[PairExample]
    recipe: PairRecipe
    teacher: TeacherRecipe
    seed: int


def teach(job: TeacherJob, progress: Callable[[int, int], None] | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Train one teacher on the shipped tagger's encoder; gives its logits for ``mined`` and for ``asked``, float32 (n, outputs)."""
    load_backend()
    start = from_bundle(OUTPUTS)
    corpora = output_names(job.train, job.recipe.serves)
    train = [sentence for sentence in job.train for _ in range(job.recipe.repeats.get(sentence.corpus, 1))]
    read = read_examples([example_of(sentence.text) for sentence in train], start.vocabulary)
    logits = train_teacher(start, read, *targets(train, corpora), job.teacher, job.seed, progress)
    mined, asked = (read_examples(examples, start.vocabulary) for examples in (job.mined, job.asked))
    return logits(mined), logits(asked)


def teach_by_name(job: Any, report: Callable[[int, int], None]) -> tuple[np.ndarray, np.ndarray]:
    """Do :func:`teach` in a process of its own."""
    return teach(job, report)


def lessons_of(
    train: Sequence[LabelledSentence],
    mined: Sequence[PairExample],
    recipe: PairRecipe,
    seeds: Sequence[int],
    progress: StageProgress,
    teacher: TeacherRecipe | None = None,
) -> Lessons:
    """Train a teacher for each seed, side by side, and let them label the mined sentences together.

    Args:
        train: labelled sentences.
        mined: what is labelled (:func:`genemine.models.relation_mined.mined_pairs`).
        recipe: of the classifier that will learn from it: its outputs are the teachers'.
        seeds: of the teachers.
        progress: called with (name of the teacher, steps done, steps in all).
        teacher: numbers; None for the defaults.
    """
    jobs = {
        f"teacher {number}": TeacherJob(train, mined, (), recipe, teacher or TeacherRecipe(), seed)
        for number, seed in enumerate(seeds, start=1)
    }
    found = run_jobs(teach_by_name, jobs, progress)
    return Lessons(list(mined), chances_of([logits for logits, _ in found.values()]))


def chances_of(logits: Sequence[np.ndarray]) -> np.ndarray:
    """Give the chances that several teachers together give: of the mean of their logits, float32."""
    return np.asarray(1 / (1 + np.exp(-np.mean(logits, axis=0))), np.float32)
