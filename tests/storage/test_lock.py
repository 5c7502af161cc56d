"""One writer at a time, and the second is told who the first is."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from genemine.errors import StorageError
from genemine.storage.lock import held

OTHER_PROCESS = """
import sys
from pathlib import Path
from genemine.storage.lock import held
with held(Path({folder!r}), "collecting"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    with (
        held(tmp_path, "collecting"),
        pytest.raises(StorageError, match=rf"held by process {os.getpid()} on .*, collecting since .* UTC; wait until it ends"),
        held(tmp_path, "mining"),
    ):
        pass
    with held(tmp_path, "mining"):
        assert "mining" in (tmp_path / ".holder").read_text()
    assert not (tmp_path / ".holder").exists()


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    code = OTHER_PROCESS.format(folder=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StorageError, match=f"held by process {other.pid} "), held(tmp_path, "collecting"):
            pass
        other.send_signal(signal.SIGKILL)
        other.wait()
    with held(tmp_path, "collecting"):
        pass


def test_a_folder_that_cannot_be_locked_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file: cannot be written"), held(tmp_path / "file", "collecting"):
        pass


def test_a_full_disk_does_not_keep_the_lock_from_being_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with held(tmp_path, "testing"), pytest.raises(StorageError, match="held by another process"), held(tmp_path, "testing too"):
        pass
    with held(tmp_path, "testing"):
        pass
