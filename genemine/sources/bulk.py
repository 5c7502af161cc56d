"""PubMed's baseline and update files over HTTP: listed, fetched, gone on with where a download broke off, checked by MD5.

A download lies in a file of its own until it is whole and its checksum fits; what it holds then is what the server has, whatever
happened on the way. A file without a checksum beside it is begun anew by every run.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from genemine.config import BulkSettings
from genemine.errors import ConfigError, SourceError
from genemine.sources.bulk_download import Again, Download, Received, body_of, check_length
from genemine.sources.bulk_listing import Listed, NotAListing, parse_listing, parse_md5
from genemine.sources.patient import Patient

log = logging.getLogger(__name__)

T = TypeVar("T")
_LARGEST_PAGE = 32 << 20  # a listing of 3,000 files has 0.5 MB
_CHECK = "check the address (GENEMINE_BULK_URL or --from)"


class BulkClient:
    """Asks one server; one download at a time, over a connection that stays open."""

    def __init__(self, settings: BulkSettings, sleep: Callable[[float], None] = time.sleep) -> None:
        """Check the address; nothing is asked yet.

        Raises:
            ConfigError: the base URL is none.
        """
        parts = urlsplit(settings.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(
                f"'{settings.base_url}' is no address of a server of bulk files; one is {BulkSettings().base_url}. "
                "A folder on this machine is read by `genemine bulk load FOLDER`"
            )
        self.settings = settings
        self._server = Patient(settings.max_tries, settings.connect_timeout, settings.read_timeout, _CHECK, sleep)
        self._server.stay_on_this_machine(parts.hostname)

    def close(self) -> None:
        """Close the connection."""
        self._server.close()

    def listing(self, folder: str) -> list[Listed]:
        """The bulk files of a folder ("baseline", "updatefiles"), by year and number.

        Raises:
            SourceError: the server cannot be reached, has no such folder, or sends no listing of it.
        """

        def attempt(url: str) -> list[Listed]:
            try:
                return parse_listing(self._page(url))
            except NotAListing as problem:
                raise Again(str(problem)) from problem

        return self._patiently(f"{folder}/", attempt)

    def md5(self, folder: str, name: str) -> str:
        """The checksum that lies beside a file.

        Raises:
            SourceError: the server does not give it.
        """

        def attempt(url: str) -> str:
            md5 = parse_md5(self._page(url).decode("utf-8", "replace"), name)
            if md5 is None:
                raise Again("no checksum of that file")
            return md5

        return self._patiently(f"{folder}/{name}.md5", attempt)

    def fetch(self, folder: str, name: str, part: Path, md5: str | None) -> Received:
        """Fetch a file into ``part``; what ``part`` holds already is not fetched again if the server can go on behind it.

        Args:
            folder: "baseline" or "updatefiles".
            name: the file.
            part: takes the bytes; on return it is whole.
            md5: its checksum in hex; None if the server has none.

        Raises:
            SourceError: the server does not give it whole in ``max_tries`` tries; what came is kept unless its checksum is wrong.
            StorageError: the disk is full or cannot be written.
        """
        if md5 is None:
            part.unlink(missing_ok=True)
        download = Download(part, md5, self.settings.read_timeout)

        def attempt(url: str) -> Received:
            while True:
                try:
                    with self._server.opened(url, download.headers()) as response:
                        download.take(response)
                    return download.finish()
                except Again as problem:
                    if not problem.progressed:
                        raise
                    log.info("%s: broke off (%s); going on", url, problem)

        return self._patiently(f"{folder}/{name}", attempt)

    def _patiently(self, path: str, attempt: Callable[[str], T]) -> T:
        return self._server.patiently(f"{self.settings.base_url}{path}", attempt)

    def _page(self, url: str) -> bytes:
        """A small answer as a whole."""
        page = b""
        with self._server.opened(url, {}) as response:
            for chunk in body_of(response, self.settings.read_timeout):
                page += chunk
                if len(page) > _LARGEST_PAGE:
                    raise SourceError(f"{url}: more than {_LARGEST_PAGE >> 20} MiB where a listing or checksum should be")
        check_length(response, len(page))
        return page
