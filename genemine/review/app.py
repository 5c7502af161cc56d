"""The page that asks: one card at a time, by keyboard or mouse; every answer is on the disk before the next card comes.

Whose pass it is stands in the address, ``/review/NAME``, so that a bookmark leads back to where one stopped. What another curator
said is not shown before one has judged every card.
"""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, Field

from genemine.errors import RecordError, StorageError
from genemine.review.access import Access, Guard
from genemine.review.cards import links, pieces
from genemine.review.consensus import MEANS
from genemine.review.deck import Deck, is_judged
from genemine.review.events import LONGEST_NOTE, NOTE, VERDICTS, Standing, curator_name, verdict_of
from genemine.review.verdicts import VerdictStore

HERE = Path(__file__).parent
# verdict -> (key, what the button says, what it means)
KEYS = {
    "accept": ("a", "accept", "the sentence states an association of this gene and this disease"),
    "reject": ("r", "reject", "it states none"),
    "wrong gene": ("g", "wrong gene", "what is marked is another gene, or none"),
    "wrong disease": ("d", "wrong disease", "what is marked is another disease, or none"),
    "denied": ("n", "denied", "it says that there is no association"),
    "unsure": ("u", "unsure", "it cannot be told from the sentence; counts for nothing"),
}


class VerdictPost(BaseModel):
    """What the page sends; ``event_id`` is made by the page, so that what is sent twice counts once."""

    model_config = ConfigDict(extra="forbid")
    event_id: str = Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$")
    curator: str
    card_id: str = ""  # "" where the newest verdict is undone
    verdict: str
    note: str = Field(default="", max_length=LONGEST_NOTE)


def create_app(deck: Deck, store: VerdictStore, access: Access) -> FastAPI:
    """Make the application; everything it shows comes from ``deck``, everything it learns goes to ``store``."""
    app = FastAPI(title="genemine review", docs_url=None, redoc_url=None, openapi_url=None)
    pages = _Pages(deck, store, access)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    app.add_api_route("/", pages.start, response_class=HTMLResponse)
    app.add_api_route("/review", pages.begin, response_class=HTMLResponse)
    app.add_api_route("/review/{curator}", pages.review, response_class=HTMLResponse)
    app.add_api_route("/review/{curator}/cards/{place}", pages.card)
    app.add_api_route("/review/{curator}/differences", pages.differences, response_class=HTMLResponse)
    app.add_api_route("/verdicts", pages.keep, methods=["POST"])
    app.add_api_route("/undo", pages.undo, methods=["POST"])
    app.add_exception_handler(RecordError, _told(422))
    app.add_exception_handler(StorageError, _told(503))
    app.add_middleware(Guard, access=access)
    return app


def run_app(app: FastAPI, listener: socket.socket) -> None:
    """Serve an application on a socket that listens already, until the process is told to stop."""
    import uvicorn  # noqa: PLC0415  # the tests of the page need none

    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


class _Pages:
    """The answers; they run in one thread, one after the other, so that nobody sees half of a verdict."""

    def __init__(self, deck: Deck, store: VerdictStore, access: Access) -> None:
        self.deck, self.store, self.access = deck, store, access
        loader = FileSystemLoader(HERE / "templates")
        self.templates = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self.templates.filters["shown"] = lambda score: ">0.999" if score > 0.9994 else f"{score:.3f}"
        self.templates.filters["address"] = lambda text: quote(text, safe="")
        # a changed script must not meet an old page in the browser's memory
        files = sorted((HERE / "static").iterdir())
        self.mark = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:8]

    async def start(self) -> HTMLResponse:
        """Ask who reviews; tells how far everyone is, and nothing of what they said."""
        story = self.store.story()
        people = [(name, self.deck.n_done(story.of(name))) for name in story.curators()]
        return self._html("start.html", people=people)

    async def begin(self, curator: str = "") -> Response:
        """Take the name from the form to its own address."""
        return RedirectResponse(f"/review/{quote(curator_name(curator), safe='')}", 303)

    async def review(self, curator: str, place: int | None = None) -> HTMLResponse:
        """Show the card where the curator stopped, or that at ``place`` (from 1, as people count)."""
        name = curator_name(curator)
        standing = self.store.story().of(name)
        at = place - 1 if place is not None and 0 < place <= len(self.deck.queue) else self.deck.next_open(standing)
        return self._html("review.html", curator=name, state=self._state(name, at), keys=KEYS)

    async def card(self, curator: str, place: int) -> dict[str, Any]:
        """Give the card at a place, from 0."""
        return self._state(curator_name(curator), min(max(place, 0), len(self.deck.queue) - 1))

    async def keep(self, post: VerdictPost) -> dict[str, Any]:
        """Keep a verdict or a note, and give the card that comes next; answers when it is on the disk."""
        name = curator_name(post.curator)
        verdict = NOTE if post.verdict == NOTE else verdict_of(post.verdict)
        (kept,) = self.store.add([self.deck.event(post.event_id, name, post.card_id, verdict, post.note)])
        at = self.deck.place(kept.card_id)
        if verdict != NOTE:
            at = self.deck.next_open(self.store.story().of(name), after=-1 if at is None else at)
        return {"kept": kept.event_id, "seq": kept.seq} | self._state(name, at)

    async def undo(self, post: VerdictPost) -> dict[str, Any]:
        """Take the newest verdict or note back, and give its card."""
        name = curator_name(post.curator)
        kept = self.store.undo(post.event_id, name)
        if kept is None:
            raise RecordError("nothing to undo: no verdict of yours stands")
        at = self.deck.place(kept.card_id)
        return {"kept": kept.event_id, "seq": kept.seq} | self._state(name, self.deck.next_open({}) if at is None else at)

    async def differences(self, curator: str) -> HTMLResponse:
        """Show where curators differ; only to one who has judged every card, so that nobody leans on the other."""
        name, story = curator_name(curator), self.store.story()
        own = story.of(name)
        left = len(self.deck.queue) - self.deck.n_done(own)
        rows = []
        for place, one in enumerate(self.deck.queue if not left else ()):
            said = {who: story.of(who).get(one.card_id, Standing()) for who in story.curators()}
            given = {who: found.verdict.verdict for who, found in said.items() if found.verdict is not None}
            if len({MEANS.get(verdict, verdict) for verdict in given.values()}) > 1:
                notes = {who: found.note.note for who, found in said.items() if found.note is not None}
                rows.append((place, self.deck.card(place), given, notes))
        return self._html("differences.html", 403 if left else 200, curator=name, left=left, rows=rows)

    def _state(self, name: str, place: int | None) -> dict[str, Any]:
        """A card as HTML with how far its curator is; without a card where all have a verdict."""
        standing = self.store.story().of(name)
        total, done = len(self.deck.queue), self.deck.n_done(standing)
        found: dict[str, Any] = {"place": place, "total": total, "done": done, "card_id": "", "verdict": "", "note": ""}
        if place is None or not total:
            return found | {"html": self.templates.get_template("done.html").render(total=total, curator=name)}
        card, placed = self.deck.card(place), self.deck.queue[place]
        own = standing.get(card.card_id, Standing())
        note = own.note.note if own.note else ""
        before, after = self.deck.around(card)
        html = self.templates.get_template("card.html").render(
            card=card, placed=placed, place=place, total=total, pieces=pieces(card), links=links(card), before=before, after=after,
            threshold=self.deck.threshold, note=note,
        )  # fmt: skip
        verdict = own.verdict.verdict if is_judged(standing, card.card_id) and own.verdict else ""
        return found | {"html": html, "card_id": card.card_id, "verdict": verdict, "note": note}

    def _html(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        page = self.templates.get_template(template)
        return HTMLResponse(page.render(mark=self.mark, csrf=self.access.csrf, deck=self.deck, verdicts=VERDICTS, **values), status)


def _told(status: int) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        if request.method == "GET" and "/cards/" not in request.url.path:
            return Response(str(error), status, media_type="text/plain")
        return JSONResponse({"error": str(error)}, status)

    return answer
