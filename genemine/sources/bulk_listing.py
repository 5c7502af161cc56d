"""What a server of bulk files says: the listing of a folder, and the checksum beside a file."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import unquote

# pubmed26n0001.xml.gz: series, year of two digits, number
BULK_NAME = re.compile(r"[A-Za-z]+(?P<year>\d{2})n(?P<number>\d{4,6})\.xml\.gz")

_LINK = re.compile(r"""<a\s[^>]*?href\s*=\s*["']?([^"'\s>]+)[^>]*>""", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
# as Apache ("2026-01-10 14:05") and nginx ("10-Jan-2026 14:05") write them, with the size behind
_STAMP = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{2}-[A-Za-z]{3}-\d{4})\s+(\d{2}:\d{2}(?::\d{2})?)\s*([\d.]+\s*[KMGT]?)?")
_LISTING = re.compile(r"index of|parent directory|directory listing", re.IGNORECASE)
_MD5 = re.compile(r"[0-9a-f]{32}")
_NCBI_MD5 = re.compile(r"MD5\s*\((?P<name>[^)]*)\)\s*=\s*(?P<md5>[0-9a-f]{32})", re.IGNORECASE)


class NotAListing(Exception):  # noqa: N818  a verdict on one answer, which the client tries again
    """The answer is no listing of a folder, or not a whole one."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A bulk file of a folder; ``stamp`` is what the listing says of its time and size ("" for nothing), to tell a change by."""

    name: str
    stamp: str = ""
    has_md5: bool = False

    @property
    def number(self) -> int:
        """The number in the name: 1 for pubmed26n0001.xml.gz."""
        return number_of(self.name)


def number_of(name: str) -> int:
    """The number in the name of a bulk file."""
    found = BULK_NAME.fullmatch(name)
    return int(found["number"]) if found else 0


def place_of(name: str) -> tuple[int, int, str]:
    """Sorts bulk files as they are to be read: by year, then by number."""
    found = BULK_NAME.fullmatch(name)
    return (int(found["year"]), int(found["number"]), name) if found else (0, 0, name)


def parse_listing(page: bytes) -> list[Listed]:
    """The bulk files that an HTML listing links to, by year and number; any other link is passed over.

    Raises:
        NotAListing: it is another page, or breaks off.
    """
    text = page.decode("utf-8", "replace")
    if "</html" not in text[-200:].lower():
        raise NotAListing("the listing breaks off" if _LISTING.search(text) else "no listing of a folder")
    stamps = dict(_entries(text))
    found = [
        Listed(name, " ".join(part for part in (stamp, stamps.get(f"{name}.md5", "")) if part), f"{name}.md5" in stamps)
        for name, stamp in stamps.items()
        if BULK_NAME.fullmatch(name)
    ]
    if not found and not _LISTING.search(text):
        raise NotAListing("an HTML page that is no listing of a folder")
    return sorted(found, key=lambda listed: place_of(listed.name))


def parse_md5(text: str, name: str) -> str | None:
    """The MD5 of a file from what lies beside it, as NCBI writes it ("MD5(name)= hex") or as md5sum does ("hex  name").

    None for anything else, such as the checksum of another file.
    """
    for found in _NCBI_MD5.finditer(text):
        if found["name"].strip().rpartition("/")[2] == name:
            return found["md5"].lower()
    for line in text.splitlines():
        words = line.split()
        if words and _MD5.fullmatch(words[0].lower()) and (len(words) == 1 or words[1].lstrip("*").rpartition("/")[2] == name):
            return words[0].lower()
    return None


def _entries(text: str) -> list[tuple[str, str]]:
    """Each link's name with the time and size that stand behind it."""
    links = list(_LINK.finditer(text))
    entries = []
    for at, link in enumerate(links):
        end = links[at + 1].start() if at + 1 < len(links) else len(text)
        stamp = _STAMP.search(_TAG.sub(" ", text[link.end() : end]))
        name = unquote(html.unescape(link.group(1))).split("?")[0].removeprefix("./")
        entries.append((name, " ".join(stamp.group(0).split()) if stamp else ""))
    return entries
