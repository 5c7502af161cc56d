"""Train the language model on unlabelled sentences, slice by slice with checkpoints; keep its weights in one file."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from genemine.config import TrainSettings
from genemine.errors import SourceError
from genemine.models.encode import batches
from genemine.models.text_ids import FormTable, TextIds, form_table
from genemine.models.training import Arrays, Fit, compile_learner, fit
from genemine.models.vocabulary import Vocabulary

log = logging.getLogger(__name__)

HELD_OUT_EVERY = 500  # every 500th sentence tells perplexity and is not learnt from
SLICES = 8  # checkpoints an epoch
DRAW_POWER = 0.75  # words are drawn by their count to this power (Mikolov et al. 2013, arXiv:1310.4546)
SHORTEST, TEST_BATCH = 4, 64


@dataclass(frozen=True)
class LanguageRecipe:
    """How the language model is trained; defaults are those of ``make models``."""

    epochs: int = 1
    batch_size: int = 128
    learning_rate: float = 2e-3
    seed: int = 20261123


@dataclass(frozen=True)
class LanguageReport:
    """What came of it: perplexity of both directions on held-out sentences after each slice, sentences and tokens learnt from."""

    perplexity: dict[str, float]
    n_sentences: int
    n_tokens: int
    fit: Fit


def train_language(
    text: TextIds,
    vocabulary: Vocabulary,
    out: Path,
    shape: Any,
    recipe: LanguageRecipe = LanguageRecipe(),
    progress: Callable[[int, int], None] | None = None,
) -> LanguageReport:
    """Train and write the weights to ``out`` (npz); a killed training goes on from its last slice."""
    from genemine.models.language import build_language_model, encoder_weights, perplexity

    table = form_table(text.forms, vocabulary)
    model = build_language_model(vocabulary, shape, recipe.seed)
    settings = TrainSettings(recipe.seed, recipe.epochs * SLICES, recipe.epochs * SLICES, recipe.batch_size, recipe.learning_rate)
    compile_learner(model.learner, settings)
    lengths = text.lengths
    usable = np.nonzero(lengths >= SHORTEST)[0]
    held_out, learnt = usable[::HELD_OUT_EVERY], np.setdiff1d(usable, usable[::HELD_OUT_EVERY])
    batch, n_batches = _batcher(text, table, model, learnt, recipe, shape.drawn)
    tests = _tests(text, table, model, held_out)

    def score() -> float:
        found = perplexity(model, tests)
        log.info("perplexity on %d held-out sentences: %s", len(held_out), {k: round(v, 1) for k, v in found.items()})
        return 1.0 / float(np.mean(list(found.values())))

    done = fit(
        model.learner, n_batches, batch, score, settings, checkpoint=out.with_suffix(".checkpoint.npz"),
        fingerprint=repr((shape, recipe, len(text), int(text.tokens[:1_000_000].sum()))), progress=progress,
    )  # fmt: skip
    found = perplexity(model, tests)
    arrays = {f"{name}_{i}": w for name, weights in encoder_weights(model).items() for i, w in enumerate(weights)}
    arrays |= {f"softmax_{i}": np.asarray(w) for i, w in enumerate(model.softmax.get_weights())}
    about = {"shape": asdict(shape), "recipe": asdict(recipe), "perplexity": found, "tokens": int(lengths[learnt].sum())}
    np.savez(out, about=np.array(json.dumps(about)), **arrays)  # type: ignore[arg-type]  # names are keywords here
    return LanguageReport(found, len(learnt), int(lengths[learnt].sum()), done)


def load_encoder(path: Path) -> dict[str, list[np.ndarray]]:
    """Read what a tagger takes from a language model: weights of "characters", "forward" and "backward".

    Raises:
        SourceError: the file is missing or no language model.
    """
    try:
        with np.load(path) as arrays:
            names = ("characters", "forward", "backward")
            return {
                name: [arrays[f"{name}_{i}"] for i in range(sum(n.startswith(f"{name}_") for n in arrays.files))] for name in names
            }
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise SourceError(f"{path}: the language model cannot be read ({error}); make it with 'genemine train language'") from error


def _batcher(
    text: TextIds, table: FormTable, model: Any, learnt: np.ndarray, recipe: LanguageRecipe, drawn: int
) -> tuple[Callable[[int, int], Arrays], int]:
    """Give the function that makes batch ``number`` of a slice, and the number of batches a slice."""
    from genemine.models.language import draw_odds, language_inputs

    counts = np.bincount(model.output_ids[table.words], weights=text.counts.astype(np.float64), minlength=model.softmax.n_words)
    counts[0] = 0.0
    cumulative, log_odds = draw_odds(np.maximum(counts, 0.0) ** DRAW_POWER, drawn)
    lengths = text.lengths[learnt]
    n_batches = -(-len(learnt) // recipe.batch_size) // SLICES
    orders: dict[int, list[np.ndarray]] = {}

    def batch(slice_: int, number: int) -> Arrays:
        epoch, part = divmod(slice_, SLICES)
        if epoch not in orders:
            orders.clear()
            orders[epoch] = batches(lengths, recipe.batch_size, np.random.default_rng([recipe.seed, epoch]))
        chosen = learnt[orders[epoch][part * n_batches + number]]
        dice = np.random.default_rng([recipe.seed, slice_, number])
        words = np.minimum(np.searchsorted(cumulative, dice.random(drawn)), len(cumulative) - 1).astype(np.int32)
        return [*language_inputs(text.rows(chosen), table, model.output_ids), words, log_odds]

    return batch, n_batches


def _tests(text: TextIds, table: FormTable, model: Any, held_out: np.ndarray) -> list[Arrays]:
    from genemine.models.language import language_inputs

    groups = batches(text.lengths[held_out], TEST_BATCH)
    return [language_inputs(text.rows(held_out[group]), table, model.output_ids) for group in groups]
