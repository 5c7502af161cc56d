"""What every benchmark needs: where the data lie, and how the result is told."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def shared_dir() -> Path:
    """The folder of corpora beside the repository; ends the program with a message where it is missing."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        sys.exit("../shared is missing: benchmarks measure on the corpora that lie there (docs/benchmarks.md)")
    return folder


def emit(figures: dict[str, Any]) -> None:
    """Print the figures as one JSON object; always the last line of a benchmark."""
    print(json.dumps(figures), flush=True)
