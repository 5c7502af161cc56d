"""PubMed XML to records: articles, books, deletions, and what could not be read.

The rules, each for a fault that a public client has:

- words by itertext through ``i b u sup sub`` and MathML; every AbstractText, with its label; OtherAbstract and the copyright line
  are not part of the abstract; no abstract is normal;
- a DOI from the record's own ELocationID or PubmedData/ArticleIdList, never from its references;
- the printed date verbatim, the year its first number; revision dates in ISO;
- one bad record never stops a file: it is quarantined with its bytes, and so is the end of a file that is cut off.

Retracted papers, notices, foreign languages and preprints are all read; flags tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree

from genemine.errors import RecordError
from genemine.records import ARTICLE_FLAGS, Article, Deletion, Quarantined
from genemine.sources import pubmed_stream
from genemine.sources.pubmed_dates import iso_date, leading_year, printed_date
from genemine.sources.pubmed_salvage import Damage, pmid_in
from genemine.sources.pubmed_split import BARE_RECORD
from genemine.sources.pubmed_text import abstract_parts, child, element_text, plain_title
from genemine.text import join_sections

NO_PMID = "no PMID"
TWO_RECORDS = "two records in one"
NOT_A_CITATION = "parts of the record are missing"

# publication types, lower case (NLM wrote them in capitals until 1999), and the flag that they set
_FLAG_OF_TYPE = {
    "retracted publication": "retracted",
    "retraction of publication": "retraction_notice",
    "retraction notice": "retraction_notice",
    "expression of concern": "expression_of_concern",
    "published erratum": "erratum",
    "preprint": "preprint",
}
# RefType of CommentsCorrections; both sides of an erratum or a concern carry its flag, their publication types tell the sides apart
_FLAG_OF_REFERENCE = {
    "RetractionIn": "retracted",
    "PartialRetractionIn": "retracted",
    "RetractedandRepublishedIn": "retracted",
    "RetractionOf": "retraction_notice",
    "PartialRetractionOf": "retraction_notice",
    "ExpressionOfConcernIn": "expression_of_concern",
    "ExpressionOfConcernFor": "expression_of_concern",
    "ErratumIn": "erratum",
    "ErratumFor": "erratum",
}
Parts = dict[str, list[etree._Element]]  # the children of an element by tag
_DOI_PREFIXES = ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:")


def parse_file(path: Path) -> Iterator[Article | Deletion | Quarantined]:
    """Read a file of PubMed XML, plain or gzip, record by record; memory holds one record at a time.

    Of a file that is cut off, the whole records come first; then a ``Quarantined`` with the reason ``file is cut off``.

    Raises:
        SourceError: the file cannot be read, is no XML or no PubMed XML, declares entities or nests without end.
    """
    return _records(pubmed_stream.stream_file(path), path.name)


def parse_bytes(data: bytes, source: str) -> Iterator[Article | Deletion | Quarantined]:
    """Read PubMed XML in memory, plain or gzip; ``source`` names it in records and messages. See :func:`parse_file`."""
    return _records(pubmed_stream.stream_bytes(data, source), source)


def _records(elements: Iterator[etree._Element | Damage], source: str) -> Iterator[Article | Deletion | Quarantined]:
    for element in elements:
        if isinstance(element, Damage):
            yield Quarantined(pmid_in(element.raw), "quarantine", element.reason, element.detail, source, element.raw)
        elif element.tag in ("DeleteCitation", "DeleteDocument"):
            yield from _deletions(element, source)
        else:
            yield _article_or_quarantine(element, source)


def _deletions(element: etree._Element, source: str) -> Iterator[Deletion | Quarantined]:
    for part in element.iterchildren("PMID"):
        pmid = (part.text or "").strip()
        if _is_pmid(pmid):
            yield Deletion(pmid, source)
        else:
            yield Quarantined("", "quarantine", NO_PMID, f"DeleteCitation of {pmid!r}", source, etree.tostring(part))


def _article_or_quarantine(element: etree._Element, source: str) -> Article | Quarantined:
    try:
        return _book(element, source) if element.tag == "PubmedBookArticle" else _article(element, source)
    except RecordError as error:
        reason, _, detail = str(error).partition(": ")
        raw = etree.tostring(element, encoding="utf-8", with_tail=False)
        return Quarantined(pmid_in(raw), "quarantine", reason, detail, source, raw)


def _article(element: etree._Element, source: str) -> Article:
    record = {BARE_RECORD: [element]} if element.tag == BARE_RECORD else _parts(element)
    citation = _parts(_only(record, BARE_RECORD))
    article = _parts(_only(citation, "Article"))
    if not article:
        raise RecordError(f"{NOT_A_CITATION}: no MedlineCitation/Article")
    journal = _parts(_first(article, "Journal"))
    types = _texts(_parts(_first(article, "PublicationTypeList")).get("PublicationType", ()))
    ids = child(_first(record, "PubmedData"), "ArticleIdList")
    _check_one_pmid(citation, ids)
    corrections = _first(citation, "CommentsCorrectionsList")
    references = [] if corrections is None else [part.get("RefType", "") for part in corrections]
    return _build(
        citation,
        article,
        title=element_text(_first(article, "ArticleTitle")),
        journal=element_text(_first(journal, "Title"))
        or element_text(_first(journal, "ISOAbbreviation"))
        or element_text(child(_first(citation, "MedlineJournalInfo"), "MedlineTA")),
        pub_date=printed_date(child(_first(journal, "JournalIssue"), "PubDate")),
        publication_types=types,
        doi=_doi(article.get("ELocationID", ()), ids),
        flags=_flags(types, references),
        source=source,
    )


def _book(element: etree._Element, source: str) -> Article:
    record = _parts(element)
    document = _parts(_only(record, "BookDocument"))
    book = _parts(_only(document, "Book"))
    if not book:
        raise RecordError(f"{NOT_A_CITATION}: no BookDocument/Book")
    book_title = element_text(_first(book, "BookTitle"))
    types = _texts(document.get("PublicationType", ()))
    locations = [*document.get("ELocationID", ()), *book.get("ELocationID", ())]
    return _build(
        document,
        document,
        title=element_text(_first(document, "ArticleTitle")) or book_title,
        journal=book_title,
        pub_date=printed_date(_first(book, "PubDate")),
        publication_types=types,
        doi=_doi(locations, _first(document, "ArticleIdList"), child(_first(record, "PubmedBookData"), "ArticleIdList")),
        flags=[*_flags(types, []), "book"],
        source=source,
    )


def _build(
    holder: Parts,
    body: Parts,
    *,
    title: str,
    journal: str,
    pub_date: str,
    publication_types: tuple[str, ...],
    doi: str,
    flags: list[str],
    source: str,
) -> Article:
    """Put together what articles and books have in common; ``holder`` has PMID and DateRevised, ``body`` the words."""
    pmid, version = _pmid(_only(holder, "PMID"))
    plain, was_translated = plain_title(title)
    if was_translated:
        flags.append("translated_title")
    abstract, sections = join_sections(abstract_parts(_first(body, "Abstract")), plain)
    return Article(
        pmid=pmid,
        title=plain,
        abstract=abstract,
        version=version,
        revised=iso_date(_first(holder, "DateRevised")),
        sections=sections,
        journal=journal,
        year=leading_year(pub_date),
        pub_date=pub_date,
        doi=doi,
        languages=_texts(body.get("Language", ())),
        publication_types=publication_types,
        vernacular_title=element_text(_first(body, "VernacularTitle")),
        flags=tuple([flag for flag in ARTICLE_FLAGS if flag in flags]) if flags else (),
        source=source,
    )


def _parts(element: etree._Element | None) -> Parts:
    """Give the children of an element by their tags: one way through them is quicker than a search for each."""
    parts: Parts = {}
    for part in element if element is not None else ():
        parts.setdefault(part.tag, []).append(part)
    return parts


def _first(parts: Parts, tag: str) -> etree._Element | None:
    found = parts.get(tag)
    return found[0] if found else None


def _only(parts: Parts, tag: str) -> etree._Element | None:
    """Give the child of that tag; two of them mean that the bytes between two records were lost."""
    found = parts.get(tag, ())
    if len(found) > 1:
        raise RecordError(f"{TWO_RECORDS}: {len(found)} {tag}")
    return found[0] if found else None


def _pmid(element: etree._Element | None) -> tuple[str, int]:
    """Give PMID and version."""
    pmid = (element.text or "").strip() if element is not None else ""
    if element is None or not _is_pmid(pmid):
        raise RecordError(f"{NO_PMID}: {pmid!r} where the PMID should be")
    version = element.get("Version", "1").strip()
    return str(int(pmid)), int(version) if version.isascii() and version.isdigit() and len(version) <= 6 else 1


def _check_one_pmid(citation: Parts, ids: etree._Element | None) -> None:
    """Refuse a record whose two halves name different papers, as when bytes between two records are lost."""
    named = _first(citation, "PMID")
    pmid = "" if named is None else (named.text or "").strip()
    for article_id in ids if ids is not None else ():
        if article_id.get("IdType") == "pubmed" and (other := (article_id.text or "").strip()) not in ("", pmid):
            raise RecordError(f"{TWO_RECORDS}: {pmid} in the citation, {other} in its list of ids")


def _is_pmid(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) > 0


def _flags(types: tuple[str, ...], references: list[str]) -> list[str]:
    by_type = [_FLAG_OF_TYPE[name.lower()] for name in types if name.lower() in _FLAG_OF_TYPE]
    return by_type + [_FLAG_OF_REFERENCE[name] for name in references if name in _FLAG_OF_REFERENCE]


def _doi(locations: Sequence[etree._Element], *id_lists: etree._Element | None) -> str:
    """Give the record's own DOI, lower case and bare; "" for none."""
    for location in locations:
        if location.get("EIdType") == "doi" and location.get("ValidYN", "Y") != "N" and (location.text or "").strip():
            return _bare_doi(location.text or "")
    for id_list in id_lists:
        for article_id in id_list if id_list is not None else ():
            if article_id.get("IdType") == "doi" and (article_id.text or "").strip():
                return _bare_doi(article_id.text or "")
    return ""


def _bare_doi(text: str) -> str:
    doi = text.strip().lower()
    for prefix in _DOI_PREFIXES:
        doi = doi.removeprefix(prefix)
    return doi.strip()


def _texts(parts: Sequence[etree._Element]) -> tuple[str, ...]:
    """Give the words of each element, empty ones left out."""
    return tuple([text for part in parts if (text := " ".join((part.text or "").split()))])
