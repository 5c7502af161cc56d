"""The LSTM tagger in use: a bundle in, token spans with calibrated scores out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from genemine.errors import BundleError
from genemine.evaluate.calibration import platt_scaled
from genemine.evaluate.spans import SpanScores, score_spans
from genemine.models.bundle import read_bundle, write_bundle
from genemine.models.corpora import Output, labels_of
from genemine.models.decode import N_TAGS, Chain, span_probabilities, spans_of, spots_of, viterbi
from genemine.models.encode import batches, encode
from genemine.models.engine import Engine
from genemine.models.engine_weights import network_arrays, read_weights, word_scale
from genemine.models.vocabulary import Vocabulary, from_arrays
from genemine.records import TokenSpan
from genemine.sources.iob import TaggedSentence

KIND = "tagger"
BATCH = 128  # sentences at once that a network in training is asked
DECODED = 16_384  # tokens decoded at once, padding included
Emit = Callable[[list[np.ndarray]], np.ndarray]


def default_bundle() -> Path:
    """Give the folder of the tagger that ships with genemine."""
    return Path(str(files("genemine.resources"))) / "bundles" / "tagger"


@dataclass(frozen=True)
class LstmTagger:
    """A TokenTagger: see :mod:`genemine.annotate.tagging`.

    ``emit`` gives emissions (b, t, k, 3) for encoded inputs; ``outputs`` are the k outputs, ``serving`` those whose spans
    :meth:`tag` gives (one for each type); ``temperature`` float (k,); ``platt`` float (k, 2), the slope and shift that the
    log-odds of a score get after that (None: as they are); ``fingerprint`` changes whenever the answers may. ``engine`` computes
    emissions without Keras; None for a network in training, which ``emit`` asks.
    """

    name: str
    emit: Emit
    vocabulary: Vocabulary
    outputs: tuple[Output, ...]
    serving: tuple[int, ...]
    chain: Chain
    temperature: np.ndarray
    fingerprint: str = ""
    platt: np.ndarray | None = None
    engine: Engine | None = None

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[TokenSpan]]:
        """Find mentions; spans of one type never overlap, spans of two types may; a score is P(this very span is right)."""
        return self.tag_outputs(sentences, self.serving)

    def tag_outputs(self, sentences: Sequence[Sequence[str]], chosen: Sequence[int]) -> list[list[TokenSpan]]:
        """Find mentions by the outputs with these numbers, for instance to score one annotation guideline alone."""
        found: list[list[TokenSpan]] = [[] for _ in sentences]
        full = [i for i, sentence in enumerate(sentences) if len(sentence)]
        emissions = self._emissions([sentences[i] for i in full], list(chosen))
        for group in _groups([len(emitted) for emitted in emissions]):
            for i, spans in zip(group, self._decoded([emissions[i] for i in group], list(chosen)), strict=True):
                found[full[i]] = spans
        return found

    def _emissions(self, sentences: Sequence[Sequence[str]], chosen: list[int]) -> list[np.ndarray]:
        """Give emissions (tokens, len(chosen), 3) of each sentence."""
        if self.engine is not None:
            return self.engine.emissions(sentences, chosen)
        found = [np.empty(0, np.float32)] * len(sentences)
        for group in batches([len(sentence) for sentence in sentences], BATCH):
            emitted = self.emit(encode([sentences[i] for i in group], self.vocabulary).inputs())[:, :, chosen]
            for i, rows in zip(group, emitted, strict=True):
                found[i] = rows[: len(sentences[i])]
        return found

    def _decoded(self, emitted: Sequence[np.ndarray], chosen: list[int]) -> list[list[TokenSpan]]:
        lengths = np.array([len(rows) for rows in emitted])
        emissions = np.zeros((len(emitted), lengths.max(), len(chosen), N_TAGS), np.float32)
        for b, rows in enumerate(emitted):
            emissions[b, : len(rows)] = rows
        chain = Chain(self.chain.steps[chosen], self.chain.start[chosen])
        tags = viterbi(emissions, lengths, chain.legal())
        found: list[list[TokenSpan]] = [[] for _ in emitted]
        telling = np.flatnonzero(tags.any(axis=(1, 2)))  # most sentences name nothing, and need no scores
        if not len(telling):
            return found
        longest = lengths[telling].max()
        spots = spots_of(tags[telling, :longest])
        scores = self._scores(emissions[telling, :longest], lengths[telling], chain, chosen, spots)
        for (b, k, first, last), score in zip(spots, scores, strict=True):
            found[telling[b]].append(TokenSpan(first, last, self.outputs[chosen[k]].type, score))
        return [sorted(spans, key=lambda s: (s.first, s.last, s.type)) for spans in found]

    def _scores(
        self,
        emissions: np.ndarray,
        lengths: np.ndarray,
        chain: Chain,
        chosen: list[int],
        spots: Sequence[tuple[int, int, int, int]],
    ) -> list[float]:
        temperature = self.temperature[chosen]
        scores = span_probabilities(emissions / temperature[:, None], lengths, chain.cooled(temperature).legal(), spots)
        if self.platt is None:
            return scores
        slope, shift = self.platt[[chosen[k] for _, k, _, _ in spots]].T
        found: list[float] = platt_scaled(scores, slope, shift).tolist()
        return found


def _groups(lengths: Sequence[int]) -> list[list[int]]:
    """Group sentences of like length, the longest first, so that a group padded to its longest has at most DECODED tokens."""
    groups: list[list[int]] = []
    for i in np.argsort(-np.asarray(lengths, np.int64), kind="stable").tolist():
        if not groups or (len(groups[-1]) + 1) * lengths[groups[-1][0]] > DECODED:
            groups.append([])
        groups[-1].append(i)
    return groups


def load_tagger(folder: Path | None = None) -> LstmTagger:
    """Load a tagger bundle; None loads the one that ships with genemine. Neither Keras nor TensorFlow is imported.

    Raises:
        BundleError: the bundle is missing, damaged, or of another kind or version.
    """
    place = folder or default_bundle()
    bundle = read_bundle(place, KIND)
    try:
        vocabulary = from_arrays(bundle.arrays)
        outputs = tuple(Output(o["name"], o["type"], tuple(o["corpora"])) for o in bundle.config["outputs"])
        engine = Engine(read_weights(bundle.arrays, bundle.config["shape"], vocabulary), vocabulary)
        if engine.n_outputs != len(outputs):
            raise ValueError(f"'emissions/bias': it has {engine.n_outputs} outputs, config.json names {len(outputs)}")
        serving = tuple(range(len(outputs)))
        return LstmTagger(
            bundle.name,
            engine.emit,
            vocabulary,
            outputs,
            tuple(bundle.config.get("serving", serving)),
            Chain(bundle.arrays["crf_steps"].astype(np.float32), bundle.arrays["crf_start"].astype(np.float32)),
            np.array(bundle.config["temperature"], np.float32),
            bundle.fingerprint,
            np.array(bundle.config["platt"], np.float32) if "platt" in bundle.config else None,
            engine,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(f"{place}: the bundle lacks or misshapes {error}; train it anew with 'genemine train tagger'") from error


def save_tagger(
    folder: Path,
    tagger: LstmTagger,
    network: Any,
    shape: Any,
    *,
    about: dict[str, Any],
    card: str,
    further: Mapping[str, np.ndarray] | None = None,
) -> None:
    """Write a tagger as a bundle: ``network`` holds its weights, ``about`` tells of its training, ``further`` arrays go in too."""
    arrays = {name: array.astype(np.float16) for name, array in network_arrays(network).items()}
    arrays["word_scale"] = np.array(word_scale(tagger.vocabulary))
    arrays |= {"crf_steps": tagger.chain.steps, "crf_start": tagger.chain.start} | tagger.vocabulary.arrays() | dict(further or {})
    config = {
        "outputs": [asdict(output) for output in tagger.outputs],
        "serving": list(tagger.serving),
        "shape": asdict(shape),
        "temperature": [round(float(t), 4) for t in tagger.temperature],
        **({} if tagger.platt is None else {"platt": [[round(float(x), 4) for x in row] for row in tagger.platt]}),
        **about,
    }
    write_bundle(folder, KIND, tagger.name, config=config, arrays=arrays, card=card)


def emit_function(model: Any) -> Emit:
    """Make a quick function from encoded inputs to emissions; traced once for all shapes where the backend is TensorFlow."""
    import keras

    if keras.backend.backend() != "tensorflow":
        return lambda inputs: np.array(keras.ops.convert_to_numpy(model(inputs, training=False)))
    import tensorflow as tf

    signature = [tf.TensorSpec((None, *i.shape[1:]), i.dtype) for i in model.inputs]
    traced = tf.function(lambda *inputs: model(list(inputs), training=False), input_signature=signature)
    return lambda inputs: traced(*inputs).numpy()


def quiet_tensorflow() -> None:
    """Keep TensorFlow's start-up notes off the terminal; only works before its first import."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


def evaluate_tagger(
    tagger: LstmTagger, sentences: Sequence[TaggedSentence], type_: str, output: str | None = None, source: str = "corpus"
) -> SpanScores:
    """Score a tagger strictly on gold sentences.

    Args:
        tagger: the tagger.
        sentences: gold tags of at least this type.
        type_: "Gene" or "Disease"; gold tags of the other type are ignored.
        output: name of one output to score; None scores what :meth:`LstmTagger.tag` gives.
        source: the corpus's name in messages.

    Raises:
        RecordError: a gold tag is of no known type.
    """
    chosen = [i for i, o in enumerate(tagger.outputs) if o.name == output] if output else list(tagger.serving)
    chosen = [i for i in chosen if tagger.outputs[i].type == type_]
    found = tagger.tag_outputs([s.tokens for s in sentences], chosen)
    gold = (set(spans_of(labels_of(s, type_, Path(source)))) for s in sentences)
    return score_spans(gold, ({(s.first, s.last) for s in spans} for spans in found))
