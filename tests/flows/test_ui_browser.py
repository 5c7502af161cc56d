"""The UI as an engineer sees it: a form filled, the night over the embedded sample run by the worker, its artifacts seen."""

from __future__ import annotations

import os
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Locator, Page, expect
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from flows.serve import environment, started
from genemine.pipeline.sample import SAMPLE_QUERY, serving

# seconds that each step may take; alone on two cores everything together takes a quarter of it
PATIENCE = int(os.environ.get("GENEMINE_PATIENCE", "240"))
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def waited(what: str, answer: Callable[[], Any]) -> Any:
    """The first answer that is not empty."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := answer():
            return found
        time.sleep(0.5)
    return pytest.fail(f"{what}: not within {PATIENCE} s")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What `make serve` starts, on a free port, with an empty database, over the embedded sample; gives its address."""
    home = tmp_path_factory.mktemp("prefect")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with serving() as eutils, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(home))
        patch.setenv("GENEMINE_EUTILS_URL", eutils)
        command = [sys.executable, "-m", "flows.serve", "--port", str(port)]
        with started(command, {**environment(port), "PYTHONUNBUFFERED": "1"}, "serve") as process:
            log = home / "serve.log"

            def ready() -> bool:
                assert process.poll() is None, log.read_text()
                return "genemine is served at" in log.read_text()

            waited("make serve", ready)
            yield f"http://127.0.0.1:{port}"
            process.terminate()
            process.wait(timeout=PATIENCE)  # it stops worker and server, one after the other
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/api/health", timeout=5)


def field(page: Page, title: str, kind: str = "textarea") -> Locator:
    """The input below a title of the form."""
    return page.locator("label", has_text=title).locator(f"xpath=following::{kind}[1]")


def look(page: Page, name: str) -> None:
    """Keep a picture where GENEMINE_SCREENSHOTS names a folder."""
    if folder := os.environ.get("GENEMINE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.timeout(3 * PATIENCE)
def test_the_form_is_filled_the_night_runs_and_its_artifacts_are_seen(
    served: str, page: Page, complaints: list[str], tmp_path: Path
) -> None:
    """A second run of the same night beside the first is cancelled, with the reason."""
    api = f"{served}/api"
    http = requests.Session()  # a server at work may refuse for a moment
    http.mount("http://", HTTPAdapter(max_retries=Retry(10, status_forcelist=[503], allowed_methods=None, backoff_factor=0.5)))
    nightly = http.get(f"{api}/deployments/name/nightly/nightly", timeout=PATIENCE).json()["id"]
    page.set_default_timeout(1000 * PATIENCE)
    expect.set_options(timeout=1000 * PATIENCE)
    page.goto(f"{served}/deployments/deployment/{nightly}")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Custom run").click()
    field(page, "PubMed query").fill(SAMPLE_QUERY)
    field(page, "Days of the first night", "input").fill("0")
    expect(field(page, "Tables too unlike those before", "button[@modelvalue]")).to_have_text("hold back")
    field(page, "Folder of this source").fill("sample")
    field(page, "Data folder").fill(str(tmp_path / "data"))
    look(page, "form")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url(re.compile("tab=Runs"))

    def runs() -> list[dict[str, Any]]:
        found = http.post(f"{api}/flow_runs/filter", json={"sort": "EXPECTED_START_TIME_ASC"}, timeout=PATIENCE).json()
        return [run for run in found if not run["auto_scheduled"]]

    def of_type(run: str, *types: str) -> dict[str, Any] | None:
        state: dict[str, Any] = http.get(f"{api}/flow_runs/{run}", timeout=PATIENCE).json()["state"]
        return state if state["type"] in types else None

    first = waited("the form's run", runs)[0]
    assert first["parameters"]["first_days"] == 0
    waited("the worker", lambda: of_type(first["id"], "RUNNING", *ENDED))
    again = {"state": {"type": "SCHEDULED"}, "parameters": first["parameters"]}
    beside = http.post(f"{api}/deployments/{nightly}/create_flow_run", json=again, timeout=PATIENCE).json()
    ended = waited("the night", lambda: of_type(first["id"], *ENDED))
    assert ended["name"] == "Completed"
    assert re.fullmatch(r"99 records fetched, new or revised\. Run \S+: 96 articles, 1\d\d associations\.", ended["message"])
    cancelled = waited("the run beside it", lambda: of_type(beside["id"], *ENDED))
    assert (cancelled["type"], cancelled["message"]) == ("CANCELLED", "Deployment concurrency limit reached.")

    page.goto(f"{served}/runs/flow-run/{first['id']}")
    expect(page.get_by_text("Completed").first).to_be_visible()
    look(page, "run")
    page.locator("#task-runs").click()
    expect(page.get_by_text(re.compile(r"annotate sample/")).first).to_be_visible()
    look(page, "task-runs")
    page.locator("#artifacts").click()
    for key in ("run", "counts", "top-associations", "gate", "progress-annotate"):
        expect(page.get_by_text(key, exact=True).first).to_be_visible()
    look(page, "artifacts")
    of_run = {"artifacts": {"flow_run_id": {"any_": [first["id"]]}}}
    artifacts = {one["key"]: one["id"] for one in http.post(f"{api}/artifacts/filter", json=of_run, timeout=PATIENCE).json()}
    page.goto(f"{served}/artifacts/artifact/{artifacts['run']}")
    expect(page.get_by_role("img", name="counts of the run")).to_be_visible()
    look(page, "artifact-run")
    page.goto(f"{served}/artifacts/artifact/{artifacts['top-associations']}")
    expect(page.get_by_text("Breast Neoplasms").first).to_be_visible()
    look(page, "artifact-associations")
    # the UI says in the console what its server does not have; that it asks nobody else stays required
    complaints[:] = [one for one in complaints if not one.startswith("console")]
