"""The searchable side of one PubMed record: words, whole phrases and dates by search field.

A field is one string of folded words in which ``BREAK`` stands before, between and after its pieces (one MeSH heading, one author,
one title): words are found by ``" word "``, phrases by ``" one two "``, whole pieces by ``BREAK`` on both sides.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Iterator

from lxml import etree

BREAK = "\x1f"
WORD = re.compile(r"[^\W_]+")

MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
# PubMed sorts a season under its first month; winter counts to the new year.
SEASONS = {"winter": 1, "spring": 3, "summer": 6, "autumn": 9, "fall": 9}
# MARC language codes of PubMed's LANG field that its users spell out; a code is always searchable as such.
LANGUAGES = {
    "chi": "chinese", "cze": "czech", "dan": "danish", "dut": "dutch", "eng": "english", "fin": "finnish", "fre": "french",
    "ger": "german", "heb": "hebrew", "hun": "hungarian", "ita": "italian", "jpn": "japanese", "kor": "korean", "nor": "norwegian",
    "pol": "polish", "por": "portuguese", "rum": "romanian", "rus": "russian", "spa": "spanish", "swe": "swedish", "tur": "turkish",
    "ukr": "ukrainian",
}  # fmt: skip

# search field -> paths below PubmedArticle or PubmedBookArticle whose whole text is one piece each; those that begin with ".//" are
# looked up in the citation or book document only, not in the references beside it, which are the longest part of many records
PIECES: dict[str, tuple[str, ...]] = {
    "TITL": ("MedlineCitation/Article/ArticleTitle", "BookDocument/ArticleTitle", "BookDocument/Book/BookTitle"),
    "TT": (".//VernacularTitle",),
    "ABST": (".//Abstract/AbstractText", ".//OtherAbstract/AbstractText"),
    "OTRM": (".//KeywordList/Keyword",),
    "MESH": (".//MeshHeading/DescriptorName",),
    "SUBH": (".//MeshHeading/QualifierName",),
    "PTYP": (".//PublicationType",),
    "SUBS": (".//ChemicalList/Chemical/NameOfSubstance", ".//SupplMeshList/SupplMeshName"),
    "ECNO": (".//ChemicalList/Chemical/RegistryNumber",),
    "COLN": (".//CollectiveName",),
    "AFFL": (".//Affiliation",),
    "VOL": (".//JournalIssue/Volume",),
    "ISS": (".//JournalIssue/Issue",),
    "PAGE": (".//Pagination/MedlinePgn",),
    "GRNT": (".//GrantList/Grant/GrantID",),
    "CNTY": (".//MedlineJournalInfo/Country",),
    "AID": ("PubmedData/ArticleIdList/ArticleId", "PubmedBookData/ArticleIdList/ArticleId", ".//ELocationID"),
    "JOUR": (
        ".//Article/Journal/Title", ".//Article/Journal/ISOAbbreviation", ".//Article/Journal/ISSN",
        ".//MedlineJournalInfo/MedlineTA", ".//MedlineJournalInfo/NlmUniqueID",
    ),
}  # fmt: skip


def fold(text: str) -> str:
    """Lower the case and take accents off, as PubMed does before it compares."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def whole_number(text: str | None) -> int | None:
    """Read digits; None for anything else and for more digits than any number of PubMed has."""
    digits = (text or "").strip()
    return int(digits) if re.fullmatch(r"[0-9]{1,18}", digits) else None


def words(text: str) -> list[str]:
    """Split into folded words; everything but letters and digits separates."""
    return WORD.findall(fold(text))


def joined(pieces: Iterable[str]) -> str:
    """Write pieces as one searchable string; the empty string where no piece has a word."""
    cut = [" ".join(found) for piece in pieces if (found := words(piece))]
    return f" {BREAK} " + f" {BREAK} ".join(cut) + f" {BREAK} " if cut else ""


def whole_text(element: etree._Element) -> str:
    """All text of an element, inline markup included."""
    return "".join(element.itertext())  # type: ignore[arg-type]  # the stubs say str or bytes


def text_fields(article: etree._Element) -> dict[str, str]:
    """Read the word and phrase fields of a PubmedArticle or PubmedBookArticle; empty ones are left out."""
    core = _core(article)
    found = {name: joined(whole_text(e) for e in _at(article, core, paths)) for name, paths in PIECES.items()}
    found["AUTH"] = joined(_authors(core))
    found["LANG"] = joined(name for e in core.iterfind(".//Language") for name in _language(e.text or ""))
    found["MESH"] += joined(_qualified(core))
    found["MAJR"] = joined(_major(core))
    return {name: text for name, text in found.items() if text}


def _core(article: etree._Element) -> etree._Element:
    """The part that holds citation or book."""
    return next((part for part in article if part.tag in ("MedlineCitation", "BookDocument")), article)


def _at(article: etree._Element, core: etree._Element, paths: Iterable[str]) -> Iterator[etree._Element]:
    for path in paths:
        yield from (core if path.startswith(".//") else article).iterfind(path)


def _language(code: str) -> tuple[str, ...]:
    name = LANGUAGES.get(code.strip().lower())
    return (code, name) if name else (code,)


def _authors(article: etree._Element) -> Iterator[str]:
    for author in article.iterfind(".//Author"):
        last = author.findtext("LastName")
        if last:
            yield f"{last} {(author.findtext('Initials') or '').replace(' ', '')}"
            yield f"{last} {author.findtext('ForeName') or ''}"


def _qualified(article: etree._Element) -> Iterator[str]:
    """Headings with a qualifier, as "breast neoplasms/genetics"."""
    for heading in article.iterfind(".//MeshHeading"):
        name = heading.findtext("DescriptorName") or ""
        for qualifier in heading.iterfind("QualifierName"):
            yield f"{name} {qualifier.text or ''}"


def _major(article: etree._Element) -> Iterator[str]:
    for heading in article.iterfind(".//MeshHeading"):
        if any(part.get("MajorTopicYN") == "Y" for part in heading):
            yield heading.findtext("DescriptorName") or ""


def day_number(year: str | None, month: str | None = None, day: str | None = None) -> int | None:
    """Write a date as yyyymmdd; a missing month or day counts as the first, a season as its first month; None without a year."""
    number = whole_number(year)
    return None if number is None else number * 10_000 + _month(month) * 100 + (whole_number(day) or 1)


def _month(text: str | None) -> int:
    name = (text or "").strip().lower()
    return whole_number(name) or MONTHS.get(name[:3]) or SEASONS.get(name) or 1


def _date_of(element: etree._Element) -> int | None:
    medline = element.findtext("MedlineDate")
    if medline:
        found = re.search(r"\b(1[5-9]|20)\d\d\b", medline)
        month = re.search(r"[A-Za-z]{3,}", medline)
        return day_number(found.group() if found else None, month.group() if month else None)
    return day_number(element.findtext("Year"), element.findtext("Month") or element.findtext("Season"), element.findtext("Day"))


def _history(status: str) -> tuple[str, ...]:
    return tuple(f"{part}/History/PubMedPubDate[@PubStatus='{status}']" for part in ("PubmedData", "PubmedBookData"))


DATE_PATHS: dict[str, tuple[str, ...]] = {
    "PDAT": (".//JournalIssue/PubDate", ".//Article/ArticleDate", "BookDocument/Book/PubDate"),
    # PubMed's History: "pubmed" is the entry date, "entrez" the day the record was made, "medline" the day it got MeSH.
    "EDAT": _history("pubmed"),
    "CRDT": _history("entrez"),
    "MHDA": _history("medline"),
    "LR": ("MedlineCitation/DateRevised", "BookDocument/DateRevised"),
    "DCOM": ("MedlineCitation/DateCompleted",),
}
# Where a record lacks a date that PubMed always has, the next best one stands in.
STAND_INS = {"EDAT": ("CRDT", "CREATED", "PDAT"), "CRDT": ("EDAT", "CREATED", "PDAT"), "LR": ("DCOM", "CREATED", "CRDT")}


def date_fields(article: etree._Element) -> dict[str, tuple[int, ...]]:
    """Read the dates of a record: search field -> yyyymmdd numbers, ascending."""
    core = _core(article)
    found: dict[str, tuple[int, ...]] = {}
    for name, paths in {**DATE_PATHS, "CREATED": ("MedlineCitation/DateCreated",)}.items():
        days = {day for e in _at(article, core, paths) if (day := _date_of(e)) is not None}
        if days:
            found[name] = tuple(sorted(days))
    for name, others in STAND_INS.items():
        found.setdefault(name, next((found[other] for other in others if other in found), ()))
    found.pop("CREATED", None)
    return {name: days for name, days in found.items() if days}
