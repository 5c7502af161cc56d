"""The real abstracts of ../shared/data, each text once, with PMID and year where a set tells them.

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
from dataclasses import dataclass, replace
from pathlib import Path

MIN_WORDS = 40  # shorter ones are notes and titles
_SECTION_LINE = re.compile(r"^[A-Z][A-Z &/]+$", re.MULTILINE)
_MARK, _CITATION = re.compile(r"<(?:dig|cit)>"), "<cit>"
_OVID_MARKS = re.compile(r"\s*(?:\[[^\[\]]*\]\s*\d*\s*)+$")  # "[Review] [75 refs]", no words of PubMed's
_FIRST_SENTENCE = re.compile(r"(.{30,300}?[.?!])\s+(?=\S)", re.DOTALL)
_PUBTATOR = re.compile(r"^(\d+)\|([ta])\|(.*)$", re.MULTILINE)
_PMID_NAME = re.compile(r"^(?:PMID-)?(\d+)$")  # how sets name the file of an abstract
OHSUMED_YEAR = "1991"  # of all its abstracts


@dataclass(frozen=True, slots=True)
class Text:
    """Title and abstract of one article; ``origin`` is its set and its place or name there, ``pmid`` and ``year`` "" if untold."""

    title: str
    abstract: str
    origin: str = ""
    pmid: str = ""
    year: str = ""

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


def every_abstract(data: Path, *, cased: bool = False) -> list[Text]:
    """Those of :func:`real_abstracts` and JNLPBA's; a number that SumPubMed took out is a 0, so that "cd <dig>" names no "cd".

    ``cased`` leaves out SumPubMed, whose texts are lower-cased.
    """
    chosen = [one for one in _SETS if not (cased and one[2] is _sumpubmed)]
    numbered = [(folder, pattern, _numbered if read is _sumpubmed else read) for folder, pattern, read in chosen]
    return _distinct(data, (*numbered, ("ner/JNLPBA", "standoff-*.tar.gz", _medline)))


def _distinct(data: Path, sets: Iterable[_Set]) -> list[Text]:
    texts: dict[str, Text] = {}
    for folder, pattern, read in sets:
        for path in sorted((data / folder).glob(pattern)):
            for read_text in read(path):
                origin = f"{folder.rpartition('/')[2]} {read_text.origin}"
                title, abstract = " ".join(read_text.title.split()), " ".join(read_text.abstract.split())
                text = replace(read_text, title=title, abstract=abstract, origin=origin)
                if text.title and len(text.abstract.split()) >= MIN_WORDS:
                    texts.setdefault(re.sub(r"\W+", "", text.whole.lower()), text)
    return list(texts.values())


def _untitled(text: str, mark: str) -> tuple[str, str]:
    flat = " ".join(_MARK.sub(mark, _SECTION_LINE.sub(" ", text.replace(_CITATION, " "))).split())
    found = _FIRST_SENTENCE.match(flat)
    return (found[1], flat[found.end() :]) if found else ("", flat)


def _first_line(text: str) -> tuple[str, str]:
    title, _, abstract = text.strip().partition("\n")
    return title, abstract


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _sumpubmed(path: Path) -> Iterator[Text]:
    return (Text(*_untitled(line["text"], " "), line["id"]) for line in _lines(path))


def _numbered(path: Path) -> Iterator[Text]:
    return (Text(*_untitled(line["text"], " 0 "), line["id"]) for line in _lines(path))


def _ohsumed(path: Path) -> Iterator[Text]:
    return (Text(*_first_line(line["text"]), line["id"], year=OHSUMED_YEAR) for line in _lines(path))


def _screening(path: Path) -> Iterator[Text]:
    for line in _lines(path):
        title = _OVID_MARKS.sub("", line.get("title") or "")
        yield Text(title, line.get("abstract") or "", f"{line['set']} {line['id']}")


def _cohen(path: Path) -> Iterator[Text]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Text(row["title"], row["abstract"], row["pubmedID"], row["pubmedID"], row["year"])


def _pubmedqa(path: Path) -> Iterator[Text]:
    for pmid, record in json.loads(gzip.decompress(path.read_bytes())).items():
        abstract = " ".join([*record["CONTEXTS"], record["LONG_ANSWER"]])
        yield Text(record["QUESTION"], abstract, pmid, pmid, record.get("YEAR") or "")


def _tar(path: Path) -> Iterator[Text]:
    with tarfile.open(path, "r:gz") as archive:
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            stream = archive.extractfile(member) if member.name.endswith(".txt") and "labels/" not in member.name else None
            if stream is not None:
                name = Path(member.name).stem
                pmid = _PMID_NAME.match(name)
                text = _first_line(io.TextIOWrapper(stream, encoding="utf-8").read())
                yield Text(*text, name, pmid[1] if pmid else "")


def _medline(path: Path) -> Iterator[Text]:
    # named by numbers of MEDLINE that are no PMIDs
    return (replace(text, pmid="") for text in _tar(path))


def _pubtator(path: Path) -> Iterator[Text]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    title = ""
    for pmid, kind, text in _PUBTATOR.findall(data.decode("utf-8", "replace")):
        if kind == "t":
            title = text
        else:
            yield Text(title, text, pmid, pmid)


_Set = tuple[str, str, Callable[[Path], Iterator[Text]]]
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
