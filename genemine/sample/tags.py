"""Search field tags of PubMed: what may stand in brackets, what it is called, which stored fields it looks into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "piece", "author", "date", "uid", "filter"]


@dataclass(frozen=True)
class SearchField:
    """One search field: ``fields`` are the stored ones it unites; ``kind`` says how a term is compared.

    text: words and phrases in a field; piece: one whole piece (a heading, a journal name); author: surname and leading initials.
    """

    code: str
    full_name: str
    kind: Kind
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    description: str


_TIAB = ("TITL", "ABST", "OTRM")
_TEXT_WORD = (*_TIAB, "TT", "MESH", "SUBH", "PTYP", "SUBS")
_ALL = (*_TEXT_WORD, "ECNO", "AUTH", "COLN", "AFFL", "JOUR", "VOL", "ISS", "PAGE", "GRNT", "CNTY", "LANG", "AID")

# Codes, names, descriptions and order are those of NCBI's einfo answer for pubmed (build 2025.11.27); tags those of PubMed's help.
SEARCH_FIELDS: tuple[SearchField, ...] = (
    SearchField("ALL", "All Fields", "text", _ALL, ("all",), "All terms from all searchable fields"),
    SearchField("UID", "UID", "uid", (), ("pmid",), "Unique number assigned to publication"),
    SearchField("FILT", "Filter", "filter", (), ("sb", "subset"), "Limits the records"),
    SearchField("TITL", "Title", "text", ("TITL",), ("ti",), "Words in title of publication"),
    SearchField("MESH", "MeSH Terms", "piece", ("MESH",), ("mh", "mh:noexp", "mesh:noexp", "mesh terms:noexp"),
                "Medical Subject Headings assigned to publication"),
    SearchField("MAJR", "MeSH Major Topic", "piece", ("MAJR",), (), "MeSH terms of major importance to publication"),
    SearchField("JOUR", "Journal", "piece", ("JOUR",), ("ta", "so"), "Journal abbreviation of publication"),
    SearchField("AFFL", "Affiliation", "text", ("AFFL",), ("ad",), "Author's institutional affiliation and address"),
    SearchField("ECNO", "EC/RN Number", "piece", ("ECNO",), ("rn",), "EC number for enzyme or CAS registry number"),
    SearchField("SUBS", "Supplementary Concept", "piece", ("SUBS",), ("nm", "substance name"),
                "CAS chemical name or MEDLINE Substance Name"),
    SearchField("PDAT", "Date - Publication", "date", ("PDAT",), ("dp", "publication date"), "Date of publication"),
    SearchField("EDAT", "Date - Entry", "date", ("EDAT",), ("entry date",), "Date publication first accessible through Entrez"),
    SearchField("VOL", "Volume", "piece", ("VOL",), ("vi",), "Volume number of publication"),
    SearchField("PAGE", "Pagination", "piece", ("PAGE",), ("pg",), "Page number(s) of publication"),
    SearchField("PTYP", "Publication Type", "piece", ("PTYP",), ("pt",), "Type of publication (e.g., review)"),
    SearchField("LANG", "Language", "piece", ("LANG",), ("la",), "Language of publication"),
    SearchField("ISS", "Issue", "piece", ("ISS",), ("ip",), "Issue number of publication"),
    SearchField("SUBH", "MeSH Subheading", "piece", ("SUBH",), ("sh",), "Additional specificity for MeSH term"),
    SearchField("MHDA", "Date - MeSH", "date", ("MHDA",), (), "Date publication was indexed with MeSH terms"),
    SearchField("TIAB", "Title/Abstract", "text", _TIAB, (), "Free text associated with Abstract/Title"),
    SearchField("OTRM", "Other Term", "text", ("OTRM",), ("ot",), "Other terms associated with publication"),
    SearchField("COLN", "Author - Corporate", "text", ("COLN",), ("cn",), "Corporate Author of publication"),
    SearchField("CNTY", "Place of Publication", "piece", ("CNTY",), ("pl",), "Country of publication"),
    SearchField("GRNT", "Grants and Funding", "piece", ("GRNT",), ("gr", "grant number"), "NIH Grant Numbers"),
    SearchField("MDAT", "Date - Modification", "date", ("LR",), ("lr", "modification date"), "Date of last modification"),
    SearchField("CDAT", "Date - Completion", "date", ("DCOM",), ("dcom",), "Date of completion"),
    SearchField("FULL", "Author", "author", ("AUTH",), ("au", "auth"), "Full Author Name(s) of publication"),
    SearchField("TT", "Transliterated Title", "text", ("TT",), (), "Words in transliterated title of publication"),
    SearchField("LID", "Location ID", "piece", ("AID",), ("aid", "doi"), "ELocation ID"),
    SearchField("CRDT", "Date - Create", "date", ("CRDT",), ("create date",), "Date publication first accessible through Entrez"),
    SearchField("WORD", "Text Word", "text", _TEXT_WORD, ("tw", "text words"), "Free text associated with publication"),
)  # fmt: skip
HIERARCHICAL = frozenset({"MESH", "MAJR", "PTYP", "SUBH"})
HIDDEN = frozenset({"UID", "CNTY"})

ALL_FIELDS, UID = SEARCH_FIELDS[0], SEARCH_FIELDS[1]
_BY_TAG = {tag.lower(): f for f in SEARCH_FIELDS for tag in (f.code, f.full_name, *f.tags)}

# PubMed's list of stopwords (PubMed User Guide): they are not searched for on their own.
STOPWORDS = frozenset(
    """
    a about again all almost also although always among an and another any are as at be because been before being between
    both but by can could did do does done due during each either enough especially etc for found from further had has
    have having here how however i if in into is it its itself just kg km made mainly make may mg might ml mm most mostly
    must nearly neither no nor obtained of often on our overall perhaps pmid quite rather really regarding seem seen
    several should show showed shown shows significantly since so some such than that the their theirs them then there
    therefore these they this those through thus to upon use used using various very was we were what when which while
    with within without would
    """.split()  # noqa: SIM905 (one string reads better than 130 literals)
)


def find_field(tag: str) -> SearchField | None:
    """Look up what stands between the brackets; None for a tag that PubMed does not know."""
    return _BY_TAG.get(" ".join(tag.lower().split()))
