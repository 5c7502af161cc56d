"""The page: what it shows, what it keeps, and whom it answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import httpx
import pytest

from genemine.review.access import Access, access, read_secret
from genemine.review.app import create_app
from genemine.review.deck import Deck
from genemine.review.events import NOTE, UNDO
from genemine.review.verdicts import VerdictStore

HERE = "http://127.0.0.1:8770"
SECRET = b"a secret of the tests"
LOCAL = access(SECRET, "127.0.0.1", 8770)


class Browser:
    """Asks the application as a browser that shows its page would."""

    def __init__(self, deck: Deck, store: VerdictStore, asked: Access = LOCAL, base: str = HERE) -> None:
        self.store, self.access, self.base = store, asked, base
        self.app = create_app(deck, store, asked)

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
                return await client.request(method, path, headers=headers, **more)

        return asyncio.run(asked())

    def post(self, path: str = "/verdicts", headers: dict[str, str] | None = None, **body: str) -> httpx.Response:
        own = {"origin": self.base, "x-genemine-csrf": self.access.csrf} | (headers or {})
        sent = {"event_id": "event-0001", "curator": "Anna", "verdict": "accept"} | body
        return self.ask("POST", path, {name: value for name, value in own.items() if value != "none"}, json=sent)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VerdictStore]:
    with VerdictStore(tmp_path / "verdicts.sqlite") as made:
        yield made


@pytest.fixture
def browser(deck: Deck, store: VerdictStore) -> Browser:
    return Browser(deck, store)


def test_a_card_shows_its_sentence_with_both_names_marked_and_escapes_what_articles_say(browser: Browser, deck: Deck) -> None:
    page = browser.ask("GET", "/review/Anna")
    card = deck.card(0)
    assert page.status_code == 200
    assert f'<mark class="gene">{card.gene_text}</mark>' in page.text
    assert f'<mark class="disease">{card.disease_text}</mark>' in page.text
    assert "<script>document" not in page.text
    assert "&lt;script&gt;document.title = &#39;taken&#39;&lt;/script&gt;" in page.text
    assert [re.sub(r"\?\w+", "", tag) for tag in re.findall(r"<script[^>]*>", page.text)] == ['<script src="/static/review.js">']
    near = [text for text in deck.around(card) if text]
    assert near
    assert all(f'<p class="around">{escape(text)}</p>' in page.text for text in near)
    assert f"https://pubmed.ncbi.nlm.nih.gov/{card.pmid}/" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self';")


def test_a_verdict_is_kept_with_its_card_before_the_next_one_is_shown(browser: Browser, deck: Deck) -> None:
    card = deck.card(0)
    answer = browser.post(card_id=card.card_id, verdict="wrong gene")
    assert answer.status_code == 200
    assert [answer.json()[name] for name in ("place", "done", "total", "card_id")] == [1, 1, 40, deck.card(1).card_id]
    (kept,) = browser.store.events()
    told = (
        kept.event_id,
        kept.curator,
        kept.verdict,
        kept.card_id,
        kept.pmid,
        kept.sentence,
        kept.score,
        kept.model,
        kept.threshold,
    )
    assert told == ("event-0001", "Anna", "wrong gene", card.card_id, card.pmid, card.sentence, card.score, "made-up 1", 0.5)
    assert (kept.gene_curie, kept.gene_start, kept.is_random) == (card.gene_curie, card.gene_start, False)
    assert browser.post(card_id=card.card_id, verdict="wrong gene").json() == answer.json(), "sent again after a lost answer"
    assert len(browser.store.events()) == 1
    assert 'data-place="1"' in browser.ask("GET", "/review/Anna").text, "it goes on where Anna stopped"
    assert 'data-place="0"' in browser.ask("GET", "/review/Ben").text, "Ben has a pass of his own"


def test_a_note_stays_on_its_card_and_undo_goes_back(browser: Browser, deck: Deck) -> None:
    first = deck.card(0).card_id
    browser.post(event_id="event-0001", card_id=first, verdict="reject")
    noted = browser.post(event_id="event-0002", card_id=first, verdict=NOTE, note=" look <b>here</b> ").json()
    assert (noted["place"], noted["verdict"], noted["note"]) == (0, "reject", "look <b>here</b>")
    assert "look &lt;b&gt;here&lt;/b&gt;" in noted["html"]
    back = [browser.post("/undo", event_id=f"undo-000{n}", verdict=UNDO).json() for n in (1, 2)]
    assert [(one["place"], one["done"], one["verdict"], one["note"]) for one in back] == [(0, 1, "reject", ""), (0, 0, "", "")]
    refused = browser.post("/undo", event_id="undo-0003", verdict=UNDO)
    assert (refused.status_code, refused.json()["error"]) == (422, "nothing to undo: no verdict of yours stands")


def test_what_others_said_is_shown_when_all_is_judged(browser: Browser, deck: Deck) -> None:
    for place, one in enumerate(deck.queue):
        browser.store.add([deck.event(f"anna-{place}", "Anna", one.card_id, "accept")])
    browser.store.add(
        [deck.event("ben-1", "Ben", deck.card(3).card_id, "denied"), deck.event("ben-2", "Ben", deck.card(4).card_id, "accept")]
    )
    assert "denied" not in browser.ask("GET", "/").text
    closed = browser.ask("GET", "/review/Ben/differences")
    assert (closed.status_code, "38 cards of yours are still open" in closed.text, "accept" in closed.text) == (403, True, False)
    shown = browser.ask("GET", "/review/Anna/differences")
    assert (shown.status_code, shown.text.count("<td>") // 4) == (200, 1)
    assert "Ben: <b>denied</b>" in shown.text
    assert "All 40 cards are judged" in browser.ask("GET", "/review/Anna").text


@pytest.mark.parametrize(
    ("headers", "status", "why"),
    [
        ({"origin": "http://evil.example"}, 403, "Posts of other sites are refused"),
        ({"origin": "http://127.0.0.1:9999"}, 403, "Posts of other sites are refused"),
        ({"origin": "null"}, 403, "Posts of other sites are refused"),
        ({"x-genemine-csrf": "none"}, 403, "load it anew"),
        ({"x-genemine-csrf": "0" * 40, "origin": "none"}, 403, "load it anew"),
        ({"content-type": "text/plain"}, 415, "Send JSON"),
        (
            {"host": "evil.example:8770", "origin": "http://evil.example:8770"},
            421,
            "does not answer to the name 'evil.example:8770'",
        ),
    ],
)
def test_a_post_that_is_not_of_this_page_is_refused(
    browser: Browser, deck: Deck, headers: dict[str, str], status: int, why: str
) -> None:
    refused = browser.post(headers=headers, card_id=deck.card(0).card_id)
    assert refused.status_code == status
    assert why in refused.json()["error"]
    assert browser.store.events() == []


def test_a_name_pointed_to_this_machine_reads_nothing(browser: Browser) -> None:
    for host in ("evil.example", "evil.example:8770", "192.168.0.7", "", "[::1", "127.0.0.1.evil.example"):
        refused = browser.ask("GET", "/", {"host": host})
        assert (refused.status_code, "genemine review</h1>" in refused.text) == (421, False)
    for host in ("localhost:8770", "127.0.0.1", "[::1]:9000"):
        assert browser.ask("GET", "/", {"host": host}).status_code == 200


def test_the_network_needs_the_token_in_link_cookie_or_header(deck: Deck, store: VerdictStore) -> None:
    asked = access(SECRET, "0.0.0.0", 8770)
    browser = Browser(deck, store, asked, "http://192.168.0.7:8770")
    for path, headers in (
        ("/", {}),
        ("/static/review.js", {}),
        ("/?token=guess", {}),
        ("/", {"cookie": "genemine-review-8770=guess"}),
    ):
        refused = browser.ask("GET", path, headers)
        assert (refused.status_code, refused.text[:26]) == (401, "This page needs its token:")
    assert browser.post(card_id=deck.card(0).card_id).status_code == 401
    link = browser.ask("GET", f"/review/Anna%20B?place=2&token={asked.token}")
    assert (link.status_code, link.headers["location"]) == (303, "/review/Anna%20B?place=2")
    cookie = link.headers["set-cookie"]
    assert "HttpOnly; SameSite=Lax" in cookie
    assert browser.ask("GET", f"{browser.base}//evil.example/?token={asked.token}").headers["location"] == "/evil.example/"
    for headers in ({"cookie": cookie.split(";")[0]}, {"authorization": f"Bearer {asked.token}"}):
        assert browser.ask("GET", "/", headers).status_code == 200
    assert browser.post(headers={"cookie": cookie.split(";")[0]}, card_id=deck.card(0).card_id).status_code == 200
    assert browser.ask("GET", "/", {"host": "evil.example", "authorization": f"Bearer {asked.token}"}).status_code == 421
    assert not access(SECRET, "localhost", 1).token
    assert access(SECRET, "10.0.0.1", 1, ("review.example",)).hosts >= {"10.0.0.1", "review.example"}


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        ({"card_id": "CARD-0"}, 422, "is not in the queue of run"),
        ({"verdict": "maybe"}, 422, "'maybe' is no verdict"),
        ({"curator": "a/b"}, 422, "give a name of 1 to 40 letters"),
        ({"event_id": "x"}, 422, "at least 8 characters"),
        ({"verdict": NOTE, "note": "  "}, 422, "an empty note"),
        ({"note": "x" * 70_000}, 413, "Send at most 65,536 bytes"),
    ],
)
def test_what_cannot_be_kept_is_told(browser: Browser, deck: Deck, body: dict[str, str], status: int, why: str) -> None:
    refused = browser.post(**({"card_id": deck.card(0).card_id} | body))
    assert refused.status_code == status
    assert why in refused.text
    assert browser.store.events() == []


def test_a_file_that_cannot_be_written_is_told_so_that_the_page_keeps_the_verdict(browser: Browser, deck: Deck) -> None:
    browser.store._connection.execute("PRAGMA query_only = 1")
    refused = browser.post(card_id=deck.card(0).card_id)
    assert refused.status_code == 503
    assert "verdicts cannot be written" in refused.json()["error"]


def test_attention_is_shaded_where_the_tables_have_it(deck: Deck, store: VerdictStore) -> None:
    card = deck.card(0)
    spans = tuple((i, i + 1, 31 if char == " " else 1) for i, char in enumerate(card.sentence))
    browser = Browser(replace(deck, cards={**deck.cards, card.card_id: replace(card, attention=spans)}), store)
    outside = card.sentence.replace(card.disease_text, "")
    shaded = '<span class="att5" title="raised the score"> </span>'
    assert browser.ask("GET", "/review/Anna").text.count(shaded) == outside.count(" ")


def test_the_secret_is_made_once_and_is_the_owners(tmp_path: Path) -> None:
    path = tmp_path / "review" / "secret"
    assert read_secret(path) == read_secret(path)
    assert len(read_secret(path)) == 64
    assert path.stat().st_mode & 0o077 == 0
