"""Damaged PubMed files for ``benchmarks.malformed``: how each is made, read, and searched for every record of its original."""

from __future__ import annotations

import gzip
import re
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from random import Random

from benchmarks.byte_mutations import RECORD, Mutated
from benchmarks.common import shared_dir
from benchmarks.xml_mutations import KINDS, several
from genemine.clean.filters import clean
from genemine.config import CleanSettings
from genemine.errors import GenemineError
from genemine.records import Article, Deletion, Dropped, Quarantined
from genemine.sources.pubmed_xml import parse_bytes

SEED = 20261123
LARGEST = 150_000  # bytes of a file that is damaged as it is; of larger ones only records are used
NAME = "case.xml"
SETTINGS = CleanSettings()

_PIECE = 100  # bytes in which survival is counted
_PLAIN_LETTERS = re.compile(rb"[\x00-*,-\x7f]*")  # those that every declared encoding leaves alone: UTF-7 reads "+" in another way
_SHORT = 12  # characters of a title that may belong to many


@dataclass(frozen=True)
class Expected:
    """A record of a sound file: its bytes, and the article that they make."""

    raw: bytes
    article: Article


@dataclass(frozen=True)
class Base:
    """A sound file and its records."""

    data: bytes
    records: tuple[Expected, ...]

    def pieces(self, record: Expected) -> list[bytes]:
        """The bytes of a record in stretches of the same length, those left out that stand elsewhere in the file too."""
        cut = [record.raw[at : at + _PIECE] for at in range(0, len(record.raw), _PIECE)]
        return [piece for piece in cut if self.data.count(piece) == 1]


@dataclass
class Outcome:
    """What became of one case."""

    case: int
    kind: str
    crash: str = ""
    refused: bool = False
    same: tuple[int, int] = (0, 0)  # records left alone that came out as articles, and all left alone
    unaccounted: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """What came out of a file."""

    articles: list[Article]
    dropped: list[Dropped]
    quarantined: list[Quarantined]
    refused: str


def read(data: bytes) -> Found:
    """Parse and clean; errors of other kinds than GenemineError pass."""
    records: list[Article | Deletion | Quarantined] = []
    refused = ""
    try:
        for record in parse_bytes(data, NAME):
            records.append(record)
    except GenemineError as error:
        refused = str(error)
        if NAME not in refused:
            raise AssertionError(f"the message does not name the file: {refused}") from error
    cleaned = list(clean((record for record in records if isinstance(record, Article)), SETTINGS))
    return Found(
        [record for record in cleaned if isinstance(record, Article)],
        [record for record in cleaned if isinstance(record, Dropped)],
        [record for record in records if isinstance(record, Quarantined)],
        refused,
    )


@cache
def bases() -> list[Base]:
    """Sound files: the small real ones as they are, and one of three to six real records for each two of all records."""
    rng = Random(SEED)
    paths = sorted((shared_dir() / "data" / "pubmed-xml").rglob("*.xml*"))
    files = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths]
    records = [raw for data in files for raw in RECORD.findall(data) if len(raw) < LARGEST // 3 and b"xsi:" not in raw]
    rng.shuffle(records)
    made = []
    for first in range(0, len(records) - 6, 2):
        body = b"\n".join(records[first : first + rng.randint(3, 6)])
        made.append(b'<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n' + body + b"\n</PubmedArticleSet>\n")
    small = [data for data in files if len(data) < LARGEST and b"PubmedBookArticle" not in data and RECORD.search(data)]
    found = [_base(data) for data in (*small, *made)]
    return [base for base in found if base is not None]


def _base(data: bytes) -> Base | None:
    """Pair the records with their articles; None where a PMID stands twice, for then nobody can tell which is which."""
    found, raws = read(data), RECORD.findall(data)
    articles = found.articles
    if len(raws) != len(articles) or len({article.pmid for article in articles}) < len(raws) or found.quarantined:
        return None
    return Base(data, tuple(Expected(raw, article) for raw, article in zip(raws, articles, strict=True)))


def damage(case: int, seed: int) -> tuple[str, Base, Mutated]:
    """Make a case: the name of its mutation, the sound file and the damaged one."""
    rng = Random(f"{seed}:{case}")
    kinds = (*KINDS, several, several, several)
    kind = kinds[case % len(kinds)]
    base = rng.choice(bases())
    return kind.__name__, base, kind(rng, base.data)


def left_alone(record: Expected, mutated: Mutated) -> bool:
    """Say whether all bytes of a record are there as they were, one after the other."""
    return record.raw in mutated.visible and (mutated.letters or _PLAIN_LETTERS.fullmatch(record.raw) is not None)


def missing(base: Base, mutated: Mutated, found: Found) -> list[str]:
    """Name what is accounted for nowhere."""
    if found.refused:
        return []
    told = found.quarantined
    lost = ["the end of the file is missing and nothing tells"] if mutated.ends_early and not told else []
    raws = b"\n".join(_plain_lines(one.raw) for one in told)
    pmids = {one.pmid for one in found.articles} | {one.pmid for one in (*found.dropped, *told)}
    words = {text for one in found.articles for text in (one.title, one.abstract) if len(text) > _SHORT}
    whole = _texts(found.articles)
    for record in base.records:
        want = record.article
        as_it_was = left_alone(record, mutated)
        if as_it_was and (_texts([want]) <= whole or _plain_lines(record.raw) in raws):
            continue
        pieces = base.pieces(record)
        left = [piece for piece in pieces if piece in mutated.visible]
        if as_it_was or 2 * len(left) > len(pieces):
            somewhere = (
                want.pmid in pmids or {want.title, want.abstract} & words or any(_plain_lines(piece) in raws for piece in left)
            )
            if as_it_was or not somewhere:
                lost.append(f"PMID {want.pmid}: {'left alone, but not the same' if as_it_was else 'vanished'}")
    return lost


def _texts(articles: Iterable[Article]) -> set[tuple[str, str, str]]:
    return {(one.pmid, one.title, one.abstract) for one in articles}


def _plain_lines(data: bytes) -> bytes:
    """Fold line ends as an XML parser does."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def run_case(case: int, seed: int) -> Outcome:
    """Damage a file, read it, account for its records."""
    kind, base, mutated = damage(case, seed)
    try:
        found = read(mutated.data)
    except Exception:
        return Outcome(case, kind, crash=traceback.format_exc(limit=-3))
    whole = _texts(found.articles)
    alone = [one.article for one in base.records if left_alone(one, mutated)]
    same = sum(_texts([one]) <= whole for one in alone)
    return Outcome(case, kind, "", bool(found.refused), (same, len(alone)), missing(base, mutated, found))
