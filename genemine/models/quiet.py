"""TensorFlow's first import without its notes on the terminal.

Before its logging is set up, TensorFlow writes notes for its own developers (oneDNN, CUDA not found) to file descriptor 2, and no
variable turns them off. So the descriptor is held back for the time of the import, and shown after all if the import fails.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


def load_backend() -> None:
    """Import Keras and its backend quietly; does nothing the second time."""
    if "keras" in sys.modules:
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _held_back():
        import keras  # noqa: F401


@contextmanager
def _held_back() -> Iterator[None]:
    """Keep what is written to file descriptor 2; show it only if the block fails."""
    sys.stderr.flush()
    shown = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(shown, held.read())
            raise
        finally:
            os.dup2(shown, 2)
            os.close(shown)
