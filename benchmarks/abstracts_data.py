"""The real abstracts of ../shared/data as (title, abstract), each text once.

Read at run time and kept nowhere. Sets without titles lend their first sentence as one; the marks that SumPubMed and the tokenised
sets put in place of numbers and section names are taken out.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MIN_WORDS = 40  # shorter ones are notes and titles
_SECTION_LINE = re.compile(r"^[A-Z][A-Z &/]+$", re.MULTILINE)
_MARK = re.compile(r"<(?:dig|cit)>")
_OVID_MARKS = re.compile(r"\s*(?:\[[^\[\]]*\]\s*\d*\s*)+$")  # "[Review] [75 refs]", no words of PubMed's
_FIRST_SENTENCE = re.compile(r"(.{30,300}?[.?!])\s+(?=\S)", re.DOTALL)
_PUBTATOR = re.compile(r"^\d+\|([ta])\|(.*)$", re.MULTILINE)


_Set = tuple[str, str, Callable[[Path], Iterator[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Text:
    """Title and abstract of one article."""

    title: str
    abstract: str

    @property
    def whole(self) -> str:
        """Title and abstract, as ``Article.text`` joins them."""
        return f"{self.title}\n{self.abstract}"


def real_abstracts(data: Path) -> list[Text]:
    """Every distinct abstract of at least forty words, in the order of sets and files.

    Two are the same where their letters and digits are.
    """
    return _distinct(data, _SETS)


def cased_abstracts(data: Path) -> list[Text]:
    """The abstracts of the three sets that keep letter case and titles, in the order of sets and files."""
    return _distinct(data, _SETS[:3])


def _distinct(data: Path, sets: Iterable[_Set]) -> list[Text]:
    texts: dict[str, Text] = {}
    for folder, pattern, read in sets:
        for path in sorted((data / folder).glob(pattern)):
            for title, abstract in read(path):
                text = Text(" ".join(title.split()), " ".join(abstract.split()))
                if text.title and len(text.abstract.split()) >= MIN_WORDS:
                    texts.setdefault(re.sub(r"\W+", "", text.whole.lower()), text)
    return list(texts.values())


def _untitled(text: str) -> tuple[str, str]:
    flat = " ".join(_MARK.sub(" ", _SECTION_LINE.sub(" ", text)).split())
    found = _FIRST_SENTENCE.match(flat)
    return (found[1], flat[found.end() :]) if found else ("", flat)


def _first_line(text: str) -> tuple[str, str]:
    title, _, abstract = text.strip().partition("\n")
    return title, abstract


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _sumpubmed(path: Path) -> Iterator[tuple[str, str]]:
    return (_untitled(line["text"]) for line in _lines(path))


def _ohsumed(path: Path) -> Iterator[tuple[str, str]]:
    return (_first_line(line["text"]) for line in _lines(path))


def _screening(path: Path) -> Iterator[tuple[str, str]]:
    return ((_OVID_MARKS.sub("", line.get("title") or ""), line.get("abstract") or "") for line in _lines(path))


def _cohen(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["title"], row["abstract"]


def _pubmedqa(path: Path) -> Iterator[tuple[str, str]]:
    for record in json.loads(gzip.decompress(path.read_bytes())).values():
        yield record["QUESTION"], " ".join([*record["CONTEXTS"], record["LONG_ANSWER"]])


def _tar(path: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(path, "r:gz") as archive:
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            stream = archive.extractfile(member) if member.name.endswith(".txt") and "labels/" not in member.name else None
            if stream is not None:
                yield _first_line(io.TextIOWrapper(stream, encoding="utf-8").read())


def _pubtator(path: Path) -> Iterator[tuple[str, str]]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    title = ""
    for kind, text in _PUBTATOR.findall(data.decode("utf-8", "replace")):
        if kind == "t":
            title = text
        else:
            yield title, text


_SETS: tuple[_Set, ...] = (
    ("abstracts/citation-screening", "*.jsonl.gz", _screening),
    ("abstracts/cohen2006", "*.csv.gz", _cohen),
    ("abstracts/ohsumed", "*.jsonl.gz", _ohsumed),
    ("abstracts/pubmedqa", "*.json.gz", _pubmedqa),
    ("normalised", "*/*.PubTator*", _pubtator),
    ("normalised", "*/NCBI*set_corpus.txt*", _pubtator),
    ("relations/BioRED", "*.PubTator*", _pubtator),
    ("abstracts/sumpubmed", "sumpubmed_abstracts.jsonl.gz", _sumpubmed),
    ("abstracts/hallmarks-of-cancer", "*.tar.gz", _tar),
    ("abstracts/anatem", "*.tar.gz", _tar),
)
