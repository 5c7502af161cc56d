"""Published files over HTTP: fetched if they changed, gone on with where a download broke off, refused unless they are whole.

A download lies in a file of its own until it is whole. Beside it stands the mark (ETag or Last-Modified) of the release that it is
a part of: the next run goes on only if the server still has that release, and begins anew otherwise.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit

import requests

from genemine.errors import ConfigError
from genemine.sources.bulk_download import Again, Download, Received
from genemine.sources.patient import Patient
from genemine.sources.vocabulary import Vocabulary
from genemine.sources.vocabulary_check import fault_of

Fault = Callable[[Path, Vocabulary], str]  # why a file is not whole or not the one that is wanted; "" if it is


class MirrorSettings(Protocol):
    """How files are fetched: ``VocabSettings`` and ``CuratedSettings`` are such."""

    @property
    def mirror(self) -> str:
        """A server's folder that holds all of them by their names; "" for each one's own home."""
        ...

    @property
    def connect_timeout(self) -> float:
        """Seconds."""
        ...

    @property
    def read_timeout(self) -> float:
        """Seconds without a byte."""
        ...

    @property
    def max_tries(self) -> int:
        """Tries of one file."""
        ...


@dataclass(frozen=True)
class Marks:
    """What a server said of a file: its ETag and Last-Modified, "" where it says none."""

    etag: str = ""
    modified: str = ""

    def asked(self) -> dict[str, str]:
        """Headers that ask for the file only if it is another one now."""
        if self.etag:
            return {"If-None-Match": self.etag}
        return {"If-Modified-Since": self.modified} if self.modified else {}


class VocabularyClient:
    """Asks the vocabularies' homes, or one mirror for all of them."""

    def __init__(
        self,
        settings: MirrorSettings,
        sleep: Callable[[float], None] = time.sleep,
        section: str = "vocab",
        fault_of: Fault = fault_of,
    ) -> None:
        """Check the mirror's address; nothing is asked yet.

        Args:
            settings: the mirror and how patient to be.
            sleep: waits between tries.
            section: the table of the settings, which is also the command that builds from the files.
            fault_of: looks through what came.

        Raises:
            ConfigError: the address is none.
        """
        self.settings = settings
        self.fault_of = fault_of
        check = f"check the address (--mirror, or {section}.mirror in the settings)"
        self._server = Patient(settings.max_tries, settings.connect_timeout, settings.read_timeout, check, sleep)
        if settings.mirror:
            parts = urlsplit(settings.mirror)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ConfigError(
                    f"'{settings.mirror}' is no address of a mirror; one begins with http:// or https://. "
                    f"Files that are on this machine already are read by `genemine {section} build FOLDER`"
                )
            self._server.stay_on_this_machine(parts.hostname)

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def url(self, vocabulary: Vocabulary) -> str:
        """Where a vocabulary is asked for."""
        mirror = self.settings.mirror
        return f"{mirror.rstrip('/')}/{quote(vocabulary.file)}" if mirror else vocabulary.url

    def fetch(self, vocabulary: Vocabulary, part: Path, known: Marks) -> tuple[Received, Marks] | None:
        """Fetch a vocabulary into ``part``, unless it is the one that is known.

        Args:
            vocabulary: what to fetch.
            part: takes the bytes; on return it is whole and of the right kind.
            known: the marks of the file that is here.

        Returns:
            what came and its marks; None if the server says that nothing changed.

        Raises:
            SourceError: the server refuses, does not give it whole in ``max_tries`` tries, or gives something else.
            StorageError: the disk is full or cannot be written.
        """
        download = _Vocabulary(part, vocabulary, self.settings.read_timeout, self.fault_of)

        def attempt(url: str) -> tuple[Received, Marks] | None:
            while True:
                try:
                    with self._server.opened(url, download.headers() or known.asked()) as response:
                        if response.status_code == 304:
                            return None
                        download.take(response)
                    return download.finish(), download.marks
                except Again as problem:
                    if not problem.progressed:
                        raise

        found = self._server.patiently(self.url(vocabulary), attempt)
        download.forget(part_too=found is None)
        return found


class _Vocabulary(Download):
    """A vocabulary on its way; its mark is on disk before its first byte, so that a killed run leaves both."""

    def __init__(self, part: Path, vocabulary: Vocabulary, read_timeout: float, fault_of: Fault) -> None:
        super().__init__(part, None, read_timeout)
        self.vocabulary = vocabulary
        self._fault_of = fault_of
        self.marks = Marks()
        self._mark_file = part.with_name(f"{part.name}-mark")
        with suppress(OSError, UnicodeDecodeError):
            self.mark = self._mark_file.read_text(encoding="utf-8")
        if not self.mark:  # nothing tells of which release it is
            self._drop()

    def finish(self) -> Received:
        """Look through the whole file.

        Raises:
            Again: it is cut, damaged or something else; what came is thrown away.
        """
        if fault := self._fault_of(self.part, self.vocabulary):
            self._drop()
            raise Again(fault)
        return Received(self.n_received, self.modified)

    def forget(self, *, part_too: bool) -> None:
        """Remove the mark, as the file that it tells of is whole, or the beginning as well, as nobody needs its rest."""
        if part_too:
            self._drop()
        self._mark_file.unlink(missing_ok=True)

    def headers(self) -> dict[str, str]:
        """What to ask with: for the rest, where the server can tell that it is the rest of the same release."""
        return super().headers() if self.mark else {}

    def _heed(self, response: requests.Response) -> None:
        super()._heed(response)
        self.marks = Marks(response.headers.get("ETag") or "", response.headers.get("Last-Modified") or "")

    def _begin(self) -> None:
        # in this order: the new mark beside the old bytes would pass them off as the beginning of the new release
        self.part.unlink(missing_ok=True)
        self._mark_file.write_text(self.mark, encoding="utf-8")

    def _fault(self, first: bytes) -> str:
        if not first:
            return "not one byte"
        if first.lstrip()[:1] == b"<":  # no vocabulary begins so that is not packed
            return f"an HTML page instead of the file; if a browser gets it, put it into the folder: {self.vocabulary.url}"
        return super()._fault(first) if self.vocabulary.file.endswith(".gz") else ""

    def _drop(self) -> None:
        super()._drop()
        self._mark_file.unlink(missing_ok=True)
