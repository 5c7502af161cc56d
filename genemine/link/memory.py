"""What names meant in texts whose mentions carry curated identifiers: form of a name -> identifiers with counts.

The names themselves are not kept, only a 64-bit hash of each form, so that the memory is small and holds no text of a corpus. Two
forms meet in one hash about once in 10^11 look-ups at 100,000 names.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from genemine.link.hashing import text_hash


@dataclass(frozen=True)
class Memory:
    """Identifiers by hashed form.

    ``keys`` uint64 (n,), sorted, one row for each form and identifier; ``curies`` int32 (n,), places in ``names``; ``counts`` int32
    (n,).
    """

    keys: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint64))
    curies: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    counts: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    names: tuple[str, ...] = ()

    def lookup(self, space: str, form: str) -> tuple[tuple[str, int], ...]:
        """Give identifiers with counts, most seen first.

        Args:
            space: what kind of form it is ("Disease", "gene symbol"): the same form in another space is another entry.
            form: the form of the name, folded as it was when learnt.
        """
        key, keys = form_hash(space, form), self._sorted
        at, found = bisect_left(keys, key), []
        while at < len(keys) and keys[at] == key:
            found.append((self.names[self.curies[at]], int(self.counts[at])))
            at += 1
        return tuple(sorted(found, key=lambda item: (-item[1], item[0])))

    @cached_property
    def _sorted(self) -> memoryview:
        """The keys as plain integers: bisect on them takes a fifth of the time of a NumPy search for one."""
        return np.ascontiguousarray(self.keys).data

    def arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """Give what :meth:`from_arrays` reads; all names begin with ``prefix``."""
        named = {"keys": self.keys, "curies": self.curies, "counts": self.counts, "names": np.array("\n".join(self.names))}
        return {f"{prefix}{name}": array for name, array in named.items()}

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray], prefix: str) -> Memory:
        """Make a memory of what :meth:`arrays` gave."""
        names = tuple(name for name in str(arrays[f"{prefix}names"]).split("\n") if name)
        return cls(arrays[f"{prefix}keys"], arrays[f"{prefix}curies"], arrays[f"{prefix}counts"], names)

    @classmethod
    def of(cls, seen: Iterable[tuple[str, str, str]]) -> Memory:
        """Make a memory of (space, form, curie), one for each time it was seen."""
        counted = Counter((form_hash(space, form), curie) for space, form, curie in seen)
        names = tuple(sorted({curie for _, curie in counted}))
        number = {curie: i for i, curie in enumerate(names)}
        rows = sorted((key, number[curie], n) for (key, curie), n in counted.items())
        keys = np.array([key for key, _, _ in rows], np.uint64)
        return cls(keys, np.array([i for _, i, _ in rows], np.int32), np.array([n for _, _, n in rows], np.int32), names)


def form_hash(space: str, form: str) -> int:
    """Hash a form of a name to 64 bits, the same in every process and on every machine."""
    return text_hash(f"{space}\t{form}")
