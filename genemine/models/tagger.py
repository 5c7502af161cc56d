"""The LSTM tagger in use: a bundle in, token spans with calibrated scores out."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
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
from genemine.models.decode import Chain, span_probabilities, spans_of, viterbi
from genemine.models.encode import batches, encode
from genemine.models.vocabulary import Vocabulary, from_arrays
from genemine.records import TokenSpan
from genemine.sources.iob import TaggedSentence

KIND = "tagger"
BATCH = 128  # sentences at once: throughput is flat above
Emit = Callable[[list[np.ndarray]], np.ndarray]


def default_bundle() -> Path:
    """Give the folder of the tagger that ships with genemine."""
    return Path(str(files("genemine.resources"))) / "bundles" / "tagger"


@dataclass(frozen=True)
class LstmTagger:
    """A TokenTagger: see :mod:`genemine.annotate.tagging`.

    ``emit`` gives emissions (b, t, k, 3) for encoded inputs; ``outputs`` are the k outputs, ``serving`` those whose spans
    :meth:`tag` gives (one for each type); ``temperature`` float (k,); ``platt`` float (k, 2), the slope and shift that the
    log-odds of a score get after that (None: as they are); ``fingerprint`` changes whenever the answers may.
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

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[TokenSpan]]:
        """Find mentions; spans of one type never overlap, spans of two types may; a score is P(this very span is right)."""
        return self.tag_outputs(sentences, self.serving)

    def tag_outputs(self, sentences: Sequence[Sequence[str]], chosen: Sequence[int]) -> list[list[TokenSpan]]:
        """Find mentions by the outputs with these numbers, for instance to score one annotation guideline alone."""
        found: list[list[TokenSpan]] = [[] for _ in sentences]
        lengths = [len(sentence) for sentence in sentences]
        for group in batches(lengths, BATCH):
            full = [int(i) for i in group if lengths[i]]
            if full:
                for i, spans in zip(full, self._tag_batch([sentences[i] for i in full], chosen), strict=True):
                    found[i] = spans
        return found

    def _tag_batch(self, sentences: Sequence[Sequence[str]], chosen: Sequence[int]) -> list[list[TokenSpan]]:
        picked = list(chosen)
        lengths = np.array([len(sentence) for sentence in sentences])
        emissions = self.emit(encode(sentences, self.vocabulary).inputs())[:, : lengths.max(), picked]
        temperature = self.temperature[picked]
        chain = Chain(self.chain.steps[picked], self.chain.start[picked])
        tags = viterbi(emissions, lengths, chain.legal())
        spots = [
            (b, k, first, last)
            for b, k in zip(*np.nonzero(tags.any(axis=1)), strict=True)
            for first, last in spans_of(tags[b, : lengths[b], k].tolist())
        ]
        scores = span_probabilities(emissions / temperature[:, None], lengths, chain.cooled(temperature).legal(), spots)
        if self.platt is not None and spots:
            slope, shift = self.platt[[picked[k] for _, k, _, _ in spots]].T
            scores = platt_scaled(scores, slope, shift).tolist()
        found: list[list[TokenSpan]] = [[] for _ in sentences]
        for (b, k, first, last), score in zip(spots, scores, strict=True):
            found[b].append(TokenSpan(first, last, self.outputs[picked[k]].type, score))
        return [sorted(spans, key=lambda s: (s.first, s.last, s.type)) for spans in found]


def load_tagger(folder: Path | None = None) -> LstmTagger:
    """Load a tagger bundle; None loads the one that ships with genemine. Importing TensorFlow takes some seconds.

    Raises:
        BundleError: the bundle is missing, damaged, or of another kind or version.
    """
    place = folder or default_bundle()
    bundle = read_bundle(place, KIND)
    try:
        vocabulary = from_arrays(bundle.arrays)
        outputs = tuple(Output(o["name"], o["type"], tuple(o["corpora"])) for o in bundle.config["outputs"])
        emit = _emitter(bundle.config["shape"], bundle.arrays, vocabulary, len(outputs))
        serving = tuple(range(len(outputs)))
        return LstmTagger(
            bundle.name,
            emit,
            vocabulary,
            outputs,
            tuple(bundle.config.get("serving", serving)),
            Chain(bundle.arrays["crf_steps"].astype(np.float32), bundle.arrays["crf_start"].astype(np.float32)),
            np.array(bundle.config["temperature"], np.float32),
            bundle.fingerprint,
            np.array(bundle.config["platt"], np.float32) if "platt" in bundle.config else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(f"{place}: the bundle lacks or misshapes {error}; train it anew with 'genemine train tagger'") from error


def save_tagger(folder: Path, tagger: LstmTagger, network: Any, shape: Any, *, about: dict[str, Any], card: str) -> None:
    """Write a tagger as a bundle: ``network`` holds its weights, ``about`` says how it was trained."""
    import keras

    variables = [keras.ops.convert_to_numpy(v).astype(np.float16) for v in network.emitter.trainable_variables]
    arrays = {f"weight_{i:02d}": array for i, array in enumerate(variables)}
    arrays |= {"crf_steps": tagger.chain.steps, "crf_start": tagger.chain.start} | tagger.vocabulary.arrays()
    config = {
        "outputs": [asdict(output) for output in tagger.outputs],
        "serving": list(tagger.serving),
        "shape": asdict(shape),
        "temperature": [round(float(t), 4) for t in tagger.temperature],
        **({} if tagger.platt is None else {"platt": [[round(float(x), 4) for x in row] for row in tagger.platt]}),
        **about,
    }
    write_bundle(folder, KIND, tagger.name, config=config, arrays=arrays, card=card)


def _emitter(shape: dict[str, Any], arrays: dict[str, np.ndarray], vocabulary: Vocabulary, n_outputs: int) -> Emit:
    quiet_tensorflow()
    from genemine.models.network import TaggerShape, build_network

    sizes = TaggerShape(**{**shape, "char_widths": tuple(shape["char_widths"])})
    network = build_network(vocabulary.matrix(), len(vocabulary.chars) + 2, n_outputs, sizes, seed=0)
    for i, variable in enumerate(network.emitter.trainable_variables):
        variable.assign(arrays[f"weight_{i:02d}"].astype(np.float32))
    return emit_function(network.emitter)


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
