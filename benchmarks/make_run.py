"""``make run`` as a newcomer types it: in a fresh clone with nothing installed, and a second time."""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.common import ROOT, emit


def timed(clone: Path) -> float:
    """Seconds that `make run` takes."""
    # A newcomer's machine holds no packages yet: every byte is downloaded.
    env = {"UV_NO_CACHE": "1", "PIP_NO_CACHE_DIR": "1"}
    env |= {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PREFECT_HOME", "MAKEFLAGS")}
    started = time.monotonic()
    subprocess.run(["make", "run"], cwd=clone, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the second time only, in this very folder")
    if parser.parse_args().quick:
        emit({"second_seconds": round(timed(ROOT), 1)})
        return
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "genemine"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        first = timed(clone)
        second = timed(clone)
    emit({"first_seconds": round(first, 1), "second_seconds": round(second, 1)})


if __name__ == "__main__":
    main()
