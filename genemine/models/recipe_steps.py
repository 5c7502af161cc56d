"""The trainings of the recipe, each a function of one job that runs in a process of its own: teacher, silver labels, students."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from genemine.config import TrainSettings
from genemine.evaluate.spans import score_spans
from genemine.models.corpora import CORPORA, DEVEL, OUTPUTS, Example, read_examples, training_examples
from genemine.models.decode import Chain, spans_of, viterbi
from genemine.models.encode import batches, encode
from genemine.models.quiet import load_backend
from genemine.models.recipe import (
    Workplace,
    labelled_parts,
    load_vocabulary,
    network_shape,
    number_texts_of,
    save_arrays,
    sentences_by_lot,
)
from genemine.models.silver import Silver, Teacher, label
from genemine.models.tagger_run import Run, fresh_run, gold_batches, mixed_batches
from genemine.models.tagger_scores import corpus_scores, mean_f1
from genemine.models.text_ids import ReadyText, TextIds, choose, form_table, make_ready
from genemine.models.training import compile_learner, fit
from genemine.models.vocabulary import Vocabulary

Report = Callable[[int, int], None]
LABEL_CHUNK = 128
LANGUAGE = "language"


@dataclass(frozen=True)
class Job:
    """One training: where, which seed, whether it begins as the language model, and whether devel is learnt from too."""

    place: Workplace
    name: str
    seed: int
    with_language: bool = True
    final: bool = False


def train_step(job: Job, report: Report) -> dict[str, Any]:
    """Train the language model, or a teacher, whichever the job names."""
    return train_language_model(job, report) if job.name == LANGUAGE else train_teacher(job, report)


def train_language_model(job: Job, report: Report) -> dict[str, Any]:
    """Train the language model; gives its perplexity and size."""
    from genemine.models.language import LanguageShape
    from genemine.models.language_training import LanguageRecipe, train_language

    path = job.place.file("language.npz")
    if not path.is_file():
        vocabulary = load_vocabulary(job.place.file("vocabulary.npz"))
        shape = LanguageShape(network_shape(job.place, _without_hints(vocabulary), 0.0))
        recipe = LanguageRecipe(epochs=job.place.recipe.language_epochs, seed=job.seed)
        text = number_texts_of(job.place)
        text = choose(text, sentences_by_lot(text, job.place.recipe.language_tokens, job.seed))
        train_language(text, vocabulary, path, shape, recipe, report)
    with np.load(path) as arrays:
        return dict(json.loads(str(arrays["about"])))


def train_teacher(job: Job, report: Report) -> dict[str, float]:
    """Train one teacher on the labelled corpora; gives its devel F1 by corpus/output.

    Some begin with the language model's weights: each kind knows what the other does not (docs/experiments.md).
    """
    path = job.place.file(f"{job.name}.npz")
    if path.is_file():
        return _about(path)
    recipe = job.place.recipe
    run = _fresh(job, recipe.teacher_dropout, with_language=job.with_language)
    settings = TrainSettings(job.seed, recipe.teacher_epochs, recipe.teacher_epochs, recipe.batch_size, recipe.teacher_rate)
    compile_learner(run.network.learner, settings)
    examples, _ = training_examples(job.place.data, labelled_parts(job.final), CORPORA, OUTPUTS)
    n, batch = gold_batches(examples, run, settings)
    fit(run.network.learner, n, batch, None, settings, checkpoint=_checkpoint(path), fingerprint=job.name, progress=report)
    return _keep(path, run, devel_scores(run, devel_examples(job.place)))


def label_silver(job: Job, report: Report) -> dict[str, Any]:
    """Let the teachers label sentences chosen by lot; gives how many, and the teachers' joint devel F1."""
    path = job.place.file("silver.npz")
    if path.is_file():
        return _about(path)
    load_backend()
    vocabulary = load_vocabulary(job.place.file("vocabulary.npz"))
    teachers = []
    for number in range(job.place.recipe.teachers):
        run = _fresh(job, 0.0)
        load_weights(job.place.file(f"teacher-{number}.npz"), run.network)
        teachers.append(_teacher(run))
    text = number_texts_of(job.place)
    text = choose(text, sentences_by_lot(text, job.place.recipe.silver_tokens, job.seed))
    ready = make_ready(text, vocabulary)
    silver = label(teachers, ready, report)
    about = {
        "sentences": len(text),
        "tokens": len(text.tokens),
        "together": _together(teachers, vocabulary, devel_examples(job.place)),
    }
    hints = {} if ready.hints is None else {"hints": ready.hints}
    arrays = {"tokens": text.tokens, "starts": text.starts, "counts": text.counts, "soft": silver.soft, **hints}
    save_arrays(path, {**arrays, "forms": np.array("\n".join(text.forms)), "about": np.array(json.dumps(about))})
    return about


def train_student(job: Job, report: Report) -> dict[str, float]:
    """Train one student on gold and silver sentences mixed, then on gold alone; without ``final`` gives its devel F1."""
    path = job.place.file(f"{job.name}.npz")
    if path.is_file():
        return _about(path)
    recipe = job.place.recipe
    run = _fresh(job, recipe.student_dropout)
    examples, _ = training_examples(job.place.data, labelled_parts(job.final), CORPORA, OUTPUTS)
    _learn_mixed(job, run, examples, report)
    settings = TrainSettings(job.seed, recipe.gold_epochs, recipe.gold_epochs, recipe.batch_size, recipe.gold_rate)
    compile_learner(run.network.learner, settings)
    n, batch = gold_batches(examples, run, settings)
    fit(run.network.learner, n, batch, None, settings, checkpoint=_checkpoint(path), fingerprint=job.name, progress=report)
    return _keep(path, run, {} if job.final else devel_scores(run, devel_examples(job.place)))


def _learn_mixed(job: Job, run: Run, examples: Sequence[Example], report: Report) -> None:
    """Train a student on the mixture, or take the weights of a run that got as far."""
    recipe, name = job.place.recipe, f"mixed-{job.name}"
    path = job.place.file(f"{name}.npz")
    if path.is_file():
        load_weights(path, run.network)
        return
    settings = TrainSettings(job.seed, recipe.student_epochs, recipe.student_epochs, recipe.student_batch, recipe.student_rate)
    compile_learner(run.network.soft_learner, settings)
    silver = read_silver(job.place.file("silver.npz"), run.vocabulary)
    n, batch = mixed_batches(examples, silver, run, settings, recipe.silver_passes)
    fit(run.network.soft_learner, n, batch, None, settings, checkpoint=_checkpoint(path), fingerprint=name, progress=report)
    _keep(path, run, {})


def read_silver(path: Path, vocabulary: Vocabulary) -> Silver:
    """Read what :func:`label_silver` wrote."""
    with np.load(path) as arrays:
        forms = tuple(str(arrays["forms"]).split("\n"))
        text = TextIds(forms, arrays["tokens"], arrays["starts"], arrays["counts"])
        ready = ReadyText(text, form_table(forms, vocabulary), arrays["hints"] if "hints" in arrays.files else None)
        return Silver(ready, arrays["soft"])


def student_run(place: Workplace, name: str) -> Run:
    """Load a finished student."""
    run = _fresh(Job(place, name, place.recipe.seed), 0.0)
    load_weights(place.file(f"{name}.npz"), run.network)
    return run


def devel_examples(place: Workplace) -> list[Example]:
    """Read the development parts."""
    return read_examples(place.data, DEVEL, CORPORA, OUTPUTS)


def devel_scores(run: Run, devel: list[Example]) -> dict[str, float]:
    """Give strict F1 by corpus/output, and their mean."""
    found = corpus_scores(run.tagger(), devel, CORPORA)
    judged = {name: scores for name, scores in found.items() if scores.tp + scores.fn}
    return {name: scores.f1 for name, scores in judged.items()} | {"mean": mean_f1(judged)}


def load_weights(path: Path, network: Any) -> None:
    """Set a network's weights to those that were kept."""
    with np.load(path) as arrays:
        for i, variable in enumerate(network.learner.trainable_variables):
            variable.assign(arrays[f"weight_{i}"])


def _keep(path: Path, run: Run, scores: dict[str, float]) -> dict[str, float]:
    import keras

    variables = run.network.learner.trainable_variables
    weights = {f"weight_{i}": np.array(keras.ops.convert_to_numpy(variable)) for i, variable in enumerate(variables)}
    save_arrays(path, {**weights, "about": np.array(json.dumps(scores))})
    _checkpoint(path).unlink(missing_ok=True)
    return scores


def _about(path: Path) -> dict[str, Any]:
    with np.load(path) as arrays:
        return dict(json.loads(str(arrays["about"])))


def _checkpoint(path: Path) -> Path:
    return path.with_name(f".{path.stem}.checkpoint.npz")


def _fresh(job: Job, dropout: float, *, with_language: bool = True) -> Run:
    load_backend()
    from genemine.models.language_training import load_encoder

    vocabulary = load_vocabulary(job.place.file("vocabulary.npz"))
    shape = network_shape(job.place, vocabulary, dropout)
    language = job.place.file("language.npz")
    encoder = load_encoder(language) if with_language and job.place.recipe.language_epochs else None
    return fresh_run(vocabulary, OUTPUTS, shape, job.seed, encoder)


def _without_hints(vocabulary: Vocabulary) -> Vocabulary:
    return replace(vocabulary, dictionary=None)


def _teacher(run: Run) -> Teacher:
    return Teacher(run.emit, run.tagger().chain)


def _mean_chain(teachers: list[Teacher]) -> Chain:
    steps = np.mean([teacher.chain.steps for teacher in teachers], axis=0)
    return Chain(steps, np.mean([teacher.chain.start for teacher in teachers], axis=0))


def _together(teachers: list[Teacher], vocabulary: Vocabulary, devel: list[Example]) -> dict[str, float]:
    """Give the devel F1 of the teachers' mean tag weights, by corpus/output."""
    gold: dict[str, list[set[tuple[int, int]]]] = {}
    found: dict[str, list[set[tuple[int, int]]]] = {}
    chain = _mean_chain(teachers).legal()
    for group in batches([len(example.tokens) for example in devel], LABEL_CHUNK):
        examples = [devel[i] for i in group]
        lengths = np.array([len(example.tokens) for example in examples])
        inputs = encode([example.tokens for example in examples], vocabulary).inputs()
        mean = np.mean([teacher.emit(inputs)[:, : lengths.max()] for teacher in teachers], axis=0)
        tags = viterbi(mean, lengths, chain)
        for b, example in enumerate(examples):
            for k, labels in enumerate(example.labels):
                if labels is not None:
                    name = f"{example.corpus}/{OUTPUTS[k].name}"
                    gold.setdefault(name, []).append(set(spans_of(labels)))
                    found.setdefault(name, []).append(set(spans_of(tags[b, : lengths[b], k].tolist())))
    return {name: score_spans(gold[name], found[name]).f1 for name in gold}
