"""BioC in XML and JSON gives the documents that PubTator gives, and every fault is told by file and place."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.errors import RecordError, SourceError
from genemine.sources.bioc import parse_bioc_json, parse_bioc_xml, read_bioc_json, read_bioc_xml
from genemine.sources.pubtator import PubTatorDocument, PubTatorMention, read_pubtator

XML = """<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE collection SYSTEM "BioC.dtd">
<collection><source>s</source>
<document><id>7</id>
<passage><infon key="type">title</infon><offset>0</offset><text>Of α and BRCA1</text>
<annotation id="T1"><infon key="type">Gene</infon>
<location offset="9" length="5"/><text>BRCA1</text></annotation></passage>
<passage><offset>100</offset>
<sentence><offset>100</offset><text>A &lt; gout.</text>
<annotation id="T2"><infon key="identifier">D1</infon><infon key="type">Disease</infon><location offset="104" length="4"/>
</annotation></sentence>
<sentence><offset>111</offset><text>No more.</text></sentence></passage></document></collection>"""
JSON = {
    "documents": [
        {
            "id": 7,
            "passages": [
                {
                    "offset": 0,
                    "text": "Of α and BRCA1",
                    "annotations": [
                        {"id": "T1", "infons": {"type": "Gene"}, "text": "BRCA1", "locations": [{"offset": 9, "length": 5}]}
                    ],
                },
                {
                    "offset": 100,
                    "sentences": [
                        {
                            "offset": 100,
                            "text": "A < gout.",
                            "annotations": [{"infons": {"type": "Disease"}, "locations": [{"offset": 104, "length": 4}]}],
                        },
                        {"offset": 111, "text": "No more.", "annotations": []},
                    ],
                },
            ],
        }
    ]
}
READ = PubTatorDocument(
    "7",
    "Of α and BRCA1",
    "A < gout.\nNo more.",
    (PubTatorMention(9, 14, "BRCA1", "Gene"), PubTatorMention(19, 23, "gout", "Disease")),
)


def test_passages_and_sentences_become_lines_and_mentions_move_with_them():
    assert list(parse_bioc_xml(XML, "a.xml")) == [READ]
    assert [mention.line for mention in next(parse_bioc_xml(XML, "a.xml")).mentions] == [5, 9]
    assert list(parse_bioc_json(json.dumps(JSON), "a.json")) == [READ]
    assert READ.misplaced() == ()


def test_lists_of_collections_and_of_documents_are_read_too():
    assert list(parse_bioc_json(json.dumps([JSON, JSON]), "a")) == [READ, READ]
    assert list(parse_bioc_json(json.dumps(JSON["documents"]), "a")) == [READ]


def test_annotations_of_several_locations_reach_from_the_first_to_the_last():
    two = '<location offset="9" length="5"/>', '<location offset="9" length="5"/><location offset="0" length="2"/>'
    mention = next(parse_bioc_xml(XML.replace(*two), "a.xml")).mentions[0]
    assert mention == PubTatorMention(0, 14, "Of α and BRCA1", "Gene")


def test_no_entity_is_expanded_and_no_file_opened(tmp_path: Path):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    evil = f'<!DOCTYPE c [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]><collection><document><id>1</id>'
    text = evil + "<passage><offset>0</offset><text>A &e; B</text></passage></document></collection>"
    (document,) = parse_bioc_xml(text, "evil.xml")
    assert "secret" not in document.text


@pytest.mark.parametrize("part", ["Train", "Dev"])
def test_biored_is_the_same_in_every_form(shared: Path, part: str):
    folder = shared / "data" / "relations" / "BioRED"
    gold = next(path for path in (folder / f"{part}.PubTator", folder / f"{part}.PubTator.gz") if path.exists())
    want = {d.pmid: (d.text, {(m.start, m.end, m.text, m.type) for m in d.mentions}) for d in read_pubtator(gold)}
    reads = [read_bioc_xml(folder / f"{part}.BioC.XML.gz")]
    if part == "Dev":
        reads.append(read_bioc_json(folder / "Dev.BioC.JSON.gz"))
    for read in reads:
        assert {d.pmid: (d.text, {(m.start, m.end, m.text, m.type) for m in d.mentions}) for d in read} == want


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("</document>", "</paper>", r"a\.xml:11: not well-formed XML \(Opening and ending tag mismatch"),
        ("collection", "articles", r"a\.xml:2: <articles> begins the file; BioC begins with <collection>"),
        ("<id>7</id>", "", r"a\.xml:3: a document without <id>"),
        ("<offset>0</offset>", "", r"a\.xml:4: document 7: <passage>: <offset> is None; a whole number of characters"),
        ("<offset>111</offset>", "<offset>-1</offset>", r"a\.xml:11: document 7: <sentence>: <offset> is '-1'"),
        ('<infon key="type">Gene</infon>', "", r"a\.xml:5: document 7: annotation 'T1' has no <infon key=\"type\">"),
        ('<location offset="9" length="5"/>', "", r"a\.xml:5: document 7: annotation 'T1' has no location of at least one"),
        ('offset="9" length="5"', 'offset="9" length="0"', r"a\.xml:5: .* has no location of at least one character"),
        ('offset="9"', 'offset="nine"', r"a\.xml:5: document 7: annotation 'T1': location's offset is 'nine'"),
        ('length="5"', "", r"annotation 'T1': location's length is None"),
        (
            "<sentence><offset>111",
            "<annotation/><sentence><offset>111",
            r"a\.xml:11: document 7: an annotation in a passage without",
        ),
    ],
)
def test_a_fault_in_xml_is_told_by_file_line_and_document(old: str, new: str, message: str):
    assert old in XML
    with pytest.raises(RecordError, match=message):
        list(parse_bioc_xml(XML.replace(old, new), "a.xml"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"documents": [', '"documents": [\n,', r"a\.json:2: not JSON \(Expecting value, column 1\)"),
        ('"documents"', '"papers"', r"a\.json: neither 'documents' nor 'passages' where they belong"),
        ('"id": 7, ', "", r"a\.json: a document without 'id'"),
        ('"passages": [', '"passages": [3, ', r"a\.json: document 7: 'passages' is no list of objects"),
        ('"offset": 0', '"offset": -1', r"a\.json: document 7: a passage: 'offset' is -1; a whole number"),
        ('"offset": 0', '"offset": true', r"'offset' is True; a whole number"),
        ('{"type": "Gene"}', "{}", r"a\.json: document 7: annotation 'T1' has no 'type' in its 'infons'"),
        ('{"type": "Gene"}', "3", r"annotation 'T1' has no 'type' in its 'infons'"),
        ('[{"offset": 9, "length": 5}]', "[]", r"annotation 'T1' has no location of at least one character"),
        ('{"offset": 9, "length": 5}', '{"offset": 9}', r"annotation 'T1': location's length is None"),
        (
            '"offset": 100, "sentences"',
            '"offset": 1, "annotations": [{}], "sentences"',
            r"an annotation in a passage without 'text'",
        ),
    ],
)
def test_a_fault_in_json_is_told_by_file_and_document(old: str, new: str, message: str):
    text = json.dumps(JSON)
    assert old in text
    with pytest.raises(RecordError, match=message):
        list(parse_bioc_json(text.replace(old, new, 1), "a.json"))


def test_json_nested_without_end_is_refused():
    with pytest.raises(RecordError, match="brackets within brackets without end"):
        list(parse_bioc_json("[" * 100_000, "a.json"))


def test_a_number_of_thousands_of_digits_is_refused():
    with pytest.raises(RecordError, match=r"a\.json: a number of thousands of digits"):
        list(parse_bioc_json('{"documents": ' + "9" * 5000 + "}", "a.json"))


def test_files_plain_and_packed_are_read_and_foreign_ones_refused(tmp_path: Path):
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(XML.encode()))
    (tmp_path / "a.json").write_text(json.dumps(JSON), encoding="utf-8")
    assert list(read_bioc_xml(tmp_path / "a.xml.gz")) == list(read_bioc_json(tmp_path / "a.json")) == [READ]
    (tmp_path / "b.xml").write_bytes(XML.encode("utf-16"))
    with pytest.raises(SourceError, match=r"b\.xml:1: not UTF-8"):
        list(read_bioc_xml(tmp_path / "b.xml"))


@given(st.text(alphabet='<>&"/=[]{}:, aé\n0', max_size=60))
def test_whatever_stands_in_a_file_it_is_read_or_refused(text: str):
    for parse in (parse_bioc_xml, parse_bioc_json):
        with suppress(RecordError):
            assert all(document.pmid for document in parse(text, "x"))
