"""Which vocabulary a file is, told by its content, and of which day: releases carry their dates in different places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from genemine.errors import SourceError
from genemine.sources.unpack import unpack
from genemine.sources.vocabulary import GENE_INFO, HUMAN, MESH, SPECIES, VOCABULARIES, Vocabulary
from genemine.sources.vocabulary_check import HEAD, is_vocabulary

_CHUNK = 1 << 18
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


@dataclass(frozen=True)
class Found:
    """A vocabulary in a file; ``released`` is its day, None where neither file nor server tell."""

    vocabulary: Vocabulary
    path: Path
    released: date | None


def find_vocabularies(paths: list[Path]) -> tuple[dict[str, Found], list[Path]]:
    """Tell which files are which vocabularies, by their content.

    Args:
        paths: files, of any kind.

    Returns:
        name of the vocabulary -> file; and further files of a vocabulary that has one. The file with the name that its home gives
        it is taken first, then the one with the newest release.
    """
    found: dict[str, list[Found]] = {}
    for path in paths:
        head = head_of(path)
        for vocabulary in (GENE_INFO, *VOCABULARIES, MESH):
            if is_vocabulary(head, vocabulary):
                found.setdefault(vocabulary.name, []).append(Found(vocabulary, path, release_of(path, vocabulary, head)))
    for several in found.values():
        several.sort(key=lambda one: (not _has_its_name(one), -(one.released or date.min).toordinal(), one.path.name))
    return {name: several[0] for name, several in found.items()}, [one.path for rest in found.values() for one in rest[1:]]


def head_of(path: Path) -> bytes:
    """The first bytes of a file, unpacked; nothing if it cannot be read."""
    head = b""
    with suppress(OSError, SourceError), path.open("rb") as stream:
        for chunk in unpack(stream, HEAD):
            head += chunk
            if len(head) >= HEAD:
                break
    return head


def release_of(path: Path, vocabulary: Vocabulary, head: bytes) -> date | None:
    """The day of a release: as its head tells it, else the newest date of change in it."""
    text = head.decode("utf-8", "replace")
    with suppress(OSError, SourceError, ValueError, KeyError, TypeError):
        return _READERS[vocabulary.name](path, text)
    return None


def _has_its_name(found: Found) -> bool:
    name = found.path.name.removesuffix(".gz")
    human = SPECIES[HUMAN].rpartition("/")[2]
    return name == (f"{human}.gene_info" if found.vocabulary.name == GENE_INFO.name else found.vocabulary.file.removesuffix(".gz"))


def _newest_in(column: str, pattern: str) -> Callable[[Path, str], date | None]:
    """The newest date of a column of a table with a header line."""
    form = re.compile(pattern)

    def read(path: Path, head: str) -> date | None:
        names = head.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r").split("\t")
        at, newest = names.index(column), ""
        for line in _lines(path):
            fields = line.split("\t")
            if len(fields) > at and form.fullmatch(value := fields[at].strip('" \r')) and value > newest:
                newest = value
        digits = newest.replace("-", "")
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if digits else None

    return read


def _medic(_: Path, head: str) -> date | None:
    told = re.search(r"Report created: \w+ (\w{3}) (\d{2}) [\d:]+ \w+ (\d{4})", head)
    return date(int(told[3]), _MONTHS.index(told[1]) // 3 + 1, int(told[2])) if told else None


def _obo(_: Path, head: str) -> date | None:
    if told := re.search(r"^data-version:.*?(\d{4})-(\d{2})-(\d{2})", head, re.MULTILINE):
        return date(int(told[1]), int(told[2]), int(told[3]))
    told = re.search(r"^date: (\d{2}):(\d{2}):(\d{4})", head, re.MULTILINE)
    return date(int(told[3]), int(told[2]), int(told[1])) if told else None


def _mesh(path: Path, head: str) -> date | None:
    """The year of its DTD or of its name; releases are those of a year."""
    told = re.search(r"nlmdescriptorrecordset_(\d{4})", head) or re.search(r"desc(\d{4})", path.name)
    return date(int(told[1]), 1, 1) if told else None


def _lines(path: Path) -> Iterator[str]:
    rest = b""
    with path.open("rb") as stream:
        for chunk in unpack(stream, _CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield line.decode("utf-8", "replace")


def day_of(modified: str) -> date | None:
    """The day of a Last-Modified header, UTC."""
    with suppress(ValueError, TypeError):
        return parsedate_to_datetime(modified).astimezone(UTC).date()
    return None


def day_of_file(path: Path) -> date:
    """The day on which a file was changed, UTC."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


_READERS: dict[str, Callable[[Path, str], date | None]] = {
    "gene_info": _newest_in("Modification_date", r"\d{8}"),
    "hgnc": _newest_in("date_modified", r"\d{4}-\d{2}-\d{2}"),
    "medic": _medic,
    "disease-ontology": _obo,
    "mim2gene": lambda path, head: None,  # noqa: ARG005  it carries no date
    "mesh": _mesh,
}
