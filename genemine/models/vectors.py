"""Word vectors: gensim skip-gram over the unlabelled sentences that ``unlabelled.write_texts`` made.

Words are lower-cased and every digit is folded to 0 (most of the texts come lower-cased and with their numbers cut out); the letter
case that is lost here reaches the tagger through its characters. Source: Mikolov et al. 2013, arXiv:1310.4546.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from genemine.errors import SourceError
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


def build_vectors(
    texts: Path,
    out: Path,
    settings: VectorSettings = VectorSettings(),
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, int]:
    """Learn word vectors from tokenised sentences, one a line, and write them to ``out`` (npz); returns counts for the card."""
    counts = {"sentences": 0, "tokens": 0}
    with tempfile.TemporaryDirectory() as folder:
        folded = Path(folder) / "folded.txt"
        with texts.open(encoding="utf-8") as lines, folded.open("w", encoding="utf-8") as result:
            for line in lines:
                result.write(fold_word(line))
                counts["sentences"] += 1
                counts["tokens"] += line.count(" ") + 1
        vectors = _skip_gram(folded, settings, progress)
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
        with path.open("rb") as stream, np.load(stream) as arrays:
            about = json.loads(str(arrays["about"]))
            return WordVectors(tuple(str(word) for word in arrays["words"]), arrays["vectors"], about)
    except OSError as error:
        raise SourceError(f"{path}: word vectors cannot be read ({error.strerror or error}); check the path") from error
    except (ValueError, KeyError, EOFError, BadZipFile) as error:
        raise SourceError(
            f"{path}: word vectors cannot be read (it holds none); docs/training.md tells how they are made"
        ) from error
