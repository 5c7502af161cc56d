"""Fixtures that every test may use."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import hypothesis
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

# Two test processes on two cores, and other work beside them: a slow example is no fault of the code.
hypothesis.settings.register_profile("house", parent=hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("house")
# Whatever the shell says, genemine's log lines stay with the tests: outside of a flow Prefect would warn about each.
os.environ.pop("PREFECT_LOGGING_EXTRA_LOGGERS", None)
SHARED = Path(__file__).resolve().parents[2] / "shared"
CHROMIUM = Path("/usr/bin/chromium")  # where Debian puts it
# Besides what `page` blocks: no host but this machine has an address, so that not even a web socket leaves it.
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
CHROMIUM_OPTIONS = ("--disable-gpu", "--disable-background-networking", ONLY_HERE)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares something, where tests run in several processes (`make test`).

    The tests of a file share its fixtures, and all that need Prefect share its server, wherever they stand.
    """
    for item in items:
        needs_prefect = "prefect" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("prefect" if needs_prefect else item.nodeid.partition("::")[0]))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora and records beside the repository; skips without it, fails without it in CI."""
    if not (SHARED / "data").is_dir():
        if os.environ.get("CI"):
            pytest.fail("../shared is missing: CI has to run the tests on real records")
        pytest.skip("../shared is missing: this test reads real corpora")
    return SHARED


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that connects to another machine fails, whatever it makes of the error; tests marked ``network`` may."""
    if request.node.get_closest_marker("network"):
        return
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _on_this_machine(getattr(socket.socket, name)))


def _on_this_machine(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            pytest.fail(f"this test connects to {address[0]}; serve what it needs on loopback, or mark it 'network'")
        return connect(self, address)

    return guarded


def _is_loopback(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host.partition("%")[0]).is_loopback


@pytest.fixture(scope="session")
def sample_xml() -> Path:
    """The first file of the embedded sample."""
    from genemine.sample import records_folder

    return records_folder() / "sample26n0001.xml"


@pytest.fixture(autouse=True)
def log_level() -> Iterator[None]:
    """What a command or a flow says about genemine's log lines ends with its test."""
    logger = logging.getLogger("genemine")
    level = logger.level
    yield
    logger.setLevel(level)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window; skips where it is not installed, fails there in CI.

    Playwright's event loop counts as running in this thread until the module ends: call flows and asyncio.run in a process of their
    own, or in another module.
    """
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is missing: CI has to test the pages in a browser (apt-get install chromium)")
        pytest.skip(f"{CHROMIUM} is missing: this test looks at a page in a browser (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # without a sandbox, since tests may run as root in a container
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=list(CHROMIUM_OPTIONS))
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What went wrong in `page`: errors of its console and its scripts, requests that would have left this machine."""
    return []


@pytest.fixture
def page(chromium: Browser, complaints: list[str]) -> Iterator[Page]:
    """An empty tab, 1280 by 800, light; the test fails at its end unless `complaints` is empty (clear it of what you expect)."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light", accept_downloads=True)

    def watch(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("file", "data", "blob") or address.hostname in ("localhost", "127.0.0.1"):
            route.continue_()
        else:
            complaints.append(f"request to {route.request.url}")
            route.abort()

    context.route("**/*", watch)
    tab = context.new_page()
    tab.on("console", lambda message: complaints.append(f"console: {message.text}") if message.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    yield tab
    context.close()
    assert complaints == []
