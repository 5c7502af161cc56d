"""Large texts as numbers: every distinct token once, sentences as runs of token numbers; batches without a loop over tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from genemine.models.encode import LENGTH_STEP, WORD_STEP, Encoded
from genemine.models.vocabulary import MAX_CHARS, Vocabulary


@dataclass(frozen=True)
class TextIds:
    """Sentences: ``forms`` are the distinct tokens by falling frequency; sentence i is ``tokens[starts[i]:starts[i + 1]]``.

    ``tokens`` int32 (n_tokens,): row in ``forms``; ``starts`` int64 (n_sentences + 1,); ``counts`` int64 (n_forms,).
    """

    forms: tuple[str, ...]
    tokens: np.ndarray
    starts: np.ndarray
    counts: np.ndarray

    def __len__(self) -> int:
        """Count the sentences."""
        return len(self.starts) - 1

    @property
    def lengths(self) -> np.ndarray:
        """Tokens of each sentence, int64 (n_sentences,)."""
        return np.diff(self.starts)

    def sentence(self, i: int) -> list[str]:
        """Give the tokens of one sentence."""
        return [self.forms[k] for k in self.tokens[self.starts[i] : self.starts[i + 1]]]

    def rows(self, chosen: Sequence[int] | np.ndarray) -> np.ndarray:
        """Lay sentences side by side: int32 (b, t), -1 for padding; t is a multiple of LENGTH_STEP."""
        lengths = self.lengths[chosen]
        longest = -(-max(int(lengths.max(initial=1)), 1) // LENGTH_STEP) * LENGTH_STEP
        places = np.arange(longest)
        inside = places < lengths[:, None]
        at = np.where(inside, self.starts[:-1][chosen][:, None] + places, 0)
        return np.where(inside, self.tokens[at], -1).astype(np.int32)


def number_texts(sentences: Iterable[Sequence[str]], max_tokens: int = 120) -> TextIds:
    """Number the tokens of sentences; a sentence of more than ``max_tokens`` is cut there."""
    seen: dict[str, int] = {}
    flat: list[np.ndarray] = []
    starts = [0]
    for sentence in sentences:
        row = np.fromiter((seen.setdefault(token, len(seen)) for token in sentence[:max_tokens]), np.int32)
        flat.append(row)
        starts.append(starts[-1] + len(row))
    tokens = np.concatenate(flat) if flat else np.zeros(0, np.int32)
    counts = np.bincount(tokens, minlength=len(seen))
    order = np.argsort(-counts, kind="stable")
    rank = np.empty(len(seen), np.int32)
    rank[order] = np.arange(len(seen), dtype=np.int32)
    names = list(seen)
    return TextIds(tuple(names[i] for i in order), rank[tokens], np.array(starts, np.int64), counts[order])


def choose(text: TextIds, chosen: np.ndarray) -> TextIds:
    """Take some sentences out of a text; forms keep their numbers."""
    parts = [text.tokens[text.starts[i] : text.starts[i + 1]] for i in chosen]
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(text.lengths[chosen])])
    tokens = np.concatenate(parts) if parts else np.zeros(0, np.int32)
    return TextIds(text.forms, tokens, starts, np.bincount(tokens, minlength=len(text.forms)))


def read_text_ids(path: Path, max_tokens: int = 120) -> TextIds:
    """Number a text file of one tokenised sentence a line."""
    with path.open(encoding="utf-8") as lines:
        return number_texts((line.split() for line in lines), max_tokens)


@dataclass(frozen=True)
class FormTable:
    """What a vocabulary says of each form of a text: ``words`` int32 (n_forms,), ``chars`` uint16 (n_forms, MAX_CHARS)."""

    words: np.ndarray
    chars: np.ndarray


def form_table(forms: Sequence[str], vocabulary: Vocabulary) -> FormTable:
    """Look every form up once."""
    chars = np.zeros((len(forms), MAX_CHARS), np.uint16)
    for i, form in enumerate(forms):
        read = vocabulary.chars_of(form)
        chars[i, : len(read)] = read
    return FormTable(np.fromiter((vocabulary.word_id(form) for form in forms), np.int32, len(forms)), chars)


@dataclass(frozen=True)
class ReadyText:
    """A text ready to be encoded: ``hints`` uint8 (n_tokens, h) of the vocabulary's dictionary, None where it has none."""

    text: TextIds
    table: FormTable
    hints: np.ndarray | None = None

    def encode(self, chosen: Sequence[int] | np.ndarray) -> tuple[Encoded, np.ndarray]:
        """Encode sentences, and give the place of each of their tokens in the text, row by row: int64 (number of tokens,)."""
        rows = self.text.rows(chosen)
        inside = rows >= 0
        places = (self.text.starts[:-1][chosen][:, None] + np.arange(rows.shape[1]))[inside]
        encoded = encode_rows(rows, self.table)
        if self.hints is None:
            return encoded, places
        hints = np.zeros((*rows.shape, self.hints.shape[1]), np.float32)
        hints[inside] = self.hints[places]
        return replace(encoded, hints=hints), places


def make_ready(text: TextIds, vocabulary: Vocabulary) -> ReadyText:
    """Look up every form and every name of a text once."""
    table = form_table(text.forms, vocabulary)
    if vocabulary.dictionary is None:
        return ReadyText(text, table)
    marks = [vocabulary.dictionary.hints(text.sentence(i)) for i in range(len(text))]
    return ReadyText(text, table, np.concatenate(marks) if marks else np.zeros((0, vocabulary.dictionary.size), np.uint8))


def encode_rows(rows: np.ndarray, table: FormTable) -> Encoded:
    """Encode what :meth:`TextIds.rows` gave; the same arrays as :func:`genemine.models.encode.encode` up to the order of forms."""
    mask = rows >= 0
    distinct, places = np.unique(rows[mask], return_inverse=True)
    forms = np.zeros(rows.shape, np.int32)
    forms[mask] = places + 1
    chars = np.zeros((-(-(len(distinct) + 1) // WORD_STEP) * WORD_STEP, MAX_CHARS), np.int32)
    chars[1 : len(distinct) + 1] = table.chars[distinct]
    words = np.where(mask, table.words[np.where(mask, rows, 0)], 0).astype(np.int32)
    return Encoded(words, forms, chars, mask.astype(np.float32))
