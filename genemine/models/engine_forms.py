"""What the first BiLSTM layer sees of a word form, computed once for each distinct form.

A token's form is its letters and the hints that the dictionary gives it, if any. Word vector, character features, hints and their
product with the input weights of all eight gates depend on the form alone. So they are computed when a form first turns up and kept
in a table of bounded size; a token then costs a look-up. Products are exact (:mod:`genemine.models.exact`): a form has the same
numbers whatever it is computed with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from genemine.models.engine_weights import Lstm, Weights
from genemine.models.exact import exact_weights
from genemine.models.vocabulary import MAX_CHARS, PADDING, Vocabulary

TABLE_BYTES = 224 * 2**20  # of the forms kept by one process; 36,000 forms of a net of 200 units
Form = str | tuple[str, int]  # letters; or letters and hints, hint number i as bit i
CHUNK = 256  # forms computed at once; bounds the memory, changes no result
INPUT_STEP = 2.0**-20  # grid of word vectors and character features
INPUT_LARGEST = 16.0  # larger ones are cut; word vectors end at about 6, features too


class FormEncoder:
    """Word ids, character ids and hints of forms -> their share of the gates of both directions, float32 (n, 4 x units) each."""

    def __init__(self, weights: Weights, vocabulary: Vocabulary) -> None:
        """Prepare the tables."""
        self._codes, self._scales = vocabulary.codes, vocabulary.scales
        self._n_hints = vocabulary.dictionary.size if vocabulary.dictionary else 0
        self._word_scale = weights.word_scale
        self._convs = [(_letter_tables(weights.embedding, kernel), bias) for kernel, bias in weights.convs]
        kernel = np.concatenate([gates(lstm.kernel) for lstm in weights.layers[0]], axis=1)
        self._kernel = exact_weights(kernel, INPUT_LARGEST, INPUT_STEP, np.float64)
        self._bias = np.concatenate([gates(lstm.bias) for lstm in weights.layers[0]])

    def __call__(self, words: np.ndarray, chars: np.ndarray, hints: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Encode forms.

        Args:
            words: int (n,), word ids.
            chars: int (n, MAX_CHARS), character ids.
            hints: int (n,), hint number i as bit i.
        """
        parts = [self._chunk(words[i : i + CHUNK], chars[i : i + CHUNK], hints[i : i + CHUNK]) for i in range(0, len(words), CHUNK)]
        both = np.concatenate(parts) if parts else np.zeros((0, len(self._bias)), np.float32)
        half = both.shape[1] // 2
        return both[:, :half], both[:, half:]

    def _chunk(self, words: np.ndarray, chars: np.ndarray, hints: np.ndarray) -> np.ndarray:
        given = hints[:, None] >> np.arange(self._n_hints) & 1
        inputs = np.concatenate([self._vectors(words), self._features(chars), given], axis=1).astype(np.float64)
        np.clip(inputs, -INPUT_LARGEST, INPUT_LARGEST, out=inputs)
        inputs = np.rint(inputs / INPUT_STEP) * INPUT_STEP
        return (inputs @ self._kernel).astype(np.float32) + self._bias

    def _vectors(self, words: np.ndarray) -> np.ndarray:
        known = words >= 2
        rows = np.where(known, words - 2, 0)
        if not len(self._codes):
            return np.zeros((len(words), self._codes.shape[1]), np.float32)
        vectors: np.ndarray = self._codes[rows] * (self._scales[rows] * np.float32(self._word_scale) * known)[:, None]
        return vectors

    def _features(self, chars: np.ndarray) -> np.ndarray:
        real = (chars != PADDING)[..., None]
        features = []
        for tables, bias in self._convs:
            width = len(tables)
            left = (width - 1) // 2  # as Keras pads "same"
            padded = np.pad(chars, ((0, 0), (left, width - 1 - left)), constant_values=PADDING)
            total = tables[0][padded[:, : chars.shape[1]]] + bias
            for j in range(1, width):
                total += tables[j][padded[:, j : j + chars.shape[1]]]
            features.append(np.where(real, total, 0).max(axis=1, initial=0))  # the zero is also the rectifier
        return np.concatenate(features, axis=1)


def gates(weights: np.ndarray) -> np.ndarray:
    """Put the gates into the order i, f, o, c; the first three halved, since sigmoid(x) = (1 + tanh(x / 2)) / 2."""
    i, f, c, o = np.split(weights, 4, axis=-1)
    return np.concatenate([0.5 * i, 0.5 * f, 0.5 * o, c], axis=-1).astype(np.float32)


def _letter_tables(embedding: np.ndarray, kernel: np.ndarray) -> list[np.ndarray]:
    """Give what each character adds to the convolution at each place of its window: (characters, filters) for each place."""
    letters = embedding.copy()
    letters[PADDING] = 0
    return [(letters.astype(np.float64) @ place.astype(np.float64)).astype(np.float32) for place in kernel]


class FormTable:
    """The forms seen lately: ``tables`` holds the forward and the backward share of each, row 0 is that of padding."""

    def __init__(self, encoder: FormEncoder, vocabulary: Vocabulary, units: int, table_bytes: int = TABLE_BYTES) -> None:
        """Make room for as many forms as fit into ``table_bytes``; pages never written take no memory."""
        self._encoder, self._vocabulary = encoder, vocabulary
        self.capacity = max(table_bytes // (2 * 4 * units * 4), 1)
        self.tables = tuple(np.empty((self.capacity + 1, 4 * units), np.float32) for _ in range(2))
        for table in self.tables:
            table[0] = 0
        self._rows: dict[Form, int] = {}
        self._forms: list[Form] = [""]  # by row
        self._used = np.zeros(self.capacity + 1, np.int64)  # number of the call that last asked for the row
        self._calls = 0

    def rows(self, forms: Sequence[Form]) -> np.ndarray:
        """Give the row of each form, int64; at most ``capacity`` of them may be distinct."""
        missing = list(dict.fromkeys(form for form in forms if form not in self._rows))
        self._calls += 1
        if missing:
            self._make_room(len(missing), forms)
            self._add(missing)
        found = np.fromiter(map(self._rows.__getitem__, forms), np.int64, len(forms))
        self._used[found] = self._calls
        return found

    def _make_room(self, n_new: int, forms: Iterable[Form]) -> None:
        """Forget forms, those unused for longest first, a quarter of the table at least; never one of ``forms``."""
        if len(self._rows) + n_new <= self.capacity:
            return
        needed = set(forms)
        old = [row for row in np.argsort(self._used[1 : len(self._forms)], kind="stable") + 1 if self._forms[row] not in needed]
        n_gone = max(len(self._rows) + n_new - self.capacity, self.capacity // 4)
        gone = set(old[:n_gone])
        kept = [row for row in range(1, len(self._forms)) if row not in gone]
        for table in self.tables:
            for new, row in enumerate(kept, start=1):  # never forwards, so no row is written before it is read
                table[new] = table[row]
        self._used[1 : len(kept) + 1] = self._used[kept]
        self._forms = ["", *(self._forms[row] for row in kept)]
        self._rows = {form: row for row, form in enumerate(self._forms) if row}

    def _add(self, forms: Sequence[Form]) -> None:
        parts = [(form, 0) if isinstance(form, str) else form for form in forms]
        words = np.array([self._vocabulary.word_id(letters) for letters, _ in parts], np.int64)
        hints = np.array([given for _, given in parts], np.int64)
        chars = np.full((len(forms), MAX_CHARS), PADDING, np.int64)
        for row, (letters, _) in enumerate(parts):
            read = self._vocabulary.chars_of(letters)
            chars[row, : len(read)] = read
        first = len(self._forms)
        for table, part in zip(self.tables, self._encoder(words, chars, hints), strict=True):
            table[first : first + len(forms)] = part
        self._rows.update((form, first + i) for i, form in enumerate(forms))
        self._forms += forms


def recurrent_weights(lstm: Lstm) -> np.ndarray:
    """Give the recurrent weights as the engine multiplies by them; see :data:`genemine.models.engine_lstm.STATE_STEP`."""
    return 0.5 * gates(lstm.recurrent)
