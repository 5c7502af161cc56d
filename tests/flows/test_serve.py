"""``make serve``: what it starts it stops, and what is in its way it names."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.serve import ServeError, check_port, environment, started


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z" if Path("/proc").is_dir() else True


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"port {port} is in use"):
            check_port(port)


def test_stopping_stops_the_children_too(tmp_path: Path) -> None:
    """A worker's flow runs are its children; none is left behind."""
    note = tmp_path / "child"
    code = f"""
import subprocess, time
child = subprocess.Popen(["sleep", "600"])
open({str(note)!r}, "w").write(str(child.pid))
time.sleep(600)
"""
    with started([sys.executable, "-c", code], {**os.environ, "PREFECT_HOME": str(tmp_path)}, "test") as process:
        while not (note.exists() and note.read_text()):
            time.sleep(0.02)
        child = int(note.read_text())
        assert alive(child)
    assert process.poll() is not None
    for _ in range(100):
        if not alive(child):
            break
        time.sleep(0.02)
    assert not alive(child)


def test_prefect_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_HOME", raising=False)
    env = environment(4299)
    assert env["PREFECT_API_URL"] == "http://127.0.0.1:4299/api"
    assert env["DO_NOT_TRACK"] == "1"
    assert env["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert Path(env["PREFECT_HOME"]).name == ".prefect"


def test_the_command_line_ends_with_status_2_where_the_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        root = Path(__file__).resolve().parents[2]
        command = [sys.executable, "-m", "flows.serve", "--port", port]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"error: port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr
