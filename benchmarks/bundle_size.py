"""Size of the committed bundles, every file of them, in megabytes of 1,000,000 bytes."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.common import ROOT, emit

BUNDLES = ("tagger", "relations", "stance", "linker")


def megabytes(folder: Path) -> float:
    """Sum the files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main() -> None:
    """Measure and print; a missing bundle is no small bundle."""
    if "--help" in sys.argv:
        print(__doc__)
        return
    sizes = {}
    for name in BUNDLES:
        folder = ROOT / "genemine" / "resources" / "bundles" / name
        if not (folder / "config.json").is_file():
            sys.exit(f"{folder}: no bundle; make it with 'make models'")
        sizes[name] = megabytes(folder)
        print(f"{name:<12}{sizes[name]:8.2f} MB")
    emit({"megabytes": round(sum(sizes.values()), 2), **{f"{name}_megabytes": round(size, 2) for name, size in sizes.items()}})


if __name__ == "__main__":
    main()
