"""The file that keeps every verdict: SQLite, events only ever added, on the disk before they are acknowledged.

Write-ahead log with ``synchronous = FULL``: what :meth:`VerdictStore.add` has returned survives ``kill -9`` and a power cut.
Triggers refuse to change or delete an event. Several processes may hold the file open, such as the page and an import; each sees
what the others add.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from genemine.errors import RecordError, StorageError
from genemine.review.events import NOTE, UNDO, VERDICTS, Event, Story, read_story
from genemine.storage.files import cannot_write

VERSION = 1
# "gmrv" in ASCII: marks the file as one of genemine's verdicts
APPLICATION_ID = 0x676D7276
_COLUMNS = tuple(field.name for field in fields(Event) if field.name != "seq")
_TYPES = {"is_random": "INTEGER", "threshold": "REAL", "score": "REAL", "gene_start": "INTEGER", "gene_end": "INTEGER",
          "disease_start": "INTEGER", "disease_end": "INTEGER", "event_id": "TEXT UNIQUE"}  # fmt: skip
_TABLE = (
    "CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, "
    + ", ".join(f"{name} {_TYPES.get(name, 'TEXT')} NOT NULL" for name in _COLUMNS)
    + ")",
    *(
        f"CREATE TRIGGER no_{what.lower()} BEFORE {what} ON events BEGIN SELECT RAISE(ABORT, 'verdicts are only ever added'); END"
        for what in ("UPDATE", "DELETE")
    ),
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {VERSION}",
)
_INSERT = f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 (names of our own)
_SELECT = f"SELECT {', '.join(_COLUMNS)}, seq FROM events ORDER BY seq"  # noqa: S608


class VerdictStore:
    """A connection to the file of verdicts, shared by the threads of one process."""

    def __init__(self, path: Path) -> None:
        """Open the file, making it if there is none.

        Raises:
            StorageError: it cannot be opened, is of another program or of another version.
        """
        self.path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(path.parent, error) from error
        try:
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise StorageError(f"{path}: cannot be opened ({error}); check that the folder is there and writable") from error
        try:
            self._prepare()
        except (sqlite3.Error, StorageError) as error:
            self._connection.close()
            if isinstance(error, StorageError):
                raise
            raise StorageError(
                f"{path}: verdicts cannot be read ({error}); free space or make it writable; if damaged, take your backup"
            ) from error
        self._story = Story()
        self._seen = -1

    def __enter__(self) -> VerdictStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was added is on disk."""
        with self._lock:
            self._connection.close()

    def story(self) -> Story:
        """Everything that was said, also by other processes; not to be changed.

        Raises:
            StorageError: the file cannot be read.
        """
        with self._lock, self._translated("read"):
            version = self._connection.execute("PRAGMA data_version").fetchone()[0]
            if version != self._seen:
                self._story = read_story(self.events())
                self._seen = version
            return self._story

    def events(self) -> list[Event]:
        """All events in the order in which they were kept.

        Raises:
            StorageError: the file cannot be read.
        """
        with self._lock, self._translated("read"):
            rows = self._connection.execute(_SELECT).fetchall()
        named = (dict(zip((*_COLUMNS, "seq"), row, strict=True)) for row in rows)
        return [Event(**(values | {"is_random": bool(values["is_random"])})) for values in named]

    def add(self, events: Sequence[Event]) -> list[Event]:
        """Keep events, all or none; one that is kept already is not kept twice.

        Returns:
            The events as kept, with number and time, in the order given.

        Raises:
            RecordError: an event has no known verdict, or its id is that of another one.
            StorageError: the file cannot be written; then nothing was kept.
        """
        for event in events:
            if event.verdict not in (*VERDICTS, NOTE, UNDO) or not event.event_id or not event.curator:
                raise RecordError(f"{event.verdict!r} of {event.curator!r} is no verdict; give one of {', '.join(VERDICTS)}")
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._lock, self._translated("written"):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                story = self.story()  # within the transaction, so that nobody comes between
                kept: list[Event] = []
                for event in events:
                    known = story.by_id.get(event.event_id) or next((o for o in kept if o.event_id == event.event_id), None)
                    kept.append(_same(known, event) if known else self._insert(replace(event, at=now)))
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may have rolled back already
                    self._connection.execute("ROLLBACK")
                raise
            for event in kept:
                if event.event_id not in story.by_id:
                    story.read(event)
            return kept

    def undo(self, event_id: str, curator: str) -> Event | None:
        """Take back the newest verdict or note of a curator that stands; None where there is none.

        Raises:
            RecordError: the id is that of another event.
            StorageError: the file cannot be written.
        """
        with self._lock:
            known = self.story().by_id.get(event_id)
            if known is not None:
                return _same(known, Event(event_id, curator, UNDO, known.card_id))
            last = self.story().last(curator)
            if last is None:
                return None
            return self.add([replace(last, event_id=event_id, verdict=UNDO, undoes=last.event_id, note="", source="page")])[0]

    def _insert(self, event: Event) -> Event:
        cursor = self._connection.execute(_INSERT, [getattr(event, name) for name in _COLUMNS])
        return replace(event, seq=int(cursor.lastrowid or 0))

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StorageError(
                f"{self.path}: verdicts cannot be {what} ({error}); free space or end what holds the file"
            ) from error

    def _prepare(self) -> None:
        run = self._connection.execute
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("BEGIN IMMEDIATE")
        try:
            is_empty = not run("SELECT count(*) FROM sqlite_master").fetchone()[0]
            for statement in _TABLE if is_empty else ():
                run(statement)
        finally:
            run("COMMIT")
        application, version = (run(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        if application != APPLICATION_ID:
            raise StorageError(f"{self.path}: an SQLite file of another program; move it away: the next review makes a new one")
        if version != VERSION:
            raise StorageError(
                f"{self.path}: verdicts of version {version}, this program reads {VERSION}; use the genemine that made them"
            )


def read_verdicts(path: Path) -> list[Event]:
    """Give all events of a file, in order; none where there is no file.

    Raises:
        StorageError: it cannot be read.
    """
    if not path.is_file():
        return []
    with VerdictStore(path) as store:
        return store.events()


def _same(known: Event, event: Event) -> Event:
    told = ("curator", "verdict", "card_id", "note")
    if any(getattr(known, name) != getattr(event, name) for name in told):
        raise RecordError(f"event {event.event_id}: kept already, with another verdict; give each verdict an id of its own")
    return known
