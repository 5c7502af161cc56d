"""An efetch answer may be cut to the records that are to be kept, and nothing else about it changes."""

from __future__ import annotations

from genemine.sources.entrez_answers import cut_to, parse_records

ARTICLE = b"<PubmedArticle><MedlineCitation><PMID>%d</PMID><Article>&#233; %s</Article></MedlineCitation></PubmedArticle>"
HEAD = b'<?xml version="1.0" ?>\n<PubmedArticleSet>'


def test_an_answer_is_cut_to_what_is_wanted_byte_by_byte() -> None:
    one, two, other = (ARTICLE % (number, words) for number, words in ((1, b"a"), (2, b"b"), (3, b"c")))
    whole = HEAD + one + b"\n" + two + b"\n" + two + b"\n" + other + b"\n</PubmedArticleSet>\n"
    assert cut_to(whole, {"1", "2"}) == HEAD + b"\n" + one + b"\n" + two + b"\n</PubmedArticleSet>\n"
    assert cut_to(whole, {"3"}) == HEAD + b"\n" + other + b"\n</PubmedArticleSet>\n"
    assert parse_records(cut_to(whole, {"1", "2"})) == {k: v for k, v in parse_records(whole).items() if k != "3"}
    plain = HEAD + one + b"   " + two + b"</PubmedArticleSet>"
    assert cut_to(plain, {"1", "2"}) is plain


def test_two_versions_of_one_record_both_stay() -> None:
    old, new = ARTICLE % (1, b"a"), ARTICLE % (1, b"b")
    whole = HEAD + old + new + ARTICLE % (2, b"c") + b"</PubmedArticleSet>"
    assert cut_to(whole, {"1"}) == HEAD + b"\n" + old + b"\n" + new + b"\n</PubmedArticleSet>"


def test_what_only_a_parser_can_tell_from_records_is_left_alone() -> None:
    odd = HEAD + b"<!--" + ARTICLE % (1, b"a") + b"-->" + ARTICLE % (2, b"b") + ARTICLE % (3, b"c") + b"</PubmedArticleSet>"
    assert cut_to(odd, {"2"}) is odd
