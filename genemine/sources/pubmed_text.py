"""The words of PubMed elements: all of them, through inline markup and formulas, with the labels of sections."""

from __future__ import annotations

import re

from lxml import etree

from genemine.sources.pubmed_math import MATHML, entity_character, formula

# elements that stand on lines of their own; their words do not touch those beside them
_BLOCKS = frozenset(
    {"p", "br", "break", "div", "list", "list-item", "ul", "ol", "li", "sec", "title", "DispFormula", "disp-formula"}
)

# What PubMed prints for a title it does not have.
_NO_TITLE = frozenset({"not available", "in process citation", "no title available", "untitled"})
_END_MARKS = ".?! \t\r\n\u00a0\u2009\u202f"
_FOLDED = re.compile(r"[ \t\r\n]+")


def child(parent: etree._Element | None, tag: str) -> etree._Element | None:
    """Give the first child of that tag; quicker than ``find``, which a million records ask twenty times each."""
    return None if parent is None else next(parent.iterchildren(tag), None)


def element_text(element: etree._Element | None) -> str:
    """Give all words inside an element, white space folded as XML does (space, tab, line ends); "" for no element.

    Inline markup (``i b u sup sub``) leaves no trace, blocks are set off by a space, a formula is written on one line
    (:mod:`genemine.sources.pubmed_math`).

    Raises:
        RecordError: the text uses an entity that neither XML nor HTML knows.
    """
    if element is None:
        return ""
    if len(element) == 0:
        return _fold_xml_space(element.text or "")
    pieces: list[str] = []
    _collect(element, pieces)
    return _fold_xml_space("".join(pieces))


def _fold_xml_space(text: str) -> str:
    # str.split() would also fold the no-break and thin spaces, which the cleaning stage decides on
    if "\n" in text or "  " in text or "\t" in text or "\r" in text:
        text = _FOLDED.sub(" ", text)
    return text.strip(" ")


def _collect(element: etree._Element, pieces: list[str]) -> None:
    """Append the words of ``element``, its own tail not among them."""
    if element.text:
        pieces.append(element.text)
    for part in element:
        tag = part.tag
        if tag is etree.Entity:
            pieces.append(entity_character(part.text or ""))
        elif tag.startswith(MATHML):
            pieces.append(formula(part))
        elif tag in _BLOCKS:
            pieces.append(" ")
            _collect(part, pieces)
            pieces.append(" ")
        else:
            _collect(part, pieces)
        if part.tail:
            pieces.append(part.tail)


def abstract_parts(abstract: etree._Element | None) -> list[tuple[str, str]]:
    """Give (label, words) of every AbstractText in order; the copyright line beside them is not part of the abstract."""
    if abstract is None:
        return []
    parts = ((_fold_xml_space(part.get("Label") or ""), element_text(part)) for part in abstract.iterchildren("AbstractText"))
    return [(label, words) for label, words in parts if words]


def plain_title(printed: str) -> tuple[str, bool]:
    """Take the brackets off a title that PubMed translated.

    Returns:
        the title, and whether it was one bracket from end to end: ``[The beriberi heart].`` is, ``[18F]CFA as a probe.`` is not.
        A placeholder such as ``[Not Available].`` gives an empty title.
    """
    if not printed.startswith("["):
        return printed, False
    core = printed.rstrip(_END_MARKS)
    if not (core.endswith("]") and _closes_at_end(core)):
        return printed, False
    inner = core[1:-1].strip()
    if inner.lower().rstrip(".") in _NO_TITLE:
        return "", False
    mark = printed[len(core) :].strip()
    return inner if inner.endswith((".", "?", "!")) else inner + mark, True


def _closes_at_end(text: str) -> bool:
    """Say whether the bracket that opens the text is the one that closes it."""
    depth = 0
    for position, char in enumerate(text):
        depth += {"[": 1, "]": -1}.get(char, 0)
        if depth == 0:
            return position == len(text) - 1
    return False
