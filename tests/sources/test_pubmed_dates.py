from __future__ import annotations

import pytest
from lxml import etree

from genemine.sources.pubmed_dates import iso_date, leading_year, printed_date


@pytest.mark.parametrize(
    ("parts", "iso"),
    [
        ("<Year>2019</Year><Month>03</Month><Day>8</Day>", "2019-03-08"),
        ("<Year>2019</Year><Month>Sep</Month><Day>30</Day>", "2019-09-30"),
        ("<Year>2019</Year><Month>September</Month>", "2019-09"),
        ("<Year>2019</Year><Month>13</Month><Day>01</Day>", "2019"),
        ("<Year>2019</Year><Day>01</Day>", "2019"),
        ("<Year>19</Year><Month>03</Month>", ""),
        ("<Month>03</Month>", ""),
    ],
)
def test_revision_dates_are_iso_as_far_as_they_are_known(parts: str, iso: str) -> None:
    assert iso_date(etree.fromstring(f"<DateRevised>{parts}</DateRevised>")) == iso


def test_iso_dates_sort_as_dates() -> None:
    dates = [
        iso_date(etree.fromstring(f"<D><Year>{y}</Year><Month>{m}</Month></D>"))
        for y, m in (("2018", "9"), ("2018", "10"), ("2019", "1"))
    ]
    assert dates == sorted(dates)


@pytest.mark.parametrize(
    ("printed", "year"),
    [
        ("1998 Dec-1999 Jan", 1998),
        ("Winter 2000-2001", 2000),
        ("2018", 2018),
        ("1875", 1875),
        ("Spring", None),
        ("12019", None),
        ("", None),
    ],
)
def test_the_year_is_the_first_one_named(printed: str, year: int | None) -> None:
    assert leading_year(printed) == year


def test_no_date_is_no_date() -> None:
    assert (printed_date(None), iso_date(None)) == ("", "")
    assert printed_date(etree.fromstring("<PubDate> <Year> 2001 </Year><Month>Jun\n</Month></PubDate>")) == "2001 Jun"
