"""Two curators at once on a queue of 10,000 cards; the server is killed with ``kill -9`` midway, started again, and they go on.

``p95_ms``: time from sending a verdict to its acknowledgement, which comes with the next card; 19 of 20 are faster. The pause of
the restart is no verdict's time: what was under way is sent again, under the same id, when the server is back. ``verdicts_lost``:
acknowledged verdicts that are not in the file afterwards as they were given, plus those that are in it twice.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np

from benchmarks.common import ROOT, emit
from benchmarks.review_data import make_reviewable
from genemine.review.events import VERDICTS, read_story
from genemine.review.verdicts import read_verdicts
from genemine.storage.layout import Layout

CURATORS = ("Anna", "Ben")


@dataclass
class Server:
    """``genemine review serve`` as a process of its own, always at the same port."""

    data_dir: Path
    n_cards: int
    port: int = 0
    process: subprocess.Popen[str] = field(init=False)

    def start(self) -> str:
        """Start it; gives its address once it answers."""
        command = [
            sys.executable,
            "-m",
            "genemine.cli.main",
            "review",
            "serve",
            "--port",
            str(self.port),
            "--size",
            str(self.n_cards),
        ]
        command += ["--data-dir", str(self.data_dir)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        address = re.search(r"http://\S+", self.process.stdout.readline())
        if address is None:
            sys.exit("the server did not start")
        self.port = urlsplit(address.group()).port or 0
        return address.group()

    def kill(self) -> None:
        """Kill it as a power cut would."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Curator:
    """One who judges card after card, as the page does: what is not acknowledged is sent again."""

    name: str
    address: str
    n: int
    seed: int
    given: dict[str, str] = field(default_factory=dict)  # card -> verdict, acknowledged
    seconds: list[float] = field(default_factory=list)
    again: int = 0

    def work(self) -> None:
        """Give ``n`` verdicts."""
        draw = np.random.default_rng(self.seed)
        with httpx.Client(base_url=self.address, timeout=60) as client:
            page = _patiently(lambda: client.get(f"/review/{self.name}"))
            csrf = re.search(r'name="genemine-csrf" content="(\w+)"', page.text)
            card = re.search(r'data-card="([\w-]+)"', page.text)
            if csrf is None or card is None:
                sys.exit("no card on the page")
            headers, card_id = {"x-genemine-csrf": csrf.group(1), "origin": self.address.rstrip("/")}, card.group(1)
            while len(self.given) < self.n and card_id:
                verdict = VERDICTS[int(draw.integers(len(VERDICTS)))]
                post = {"event_id": uuid.uuid4().hex, "curator": self.name, "card_id": card_id, "verdict": verdict}
                answer = self._send(client, post, headers)
                self.given[card_id] = verdict
                card_id = answer["card_id"]

    def _send(self, client: httpx.Client, post: dict[str, str], headers: dict[str, str]) -> dict[str, str]:
        while True:
            started = time.perf_counter()
            try:
                reply = client.post("/verdicts", json=post, headers=headers)
            except httpx.TransportError:
                self.again += 1
                time.sleep(0.1)
                continue
            reply.raise_for_status()
            self.seconds.append(time.perf_counter() - started)
            answer: dict[str, str] = reply.json()
            return answer


def _patiently(ask: object) -> httpx.Response:
    while True:
        try:
            reply: httpx.Response = ask()  # type: ignore[operator]
            return reply
        except httpx.TransportError:
            time.sleep(0.1)


def lost(data_dir: Path, curators: list[Curator]) -> int:
    """Count acknowledged verdicts that are not kept as they were given, and those kept twice."""
    events = read_verdicts(Layout(data_dir).verdicts)
    story = read_story(events)
    wrong = 0
    for one in curators:
        kept = {card: found.verdict.verdict for card, found in story.of(one.name).items() if found.verdict}
        wrong += sum(kept.get(card) != verdict for card, verdict in one.given.items())
    pairs = [(event.curator, event.card_id) for event in events]
    return wrong + len(pairs) - len(set(pairs))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="300 verdicts each instead of 3,000")
    n_each = 300 if parser.parse_args().quick else 3_000
    n_cards = 10_000
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        make_reviewable(data_dir, n_cards)
        server = Server(data_dir, n_cards)
        started = time.perf_counter()
        address = server.start()
        print(f"{n_cards:,} cards served after {time.perf_counter() - started:.1f} s", flush=True)
        curators = [Curator(name, address, n_each, seed) for seed, name in enumerate(CURATORS)]
        threads = [threading.Thread(target=one.work) for one in curators]
        for thread in threads:
            thread.start()
        while sum(len(one.given) for one in curators) < n_each:  # half of all
            time.sleep(0.01)
        server.kill()
        n_before = sum(len(one.given) for one in curators)
        server.start()
        for thread in threads:
            thread.join()
        server.kill()
        n_lost = lost(data_dir, curators)
    milliseconds = np.array([second for one in curators for second in one.seconds]) * 1000
    again = sum(one.again for one in curators)
    print(
        f"{n_before:,} of {len(milliseconds):,} verdicts were acknowledged before kill -9; {again} tries met no server", flush=True
    )
    figures = {
        "p50_ms": round(float(np.percentile(milliseconds, 50)), 1),
        "p95_ms": round(float(np.percentile(milliseconds, 95)), 1),
    }
    emit(figures | {"verdicts_lost": n_lost, "verdicts": len(milliseconds), "cards": n_cards})


if __name__ == "__main__":
    main()
