"""How fast PubMed XML is parsed, beside pubmed_parser and Bio.Entrez.read: same file, same fields, same process, one core.

``python -m benchmarks.parsing`` merges the real records into one gzip file, and each reader takes the same fields out of it: PMID,
title, abstract with labels, journal, printed date, DOI, languages, publication types, title in the original language.

- pubmed_parser reads a file in its own way (lxml's iterparse, each PubmedArticle cleared after it), with its own functions for
  these fields alone; ``vs_pubmed_parser_whole`` is beside its whole ``parse_medline_xml``, which takes authors, MeSH terms, grants
  and references too;
- Entrez.read makes objects of everything, and the fields are picked from them.

The readers take turns; the best of some rounds counts, in seconds of CPU. Records that one of the readers cannot take are left out
for all and counted. That the readers give the same titles and abstracts is checked, and the records that differ are counted.
"""

from __future__ import annotations

import argparse
import gzip
import html
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from Bio import Entrez
from lxml import etree
from pubmed_parser import parse_medline_xml
from pubmed_parser.medline_parser import date_extractor, parse_doi, parse_pmid, parse_publication_types
from pubmed_parser.utils import stringify_children

from benchmarks.common import emit, shared_dir
from genemine.records import Article
from genemine.sources.pubmed_xml import parse_file

ROUNDS, QUICK_ROUNDS = 7, 3
HEAD = (
    b'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd"><PubmedArticleSet>'
)
TAIL = b"</PubmedArticleSet>"
Fields = tuple[str, ...]  # PMID, title, abstract, and the others
Reader = Callable[[Path], Iterator[Fields]]
# what the readers raise for a record that they cannot take
CANNOT = (etree.XMLSyntaxError, AttributeError, KeyError, TypeError, ValueError, UnboundLocalError)


def genemine_read(path: Path) -> Iterator[Fields]:
    """The fields as genemine reads them."""
    for one in parse_file(path):
        if isinstance(one, Article):
            yield one.pmid, one.title, one.abstract, one.journal, one.pub_date, one.doi, one.vernacular_title


def pubmed_parser_read(path: Path) -> Iterator[Fields]:
    """The fields as pubmed_parser reads them, in its way of going through a file, by its functions; its defaults elsewhere."""
    with gzip.open(path, "rb") as file:
        for _, element in etree.iterparse(file, events=("end",)):
            if element.tag == "PubmedArticle":
                yield _pubmed_parser_fields(element)
                element.clear()


def _pubmed_parser_fields(element: Any) -> Fields:
    citation = element.find("MedlineCitation")
    article = citation.find("Article")
    title, vernacular = (article.find(name) for name in ("ArticleTitle", "VernacularTitle"))
    return (
        parse_pmid(element),
        "" if title is None else stringify_children(title).strip(),
        _pubmed_parser_abstract(article),
        " ".join(article.find("Journal").xpath("Title/text()")),
        date_extractor(article.find("Journal"), False),
        parse_doi(element),
        "" if vernacular is None else stringify_children(vernacular).strip(),
        ";".join(language.text for language in article.findall("Language")),
        parse_publication_types(citation),
    )


def _pubmed_parser_abstract(article: Any) -> str:
    parts = article.findall("Abstract/AbstractText")
    if len(parts) == 1:
        return str(stringify_children(parts[0]).strip())
    return "\n".join(f"{part.get('Label', '')}\n{stringify_children(part).strip()}" for part in parts)


def entrez_read(path: Path) -> Iterator[Fields]:
    """The fields picked from what Entrez.read makes of the file."""
    with gzip.open(path, "rb") as file:
        records = Entrez.read(file, validate=False)["PubmedArticle"]
    for record in records:
        citation = record["MedlineCitation"]
        article = citation["Article"]
        parts = article.get("Abstract", {}).get("AbstractText", [])
        labels = [getattr(part, "attributes", {}).get("Label", "") for part in parts]
        abstract = " ".join(f"{label}: {part}" if label else str(part) for label, part in zip(labels, parts, strict=True))
        date = " ".join(article["Journal"]["JournalIssue"]["PubDate"].values())
        doi = next((str(one) for one in article["ELocationID"] if one.attributes["EIdType"] == "doi"), "")
        journal = article["Journal"].get("Title", "")
        yield str(citation["PMID"]), str(article["ArticleTitle"]), abstract, journal, date, doi, article.get("VernacularTitle", "")


def pubmed_parser_whole(path: Path) -> Iterator[Fields]:
    """All that pubmed_parser reads."""
    for one in parse_medline_xml(str(path), year_info_only=False):
        yield one["pmid"], one["title"], one["abstract"]


READERS: dict[str, Reader] = {
    "genemine": genemine_read,
    "pubmed_parser": pubmed_parser_read,
    "entrez_read": entrez_read,
    "pubmed_parser_whole": pubmed_parser_whole,
}


def merged(folder: Path, quick: bool) -> tuple[Path, dict[str, int]]:
    """Write all records that every reader can take into one gzip file; gives it and how many each reader cannot take."""
    paths = sorted((shared_dir() / "data" / "pubmed-xml").rglob("*.xml*"))
    files = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths]
    records = [raw for data in files for raw in re.findall(rb"<PubmedArticle>.*?</PubmedArticle>", data, re.DOTALL)]
    records = records[:: 3 if quick else 1]
    one = folder / "one.xml.gz"
    taken = {name: [_takes(reader, raw, one) for raw in records] for name, reader in READERS.items()}
    good = [raw for raw, *by_all in zip(records, *taken.values(), strict=True) if all(by_all)]
    return _write(folder / "all.xml.gz", good), {name: by_one.count(False) for name, by_one in taken.items()}


def _write(path: Path, records: list[bytes]) -> Path:
    path.write_bytes(gzip.compress(HEAD + b"\n".join(records) + TAIL, 6, mtime=0))
    return path


def _takes(reader: Reader, raw: bytes, path: Path) -> bool:
    try:
        return len(list(reader(_write(path, [raw])))) == 1
    except CANNOT:
        return False


def words(text: str) -> str:
    """Letters and digits alone, without the tags, entities and labels' layout in which the readers differ."""
    return "".join(filter(str.isalnum, html.unescape(re.sub(r"</?[a-z][^<>]*>", "", text)).lower()))


def differing(path: Path, theirs: Reader) -> int:
    """Count the records whose title or abstract another reader gives in other letters."""
    pairs = zip(genemine_read(path), theirs(path), strict=True)
    return sum(mine[0] != other[0] or any(words(mine[at]) != words(other[at]) for at in (1, 2)) for mine, other in pairs)


def seconds(path: Path, rounds: int) -> dict[str, float]:
    """Time the best round of each reader, in seconds of CPU; they take turns."""
    best = dict.fromkeys(READERS, float("inf"))
    for _ in range(rounds):
        for name, reader in READERS.items():
            started = time.process_time()
            for _ in reader(path):
                pass
            best[name] = min(best[name], time.process_time() - started)
    return best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a third of the records, fewer rounds")
    quick = parser.parse_args().quick
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        path, left_out = merged(Path(folder), quick)
        n_records = sum(1 for _ in genemine_read(path))
        n_bytes = len(gzip.decompress(path.read_bytes()))
        print(f"{n_records} records, {n_bytes / 1e6:.1f} MB unpacked; left out what a reader cannot take: {left_out}")
        for name in ("pubmed_parser", "entrez_read"):
            print(f"title or abstract in other letters: {differing(path, READERS[name])} of {name}")
        best = seconds(path, QUICK_ROUNDS if quick else ROUNDS)
    emit(
        {
            "records_per_s": round(n_records / best["genemine"]),
            **{f"vs_{name}": round(best[name] / best["genemine"], 2) for name in READERS if name != "genemine"},
            "megabytes_per_s": round(n_bytes / 1e6 / best["genemine"], 1),
        }
    )


if __name__ == "__main__":
    main()
