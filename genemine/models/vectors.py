"""Word vectors: gensim skip-gram over unlabelled texts, every sentence that touches a held-out sentence left out.

Words are lower-cased and every digit is folded to 0 (most of the texts come lower-cased and with their numbers cut out); the letter
case that is lost here reaches the tagger through its characters. Source: Mikolov et al. 2013, arXiv:1310.4546.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from genemine.annotate.tokens import tokenize
from genemine.errors import SourceError
from genemine.models.corpora import CORPORA, DEVEL, OUTPUTS, TRAIN, held_out_sentences, training_examples
from genemine.models.leaks import HeldOut
from genemine.models.texts import sentences_of, unlabelled_texts
from genemine.models.vocabulary import fold_word

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class VectorSettings:
    """The recipe; defaults are those of ``make models``."""

    size: int = 200
    window: int = 5
    negative: int = 5
    min_count: int = 5
    sample: float = 1e-4
    epochs: int = 5
    workers: int = 2  # more than one makes the vectors differ a little from run to run
    seed: int = 20261123


@dataclass(frozen=True)
class WordVectors:
    """``words`` by falling frequency; ``vectors`` float16 (n_words, size); ``about`` says how they were made."""

    words: tuple[str, ...]
    vectors: np.ndarray
    about: Mapping[str, Any] = field(default_factory=dict)


def write_sentences(data_dir: Path, out: Path, guard: HeldOut) -> dict[str, int]:
    """Write folded tokens, one sentence a line, and count sentences and tokens kept and dropped."""
    counts = {"sentences": 0, "tokens": 0, "dropped_sentences": 0}
    with out.open("w", encoding="utf-8") as lines:
        for sentences in _texts(data_dir):
            for sentence, leaks in zip(sentences, guard.touched(sentences), strict=True):
                if leaks:
                    counts["dropped_sentences"] += 1
                    continue
                words = [fold_word(token.text) for token in tokenize(sentence)]
                counts["sentences"] += 1
                counts["tokens"] += len(words)
                lines.write(" ".join(words) + "\n")
    return counts


def _texts(data_dir: Path) -> Iterator[list[str]]:
    """Yield the sentences of each text once: abstracts, then the training sentences of the labelled corpora."""
    seen: set[int] = set()
    for _, group in groupby(unlabelled_texts(data_dir / "abstracts"), key=lambda pair: pair[0]):
        for _, text in group:
            if hash(text) not in seen:
                seen.add(hash(text))
                yield sentences_of(text)
    for example in training_examples(data_dir, (TRAIN, DEVEL), CORPORA, OUTPUTS)[0]:
        yield [" ".join(example.tokens)]


def build_vectors(
    data_dir: Path,
    out: Path,
    settings: VectorSettings = VectorSettings(),
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, int]:
    """Learn word vectors from ``data_dir`` and write them to ``out`` (npz); returns counts for the model card."""
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "sentences.txt"
        counts = write_sentences(data_dir, text, held_out_sentences(data_dir))
        log.info("vectors: %d sentences, %d tokens, %d dropped as held out", *counts.values())
        vectors = _skip_gram(text, settings, progress)
    counts["words"] = len(vectors.words)
    save_vectors(replace(vectors, about={"method": "skip-gram", **asdict(settings), **counts}), out)
    return counts


def _skip_gram(text: Path, settings: VectorSettings, progress: Callable[[int, int], None] | None) -> WordVectors:
    from gensim.models import Word2Vec
    from gensim.models.callbacks import CallbackAny2Vec

    class Report(CallbackAny2Vec):
        done = 0

        def on_epoch_end(self, model: object) -> None:  # noqa: ARG002  # gensim's signature
            self.done += 1
            if progress is not None:
                progress(self.done, settings.epochs)

    model = Word2Vec(
        corpus_file=str(text),
        vector_size=settings.size,
        window=settings.window,
        negative=settings.negative,
        min_count=settings.min_count,
        sample=settings.sample,
        epochs=settings.epochs,
        workers=settings.workers,
        seed=settings.seed,
        sg=1,
        callbacks=[Report()],
    )
    return WordVectors(tuple(model.wv.index_to_key), model.wv.vectors.astype(np.float16))


def save_vectors(vectors: WordVectors, out: Path) -> None:
    """Write vectors under a temporary name, then rename."""
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(out.name + ".part")
    with temporary.open("wb") as stream:
        np.savez(stream, words=np.array(vectors.words), vectors=vectors.vectors, about=np.array(json.dumps(dict(vectors.about))))
    temporary.replace(out)


def load_vectors(path: Path) -> WordVectors:
    """Read vectors that :func:`save_vectors` wrote.

    Raises:
        SourceError: the file is missing or holds no vectors.
    """
    try:
        with np.load(path) as arrays:
            about = json.loads(str(arrays["about"]))
            return WordVectors(tuple(str(word) for word in arrays["words"]), arrays["vectors"], about)
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise SourceError(f"{path}: word vectors cannot be read ({error}); make them with 'genemine train vectors'") from error
