"""Measure a tagger on labelled examples, and set what makes its scores probabilities: temperature, slope and shift an output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from genemine.evaluate.calibration import best_temperature, expected_calibration_error, fit_platt, log_loss, platt_scaled
from genemine.evaluate.spans import SpanScores, score_spans
from genemine.models.corpora import Corpus, Example
from genemine.models.decode import Chain, span_probabilities, spans_of, viterbi
from genemine.models.encode import batches, encode
from genemine.models.tagger import BATCH, LstmTagger


@dataclass(frozen=True)
class _Decoded:
    """One batch of examples with what the network says: emissions (b, t, k, 3), lengths (b,), best tags (b, t, k)."""

    examples: list[Example]
    emissions: np.ndarray
    lengths: np.ndarray
    tags: np.ndarray


def _decoded(tagger: LstmTagger, examples: Sequence[Example]) -> Iterator[_Decoded]:
    """Decode examples by all outputs, batch by batch."""
    sizes = [len(example.tokens) for example in examples]
    for group in batches(sizes, BATCH):
        chosen = [examples[i] for i in group]
        lengths = np.array([sizes[i] for i in group])
        emissions = tagger.emit(encode([e.tokens for e in chosen], tagger.vocabulary).inputs())[:, : lengths.max()]
        yield _Decoded(chosen, emissions, lengths, viterbi(emissions, lengths, tagger.chain.legal()))


def corpus_scores(tagger: LstmTagger, examples: Sequence[Example], corpora: Sequence[Corpus]) -> dict[str, SpanScores]:
    """Score every output on every corpus that annotates it, by "corpus/output"."""
    names = [output.name for output in tagger.outputs]
    gold: dict[str, list[set[tuple[int, int]]]] = {
        f"{corpus.name}/{output.name}": [] for corpus in corpora for output in tagger.outputs if corpus.name in output.corpora
    }
    found: dict[str, list[set[tuple[int, int]]]] = {key: [] for key in gold}
    for part in _decoded(tagger, examples):
        for b, example in enumerate(part.examples):
            for k, labels in enumerate(example.labels):
                if labels is not None:
                    key = f"{example.corpus}/{names[k]}"
                    gold[key].append(set(spans_of(labels)))
                    found[key].append(set(spans_of(part.tags[b, : part.lengths[b], k].tolist())))
    return {key: score_spans(gold[key], found[key]) for key in gold}


def mean_f1(scores: dict[str, SpanScores]) -> float:
    """Give the mean F1, each corpus and output weighing the same."""
    return float(np.mean([score.f1 for score in scores.values()]))


def calibrated(tagger: LstmTagger, examples: Sequence[Example]) -> LstmTagger:
    """Fit each output on held-out examples, so that a mention's score is the chance that this very span is right.

    First the temperature of the whole chain, then slope and shift of the log-odds of what it gives: a temperature alone cannot
    mend a score that is too high all along. An output that finds nothing in the examples takes the mean of those of its type: how
    far a network is too sure depends on the network more than on the guideline. It stays as it is where there are none.
    """
    parts = list(_decoded(tagger, examples))
    fitted: dict[int, tuple[float, float, float]] = {}
    for k in range(len(tagger.outputs)):
        _, hits = _scored(tagger, parts, k, 1.0)
        if hits:
            t = best_temperature(lambda t, k=k, y=hits: log_loss(_scored(tagger, parts, k, t)[0], y))  # type: ignore[misc]
            fitted[k] = (t, *fit_platt(_scored(tagger, parts, k, t)[0], hits))
    values = np.array([fitted.get(k) or _mean_of_type(tagger, k, fitted) for k in range(len(tagger.outputs))], np.float32)
    return replace(tagger, temperature=values[:, 0], platt=values[:, 1:])


def _mean_of_type(tagger: LstmTagger, k: int, fitted: Mapping[int, tuple[float, float, float]]) -> tuple[float, float, float]:
    alike = [values for other, values in fitted.items() if tagger.outputs[other].type == tagger.outputs[k].type]
    if not alike:
        return 1.0, 1.0, 0.0
    temperatures, slopes, shifts = zip(*alike, strict=True)
    return float(np.exp(np.mean(np.log(temperatures)))), float(np.mean(slopes)), float(np.mean(shifts))


def platt_pairs(tagger: LstmTagger) -> dict[str, tuple[float, float]]:
    """Give slope and shift of each output by name, rounded as bundles keep them; empty where none were fitted."""
    rows = () if tagger.platt is None else tagger.platt
    return {o.name: (round(float(a), 4), round(float(b), 4)) for o, (a, b) in zip(tagger.outputs, rows, strict=False)}


def calibration_errors(tagger: LstmTagger, examples: Sequence[Example]) -> dict[str, float]:
    """Give the expected calibration error of the scores of each output that finds anything where it is annotated, by name."""
    parts = list(_decoded(tagger, examples))
    errors = {}
    for k, output in enumerate(tagger.outputs):
        scores, hits = _scored(tagger, parts, k, float(tagger.temperature[k]))
        if hits:
            given = scores if tagger.platt is None else platt_scaled(scores, *tagger.platt[k])
            errors[output.name] = round(expected_calibration_error(given, hits), 4)
    return errors


def _scored(tagger: LstmTagger, parts: Sequence[_Decoded], k: int, t: float) -> tuple[list[float], list[int]]:
    """Give what every span that output k finds where it is annotated scores at temperature t, and whether the span is gold."""
    chain = Chain(tagger.chain.steps[[k]], tagger.chain.start[[k]]).cooled(np.array([t], np.float32)).legal()
    scores, hits = [], []
    for part in parts:
        spans, right = _spots(part, k)
        scores += span_probabilities(part.emissions[:, :, [k]] / t, part.lengths, chain, spans)
        hits += right
    return scores, hits


def _spots(part: _Decoded, k: int) -> tuple[list[tuple[int, int, int, int]], list[int]]:
    """List the spans found by output k in a batch, where it is annotated, and whether each is gold."""
    spots, hits = [], []
    for b, example in enumerate(part.examples):
        labels = example.labels[k]
        if labels is None:
            continue
        gold = set(spans_of(labels))
        for span in spans_of(part.tags[b, : part.lengths[b], k].tolist()):
            spots.append((b, 0, *span))
            hits.append(int(span in gold))
    return spots, hits
