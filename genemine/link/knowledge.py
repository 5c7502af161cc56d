"""What linking learnt from gold links: memories of names and rankers, one part for diseases and one for genes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from genemine.link.memory import Memory
from genemine.link.ranker import Ranker


@dataclass(frozen=True)
class Learnt:
    """What was learnt for one type of mention; ``tables`` are further arrays that its linker knows how to read."""

    memory: Memory = field(default_factory=Memory)
    ranker: Ranker | None = None
    tables: Mapping[str, np.ndarray] = field(default_factory=dict)

    def arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """Give what :meth:`from_arrays` reads; all names begin with ``prefix``."""
        ranker = {} if self.ranker is None else self.ranker.arrays(f"{prefix}ranker_")
        tables = {f"{prefix}table_{name}": table for name, table in self.tables.items()}
        return {**self.memory.arrays(f"{prefix}memory_"), **ranker, **tables}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], prefix: str) -> Learnt:
        """Make it of what :meth:`arrays` gave."""
        memory = Memory.from_arrays(dict(arrays), f"{prefix}memory_")
        has_ranker = f"{prefix}ranker_weights" in arrays
        start = f"{prefix}table_"
        tables = {name.removeprefix(start): table for name, table in arrays.items() if name.startswith(start)}
        return cls(memory, Ranker.from_arrays(arrays, f"{prefix}ranker_") if has_ranker else None, tables)


@dataclass(frozen=True)
class Knowledge:
    """What was learnt for both types; ``version`` is "" where nothing was."""

    diseases: Learnt = field(default_factory=Learnt)
    genes: Learnt = field(default_factory=Learnt)
    version: str = ""

    def arrays(self) -> dict[str, np.ndarray]:
        """Give the arrays of a bundle."""
        return {**self.diseases.arrays("diseases_"), **self.genes.arrays("genes_")}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], version: str) -> Knowledge:
        """Make it of the arrays of a bundle."""
        return cls(Learnt.from_arrays(arrays, "diseases_"), Learnt.from_arrays(arrays, "genes_"), version)


NOTHING = Knowledge()
