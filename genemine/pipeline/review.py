"""Review: the newest run's queue on a page or in a spreadsheet, verdicts kept and read back, and what they say of the scores."""

from __future__ import annotations

import logging
import socket
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from genemine.config import Settings
from genemine.errors import ConfigError, RecordError, StorageError
from genemine.pipeline.models import pair_classifier
from genemine.relate.classify import support_threshold
from genemine.review.agreement import BANDS, Advice, Agreement, Precision, advise, agreements, precision_by_band, precision_from
from genemine.review.consensus import DISPUTED, judged
from genemine.review.deck import Deck, deck_of, make_deck
from genemine.review.events import NOTE, Event, Standing, curator_name, read_story
from genemine.review.spreadsheet import HISTORY, Row, read_rows, write_csv, write_queue
from genemine.review.verdicts import VerdictStore, read_verdicts
from genemine.storage.layout import Layout
from genemine.storage.manifest import latest_run, read_manifest

log = logging.getLogger(__name__)

_STANDING = ("card_id", "curator", "verdict", "note", "at", "gene_curie", "gene_name", "disease_curie", "disease_name", "pmid",
             "sentence", "score", "threshold", "model", "is_random", "run_id", "source")  # fmt: skip


@dataclass(frozen=True)
class ImportReport:
    """What became of a spreadsheet's rows: new verdicts and notes, and those that stood already."""

    n_new: int
    n_known: int


@dataclass(frozen=True)
class ReviewReport:
    """What the verdicts say: of the scores, from the random slice alone, and of the curators.

    ``n_verdicts`` are by curator and verdict; ``n_cards`` have one, ``n_disputed`` of them are told differently.
    """

    n_verdicts: dict[str, dict[str, int]]
    n_cards: int
    n_disputed: int
    bands: list[Precision]
    threshold: float
    at_threshold: Precision
    agreements: list[Agreement]
    advice: Advice


def open_deck(settings: Settings, size: int) -> Deck:
    """Arrange the queue of the newest run.

    Raises:
        StorageError: there is no run yet, or its tables are damaged.
    """
    folder, run_id, threshold = _newest(settings)
    deck = make_deck(folder, run_id, threshold, size)
    log.info("review: %d cards of run %s", len(deck.queue), run_id)
    return deck


def serve(settings: Settings, host: str, port: int, size: int, ready: Callable[[str, str], None], names: Sequence[str] = ()) -> int:
    """Serve the page until Ctrl-C; gives the number of events that are kept.

    Args:
        settings: names data folder and threshold.
        host: what to listen at; other machines reach it unless it is loopback, and then need the token.
        port: 0 takes a free one.
        size: most cards of the queue.
        ready: called with the page's address and its token ("" where none is needed), once it can be asked.
        names: further host names under which the page may be asked for.

    Raises:
        ConfigError: host and port cannot be listened at.
        StorageError: there are no tables, or the verdicts cannot be kept.
    """
    from genemine.review.access import access, read_secret
    from genemine.review.app import create_app, run_app

    layout = Layout(settings.data_dir)
    deck = open_deck(settings, size)
    listener = _listen(host, port)
    with listener, VerdictStore(layout.verdicts) as store:
        port = listener.getsockname()[1]
        shown = socket.gethostname() if host in ("0.0.0.0", "::") else host  # noqa: S104  # asked for by name, behind a token
        asked = access(read_secret(layout.review_secret), host, port, (*names, shown))
        address = f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"
        ready(address, asked.token)
        run_app(create_app(deck, store, asked), listener)
        return len(store.story().by_id)


def queue_file(settings: Settings, path: Path, size: int) -> int:
    """Write the queue as CSV or workbook; gives the number of cards.

    Raises:
        StorageError: there are no tables, or the file cannot be written.
        SourceError: the name ends neither in .csv nor in .xlsx.
    """
    return write_queue(open_deck(settings, size), path)


def import_file(settings: Settings, path: Path, curator: str) -> ImportReport:
    """Keep the verdicts of a filled spreadsheet, all or none; what stands already is not kept again.

    Raises:
        SourceError: the file cannot be read.
        RecordError: a row names a card that the tables do not have, or a verdict that is none.
        StorageError: there are no tables, or the verdicts cannot be kept.
    """
    name = curator_name(curator)
    rows = read_rows(path)
    folder, run_id, threshold = _newest(settings)
    deck = deck_of(folder, run_id, threshold, {row.card_id for row in rows})
    with VerdictStore(Layout(settings.data_dir).verdicts) as store:
        standing = store.story().of(name)
        events = [event for row in rows for event in _events(row, deck, standing.get(row.card_id, Standing()), name, path)]
        store.add(events)
    n_given = sum(bool(row.verdict) + bool(row.note) for row in rows)
    return ImportReport(len(events), n_given - len(events))


def export_file(settings: Settings, path: Path, *, history: bool = False) -> int:
    """Write verdicts as CSV: what stands, a row for each curator and card, or every event ever; gives the number of rows.

    Raises:
        StorageError: the verdicts cannot be read, or the file cannot be written.
    """
    events = read_verdicts(Layout(settings.data_dir).verdicts)
    columns = HISTORY if history else _STANDING
    if not history:
        story = read_story(events)
        events = [
            _with_note(found) for name in story.curators() for _, found in sorted(story.of(name).items()) if found != Standing()
        ]
    write_csv(path, columns, ([getattr(event, column) for column in columns] for event in events))
    return len(events)


def report(settings: Settings, precision: float) -> ReviewReport:
    """Tell what the verdicts say.

    Args:
        settings: name data folder and threshold.
        precision: the precision that advice on the threshold aims at, in (0, 1).

    Raises:
        ConfigError: ``precision`` is no share.
        StorageError: the verdicts cannot be read.
    """
    if not 0 < precision < 1:
        raise ConfigError(f"--precision {precision}: give a share between 0 and 1, such as 0.9")
    events = read_verdicts(Layout(settings.data_dir).verdicts)
    story, cards = read_story(events), judged(events)
    _, _, threshold = _newest(settings)
    counts: dict[str, dict[str, int]] = {}
    for name in story.curators():
        own = counts.setdefault(name, {})
        for found in story.of(name).values():
            if found.verdict is not None:
                own[found.verdict.verdict] = own.get(found.verdict.verdict, 0) + 1
    return ReviewReport(
        n_verdicts=counts,
        n_cards=len(cards),
        n_disputed=sum(card.verdict == DISPUTED for card in cards),
        bands=precision_by_band(cards, BANDS),
        threshold=threshold,
        at_threshold=precision_from(cards, threshold),
        agreements=agreements(story),
        advice=advise(cards, precision),
    )


def _newest(settings: Settings) -> tuple[Path, str, float]:
    """The newest run: its folder, its id and the threshold that it was made with."""
    layout = Layout(settings.data_dir)
    layout.require()
    folder = latest_run(layout)
    if folder is None:
        raise StorageError(f"{layout.latest}: no tables yet; run `genemine mine` first")
    manifest = read_manifest(folder)
    # runs of older versions do not tell it
    threshold = manifest.get("models", {}).get("relations", {}).get("threshold")
    if threshold is None:
        threshold = support_threshold(pair_classifier(settings.relate), settings.relate)
    return folder, manifest["run_id"], float(threshold)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        # named as TCP, or asyncio would leave Nagle's algorithm on and each answer would wait 40 ms
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(128)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise ConfigError(
            f"--host {host} --port {port}: cannot be listened at ({error.strerror or error}); give another with --port or --host"
        ) from error
    return listener


def _events(row: Row, deck: Deck, standing: Standing, curator: str, path: Path) -> list[Event]:
    """The events that a row adds to what stands."""
    if row.card_id not in deck.cards:
        raise RecordError(
            f"{path}, row {row.line}: card {row.card_id[:40]!r} is not in the tables of run {deck.run_id}; "
            "take the ids of `genemine review queue` as they are; nothing was imported"
        )
    wanted = []
    if row.verdict and (standing.verdict is None or standing.verdict.verdict != row.verdict):
        wanted.append((row.verdict, ""))
    if row.note and (standing.note is None or standing.note.note != row.note):
        wanted.append((NOTE, row.note))
    return [deck.event(str(uuid.uuid4()), curator, row.card_id, verdict, note, "import") for verdict, note in wanted]


def _with_note(found: Standing) -> Event:
    shown = found.verdict or found.note
    if shown is None:
        raise ValueError("nothing stands of this card")
    return replace(shown, verdict=found.verdict.verdict if found.verdict else "", note=found.note.note if found.note else "")
