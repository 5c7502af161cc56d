"""BioC, XML and JSON: documents of passages with annotations, read into the records of ``pubtator``.

The first passage becomes the title, the others the abstract, a line each; where passages hold sentences, each sentence is a line.
An annotation's offset counts from the beginning of the document and is taken relative to its passage's (sentence's) own, so
whatever a file puts between passages does no harm. An annotation of several locations reaches from the first to the last of them.

Source: Comeau et al. 2013, Database bat064, doi:10.1093/database/bat064.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from genemine.errors import RecordError
from genemine.sources.pubtator import PubTatorDocument, PubTatorMention, read_text


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage or sentence: where it begins by its own account, its text, its mentions by the document's offsets."""

    offset: int
    text: str
    mentions: tuple[PubTatorMention, ...]


def read_bioc_xml(path: Path) -> Iterator[PubTatorDocument]:
    """Read the documents of a BioC XML file, plain or gzip.

    Raises:
        SourceError: the file is missing, cannot be read or is no UTF-8.
        RecordError: it is no BioC; names file, line and document.
    """
    yield from parse_bioc_xml(read_text(path), str(path))


def read_bioc_json(path: Path) -> Iterator[PubTatorDocument]:
    """Read the documents of a BioC JSON file, plain or gzip.

    Raises:
        SourceError: the file is missing, cannot be read or is no UTF-8.
        RecordError: it is no BioC; names file and document, and the line where it is no JSON.
    """
    yield from parse_bioc_json(read_text(path), str(path))


def read_bioc(path: Path) -> Iterator[PubTatorDocument]:
    """Read the documents of a BioC file, XML or JSON as its first character tells; raises as the two above do."""
    text = read_text(path)
    yield from (parse_bioc_xml if text.lstrip().startswith("<") else parse_bioc_json)(text, str(path))


def parse_bioc_xml(text: str, name: str) -> Iterator[PubTatorDocument]:
    """Read the text of a BioC XML file; ``name`` stands in messages where a path would."""
    # UTF-8, as read, whatever the file declares; nothing is loaded and no entity expanded
    parser = etree.XMLParser(encoding="utf-8", load_dtd=False, no_network=True, resolve_entities=False, huge_tree=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise RecordError(f"{name}:{error.lineno or 1}: not well-formed XML ({error.msg}); write the file anew") from error
    if root.tag != "collection":
        raise RecordError(f"{name}:{root.sourceline}: <{root.tag}> begins the file; BioC begins with <collection>")
    for document in root.iterfind("document"):
        pmid = (document.findtext("id") or "").strip()
        if not pmid:
            raise RecordError(f"{name}:{document.sourceline}: a document without <id>; give each document its own")
        pieces = [piece for passage in document.iterfind("passage") for piece in _xml_pieces(passage, name, pmid)]
        yield _document(pmid, pieces)


def _xml_pieces(passage: Any, name: str, pmid: str) -> Iterator[_Piece]:
    units = [passage] if passage.find("text") is not None else passage.findall("sentence")
    if units != [passage] and passage.find("annotation") is not None:
        where = f"{name}:{passage.find('annotation').sourceline}: document {pmid}"
        raise RecordError(f"{where}: an annotation in a passage without <text>; put it into its <sentence>")
    for unit in units:
        where = f"{name}:{unit.sourceline}: document {pmid}"
        offset = _number(unit.findtext("offset"), f"{where}: <{unit.tag}>", "<offset>")
        mentions = tuple(_xml_mention(annotation, name, pmid) for annotation in unit.iter("annotation"))
        yield _Piece(offset, unit.findtext("text") or "", mentions)


def _xml_mention(annotation: Any, name: str, pmid: str) -> PubTatorMention:
    line = annotation.sourceline or 0
    where = f"{name}:{line}: document {pmid}: annotation {annotation.get('id', '')!r}"
    type_ = next((infon.text for infon in annotation.iterfind("infon") if infon.get("key") == "type"), None)
    if not type_:
        raise RecordError(f'{where} has no <infon key="type">; give it one, such as Gene or Disease')
    spans = [
        (_number(place.get("offset"), where, "location's offset"), _number(place.get("length"), where, "location's length"))
        for place in annotation.iterfind("location")
    ]
    return _mention(spans, annotation.findtext("text"), type_, line, where)


def parse_bioc_json(text: str, name: str) -> Iterator[PubTatorDocument]:
    """Read the text of a BioC JSON file: a collection, a list of collections or a list of documents."""
    try:
        root = json.loads(text)
    except json.JSONDecodeError as error:
        raise RecordError(f"{name}:{error.lineno}: not JSON ({error.msg}, column {error.colno}); write the file anew") from error
    except ValueError as error:  # Python reads no number of thousands of digits
        raise RecordError(f"{name}: a number of thousands of digits, which counts no characters; write the file anew") from error
    except RecursionError as error:
        raise RecordError(f"{name}: brackets within brackets without end; BioC nests no deeper than ten") from error
    for document in _json_documents(root, name):
        pmid = str(document.get("id") or "").strip()
        if not pmid:
            raise RecordError(f"{name}: a document without 'id'; give each document its own")
        where = f"{name}: document {pmid}"
        passages = _list(document, "passages", where)
        yield _document(pmid, [piece for passage in passages for piece in _json_pieces(passage, where)])


def _json_documents(root: Any, name: str) -> list[dict[str, Any]]:
    collections = root if isinstance(root, list) else [root]
    documents: list[dict[str, Any]] = []
    for one in collections:
        if isinstance(one, dict) and "documents" in one:
            documents += _list(one, "documents", name)
        elif isinstance(one, dict) and "passages" in one:
            documents.append(one)
        else:
            raise RecordError(f"{name}: neither 'documents' nor 'passages' where they belong; BioC is {{\"documents\": [...]}}")
    return documents


def _json_pieces(passage: dict[str, Any], where: str) -> Iterator[_Piece]:
    units = [passage] if isinstance(passage.get("text"), str) else _list(passage, "sentences", where)
    if units != [passage] and passage.get("annotations"):
        raise RecordError(f"{where}: an annotation in a passage without 'text'; put it into its sentence")
    for unit in units:
        offset = _number(unit.get("offset"), f"{where}: a passage", "'offset'")
        holders = [unit, *(_list(unit, "sentences", where) if unit is passage else [])]
        found = [annotation for holder in holders for annotation in _list(holder, "annotations", where)]
        yield _Piece(offset, str(unit.get("text") or ""), tuple(_json_mention(annotation, where) for annotation in found))


def _json_mention(annotation: dict[str, Any], document: str) -> PubTatorMention:
    where = f"{document}: annotation {annotation.get('id', '')!r}"
    infons = annotation.get("infons")
    type_ = infons.get("type") if isinstance(infons, dict) else None
    if not isinstance(type_, str) or not type_:
        raise RecordError(f"{where} has no 'type' in its 'infons'; give it one, such as Gene or Disease")
    spans = [
        (_number(place.get("offset"), where, "location's offset"), _number(place.get("length"), where, "location's length"))
        for place in _list(annotation, "locations", where)
    ]
    text = annotation.get("text")
    return _mention(spans, text if isinstance(text, str) else None, type_, 0, where)


def _list(holder: dict[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    """Give a list of objects; none where the name is missing."""
    value = holder.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise RecordError(f"{where}: '{name}' is no list of objects; BioC has one there")
    return value


def _number(value: Any, where: str, what: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 12:  # no text is longer
        return int(value)
    raise RecordError(f"{where}: {what} is {value!r}; a whole number of characters is needed")


def _mention(spans: Sequence[tuple[int, int]], text: str | None, type_: str, line: int, where: str) -> PubTatorMention:
    """Make a mention by the document's offsets; without words of its own it gets them from its place later on."""
    if not spans or any(length < 1 for _, length in spans):
        raise RecordError(f"{where} has no location of at least one character; give it 'offset' and 'length'")
    start, end = min(offset for offset, _ in spans), max(offset + length for offset, length in spans)
    return PubTatorMention(start, end, text if text and len(spans) == 1 else "", type_, line=line)


def _document(pmid: str, pieces: Sequence[_Piece]) -> PubTatorDocument:
    """Lay the pieces out a line each, and move the mentions with them."""
    lines: list[str] = []
    mentions: list[PubTatorMention] = []
    begin = 0
    for piece in pieces:
        if not piece.text:
            continue
        for m in piece.mentions:
            start, end = m.start - piece.offset, m.end - piece.offset
            words = m.text or piece.text[max(start, 0) : max(end, 0)]
            mentions.append(PubTatorMention(max(begin + start, 0), max(begin + end, 0), words, m.type, m.identifier, line=m.line))
        lines.append(piece.text)
        begin += len(piece.text) + 1
    return PubTatorDocument(pmid, lines[0] if lines else "", "\n".join(lines[1:]), tuple(mentions))
