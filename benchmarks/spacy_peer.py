"""spaCy's entity recogniser, trained from nothing on a token corpus: the convolutional network that spaCy recommends for a CPU.

The settings are those of ``spacy init config --pipeline ner --optimize efficiency``, its optimizer, batches, dropout and patience
among them; only the number of steps, the seed and the paths are set here. A trained model lies in the cache under a name made from
all that decides it, so a second run trains nothing.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genemine.models.corpora import Example
from genemine.models.decode import spans_of

MOST_STEPS = 4000  # as in ../shared/ANCHORS.md's trial
SEED = 20261123
LABEL = "MENTION"
Spans = set[tuple[int, int]]


@dataclass(frozen=True)
class Recipe:
    """What decides a trained model beside its sentences."""

    steps: int = MOST_STEPS
    seed: int = SEED
    eval_every: int = 200


def trained(name: str, train: Sequence[Example], devel: Sequence[Example], cache: Path, recipe: Recipe) -> Any:
    """Load the pipeline of these sentences from the cache, or train it; devel chooses the best step.

    Args:
        name: of the corpus, for the cache and the messages.
        train: sentences with the labels of one output.
        devel: the same, for choosing.
        cache: folder of trained models.
        recipe: steps and seed.

    Returns:
        the spaCy ``Language`` with the weights of the best step.
    """
    import spacy

    place = cache / f"{name}-{_digest(train, devel, recipe)}"
    if not place.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_name(place.name + ".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        _train(train, devel, unfinished, recipe)
        (unfinished / "model-best").rename(place)
        shutil.rmtree(unfinished)
    return spacy.load(place)


def found_spans(nlp: Any, sentences: Sequence[Sequence[str]]) -> list[Spans]:
    """Tag tokenised sentences: the spans (first, last exclusive) of each, in tokens."""
    docs = nlp.pipe(_doc(nlp.vocab, tokens) for tokens in sentences)
    return [{(span.start, span.end) for span in doc.ents} for doc in docs]


def _doc(vocab: Any, tokens: Sequence[str], spans: Sequence[tuple[int, int]] = ()) -> Any:
    from spacy.tokens import Doc, Span

    doc = Doc(vocab, words=list(tokens))
    doc.ents = [Span(doc, first, last, label=LABEL) for first, last in spans]
    return doc


def _config(folder: Path, recipe: Recipe) -> Any:
    from spacy.cli.init_config import init_config

    config = init_config(lang="en", pipeline=["ner"], optimize="efficiency", gpu=False)
    config["paths"] = {**config["paths"], "train": str(folder / "train.spacy"), "dev": str(folder / "devel.spacy")}
    config["training"] |= {"max_steps": recipe.steps, "seed": recipe.seed, "eval_frequency": recipe.eval_every}
    config["system"]["seed"] = recipe.seed
    return config


def _train(train: Sequence[Example], devel: Sequence[Example], folder: Path, recipe: Recipe) -> None:
    """Train by spaCy's own loop; it leaves the best step's pipeline in ``model-best``."""
    import spacy
    from spacy.tokens import DocBin
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train as train_loop

    folder.mkdir(parents=True)
    vocab = spacy.blank("en").vocab
    for part, examples in (("train", train), ("devel", devel)):
        docs = DocBin(docs=[_doc(vocab, e.tokens, spans_of(e.labels[0] or ())) for e in examples])
        docs.to_disk(folder / f"{part}.spacy")
    nlp = init_nlp(_config(folder, recipe), use_gpu=-1)
    train_loop(nlp, folder, use_gpu=-1, stdout=sys.stderr, stderr=sys.stderr)


def _digest(train: Sequence[Example], devel: Sequence[Example], recipe: Recipe) -> str:
    import spacy

    digest = hashlib.sha256(f"{spacy.__version__} {recipe}".encode())
    digest.update(str(_config(Path(), recipe).to_str()).encode())
    for example in (*train, *devel):
        digest.update(repr((example.tokens, example.labels)).encode())
    return digest.hexdigest()[:16]
