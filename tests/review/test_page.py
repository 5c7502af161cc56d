"""The page in a browser: reviewed by keyboard alone, with the server killed in between."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from genemine.review.deck import Deck
from genemine.review.events import read_story
from genemine.review.verdicts import read_verdicts
from genemine.storage.layout import Layout

if TYPE_CHECKING:
    from playwright.sync_api import Page

KEYS = {"a": "accept", "r": "reject", "g": "wrong gene", "d": "wrong disease", "n": "denied", "u": "unsure"}


class Server:
    """``genemine review serve`` over a data folder, always at the same port."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.port = data_dir, 0
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "genemine.cli.main", "review", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen([*command, "--data-dir", str(self.data_dir)], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        assert found is not None
        self.address = found.group()
        self.port = urlsplit(self.address).port or 0

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture(scope="module")
def server(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data_dir = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(made, data_dir, symlinks=True)
    started = Server(data_dir)
    yield started
    started.kill()


def press(page: Page, key: str, count: int) -> None:
    """Press a key and wait until the server has acknowledged that ``count`` cards are judged."""
    page.keyboard.press(key)
    page.get_by_text(f"{count} of 40", exact=True).wait_for()


def test_twenty_cards_by_keyboard_with_a_kill_in_between_lose_nothing(
    page: Page, complaints: list[str], server: Server, deck: Deck
) -> None:
    page.goto(server.address)
    page.locator("#curator:focus").wait_for()
    page.keyboard.type("Anna Björk")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/Anna*")  # and for its script
    keys = "argdnuaarr" * 2
    for count, key in enumerate(keys[:10], start=1):
        press(page, key, count)
    server.kill()
    page.keyboard.press(keys[10])
    page.get_by_text("The server does not answer. Your verdict is kept here").wait_for()
    complaints.clear()  # the browser tells of the refused connections
    server.start()
    page.get_by_text("11 of 40", exact=True).wait_for()
    assert page.get_by_role("alert").count() == 0
    complaints.clear()
    for count, key in enumerate(keys[11:], start=12):
        press(page, key, count)
    page.keyboard.press("m")
    page.keyboard.type("a rare one")
    page.keyboard.press("Control+Enter")
    page.get_by_text("a rare one").locator("visible=true").wait_for()
    press(page, "u", 21)
    press(page, "z", 20)
    page.reload()
    assert page.locator("#count").inner_text() == "20 of 40"
    assert page.locator(".place").inner_text() == "card 21 of 40", "where it stopped"
    assert page.title() == "Anna Björk – genemine review", "no title of an article ran as a script"

    events = [event for event in read_verdicts(Layout(server.data_dir).verdicts) if event.curator == "Anna Björk"]
    standing = read_story(events).of("Anna Björk")
    given = [found.verdict.verdict if (found := standing[one.card_id]).verdict else "" for one in deck.queue[:20]]
    assert given == [KEYS[key] for key in keys]
    assert len(events) == 23, "20 verdicts, a note, one more and its undo: each once"


def test_buttons_help_and_looking_around_do_as_the_keys(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.address}review/Ben")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").inner_text().startswith("Keys")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.get_by_text("card 2 of 40").wait_for()
    page.get_by_role("button", name="wrong gene").click()
    page.get_by_text("1 of 40", exact=True).wait_for()
    page.get_by_text("card 3 of 40").wait_for()
    page.keyboard.press("ArrowLeft")
    page.get_by_text("card 2 of 40").wait_for()
    assert page.get_by_role("button", name="wrong gene").get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "nothing stands out on a narrow screen"
    page.get_by_role("button", name="undo").click()
    page.get_by_text("0 of 40", exact=True).wait_for()


def test_what_an_earlier_visit_could_not_send_is_sent_by_the_next(page: Page, server: Server) -> None:
    """A browser that was closed while the server was away."""
    page.goto(f"{server.address}review/Cai")
    card = page.locator("#review").get_attribute("data-card")
    body = {"event_id": "left-behind", "curator": "Cai", "card_id": card, "verdict": "denied"}
    page.evaluate(
        "waiting => localStorage.setItem('genemine-review-Cai', waiting)", json.dumps({"path": "/verdicts", "body": body})
    )
    page.reload()
    page.get_by_text("1 of 40", exact=True).wait_for()
    assert page.evaluate("localStorage.length") == 0
    (kept,) = (event for event in read_verdicts(Layout(server.data_dir).verdicts) if event.curator == "Cai")
    assert (kept.event_id, kept.card_id, kept.verdict) == ("left-behind", card, "denied")
