"""Each fact of a PubMed record goes where it belongs."""

from __future__ import annotations

from pathlib import Path

import pytest

from genemine.records import Article, Deletion, Quarantined, Section
from genemine.sources.pubmed_xml import parse_bytes, parse_file

RECORD = """<PubmedArticle><MedlineCitation Status="MEDLINE">
<PMID Version="{version}">{pmid}</PMID>
<DateRevised><Year>2019</Year><Month>03</Month><Day>8</Day></DateRevised>
<Article PubModel="Print">
 <Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue><Title>The Journal of Small Samples</Title></Journal>
 <ArticleTitle>{title}</ArticleTitle>{extra}
 {abstract}
 <Language>{language}</Language>
 <PublicationTypeList><PublicationType UI="D016428">{kind}</PublicationType></PublicationTypeList>
</Article>{after}
</MedlineCitation>{data}</PubmedArticle>"""
PLAIN = {
    "version": "1",
    "pmid": "99000001",
    "date": "<Year>2018</Year><Month>Nov</Month><Day>20</Day>",
    "title": "A gene and its disease.",
    "extra": "",
    "abstract": "<Abstract><AbstractText>Words of it.</AbstractText></Abstract>",
    "language": "eng",
    "kind": "Journal Article",
    "after": "",
    "data": "",
}


def document(*records: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><PubmedArticleSet>{"".join(records)}</PubmedArticleSet>'.encode()


def article(**changes: str) -> Article:
    (found,) = parse_bytes(document(RECORD.format(**{**PLAIN, **changes})), "test")
    assert isinstance(found, Article)
    return found


def test_a_plain_record_whole() -> None:
    assert article() == Article(
        pmid="99000001",
        title="A gene and its disease.",
        abstract="Words of it.",
        version=1,
        revised="2019-03-08",
        journal="The Journal of Small Samples",
        year=2018,
        pub_date="2018 Nov 20",
        languages=("eng",),
        publication_types=("Journal Article",),
        source="test",
    )


def test_labelled_sections_are_joined_with_their_labels_and_offsets() -> None:
    found = article(
        title="T.",
        abstract="""<Abstract>
        <AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">One <i>of
          two</i></AbstractText>
        <AbstractText Label="METHODS:">Two.</AbstractText>
        <AbstractText Label="EMPTY"/>
        <AbstractText Label="UNLABELLED">Three.</AbstractText>
        <CopyrightInformation>Copyright 2019 Nobody.</CopyrightInformation></Abstract>""",
    )
    assert found.text == "T.\nBACKGROUND: One of two. METHODS: Two. Three."
    assert found.sections == (Section("BACKGROUND", 15, 25), Section("METHODS:", 36, 40), Section("UNLABELLED", 41, 47))
    assert [found.text[part.start : part.end] for part in found.sections] == ["One of two", "Two.", "Three."]


def test_inline_markup_entities_and_formulas_keep_every_word() -> None:
    found = article(
        title="<i>BRCA1</i> &amp; TNF-&#945;: V<sub>max</sub> at 10<sup>-3</sup>",
        abstract="""<Abstract><AbstractText>Before <mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML">
          <mml:mrow> <mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup>
          <mml:mtext> </mml:mtext> <mml:mi>y</mml:mi></mml:mrow>
          <mml:annotation encoding="tex">x^2 y</mml:annotation></mml:math> after, <b>p</b> &lt; 0.05.</AbstractText></Abstract>""",
    )
    assert found.title == "BRCA1 & TNF-α: Vmax at 10-3"
    assert found.abstract == "Before x2 y after, p < 0.05."


def test_other_abstract_and_vernacular_title_stay_apart() -> None:
    found = article(
        title="[The beriberi heart].",
        extra="<VernacularTitle>Om beriberihjärta.</VernacularTitle>",
        language="swe",
        after='<OtherAbstract Type="Publisher" Language="swe"><AbstractText>Andra ord.</AbstractText></OtherAbstract>',
    )
    assert (found.title, found.vernacular_title, found.abstract) == ("The beriberi heart.", "Om beriberihjärta.", "Words of it.")
    assert (found.languages, found.flags) == (("swe",), ("translated_title",))


def test_no_abstract_and_no_title_are_normal() -> None:
    found = article(title="[Not Available].", abstract="", extra="<VernacularTitle>Een brief.</VernacularTitle>")
    assert (found.title, found.abstract, found.text, found.sections, found.flags) == ("", "", "", (), ())


@pytest.mark.parametrize(
    ("date", "printed", "year"),
    [
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998 Dec-1999 Jan", 1998),
        ("<Year>2010</Year><Season>Spring</Season>", "2010 Spring", 2010),
        ("<Year>2001</Year>", "2001", 2001),
        ("<MedlineDate>Spring</MedlineDate>", "Spring", None),
    ],
)
def test_printed_dates_are_kept_verbatim(date: str, printed: str, year: int | None) -> None:
    found = article(date=date)
    assert (found.pub_date, found.year) == (printed, year)


REFERENCES = """<PubmedData><ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1/cited</ArticleId></ArticleIdList>
</Reference></ReferenceList>{own}</PubmedData>"""
OWN = '<ArticleIdList><ArticleId IdType="pubmed">99000001</ArticleId><ArticleId IdType="doi">https://doi.org/10.1/OWN</ArticleId></ArticleIdList>'


@pytest.mark.parametrize(
    ("extra", "data", "doi"),
    [
        ("", REFERENCES.format(own=""), ""),
        ("", REFERENCES.format(own=OWN), "10.1/own"),
        ('<ELocationID EIdType="doi" ValidYN="Y">10.1/First</ELocationID>', REFERENCES.format(own=OWN), "10.1/first"),
        ('<ELocationID EIdType="doi" ValidYN="N">10.1/wrong</ELocationID>', "", ""),
        ('<ELocationID EIdType="pii" ValidYN="Y">S1</ELocationID>', "", ""),
    ],
)
def test_the_doi_is_never_one_of_a_reference(extra: str, data: str, doi: str) -> None:
    assert article(extra=extra, data=data).doi == doi


@pytest.mark.parametrize(
    ("kind", "reference", "flags"),
    [
        ("Retracted Publication", "Cites", ("retracted",)),
        ("Journal Article", "RetractionIn", ("retracted",)),
        ("RETRACTION OF PUBLICATION", "Cites", ("retraction_notice",)),
        ("Retraction Notice", "RetractionOf", ("retraction_notice",)),
        ("Journal Article", "ExpressionOfConcernIn", ("expression_of_concern",)),
        ("Published Erratum", "ErratumFor", ("erratum",)),
        ("Journal Article", "ErratumIn", ("erratum",)),
        ("Preprint", "UpdateIn", ("preprint",)),
        ("Journal Article", "PartialRetractionIn", ("retracted",)),
        ("Journal Article", "RetractedandRepublishedIn", ("retracted",)),
        ("Journal Article", "PartialRetractionOf", ("retraction_notice",)),
        ("Expression of Concern", "ExpressionOfConcernFor", ("expression_of_concern",)),
        ("EXPRESSION OF CONCERN", "Cites", ("expression_of_concern",)),
        ("Retracted Publication", "ErratumIn", ("retracted", "erratum")),
        # what was replaced by a better version, or replaces a worse one, is sound
        ("Corrected and Republished Article", "CorrectedandRepublishedFrom", ()),
        ("Journal Article", "RetractedandRepublishedFrom", ()),
        ("Journal Article", "RepublishedIn", ()),
        ("Journal Article", "UpdateOf", ()),
        ("Journal Article", "CommentIn", ()),
    ],
)
def test_flags(kind: str, reference: str, flags: tuple[str, ...]) -> None:
    after = f"""<CommentsCorrectionsList><CommentsCorrections RefType="{reference}"><RefSource>J</RefSource>
        <PMID Version="1">99000002</PMID></CommentsCorrections></CommentsCorrectionsList>"""
    found = article(kind=kind, after=after)
    assert (found.pmid, found.flags) == ("99000001", flags)


BOOK = """<PubmedBookArticle><BookDocument><PMID Version="25">99000009</PMID>
<ArticleIdList><ArticleId IdType="bookaccession">NBK1</ArticleId></ArticleIdList>
<Book><BookTitle book="b">Summaries of <i>Cancer</i></BookTitle><PubDate><Year>2002</Year></PubDate></Book>{title}
<Language>eng</Language><PublicationType UI="D016454">Review</PublicationType>
<Abstract><AbstractText>About it.</AbstractText></Abstract></BookDocument><PubmedBookData/></PubmedBookArticle>"""


def test_books_are_read_too() -> None:
    with_title = BOOK.format(title="<ArticleTitle>One Chapter</ArticleTitle>")
    chapter, book = parse_bytes(document(with_title, BOOK.format(title="")), "test")
    assert chapter == Article(
        pmid="99000009",
        title="One Chapter",
        abstract="About it.",
        version=25,
        journal="Summaries of Cancer",
        year=2002,
        pub_date="2002",
        languages=("eng",),
        publication_types=("Review",),
        flags=("book",),
        source="test",
    )
    assert isinstance(book, Article)
    assert book.title == "Summaries of Cancer"


def test_deletions() -> None:
    deleted = "<DeleteCitation><PMID Version='1'>99000003</PMID><PMID>99000004</PMID><PMID>none</PMID></DeleteCitation>"
    first, *rest = parse_bytes(document(RECORD.format(**PLAIN), deleted), "test")
    assert isinstance(first, Article)
    assert rest[:2] == [Deletion("99000003", "test"), Deletion("99000004", "test")]
    assert rest[2] == Quarantined("", "quarantine", "no PMID", "DeleteCitation of 'none'", "test", b"<PMID>none</PMID>")


def test_files_of_citations_alone_are_read() -> None:
    citation = RECORD.format(**PLAIN).removeprefix("<PubmedArticle>").removesuffix("</PubmedArticle>")
    deleted = "<DeleteCitation><PMID Version='1'>99000003</PMID></DeleteCitation>"
    old = f"<!DOCTYPE MedlineCitationSet><MedlineCitationSet>{citation * 2}{deleted}</MedlineCitationSet>".encode()
    assert list(parse_bytes(old, "test")) == [article(), article(), Deletion("99000003", "test")]
    assert list(parse_bytes(citation.encode(), "test")) == [article()]
    broken, *rest = parse_bytes(old.replace(b"Words of it.", b"Words & it.", 1), "test")
    assert isinstance(broken, Quarantined)
    assert (broken.pmid, broken.reason) == ("99000001", "not well-formed XML")
    assert rest == [article(), Deletion("99000003", "test")]


def test_a_version_that_is_no_number_is_the_first() -> None:
    assert [article(version=version).version for version in ("7", "", "x", "9" * 5000)] == [7, 1, 1, 1]


def test_a_record_without_pmid_or_parts_is_quarantined_and_the_next_one_read() -> None:
    no_pmid = RECORD.format(**{**PLAIN, "pmid": "abc"})
    no_article = "<PubmedArticle><MedlineCitation><PMID>99000005</PMID></MedlineCitation></PubmedArticle>"
    first, second, third = parse_bytes(document(no_pmid, no_article, RECORD.format(**PLAIN)), "test")
    assert isinstance(first, Quarantined)
    assert (first.pmid, first.reason, first.detail) == ("", "no PMID", "'abc' where the PMID should be")
    assert first.raw == no_pmid.encode()
    assert second == Quarantined(
        "99000005", "quarantine", "parts of the record are missing", "no MedlineCitation/Article", "test", no_article.encode()
    )
    assert isinstance(third, Article)


def test_a_record_whose_halves_name_two_papers_is_quarantined() -> None:
    ids = '<PubmedData><ArticleIdList><ArticleId IdType="pubmed">99000008</ArticleId></ArticleIdList></PubmedData>'
    (found,) = parse_bytes(document(RECORD.format(**{**PLAIN, "data": ids})), "test")
    assert isinstance(found, Quarantined)
    assert (found.reason, found.detail) == ("two records in one", "99000001 in the citation, 99000008 in its list of ids")


def test_two_records_that_ran_into_one_are_quarantined() -> None:
    first, second = RECORD.format(**PLAIN), RECORD.format(**{**PLAIN, "pmid": "99000002"})
    merged = first.partition("</MedlineCitation>")[0] + second.partition(">\n")[2]
    (found,) = parse_bytes(document(merged), "test")
    assert isinstance(found, Quarantined)
    assert (found.pmid, found.reason, found.detail) == ("99000001", "two records in one", "2 Article")
    assert found.raw == merged.encode()


def test_html_entities_of_old_files_are_read_and_unknown_ones_quarantined() -> None:
    doctype = b'<!DOCTYPE PubmedArticleSet SYSTEM "http://localhost/nowhere.dtd">'
    good = RECORD.format(**{**PLAIN, "title": "TNF-&alpha;"})
    bad = RECORD.format(**{**PLAIN, "title": "TNF-&alfa;"})
    read, unread = parse_bytes(doctype + document(good, bad).removeprefix(b'<?xml version="1.0" encoding="utf-8"?>'), "test")
    assert isinstance(read, Article)
    assert read.title == "TNF-α"
    assert isinstance(unread, Quarantined)
    assert (unread.pmid, unread.reason, unread.detail) == ("99000001", "text cannot be read", "the entity &alfa; is unknown")


def test_every_real_file_is_read_and_counted(shared: Path) -> None:
    """The counts of the data's own README: 1,448 citations and 7 books, 1,287 PMIDs, 7 deletions."""
    found = [record for path in sorted((shared / "data" / "pubmed-xml").rglob("*.xml*")) for record in parse_file(path)]
    articles = [record for record in found if isinstance(record, Article)]
    assert len(articles) == 1448 + 7
    assert len({record.pmid for record in articles}) == 1287
    assert sum("book" in record.flags for record in articles) == 7
    assert sum(bool(record.abstract) for record in articles) == 1192 + 7
    assert sum(any(part.label for part in record.sections) for record in articles) == 297
    assert sum(record.languages != ("eng",) for record in articles) == 124
    assert sum(bool(record.vernacular_title) for record in articles) == 74
    assert [type(record) for record in found if not isinstance(record, Article)] == [Deletion] * 7
