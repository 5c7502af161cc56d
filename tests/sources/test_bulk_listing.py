"""Listings and checksums as servers write them; anything else is never read as an empty folder."""

from __future__ import annotations

import pytest

from genemine.sources.bulk_listing import Listed, NotAListing, number_of, parse_listing, parse_md5, place_of

MD5 = "0123456789abcdef0123456789abcdef"
APACHE = b"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">
<html><head><title>Index of /pubmed/baseline</title></head><body><h1>Index of /pubmed/baseline</h1>
<pre>Name                      Last modified      Size  <hr><a href="/pubmed/">Parent Directory</a>              -
<a href="README.txt">README.txt</a>                2026-01-10 14:05  5.8K
<a href="pubmed26n0010.xml.gz">pubmed26n0010.xml.gz</a>      2026-01-10 14:07   39M
<a href="pubmed26n0010.xml.gz.md5">pubmed26n0010.xml.gz.md5</a>  2026-01-10 14:08   60
<a href="pubmed26n0002.xml.gz">pubmed26n0002.xml.gz</a>      2026-01-10 14:05   19M
<hr></pre>
<a href="http://www.hhs.gov/vulnerability-disclosure">HHS</a>
</body></html>
"""


def test_an_apache_listing_gives_bulk_files_in_the_order_of_their_numbers() -> None:
    assert parse_listing(APACHE) == [
        Listed("pubmed26n0002.xml.gz", "2026-01-10 14:05 19M", False),
        Listed("pubmed26n0010.xml.gz", "2026-01-10 14:07 39M 2026-01-10 14:08 60", True),
    ]


def test_an_nginx_listing_and_a_table_are_read() -> None:
    nginx = (
        b"<html><head><title>Index of /baseline/</title></head><body><h1>Index of /baseline/</h1><pre>"
        b'<a href="./pubmed26n0001.xml.gz?C=N">pubmed26n0001.xml.gz</a>     10-Jan-2026 14:05    20123456\n</pre></body></html>'
    )
    table = (
        b'<html><title>Index of /x</title><table><tr><td><a class=n href="pubmed26n0001.xml.gz">pubmed26n00..&gt;</a></td>'
        b'<td align="right">2026-01-10 14:05  </td><td>19M</td></tr></table></html>'
    )
    assert parse_listing(nginx) == [Listed("pubmed26n0001.xml.gz", "10-Jan-2026 14:05 20123456")]
    assert parse_listing(table) == [Listed("pubmed26n0001.xml.gz", "2026-01-10 14:05 19M")]


def test_a_listing_without_times_is_read() -> None:
    plain = b'<html><title>Directory listing for /</title><li><a href="pubmed26n0001.xml.gz">x</a></li></html>'
    assert parse_listing(plain) == [Listed("pubmed26n0001.xml.gz")]


def test_an_empty_folder_is_empty_and_a_busy_page_is_no_folder() -> None:
    assert parse_listing(b"<html><title>Index of /pubmed/updatefiles</title><pre></pre></html>") == []
    with pytest.raises(NotAListing, match="an HTML page that is no listing"):
        parse_listing(b"<html><head><title>NCBI - WWW Error Blocked Diagnostic</title></head></html>")
    with pytest.raises(NotAListing, match="no listing of a folder"):
        parse_listing(b"")


def test_a_listing_that_breaks_off_is_told() -> None:
    with pytest.raises(NotAListing, match="breaks off"):
        parse_listing(APACHE[: APACHE.index(b"pubmed26n0002")])


@pytest.mark.parametrize(
    "text",
    [
        f"MD5(pubmed26n0001.xml.gz)= {MD5}\n",
        f"MD5 (pubmed26n0001.xml.gz) = {MD5.upper()}",
        f"{MD5}  pubmed26n0001.xml.gz\n",
        f"{MD5} *./pubmed26n0001.xml.gz",
        f"{'f' * 32}  pubmed26n0002.xml.gz\n{MD5}  pubmed26n0001.xml.gz\n",
        MD5,
    ],
)
def test_checksums_of_ncbi_and_of_md5sum_are_read(text: str) -> None:
    assert parse_md5(text, "pubmed26n0001.xml.gz") == MD5


@pytest.mark.parametrize("text", ["", "<html>busy</html>", f"MD5(pubmed26n0002.xml.gz)= {MD5}", f"{MD5}  other.gz", MD5[:-1]])
def test_the_checksum_of_another_file_is_none(text: str) -> None:
    assert parse_md5(text, "pubmed26n0001.xml.gz") is None


def test_years_and_numbers_count_by_value() -> None:
    names = ["pubmed27n0001.xml.gz", "pubmed26n10000.xml.gz", "pubmed26n9999.xml.gz"]
    assert sorted(names, key=place_of) == names[::-1]
    assert [number_of(name) for name in names] == [1, 10000, 9999]
