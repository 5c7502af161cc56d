"""A small library of records written for these tests, and what is needed to serve and to ask it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from genemine.sample.index import Index, load_folder

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def _day(name: str, text: str, attributes: str = "") -> str:
    year, month, day = text.split("/")
    return f"<{name}{attributes}><Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></{name}>"


def article_xml(
    pmid: int,
    title: str = "A title",
    abstract: str = "",
    entered: str = "2024/01/15",
    created: str = "",
    revised: str = "2024/02/01",
    published: str = "<Year>2024</Year><Month>Jan</Month>",
    headings: Sequence[str] = (),
    authors: Sequence[tuple[str, str, str]] = (),
    types: Sequence[str] = ("Journal Article",),
    language: str = "eng",
    volume: str = "1",
    version: int = 1,
) -> str:
    """One PubmedArticle; ``headings`` are MeSH descriptors, ``authors`` (surname, forename, initials)."""
    mesh = "".join(f'<MeshHeading><DescriptorName MajorTopicYN="N">{h}</DescriptorName></MeshHeading>' for h in headings)
    names = "".join(
        f"<Author><LastName>{last}</LastName><ForeName>{fore}</ForeName><Initials>{initials}</Initials></Author>"
        for last, fore, initials in authors
    )
    kinds = "".join(f"<PublicationType>{t}</PublicationType>" for t in types)
    history = "".join(
        _day("PubMedPubDate", day, f' PubStatus="{status}"')
        for status, day in (("entrez", created or entered), ("pubmed", entered), ("medline", entered))
    )
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="{version}">{pmid}</PMID>'
        f"{_day('DateRevised', revised)}<Article PubModel='Print'><Journal>"
        f"<JournalIssue CitedMedium='Print'><Volume>{volume}</Volume>"
        f"<PubDate>{published}</PubDate></JournalIssue><Title>Journal of Small Tests</Title>"
        "<ISOAbbreviation>J Small Tests</ISOAbbreviation>"
        f"</Journal><ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText>{abstract}</AbstractText></Abstract>"
        f"<AuthorList>{names}</AuthorList><Language>{language}</Language><PublicationTypeList>{kinds}</PublicationTypeList></Article>"
        f"<MedlineJournalInfo><MedlineTA>J Small Tests</MedlineTA><NlmUniqueID>9900001</NlmUniqueID></MedlineJournalInfo>"
        f"<MeshHeadingList>{mesh}</MeshHeadingList></MedlineCitation>"
        f"<PubmedData><History>{history}</History><PublicationStatus>ppublish</PublicationStatus></PubmedData></PubmedArticle>"
    )


LIBRARY = (
    article_xml(
        101, "BRCA1 mutations in breast cancer", "Carriers of <i>BRCA1</i> mutations have hereditary breast cancer.",
        headings=["Breast Neoplasms", "Humans"], authors=[("Smith", "John A", "JA")], entered="2024/01/15",
    ),
    article_xml(
        102, "Cancer of the breast in mice", "Mice without Brca2 develop tumors; TGF-β is raised.",
        headings=["Mice", "Neoplasms"],
        authors=[("Smithson", "Jane", "J")], entered="2024/02/10",
        revised="2024/05/05", published="<MedlineDate>2023 Nov-Dec</MedlineDate>",
    ),
    article_xml(
        103, "A review of melanoma", "BRAF is mutated in melanoma.", types=["Journal Article", "Review"], entered="2024/03/01",
        headings=["Melanoma", "Humans"], volume="97", published="<Year>2025</Year>",
    ),
    article_xml(
        104, "Das Melanom", "Übersicht zum Melanom.", language="ger",
        entered="2023/12/31", published="<Year>2023</Year><Season>Winter</Season>",
    ),
    article_xml(105, "No association of WAS with melanoma", "", entered="2024/03/01", created="2024/03/09", types=["Letter"]),
)  # fmt: skip


def _set(records: Sequence[str]) -> str:
    return f"{HEAD}<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>"


@pytest.fixture(scope="session")
def make_article() -> Callable[..., str]:
    """Writes one PubmedArticle."""
    return article_xml


@pytest.fixture(scope="session")
def make_set() -> Callable[[Sequence[str]], str]:
    """Writes a file of records."""
    return _set


@pytest.fixture(scope="session")
def library_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of five records, PMIDs 101 to 105."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "library.xml").write_text(_set(LIBRARY), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def library(library_folder: Path) -> Index:
    """Those five records, indexed."""
    return load_folder(library_folder)


@pytest.fixture(scope="session")
def real_index(shared: Path) -> Index:
    """The real records beside the repository, indexed."""
    return load_folder(shared / "data" / "pubmed-xml")
