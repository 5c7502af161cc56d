"""The recipe of the shipped tagger: what is made of what, and the numbers that devel chose (docs/experiments.md).

texts -> word vectors -> vocabulary with its dictionary -> language model -> teachers (train) -> silver labels -> students, on gold
and silver mixed, then on gold alone: one on train to be judged and calibrated on devel, and of every seed one on train and devel.

Every step writes one file in a work folder and is passed by where that file is already there, so a killed run goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from genemine.errors import SourceError
from genemine.models.corpora import DEVEL, TRAIN, file_sha256, training_paths
from genemine.models.dictionary_names import dictionary_files, read_dictionary
from genemine.models.text_ids import TextIds, read_text_ids
from genemine.models.unlabelled import TextCounts, write_texts
from genemine.models.vectors import build_vectors, load_vectors
from genemine.models.vocabulary import Vocabulary, from_arrays, quantised

StageProgress = Callable[[str, int, int], None]
MIN_CHAR_COUNT = 200  # rarer characters of the texts are read as unknown
SHORTEST_SENTENCE = 5  # tokens of a sentence that is learnt from


@dataclass(frozen=True)
class Recipe:
    """All numbers of the recipe; a rate falls in a line over its epochs."""

    seed: int = 20261123
    words: int = 50_000
    units: int = 256
    word_dropout: float = 0.05
    language_epochs: int = 1
    language_tokens: int = 20_000_000
    teachers: int = 4
    teacher_epochs: int = 8
    teacher_rate: float = 2e-3
    teacher_dropout: float = 0.4
    batch_size: int = 64
    silver_tokens: int = 10_000_000
    silver_passes: int = 1
    students: int = 3
    student_epochs: int = 8
    student_batch: int = 128
    student_rate: float = 2.5e-3
    student_dropout: float = 0.35
    gold_epochs: int = 3  # of each student after the mixture: gold sentences alone, in batches of batch_size
    gold_rate: float = 5e-4

    def seeds(self, n: int, first: int = 0) -> list[int]:
        """Give ``n`` seeds that no other part of the recipe has."""
        return [self.seed + first + i for i in range(n)]


@dataclass(frozen=True)
class Workplace:
    """The files of one run of one recipe on one folder of corpora."""

    data: Path
    folder: Path
    recipe: Recipe

    @classmethod
    def of(cls, data: Path, parent: Path, recipe: Recipe) -> Workplace:
        """Name the folder by recipe and data, so that no file of another run is taken up."""
        paths = sorted({*training_paths(data), *dictionary_files(data), *(data / "abstracts").rglob("*.gz")})
        missing = [path for path in paths if not path.is_file()]
        if missing:
            raise SourceError(f"{missing[0]}: no such file; docs/training.md tells what the data folder has to hold")
        told = [json.dumps(asdict(recipe), sort_keys=True), *(file_sha256(path) for path in paths)]
        folder = parent / f".tagger-{hashlib.sha256(' '.join(told).encode()).hexdigest()[:12]}"
        folder.mkdir(parents=True, exist_ok=True)
        return cls(data, folder, recipe)

    def file(self, name: str) -> Path:
        """Give the path of one step's file."""
        return self.folder / name


def make_texts(place: Workplace) -> TextCounts:
    """Write the unlabelled sentences."""
    texts, told = place.file("texts.txt"), place.file("texts.json")
    if not told.is_file():
        told.write_text(json.dumps(asdict(write_texts(place.data, texts))), encoding="utf-8")
    counts = json.loads(told.read_text(encoding="utf-8"))
    return TextCounts(**{**counts, "pmids": tuple(counts["pmids"])})


def make_vocabulary(place: Workplace, progress: StageProgress) -> Vocabulary:
    """Learn the word vectors; keep words, the texts' characters, and the dictionary."""
    path, vectors = place.file("vocabulary.npz"), place.file("vectors.npz")
    if not vectors.is_file():
        build_vectors(place.file("texts.txt"), vectors, progress=lambda done, total: progress("word vectors", done, total))
    if not path.is_file():
        known = load_vectors(vectors)
        n = place.recipe.words
        codes, scales = quantised(np.asarray(known.vectors[:n], np.float32))
        chars = known_characters(number_texts_of(place))
        dictionary = read_dictionary(place.data, known.words)
        save_arrays(path, Vocabulary(known.words[:n], chars, codes, scales, dictionary).arrays())
    return load_vocabulary(path)


def number_texts_of(place: Workplace) -> TextIds:
    """Read the unlabelled sentences as numbers."""
    return read_text_ids(place.file("texts.txt"))


def known_characters(text: TextIds) -> tuple[str, ...]:
    """List the characters that a text has often enough."""
    counts: Counter[str] = Counter()
    for form, count in zip(text.forms, text.counts.tolist(), strict=True):
        for char in form:
            counts[char] += count
    return tuple(sorted(char for char, count in counts.items() if count >= MIN_CHAR_COUNT))


def sentences_by_lot(text: TextIds, most_tokens: int, seed: int) -> np.ndarray:
    """Choose sentences that are not too short until they have ``most_tokens`` tokens: int64 indices."""
    order = np.random.default_rng(seed).permutation(np.flatnonzero(text.lengths >= SHORTEST_SENTENCE))
    return order[: int(np.searchsorted(np.cumsum(text.lengths[order]), most_tokens)) + 1]


def load_vocabulary(path: Path) -> Vocabulary:
    """Read what :func:`make_vocabulary` wrote."""
    with np.load(path) as archive:
        return from_arrays({name: archive[name] for name in archive.files})


def save_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write arrays under a temporary name, then rename."""
    temporary = path.with_name(path.name + ".part")
    with temporary.open("wb") as stream:
        np.savez(stream, **arrays)  # type: ignore[arg-type]  # names are keywords here
    temporary.replace(path)


def labelled_parts(final: bool) -> Sequence[str]:
    """Train alone, or train and devel."""
    return [TRAIN, DEVEL] if final else [TRAIN]


def network_shape(place: Workplace, vocabulary: Vocabulary, dropout: float) -> Any:
    """Give the shape of teachers and students."""
    from genemine.models.network import TaggerShape

    hints = vocabulary.dictionary.size if vocabulary.dictionary else 0
    recipe = place.recipe
    return TaggerShape(
        units=recipe.units, input_dropout=dropout, output_dropout=dropout, word_dropout=recipe.word_dropout, hints=hints
    )
