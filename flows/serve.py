"""``make serve``: Prefect's server, a worker and the deployments on this machine, started and stopped together."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
POOL = "genemine"
PATIENCE = 300  # seconds that the server may take to answer; 8 are usual, a machine at work needs more
GRACE = 20  # seconds that a process gets to stop by itself
# Offline and quiet: the UI asks no outside server, and INFO lines of genemine reach it.
ENVIRONMENT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "genemine",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    "PREFECT_SERVER_DATABASE_TIMEOUT": "60",  # a machine at work may keep SQLite waiting; 10 s would end in refused requests
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


class ServeError(Exception):
    """Something of the three did not start; the message says what and how to mend."""


def environment(port: int) -> dict[str, str]:
    """The variables that all three processes share."""
    home = os.environ.get("PREFECT_HOME", str(ROOT / ".prefect"))
    return {**os.environ, **ENVIRONMENT, "PREFECT_HOME": home, "PREFECT_API_URL": f"http://{HOST}:{port}/api"}


def prefect(*arguments: str) -> list[str]:
    """The command line of a prefect command of this very environment."""
    return [sys.executable, "-m", "prefect", "--no-prompt", *arguments]


@contextmanager
def started(command: list[str], env: dict[str, str], name: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process group for the time of the block; its log goes to PREFECT_HOME/<name>.log."""
    folder = Path(env["PREFECT_HOME"])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.log").open("ab") as log_file:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log_file, stderr=log_file, start_new_session=True)
        try:
            yield process
        finally:
            stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that it started: politely first, then for good."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=GRACE)
            break
    with suppress(ProcessLookupError):  # children that outlived their parent
        os.killpg(process.pid, signal.SIGKILL)


def wait_until_healthy(url: str, server: "subprocess.Popen[bytes]", log_file: Path) -> None:
    """Wait for the server's health page.

    Raises:
        ServeError: it ended or did not answer in time.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ServeError(f"Prefect's server ended with status {server.returncode}; read {log_file}")
        with suppress(requests.RequestException):
            if requests.get(f"{url}/api/health", timeout=2).ok:
                return
        time.sleep(0.5)
    raise ServeError(f"Prefect's server did not answer at {url} within {PATIENCE} s; read {log_file}")


def check_port(port: int) -> None:
    """Refuse a port that something else listens on.

    Raises:
        ServeError: the port is taken.
    """
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise ServeError(f"port {port} is in use; stop what listens there or call: make serve PORT={port + 1}")


def deploy(env: dict[str, str]) -> None:
    """Make the work pool and register every deployment of prefect.yaml.

    Raises:
        ServeError: Prefect refused.
    """
    for command in (["work-pool", "create", POOL, "--type", "process", "--overwrite"], ["deploy", "--all"]):
        done = subprocess.run(prefect(*command), cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServeError(f"'prefect {' '.join(command)}' failed:\n{done.stdout}{done.stderr}")


def serve(port: int) -> None:
    """Start the three, print the UI's address, and wait until one of them ends or Ctrl-C comes.

    Raises:
        ServeError: one of the three did not start, or ended by itself.
    """
    check_port(port)
    env, url = environment(port), f"http://{HOST}:{port}"
    logs = Path(env["PREFECT_HOME"])
    print("Starting Prefect's server ...", flush=True)
    with started(prefect("server", "start", "--host", HOST, "--port", str(port)), env, "server") as server:
        wait_until_healthy(url, server, logs / "server.log")
        deploy(env)
        with started(prefect("worker", "start", "--pool", POOL), env, "worker") as worker:
            print(f"genemine is served at {url}\nFlows: {url}/deployments   Logs: {logs}   Stop: Ctrl-C", flush=True)
            while server.poll() is None and worker.poll() is None:
                time.sleep(0.5)
            name = "server" if server.poll() is not None else "worker"
            raise ServeError(f"Prefect's {name} ended by itself; read {logs / name}.log")


def interrupted(signum: int, frame: object) -> None:  # noqa: ARG001 a signal handler's signature
    """Treat being told to end like Ctrl-C, so that all three are stopped; told again meanwhile, go on stopping them."""
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4200, help="port of the UI and the API (default: %(default)s)")
    # a shell starts what runs in its background with Ctrl-C ignored, and children would inherit that: nothing would stop politely
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, interrupted)
    try:
        serve(parser.parse_args().port)
    except ServeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped: server, worker and their flow runs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
