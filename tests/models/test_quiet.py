from __future__ import annotations

import os
import subprocess
import sys

import pytest

from genemine.models.quiet import _held_back


def test_the_first_import_says_nothing() -> None:
    env = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    code = "from genemine.models.quiet import load_backend; load_backend(); import keras; print(keras.backend.backend())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert (done.stdout.strip(), done.stderr) == ("tensorflow", "")


def test_a_failing_block_shows_what_was_held_back(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with _held_back():
            os.write(2, b"the reason\n")
            raise ImportError

    with pytest.raises(ImportError):
        fail()
    assert capfd.readouterr().err == "the reason\n"
