"""A dictionary as hints to the network: which tokens stand in a name of a known gene, disease or phenotype.

Names are kept as 32-bit hashes, so that half a million names take two megabytes; one in ten thousand lookups collides, which a hint
can bear. The network is told, it need not believe: a symbol that is a word too is marked as often as a real one.
Source of the idea: Chiu & Nichols 2016 (arXiv:1511.08308), lexicon features for a BiLSTM.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from genemine.annotate.tokens import tokenize

LONGEST = 8  # tokens of a name that can be found
SHORTEST_NAME = 2  # characters
REMEMBERED = 100_000  # distinct tokens whose look-up is remembered
PLURAL_FROM = 6  # characters of a name that also gets a plural
# "Diabetes Mellitus, Type 2" is written "Type 2 Diabetes Mellitus" in a text
INVERTED = re.compile(r"^([^,]+), ([^,]+)$")
ARRAYS = ("names", "kinds", "symbols", "heads", "reach")
# Of a token: tokens of the longest name that begins with it, kinds (a bit each, symbols last) that it is a name of alone, and both
# folded and as it is spelt its code and the bytes that lengthen the code of a name by it.
_Token = tuple[int, int, int, bytes, int, bytes]


@dataclass(frozen=True)
class Dictionary:
    """Hashes of names.

    ``names`` uint32 (n,): folded names, rising; ``kinds`` uint8 (n,): bit k is set where the name is one of kind k. ``symbols``
    uint32 (m,): names whose letter case counts. ``heads`` uint32 (h,): folded first tokens, and ``reach`` uint8 (h,): the most
    tokens of a name that begins so, which lets most tokens be passed by with one lookup. ``n_kinds`` of folded names.
    """

    names: np.ndarray
    kinds: np.ndarray
    symbols: np.ndarray
    heads: np.ndarray
    reach: np.ndarray
    n_kinds: int
    _kinds: dict[int, int] = field(init=False, repr=False, compare=False)
    _symbols: frozenset[int] = field(init=False, repr=False, compare=False)
    _reach: dict[int, int] = field(init=False, repr=False, compare=False)
    _tokens: dict[str, _Token] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_kinds", dict(zip(self.names.tolist(), self.kinds.tolist(), strict=True)))
        object.__setattr__(self, "_symbols", frozenset(self.symbols.tolist()))
        object.__setattr__(self, "_reach", dict(zip(self.heads.tolist(), self.reach.tolist(), strict=True)))
        object.__setattr__(self, "_tokens", {})

    @property
    def size(self) -> int:
        """Hints a token: begins a name, goes on in a name; for each kind, and for symbols last."""
        return 2 * (self.n_kinds + 1)

    def hints(self, tokens: Sequence[str]) -> np.ndarray:
        """Mark the longest names of each kind from the left: uint8 (n_tokens, size)."""
        bits = np.array(self.bits(tokens), np.int64).reshape(-1, 1)
        return (bits >> np.arange(self.size) & 1).astype(np.uint8)

    def bits(self, tokens: Sequence[str]) -> list[int]:
        """Give the hints of each token in one number, hint i as bit i."""
        known = self._tokens
        read = [known.get(token) or self._read(token) for token in tokens]
        kinds, symbols, n_kinds = self._kinds, self._symbols, self.n_kinds
        found = [0] * len(tokens)
        done = [0] * (n_kinds + 1)
        for i, (most, alone, first, _, spelt_first, _) in enumerate(read):
            if not most:
                continue
            lengths = {1: alone} if alone else {}
            code, cased = first, spelt_first
            for n, (_, _, _, folded, _, spelt) in enumerate(read[i + 1 : i + most], start=2):
                code, cased = crc32(folded, code), crc32(spelt, cased)
                bits = kinds.get(code, 0) | (cased in symbols) << n_kinds
                if bits:
                    lengths[n] = bits
            for n in sorted(lengths, reverse=True):
                for k in range(n_kinds + 1):
                    if lengths[n] >> k & 1 and i >= done[k]:
                        done[k] = i + n
                        found[i] |= 1 << 2 * k
                        for j in range(i + 1, i + n):
                            found[j] |= 2 << 2 * k
        return found

    def arrays(self) -> dict[str, np.ndarray]:
        """Give what a bundle stores; :func:`dictionary_from` reads it back."""
        return {f"dictionary_{name}": getattr(self, name) for name in ARRAYS} | {"dictionary_n_kinds": np.array(self.n_kinds)}

    def _read(self, token: str) -> _Token:
        """Look up what the first token of a name tells, and remember it."""
        if len(self._tokens) >= REMEMBERED:
            self._tokens.clear()
        folded, spelt = token.lower().encode("utf-8", "surrogatepass"), token.encode("utf-8", "surrogatepass")
        code, cased = crc32(folded), crc32(spelt)
        most = self._reach.get(code, 0)
        bits = self._kinds.get(code, 0) | (cased in self._symbols) << self.n_kinds
        read = self._tokens[token] = (most, bits if most else 0, code, b" " + folded, cased, b" " + spelt)
        return read


def dictionary_from(arrays: Mapping[str, np.ndarray]) -> Dictionary | None:
    """Read a dictionary from the arrays of a bundle; None where it has none."""
    if "dictionary_names" not in arrays:
        return None
    found = {name: arrays[f"dictionary_{name}"] for name in ARRAYS}
    return Dictionary(n_kinds=int(arrays["dictionary_n_kinds"]), **found)


def make_dictionary(kinds: Sequence[Iterable[str]], symbols: Iterable[str], common: Iterable[str] = ()) -> Dictionary:
    """Make a dictionary.

    Args:
        kinds: names of each kind, letter case without meaning.
        symbols: names whose letter case counts.
        common: everyday words, folded; they are no names of their own, whatever a vocabulary says, unless a symbol is spelt so.
    """
    everyday = frozenset(common)
    found: dict[int, int] = {}
    reach: dict[int, int] = {}
    for k, names in enumerate(kinds):
        for words in _written(names):
            if len(words) > 1 or words[0].lower() not in everyday:
                code = crc32(" ".join(words).lower().encode())
                found[code] = found.get(code, 0) | 1 << k
                _reach_out(reach, words)
    cased = set()
    for words in _written(symbols):
        cased.add(crc32(" ".join(words).encode()))
        _reach_out(reach, words)
    names_in_order, heads = sorted(found), sorted(reach)
    return Dictionary(
        np.array(names_in_order, np.uint32),
        np.array([found[code] for code in names_in_order], np.uint8),
        np.array(sorted(cased), np.uint32),
        np.array(heads, np.uint32),
        np.array([reach[code] for code in heads], np.uint8),
        len(kinds),
    )


def _reach_out(reach: dict[int, int], words: Sequence[str]) -> None:
    head = crc32(words[0].lower().encode())
    reach[head] = max(reach.get(head, 0), len(words))


def _written(names: Iterable[str]) -> Iterable[list[str]]:
    """Cut each way to write each name into tokens; too long and too short ones are left out."""
    for name in names:
        for form in _forms(name):
            words = [token.text for token in tokenize(form)]
            if len(form) >= SHORTEST_NAME and 0 < len(words) <= LONGEST:
                yield words


def _forms(name: str) -> list[str]:
    """A name as it is, turned round where it is inverted, and the plurals."""
    turned = INVERTED.match(name)
    forms = [name, *([f"{turned[2]} {turned[1]}"] if turned else [])]
    return forms + [f"{form}s" for form in forms if len(form) >= PLURAL_FROM and form[-1].isalpha() and form[-1] not in "sS"]
