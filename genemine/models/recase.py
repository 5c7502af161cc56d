"""Give lower-cased texts their capitals back, word by word, so that they can be tagged as abstracts are.

Two thirds of the unlabelled texts come lower-cased. A word takes the form that cased texts write it in most often; a word that they
do not have takes the form of a gene symbol of that spelling, if there is one. What a sentence begins with gets a capital.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from genemine.models.text_ids import TextIds

CAPITAL = re.compile(r"\b[A-Z][a-z]")  # headings in capitals alone say nothing: lower-cased texts have them too
FEW_CAPITALS = 1 / 200  # words with a capital a word, below which a text was lower-cased; abstracts have about 1 in 15


NUMBERED = re.compile(r"([A-Za-z]+)\d+[A-Za-z]?")
MOST = 50  # times that one form counts
LOST = "0"  # what stands where a number was


@dataclass(frozen=True)
class Recaser:
    """``forms``: how to write a lower-cased word where it is not written in small letters.

    ``numbered``: the forms with a number that begin with these lower-cased letters, as often as they occur.
    """

    forms: Mapping[str, str]
    numbered: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def sentence(self, tokens: Sequence[str]) -> list[str]:
        """Write the tokens of one lower-cased sentence as a cased text would; may give fewer tokens."""
        cased: list[str] = []
        for i, token in enumerate(tokens):
            if token == LOST and i and tokens[i - 1] in self.numbered:
                choices = self.numbered[tokens[i - 1]]
                # the neighbours decide which, so that the same sentence always becomes the same
                cased[-1] = choices[crc32(" ".join(tokens[max(i - 6, 0) : i + 6]).encode()) % len(choices)]
            else:
                cased.append(self.forms.get(token, token))
        if cased and cased[0] == tokens[0]:
            cased[0] = cased[0][:1].upper() + cased[0][1:]
        return cased


def learn_case(cased: TextIds, symbols: Iterable[str] = (), min_count: int = 2) -> Recaser:
    """Learn from cased texts.

    Args:
        cased: sentences with their capitals; first words, which say nothing, are not counted.
        symbols: gene symbols, the preferred first.
        min_count: how often cased texts must have a word to decide its form.
    """
    inner = np.ones(len(cased.tokens), bool)
    inner[cased.starts[:-1][cased.lengths > 0]] = False
    counts = np.bincount(cased.tokens[inner], minlength=len(cased.forms))
    best: dict[str, tuple[int, str]] = {}
    totals: Counter[str] = Counter()
    for form, count in zip(cased.forms, counts.tolist(), strict=True):
        lower = form.lower()
        totals[lower] += count
        if count > best.get(lower, (0, ""))[0]:
            best[lower] = (count, form)
    forms: dict[str, str] = {}
    for symbol in symbols:
        lower = symbol.lower()
        if totals[lower] < min_count and lower != symbol:
            forms.setdefault(lower, symbol)
    forms |= {lower: form for lower, (_, form) in best.items() if totals[lower] >= min_count and form != lower}
    return Recaser(forms, _numbered(cased.forms, counts, forms.values(), totals))


def _numbered(names: Sequence[str], counts: np.ndarray, known: Iterable[str], totals: Mapping[str, int]) -> dict[str, list[str]]:
    """Collect forms with a number by their letters, where they are commoner than the letters alone."""
    found: dict[str, list[str]] = defaultdict(list)
    for form, count in (*zip(names, counts.tolist(), strict=True), *((form, 1) for form in known)):
        parts = NUMBERED.fullmatch(form)
        if parts and count:
            found[parts[1].lower()] += [form] * min(count, MOST)
    return {letters: forms for letters, forms in found.items() if len(forms) > totals.get(letters, 0)}


def is_lower_cased(text: str) -> bool:
    """Tell whether a text lost its capitals."""
    words = text.split()
    return bool(words) and len(CAPITAL.findall(text)) <= FEW_CAPITALS * len(words)
