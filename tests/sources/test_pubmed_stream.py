"""Damaged files cost what is damaged; hostile ones are refused at once."""

from __future__ import annotations

import gzip
import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from genemine.errors import SourceError
from genemine.records import Article, Quarantined
from genemine.sources import pubmed_split
from genemine.sources.pubmed_split import split_records
from genemine.sources.pubmed_stream import Damage, stream_bytes
from genemine.sources.pubmed_xml import parse_bytes, parse_file

HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet SYSTEM "pubmed.dtd">\n<PubmedArticleSet>\n'
PMID = re.compile(rb'<PMID Version="1">(\d+)</PMID>')
TAIL = b"\n</PubmedArticleSet>\n"


def record(pmid: int, title: str = "Words") -> bytes:
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article><ArticleTitle>{title}</ArticleTitle>'
        "</Article></MedlineCitation></PubmedArticle>"
    ).encode()


def read(data: bytes) -> list[tuple[str, str]]:
    """(PMID, reason of quarantine) of each record; "" for articles."""
    return [(found.pmid, getattr(found, "reason", "")) for found in parse_bytes(data, "test")]


SOUND = HEAD + b"\n".join(record(pmid) for pmid in range(1, 6)) + TAIL
ALL = [(str(pmid), "") for pmid in range(1, 6)]


def test_frames_that_pubmed_records_come_in() -> None:
    assert read(SOUND) == ALL
    assert read(b"\xef\xbb\xbf" + SOUND) == ALL
    assert read(gzip.compress(SOUND)) == ALL
    assert read(SOUND.replace(b"PubmedArticleSet", b"RAW_DATA")) == ALL
    assert read(record(7)) == [("7", "")]
    assert read(SOUND + SOUND) == ALL + ALL
    assert read(HEAD + TAIL) == []


@pytest.mark.parametrize(
    "damage",
    [b"\x01", b"\xff", b"&nbsp", b"<b>", b"</i>", b"<", b"<PubmedArticle", b"<mml:math>a</mml:mat>"],
)
def test_one_broken_record_costs_one_record(damage: bytes) -> None:
    data = SOUND.replace(record(3), record(3).replace(b"Words", b"Words " + damage))
    assert read(data) == [*ALL[:2], ("3", "not well-formed XML"), *ALL[3:]]
    raw = [found.raw for found in parse_bytes(data, "test") if isinstance(found, Quarantined)]
    assert damage in raw[0]


def test_a_lost_start_or_end_tag_is_quarantined_with_its_words() -> None:
    assert read(SOUND.replace(record(3), record(3)[15:])) == [*ALL[:2], ("3", "text outside of records"), *ALL[3:]]
    assert read(SOUND.replace(record(3), record(3)[:-16])) == [*ALL[:2], ("3", "not well-formed XML"), *ALL[3:]]


def test_well_formed_strangers_between_records_are_quarantined() -> None:
    renamed = record(3).replace(b"PubmedArticle>", b"PubmedArticlf>")
    strangers = SOUND.replace(record(3), renamed + b"lost words").replace(TAIL, b"<Foo/>" + TAIL)
    assert read(strangers) == [
        ("1", ""),
        ("2", ""),
        ("4", ""),
        ("3", "text outside of records"),
        ("", "text outside of records"),
        ("5", ""),
        ("", "text outside of records"),
    ]
    raw = [found.raw for found in parse_bytes(strangers, "test") if isinstance(found, Quarantined)]
    assert raw == [renamed, b"lost words", b"<Foo/>"]


def test_words_before_the_first_record_are_quarantined() -> None:
    assert read(SOUND.replace(record(1), b"lost words" + record(1)))[:3] == [("1", ""), ("", "text outside of records"), ("2", "")]
    assert read(HEAD + b"lost words" + TAIL) == [("", "text outside of records")]


@pytest.mark.parametrize(("opening", "closing"), [(b"<!-- ", b" -->"), (b"<?hidden ", b"?>"), (b"<![CDATA[", b"]]>")])
def test_records_in_comments_and_the_like_are_quarantined(opening: bytes, closing: bytes) -> None:
    found = list(parse_bytes(SOUND.replace(record(2), opening + record(2) + closing), "test"))
    assert [one.pmid for one in found if isinstance(one, Article)] == ["1", "3", "4", "5"]
    caught = [one for one in found if isinstance(one, Quarantined)]
    assert {(one.pmid, one.reason) for one in caught} == {("2", "text outside of records")}
    assert record(2) in [one.raw for one in caught]


def test_a_hidden_record_without_pmid_is_quarantined_too() -> None:
    nameless = PMID.sub(b"", record(2))
    hidden = parse_bytes(SOUND.replace(record(2), b"<!--" + nameless + b"-->"), "test")
    assert [one.raw for one in hidden if isinstance(one, Quarantined)] == [nameless]


def test_a_comment_that_hides_no_record_costs_nothing() -> None:
    assert read(SOUND.replace(b"Words", b"W<!-- two <i>parts</i> --><![CDATA[or]]>ds")) == ALL


@pytest.mark.parametrize("name", ["klingon", "utf-16", "ucs-4", "rot13"])
def test_an_encoding_that_cannot_be_costs_no_record(name: str) -> None:
    declared = SOUND.replace(b'encoding="utf-8"', b'encoding="%s"' % name.encode()).replace(b"Words", "Wörter".encode())
    assert read(declared) == ALL
    assert {found.title for found in parse_bytes(declared, "test") if isinstance(found, Article)} == {"Wörter"}


def test_utf_16_is_read_and_refused_where_it_cannot_be_followed() -> None:
    text = SOUND.decode().replace('encoding="utf-8"', 'encoding="utf-16"')
    assert read(text.encode("utf-16")) == ALL
    with pytest.raises(SourceError, match=r"^test: is no sound XML \(.*\), and what follows 2 of its records cannot be told apart"):
        read(text.replace('<PMID Version="1">3<', "</x>").encode("utf-16"))


def test_an_attribute_that_hides_a_start_tag_loses_no_record() -> None:
    odd = SOUND.replace(record(2), record(2).replace(b"<PubmedArticle>", b'<PubmedArticle a=">">'))
    damaged = odd.replace(record(4), record(4).replace(b"Words", b"&"))
    assert read(odd) == ALL
    assert sorted(read(damaged))[:2] == ALL[:2]
    assert {("3", ""), ("4", "not well-formed XML"), ("5", "")} <= set(read(damaged))


def test_white_space_before_the_declaration_is_no_reason_to_call_a_file_empty() -> None:
    assert read(b"\n" * 5000 + SOUND) == ALL


def test_a_broken_file_whose_gzip_is_damaged_tells_both() -> None:
    packed = bytearray(gzip.compress(SOUND.replace(record(3), record(3)[15:])))
    packed[-6] ^= 0xFF
    assert read(bytes(packed)) == [*ALL[:2], ("3", "text outside of records"), *ALL[3:], ("", "file is damaged")]


def test_formulas_with_a_prefix_that_only_the_dtd_declares_are_read() -> None:
    data = SOUND.replace(record(3), record(3, "<mml:math><mml:mi>x</mml:mi></mml:math>"))
    assert read(data) == ALL
    assert [found.title for found in parse_bytes(data, "test") if isinstance(found, Article)][2] == "x"


def test_a_file_that_is_cut_off_gives_its_whole_records_and_tells() -> None:
    end_of_third = SOUND.index(record(4))
    cut = SOUND[: end_of_third + 60]
    *whole, last = parse_bytes(cut, "test")
    assert [found.pmid for found in whole] == ["1", "2", "3"]
    assert isinstance(last, Quarantined)
    assert (last.pmid, last.reason, last.source) == ("4", "file is cut off", "test")
    assert last.detail == f"after byte {len(cut)}: the end tag is missing"
    assert last.raw == record(4)[:60]
    assert read(SOUND[:end_of_third]) == [*ALL[:3], ("", "file is cut off")]
    *_, last = parse_bytes(gzip.compress(SOUND)[:-30], "test")
    assert isinstance(last, Quarantined)
    assert last.reason == "file is cut off"
    assert last.detail.endswith(": the gzip file is cut off")


@settings(deadline=None)
@given(st.integers(min_value=len(HEAD) + 15, max_value=len(SOUND) - len(TAIL)))
def test_wherever_it_is_cut_nothing_whole_is_lost(end: int) -> None:
    *whole, (_, reason) = read(SOUND[:end])
    n_whole = SOUND[:end].count(b"</PubmedArticle>")
    assert (whole, reason) == (ALL[:n_whole], "file is cut off")


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=200))
def test_pieces_do_not_depend_on_the_size_of_chunks(size: int) -> None:
    data = SOUND.replace(record(3), record(3)[15:])
    pieces = list(split_records([data]))
    assert list(split_records(data[at : at + size] for at in range(0, len(data), size))) == pieces
    assert all(data[piece.offset :].startswith(piece.raw) for piece in pieces)


MUTATIONS = st.lists(
    st.tuples(
        st.integers(len(HEAD), len(SOUND)),
        st.integers(0, 60),
        st.one_of(
            st.binary(max_size=3),
            st.sampled_from(
                [b"<", b"&", b"\xff", b"<PubmedArticle>", b"</PubmedArticle>", b"</PubmedArticleSet>", b"<![CDATA[", b"]]>"]
            ),
        ),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=300, deadline=None)
@given(MUTATIONS)
@example([(251, 2, b""), (321, 60, b"")])  # the rest of a record becomes an element around those that follow
def test_whatever_is_damaged_every_pmid_left_in_the_bytes_is_told_of(mutations: list[tuple[int, int, bytes]]) -> None:
    data = SOUND
    for start, n_removed, added in mutations:
        data = data[:start] + added + data[start + n_removed :]
    found = list(parse_bytes(data, "test"))
    told = {one.pmid for one in found} | {pmid for one in found for pmid in PMID.findall(getattr(one, "raw", b""))}
    assert {pmid.decode() for pmid in PMID.findall(data)} <= {pmid if isinstance(pmid, str) else pmid.decode() for pmid in told}


def test_damaged_gzip_is_told() -> None:
    packed = bytearray(gzip.compress(SOUND))
    packed[-6] ^= 0xFF  # in the checksum
    *whole, last = parse_bytes(bytes(packed), "test")
    assert [found.pmid for found in whole] == ["1", "2", "3", "4", "5"]
    assert isinstance(last, Quarantined)
    assert last.reason == "file is damaged"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"^test: is empty; fetch it again$"),
        (b"\x1f\x8b\x08broken", r"^test: cannot be unpacked \("),
        (b"PMID- 1\nTI  - words", r"^test: is no XML \(it begins with b'PMID- 1"),
        (b"<!DOCTYPE html><html><body>busy</body></html>", r"^test: is an HTML page, not PubMed XML"),
        (b"<eSearchResult><Count>0</Count></eSearchResult>", r"^test: holds no PubMed record \(root <eSearchResult>\)"),
        (b"<a><b></a>", r"^test: is no sound XML \(.*\) and holds no PubMed record"),
        (HEAD + b"<Pubmed", r"^test: is no sound XML \(.*\) and holds no PubMed record"),
    ],
)
def test_what_is_no_pubmed_file_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        list(parse_bytes(data, "test"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nothing\.xml: cannot be read \(No such file or directory\)"):
        parse_file(tmp_path / "nothing.xml")


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10))
BILLION = b'<!DOCTYPE PubmedArticleSet [<!ENTITY l0 "ha">' + LAUGHS + b"]><PubmedArticleSet>"


def test_entities_are_never_expanded_or_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    external = f'<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "{secret.as_uri()}">]><PubmedArticleSet>'.encode()
    for data in (BILLION + record(1, "&l9;") + TAIL, external + record(1, "&x;") + TAIL, BILLION + record(1) + TAIL):
        with pytest.raises(
            SourceError, match=r"^test: (declares XML entities, which PubMed never does|.*entity amplification.*); refused"
        ):
            list(parse_bytes(data, "test"))


def test_entities_in_attributes_are_not_blown_up() -> None:
    data = BILLION.replace(b"<PubmedArticleSet>", b'<PubmedArticleSet a="&l9;">') + record(1) + TAIL
    with pytest.raises(SourceError, match="refused"):
        list(parse_bytes(data, "test"))


def test_endless_nesting_is_refused_at_once() -> None:
    started = time.perf_counter()
    with pytest.raises(SourceError, match=r"is nested or blown up beyond any PubMed record"):
        list(parse_bytes(HEAD + b"<PubmedArticle>" * 1_000_000, "test"))
    with pytest.raises(SourceError, match=r"is nested or blown up beyond any PubMed record"):
        list(parse_bytes(HEAD + b"<a>" * 1_000_000, "test"))
    assert time.perf_counter() - started < 2


def test_much_xml_without_a_record_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genemine.sources.pubmed_stream.MAX_RECORD_BYTES", 1 << 20)
    with pytest.raises(SourceError, match=r"1\.\d MiB with [\d,]+ tags, attributes and entities and no whole PubMed record"):
        list(parse_bytes(HEAD + b"<a/>" * 400_000 + TAIL, "test"))


def test_an_endless_broken_record_is_given_in_bounded_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pubmed_split, "MAX_RECORD_BYTES", 10_000)
    chunks = [HEAD, b"<PubmedArticle>"] + [b"words " * 200] * 30
    pieces = list(split_records(chunks))
    assert [piece.kind for piece in pieces] == ["broken", "broken", "broken", "cut"]
    assert max(len(piece.raw) for piece in pieces) < 12_000


def test_memory_holds_one_chunk_of_records_at_a_time() -> None:
    data = HEAD + b"".join(record(pmid, "words " * 500) for pmid in range(1, 401)) + TAIL  # 1.2 MB
    held = [len(element.getparent()) for element in stream_bytes(data, "test") if not isinstance(element, Damage)]
    assert len(held) == 400
    assert max(held) <= 2 * 65_536 // len(record(1, "words " * 500)) + 2
