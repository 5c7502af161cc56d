"""Run the recipe from beginning to end and write the bundle: steps side by side, calibration, serving outputs, card."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from genemine.errors import SourceError
from genemine.evaluate.spans import SpanScores, score_spans
from genemine.models import fingerprints
from genemine.models.bundle import Bundle
from genemine.models.corpora import CORPORA, OUTPUTS, file_sha256, path_below, read_tests, training_examples, training_paths
from genemine.models.corpus_files import BIORED_DEV, document_file
from genemine.models.decode import spans_of
from genemine.models.labelled import labelled_document
from genemine.models.parallel import run_jobs
from genemine.models.quiet import load_backend
from genemine.models.recipe import Recipe, StageProgress, Workplace, labelled_parts, make_texts, make_vocabulary, network_shape
from genemine.models.recipe_steps import (
    LANGUAGE,
    Job,
    devel_examples,
    label_silver,
    student_run,
    train_step,
    train_student,
)
from genemine.models.tagger import KIND, LstmTagger, save_tagger
from genemine.models.tagger_card import model_card, scores_record
from genemine.models.tagger_recipe_record import corpora_record, outputs_record
from genemine.models.tagger_scores import calibrated, calibration_errors, corpus_scores
from genemine.models.unlabelled import TextCounts
from genemine.records import DISEASE, GENE
from genemine.sources.pubtator import read_pubtator

log = logging.getLogger(__name__)


@dataclass
class _Told:
    """What the steps told: hours of each, and what they answered."""

    hours: dict[str, float] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)

    def run(self, name: str, step: Callable[[], Any]) -> Any:
        began = time.monotonic()
        self.answers[name] = step()
        self.hours[name] = round((time.monotonic() - began) / 3600, 2)
        return self.answers[name]


@dataclass(frozen=True)
class Finished:
    """The networks of a finished run: one judged on devel, and that of each seed."""

    trial: LstmTagger
    tagger: LstmTagger
    network: Any
    every: tuple[dict[str, SpanScores], ...]
    why: str


@dataclass(frozen=True)
class Made:
    """What the recipe gave: test scores of the bundle by "corpus/output", labelled sentences learnt from, word vectors."""

    test: dict[str, SpanScores]
    n_examples: int
    vectors: Path


def make_tagger(data: Path, out: Path, recipe: Recipe, progress: StageProgress) -> Made:
    """Make the shipped tagger and write its bundle to ``out``.

    A killed run goes on where it stopped; its files lie in a folder beside ``out`` whose name begins with ``.tagger-`` and may be
    deleted afterwards.

    Raises:
        SourceError: a corpus, text or vocabulary is missing, or a labelled or unlabelled sentence or a PMID is held out.
        StorageError: ``out`` cannot be written.
        GenemineError: a training process was killed.
    """
    place, told = Workplace.of(data, out.parent, recipe), _Told()
    counts = told.run("texts", lambda: make_texts(place))
    vocabulary = told.run("word vectors", lambda: make_vocabulary(place, progress))
    names = _train(place, told, progress)
    load_backend()
    done = _finish(place, names)
    examples, n_dropped = training_examples(data, labelled_parts(final=True), CORPORA, OUTPUTS)
    with place.file("texts.txt").open(encoding="utf-8") as lines:
        listed = fingerprints.bundle_fingerprints(data, examples, lines, counts.pmids)
    _refuse_seen(listed, data)
    record = {
        "files": {path_below(path, data): file_sha256(path) for path in training_paths(data)},
        "corpora": corpora_record(data, CORPORA, OUTPUTS),
        "vectors": {"method": "skip-gram", "words": len(vocabulary.words), "size": vocabulary.size, "tokens": counts.tokens},
        **_told_of_training(told, recipe),
        "student": {**asdict(recipe), "examples": len(examples), "learnt_from": "silver labels, train and devel"},
        **_told_of_results(place, done),
        "leaks": {
            **{k: v for k, v in asdict(counts).items() if k.startswith("dropped")},
            "dropped_labelled": n_dropped,
            "found": 0,
        },
        "cost": {"hours": told.hours},
    }
    shape = network_shape(place, vocabulary, recipe.student_dropout)
    about = {"training": record, "fingerprints": fingerprints.FORMAT}
    save_tagger(out, done.tagger, done.network, shape, about=about, card=model_card(record), further=listed)
    return Made(done.every[0], len(examples), place.file("vectors.npz"))


def _dropped(counts: TextCounts) -> dict[str, int]:
    return {name: n for name, n in asdict(counts).items() if name.startswith("dropped")}


def _refuse_seen(listed: dict[str, Any], data: Path) -> None:
    seen = fingerprints.leaks_of_bundle(Bundle(KIND, "this tagger", {}, listed, ""), data)
    if seen.sentences or seen.pmids:
        raise SourceError(
            f"{data}: {len(seen.sentences)} held-out sentences and {len(seen.pmids)} held-out PMIDs were learnt from, the first: "
            f"{[*seen.sentences, *seen.pmids][0][:80]!r}; no bundle was written, for figures on them would mean nothing"
        )


def _train(place: Workplace, told: _Told, progress: StageProgress) -> list[str]:
    """Run all trainings; gives the names of the students of the final seeds."""
    recipe = place.recipe

    def run(step: str, work: Callable[[Job, Any], Any], *jobs: Job) -> None:
        told.run(step, lambda: run_jobs(work, {job.name: job for job in jobs}, progress))

    # what needs no language model is trained beside it; every second teacher waits for it
    seeds = recipe.seeds(recipe.teachers, first=100)
    teachers = [Job(place, f"teacher-{i}", seed, bool(i % 2 and recipe.language_epochs)) for i, seed in enumerate(seeds)]
    language = [Job(place, LANGUAGE, recipe.seed)] if recipe.language_epochs else []
    run("language model, teachers without it", train_step, *language, *(job for job in teachers if not job.with_language))
    run("teachers with it", train_step, *(job for job in teachers if job.with_language))
    run("silver labels", label_silver, Job(place, "silver", recipe.seed))
    students = [Job(place, f"student-{i}", seed, final=True) for i, seed in enumerate(recipe.seeds(recipe.students))]
    run("students", train_student, Job(place, "student-devel", recipe.seed), *students)
    return [job.name for job in students]


def _finish(place: Workplace, names: Sequence[str]) -> Finished:
    """Calibrate on devel, choose the outputs that serve, score the test files once with every seed."""
    trial = calibrated(student_run(place, "student-devel").tagger(), devel_examples(place))
    serving, why = choose_serving(trial, place.data)
    tests = read_tests(place.data, CORPORA, OUTPUTS)
    runs = [student_run(place, name) for name in names]
    tagger = replace(runs[0].tagger(trial.temperature), platt=trial.platt, serving=serving)
    return Finished(trial, tagger, runs[0].network, tuple(corpus_scores(run.tagger(), tests, CORPORA) for run in runs), why)


def _told_of_training(told: _Told, recipe: Recipe) -> dict[str, Any]:
    answers = {name: answer for step in told.answers.values() if isinstance(step, dict) for name, answer in step.items()}
    language, silver = answers.get(LANGUAGE), answers["silver"]
    members = [
        {
            "name": f"teacher-{i}, {'with' if i % 2 and recipe.language_epochs else 'without'} the language model's weights",
            "seed": seed,
            "devel": {key: f1 for key, f1 in answers[f"teacher-{i}"].items() if key in silver["together"]},
        }
        for i, seed in enumerate(recipe.seeds(recipe.teachers, first=100))
    ]
    heard = (
        {"tokens": language["tokens"], "units": recipe.units, "perplexity": _rounded(language["perplexity"])} if language else {}
    )
    return {
        "language_model": heard,
        "teachers": {"what": "Learnt from train alone.", "members": members, "together": silver["together"]},
        "silver": {"sentences": silver["sentences"], "tokens": silver["tokens"]},
    }


def _told_of_results(place: Workplace, done: Finished) -> dict[str, Any]:
    devel, tests = devel_examples(place), read_tests(place.data, CORPORA, OUTPUTS)
    tested = _present(scores_record(done.every[0]))
    return {
        "devel": _present(scores_record(corpus_scores(done.trial, devel, CORPORA))),
        "test": tested,
        "seeds": {name: [round(scores[name].f1, 4) for scores in done.every] for name in tested},
        "outputs": outputs_record(done.tagger, calibration_errors(done.trial, devel), calibration_errors(done.tagger, tests)),
        "serving": f"Chosen on BioRED's development part by the student that learnt from train alone: {done.why}.",
    }


def choose_serving(tagger: LstmTagger, data: Path) -> tuple[tuple[int, ...], str]:
    """Choose for each type the output that does best on BioRED's development part, and tell each one's F1 there."""
    folder, name = BIORED_DEV
    path = document_file(data / folder, name)
    sentences = [s for document in read_pubtator(path) for s in labelled_document(document, (GENE, DISEASE), Counter())]
    chosen, told = [], []
    for type_ in (GENE, DISEASE):
        numbers = [k for k, output in enumerate(tagger.outputs) if output.type == type_]
        labelled = [s for s in sentences if type_ in s.labels]
        gold = [set(spans_of(s.labels[type_])) for s in labelled]
        scores = {}
        for k in numbers:
            spans = tagger.tag_outputs([s.tokens for s in labelled], [k])
            scores[k] = score_spans(gold, ({(span.first, span.last) for span in found} for found in spans)).f1
        chosen.append(max(scores, key=lambda k: scores[k]))
        told += [f"{tagger.outputs[k].name} {f1:.3f}" for k, f1 in sorted(scores.items(), key=lambda item: -item[1])]
    return tuple(chosen), ", ".join(told)


def _present(scores: Mapping[str, Mapping[str, float]]) -> dict[str, Mapping[str, float]]:
    return {name: s for name, s in scores.items() if s["tp"] + s["fn"]}


def _rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    return {name: round(number, 1) for name, number in numbers.items()}
