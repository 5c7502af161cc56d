"""The training loop of both models: seeded, with averaged weights, early stopping, and a checkpoint after every epoch.

A killed run goes on from its last whole epoch and then takes the same steps that it would have taken.
"""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from genemine.config import TrainSettings
from genemine.errors import StorageError

log = logging.getLogger(__name__)

Arrays = list[np.ndarray]
CLIP_NORM = 5.0  # of the gradient of all weights; Lample et al. 2016 clip at 5
LAST_RATE = 0.05  # the learning rate falls in a straight line to this share of the first
AVERAGE_EVERY = 10  # steps between two updates of the averaged weights
AVERAGE_KEEP = 0.95  # so the average reaches back about 10 / (1 - 0.95) = 200 steps; less at the start


@dataclass
class Fit:
    """What training did: ``scores`` after each epoch (averaged weights, devel), ``losses``, the best epoch counted from 1."""

    epoch: int = 0
    best_epoch: int = 0
    best_score: float = -1.0
    scores: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    seconds: float = 0.0


def compile_learner(model: Any, settings: TrainSettings) -> None:
    """Make a model trainable whose output is the loss of each example, float (b,)."""
    import keras

    optimizer = keras.optimizers.Adam(settings.learning_rate, clipnorm=None, global_clipnorm=CLIP_NORM)
    # XLA is slower on a CPU for LSTMs of many lengths
    model.compile(optimizer=optimizer, loss=lambda _, losses: keras.ops.mean(losses), jit_compile=False)


def fit(
    model: Any,
    n_batches: int,
    batch: Callable[[int, int], Arrays],
    score: Callable[[], float] | None,
    settings: TrainSettings,
    *,
    last_epoch: int | None = None,
    checkpoint: Path | None = None,
    fingerprint: str = "",
    progress: Callable[[int, int], None] | None = None,
    average_keep: float = AVERAGE_KEEP,
    average_every: int = AVERAGE_EVERY,
) -> Fit:
    """Train; leave the best epoch's averaged weights in ``model`` (the last epoch's where ``score`` is None).

    Args:
        model: compiled by :func:`compile_learner`.
        n_batches: batches an epoch.
        batch: (epoch, number) -> inputs; must give the same arrays for the same two numbers.
        score: devel score of the weights now in the model, larger is better; None trains all epochs.
        settings: epochs, patience, learning_rate.
        last_epoch: stop after this epoch, the learning rate falling as if ``settings.epochs`` were to come; None runs all.
        checkpoint: file to resume from and to write after every epoch; None keeps none.
        fingerprint: of data and settings; a checkpoint of another fingerprint is not resumed.
        progress: called with (steps done, steps in all).
        average_keep: share of the averaged weights that an update keeps; smaller for runs of a few hundred steps.
        average_every: steps between two updates of the averaged weights; fewer for runs of a few hundred steps.

    Raises:
        StorageError: the checkpoint cannot be written.
    """
    state, average, best = _resume(model, checkpoint, fingerprint)
    total = n_batches * settings.epochs
    began = time.monotonic() - state.seconds
    while state.epoch < (last_epoch or settings.epochs) and not _given_up(state, settings, score):
        losses = []
        for number in range(n_batches):
            step = state.epoch * n_batches + number
            model.optimizer.learning_rate.assign(settings.learning_rate * (1 - (1 - LAST_RATE) * step / max(total, 1)))
            inputs = batch(state.epoch, number)
            losses.append(float(model.train_on_batch(inputs, np.zeros(len(inputs[0]), np.float32))))
            if step % average_every == 0:
                average = _averaged(average, _trainable(model), average_keep)
            if progress is not None:
                progress(step + 1, total)
        state.epoch += 1
        state.losses.append(float(np.mean(losses)))
        best = _judge(model, state, average, best, score)
        state.seconds = time.monotonic() - began
        log.info("epoch %d: loss %.4f, devel %.4f", state.epoch, state.losses[-1], state.scores[-1] if state.scores else 0.0)
        if checkpoint is not None:
            _save(model, checkpoint, fingerprint, state, average, best)
    _set_trainable(model, best)
    return state


def _judge(model: Any, state: Fit, average: Arrays, best: Arrays, score: Callable[[], float] | None) -> Arrays:
    """Score the averaged weights and give the best weights so far; the model keeps its own weights."""
    if score is None:
        state.best_epoch = state.epoch
        return [a.copy() for a in average]
    own = _trainable(model)
    _set_trainable(model, average)
    state.scores.append(score())
    _set_trainable(model, own)
    if state.scores[-1] > state.best_score:
        state.best_score, state.best_epoch = state.scores[-1], state.epoch
        return [a.copy() for a in average]
    return best


def _given_up(state: Fit, settings: TrainSettings, score: Callable[[], float] | None) -> bool:
    found = state.best_score > 0  # a small corpus may need epochs until anything at all is found
    return score is not None and found and state.epoch - state.best_epoch >= settings.patience


def _averaged(average: Arrays, now: Arrays, keep: float) -> Arrays:
    if not average:
        return [a.copy() for a in now]
    return [keep * a + (1 - keep) * b for a, b in zip(average, now, strict=True)]


def _trainable(model: Any) -> Arrays:
    import keras

    return [np.array(keras.ops.convert_to_numpy(v)) for v in model.trainable_variables]


def _set_trainable(model: Any, values: Sequence[np.ndarray]) -> None:
    for variable, value in zip(model.trainable_variables, values, strict=True):
        variable.assign(value)


def _moving(model: Any) -> list[Any]:
    """List all that a step changes: weights, dropout's random state, the optimizer's sums. Word vectors stand still."""
    fixed = {id(v) for v in model.weights} - {id(v) for v in model.trainable_variables}
    return [v for v in model.variables if id(v) not in fixed] + list(model.optimizer.variables)


def _save(model: Any, path: Path, fingerprint: str, state: Fit, average: Arrays, best: Arrays) -> None:
    import keras

    arrays = {f"moving_{i}": np.array(keras.ops.convert_to_numpy(v)) for i, v in enumerate(_moving(model))}
    arrays |= {f"average_{i}": a for i, a in enumerate(average)} | {f"best_{i}": a for i, a in enumerate(best)}
    arrays["head"] = np.frombuffer(json.dumps({"fingerprint": fingerprint, "state": asdict(state)}).encode(), np.uint8)
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]  # names are keywords here
    temporary = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(stream.getvalue())
        temporary.replace(path)
    except OSError as error:
        raise StorageError(f"{path}: the checkpoint cannot be written ({error}); free space or choose another folder") from error


def _resume(model: Any, path: Path | None, fingerprint: str) -> tuple[Fit, Arrays, Arrays]:
    """Read a checkpoint of the same run into the model; a fresh start where there is none."""
    if path is None or not path.is_file():
        return Fit(), [], []
    try:
        with np.load(path) as archive:
            arrays = {name: archive[name] for name in archive.files}
        head = json.loads(arrays["head"].tobytes())
    except (OSError, ValueError, KeyError, EOFError):
        log.warning("%s: damaged checkpoint, training starts anew", path)
        return Fit(), [], []
    if head["fingerprint"] != fingerprint:
        log.warning("%s: checkpoint of other data or settings, training starts anew", path)
        return Fit(), [], []
    model.optimizer.build(model.trainable_variables)
    for i, variable in enumerate(_moving(model)):
        variable.assign(arrays[f"moving_{i}"])
    n = len(model.trainable_variables)
    state = Fit(**head["state"])
    log.info("%s: going on after epoch %d", path, state.epoch)
    return state, [arrays[f"average_{i}"] for i in range(n)], [arrays[f"best_{i}"] for i in range(n)]
