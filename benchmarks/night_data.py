"""PubMed as it could stand on one night: any number of records, each made from its number alone.

A record is PubMed XML of about 4 kB: title, abstract of about 1,200 characters (three in ten structured), authors with
affiliations, headings, dates, DOI. Its sentences are drawn from the real abstracts of ../shared/data at run time, so no two records
are alike by chance, but for the copies that are planted: one record in 2,000 repeats the one before it with small changes, and new
records may be told to be copies of known ones.
"""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from multiprocessing import get_context
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.abstracts_data import Text, real_abstracts
from benchmarks.mutations_data import LABELS, SENTENCE_END, Maker, words_of

FIRST_PMID = 20_000_000
BULK_FILE = 30_000  # records a file, as PubMed's own baseline
PLANTED = 2_000  # one record in so many is a copy of the one before
SEED = 20261120
HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n'
TAIL = b"</PubmedArticleSet>\n"
_NAMES = ("Garcia", "Smith", "Chen", "Ivanova", "Mueller", "Okafor", "Tanaka", "Rossi", "Silva", "Andersson", "Kaur", "Nguyen")
_PLACES = ("Department of Medicine", "Institute of Human Genetics", "School of Public Health", "Department of Pathology")
_HEADINGS = ("Humans", "Animals", "Mutation", "Risk Factors", "Genotype", "Phenotype", "Signal Transduction", "Mice", "Prognosis")


@dataclass(frozen=True, slots=True)
class Plan:
    """How one record is to look: entered and last revised when, a copy of which other, in which revision."""

    number: int
    entered: date
    revised: date
    copy_of: int | None = None
    revision: int = 0

    @property
    def pmid(self) -> str:
        """The PMID of the record."""
        return pmid_of(self.number)


def pmid_of(number: int) -> str:
    """The PMID of a record by its number."""
    return str(FIRST_PMID + number)


class Writer:
    """Makes records from plans; holds the sentences they are made of."""

    def __init__(self, data: Path) -> None:
        """Read the real abstracts."""
        texts = real_abstracts(data)
        pool = {sentence for text in texts for sentence in SENTENCE_END.split(text.abstract) if 60 <= len(sentence) <= 300}
        self.sentences = sorted(pool)
        self.titles = sorted({text.title for text in texts if 40 <= len(text.title) <= 160})
        self.words = words_of(texts[:2000])

    def text(self, plan: Plan) -> Text:
        """Title and abstract of a record."""
        rng = random.Random(SEED * 1_000_003 + (plan.number if plan.copy_of is None else plan.copy_of))
        sentences = rng.choices(self.sentences, k=rng.randrange(6, 10))
        # two titles joined: there are fewer titles than records
        text = Text(f"{rng.choice(self.titles).rstrip('.')}: {rng.choice(self.titles)}", " ".join(sentences))
        own = random.Random(SEED * 31 + plan.number)
        if plan.copy_of is not None:
            text = Maker(own, self.words).copy(text, own.uniform(0.92, 0.99))
        for _ in range(plan.revision):
            text = replace(text, abstract=f"{text.abstract} {own.choice(self.sentences)}")
        return text

    def xml(self, plan: Plan) -> bytes:
        """One PubmedArticle."""
        text, rng = self.text(plan), random.Random(plan.number)
        year, volume = plan.entered.year, rng.randrange(1, 90)
        authors = "".join(
            f'<Author ValidYN="Y"><LastName>{rng.choice(_NAMES)}</LastName><ForeName>{chr(65 + rng.randrange(26))}</ForeName>'
            f"<Initials>{chr(65 + rng.randrange(26))}</Initials><AffiliationInfo><Affiliation>{rng.choice(_PLACES)}, University "
            f"Hospital {rng.randrange(1, 400)}, {rng.choice(_NAMES)} Street.</Affiliation></AffiliationInfo></Author>\n"
            for _ in range(rng.randrange(2, 8))
        )
        headings = "".join(
            f'<MeshHeading><DescriptorName UI="D{rng.randrange(10**6):06}" MajorTopicYN="N">{name}</DescriptorName></MeshHeading>\n'
            for name in rng.sample(_HEADINGS, k=6)
        )
        doi = f"10.5555/night.{plan.number}"
        return (
            f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{plan.pmid}</PMID>\n'
            f"<DateRevised>{_day(plan.revised)}</DateRevised>\n"
            f'<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Electronic">1096-0023</ISSN><JournalIssue '
            f'CitedMedium="Internet"><Volume>{volume}</Volume><PubDate><Year>{year}</Year><Month>Jan</Month></PubDate></JournalIssue>'
            f"<Title>Journal of Loopback Medicine {volume}</Title><ISOAbbreviation>J Loopback Med</ISOAbbreviation></Journal>\n"
            f"<ArticleTitle>{escape(text.title)}</ArticleTitle><Pagination><MedlinePgn>{volume}-9</MedlinePgn></Pagination>\n"
            f'<ELocationID EIdType="doi" ValidYN="Y">{doi}</ELocationID>\n<Abstract>{_abstract(text, rng)}</Abstract>\n'
            f'<AuthorList CompleteYN="Y">{authors}</AuthorList><Language>eng</Language><PublicationTypeList>'
            f'<PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList></Article>\n'
            f"<MedlineJournalInfo><Country>England</Country><MedlineTA>J Loopback Med</MedlineTA><NlmUniqueID>{volume:07}"
            f"</NlmUniqueID></MedlineJournalInfo><MeshHeadingList>{headings}</MeshHeadingList></MedlineCitation>\n"
            f'<PubmedData><History><PubMedPubDate PubStatus="pubmed">{_day(plan.entered)}</PubMedPubDate><PubMedPubDate '
            f'PubStatus="entrez">{_day(plan.entered)}</PubMedPubDate></History><PublicationStatus>ppublish</PublicationStatus>'
            f'<ArticleIdList><ArticleId IdType="pubmed">{plan.pmid}</ArticleId><ArticleId IdType="doi">{doi}</ArticleId>'
            f"</ArticleIdList></PubmedData></PubmedArticle>\n"
        ).encode()

    def write(self, path: Path, plans: Iterable[Plan], issued: date) -> None:
        """Write a file of records that bears the time of ``issued``."""
        with path.open("wb") as raw, gzip.GzipFile(path.name, "wb", compresslevel=1, fileobj=raw, mtime=0) as file:
            file.write(HEAD)
            for plan in plans:
                file.write(self.xml(plan))
            file.write(TAIL)
        at = datetime.combine(issued, time(12)).timestamp()
        os.utime(path, (at, at))


def known_plan(number: int, issued: date) -> Plan:
    """Plan of a record as the yearly files hold it: entered in the years before ``issued``."""
    entered = issued - timedelta(days=60 + (number * 7919) % 9000)
    return Plan(number, entered, entered + timedelta(days=30), number - 1 if number % PLANTED == PLANTED - 1 else None)


def write_bulk(folder: Path, n_records: int, writer: Writer, issued: date, n_processes: int) -> None:
    """Write the records 0..n_records - 1 as files pubmed26n0001.xml.gz and so on."""
    folder.mkdir(parents=True)
    processes = []
    for mine in range(n_processes):
        # forked, so that the sentences need not be read again
        process = get_context("fork").Process(target=_write_some, args=(folder, n_records, writer, issued, mine, n_processes))
        process.start()
        processes.append(process)
    for process in processes:
        process.join()
        if process.exitcode:
            raise SystemExit(f"writing {folder} ended with status {process.exitcode}")


def _write_some(folder: Path, n_records: int, writer: Writer, issued: date, mine: int, n_processes: int) -> None:
    for nth, first in enumerate(range(0, n_records, BULK_FILE), start=1):
        if nth % n_processes == mine:
            numbers = range(first, min(first + BULK_FILE, n_records))
            writer.write(folder / f"pubmed26n{nth:04}.xml.gz", (known_plan(number, issued) for number in numbers), issued)


def _day(day: date) -> str:
    return f"<Year>{day.year}</Year><Month>{day.month:02}</Month><Day>{day.day:02}</Day>"


def _abstract(text: Text, rng: random.Random) -> str:
    sentences = SENTENCE_END.split(text.abstract)
    if rng.random() > 0.3 or len(sentences) < len(LABELS):
        return f"<AbstractText>{escape(text.abstract)}</AbstractText>"
    bounds = [0, *(len(sentences) * part // len(LABELS) for part in range(1, len(LABELS))), len(sentences)]
    return "".join(
        f'<AbstractText Label="{name.rstrip(":")}">{escape(" ".join(sentences[start:end]))}</AbstractText>\n'
        for name, start, end in zip(LABELS, bounds[:-1], bounds[1:], strict=True)
    )
