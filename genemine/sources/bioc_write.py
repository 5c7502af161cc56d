"""Articles with mentions and relations as BioC XML, which ``bioc`` reads back; identifiers are spelt as PubTator spells them.

Title and abstract are a passage each, offsets count characters of title + one line feed + abstract, and a relation names the two
annotations by their ids. Scores stand in infons.

Source: Comeau et al. 2013, Database bat064, doi:10.1093/database/bat064.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from lxml import etree

from genemine.sources.marked import ASSOCIATION, Mark, MarkedArticle, Pair
from genemine.sources.pubtator import identifier

FOOT = "</collection>\n"


def bioc_head(source: str, day: date) -> str:
    """Begin a file; documents and :data:`FOOT` follow."""
    head = etree.Element("collection")
    for name, text in (("source", source), ("date", f"{day:%Y%m%d}"), ("key", "docs/exports.md of genemine")):
        etree.SubElement(head, name).text = text
    opened = _text(head).removesuffix("</collection>")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE collection SYSTEM "BioC.dtd">\n{opened}\n'


def bioc_document(marked: MarkedArticle) -> str:
    """One article as an element on a line of its own."""
    article = marked.article
    document = etree.Element("document")
    etree.SubElement(document, "id").text = article.pmid
    border = len(article.title) + 1
    _passage(document, "title", 0, article.title, (mark for mark in marked.marks if mark.mention.start < border))
    if article.abstract:
        _passage(document, "abstract", border, article.abstract, (mark for mark in marked.marks if mark.mention.start >= border))
    for pair in marked.pairs:
        _relation(document, pair)
    return f"{_text(document)}\n"


def _passage(document: Any, kind: str, offset: int, text: str, marks: Iterable[Mark]) -> None:
    passage = etree.SubElement(document, "passage")
    _infon(passage, "type", kind)
    etree.SubElement(passage, "offset").text = str(offset)
    etree.SubElement(passage, "text").text = text
    for mark in marks:
        annotation = etree.SubElement(passage, "annotation", id=mark.id)
        _infon(annotation, "identifier", identifier(mark.links))
        _infon(annotation, "type", mark.mention.type)
        _infon(annotation, "score", f"{mark.mention.score:.4f}")
        length = mark.mention.end - mark.mention.start
        etree.SubElement(annotation, "location", offset=str(mark.mention.start), length=str(length))
        etree.SubElement(annotation, "text").text = mark.mention.text


def _relation(document: Any, pair: Pair) -> None:
    relation = etree.SubElement(document, "relation", id=pair.id)
    _infon(relation, "type", ASSOCIATION)
    _infon(relation, "score", f"{pair.relation.score:.4f}")
    if pair.relation.speculative:
        _infon(relation, "speculative", "yes")
    for mark in (pair.gene, pair.disease):
        etree.SubElement(relation, "node", refid=mark.id, role=mark.mention.type)


def _infon(parent: Any, key: str, text: str) -> None:
    etree.SubElement(parent, "infon", key=key).text = text


def _text(element: Any) -> str:
    return str(etree.tostring(element, encoding="unicode"))
