"""The words of PubMed elements: all of them, through inline markup and formulas, with the labels of sections."""

from __future__ import annotations

import html
import re

from lxml import etree

from genemine.errors import RecordError

UNREADABLE_TEXT = "text cannot be read"

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
# a second spelling of the same formula, usually TeX; it would say everything twice
_ANNOTATIONS = (f"{_MATHML}annotation", f"{_MATHML}annotation-xml")
_MATH_SPACES = (f"{_MATHML}mtext", f"{_MATHML}mspace")
# elements that stand on lines of their own; their words do not touch those beside them
_BLOCKS = frozenset(
    {"p", "br", "break", "div", "list", "list-item", "ul", "ol", "li", "sec", "title", "DispFormula", "disp-formula"}
)

# What PubMed prints for a title it does not have.
_NO_TITLE = frozenset({"not available", "in process citation", "no title available", "untitled"})
_END_MARKS = re.compile(r"[.?!\s]*$")


def element_text(element: etree._Element | None) -> str:
    """Give all words inside an element, white space folded as XML does (space, tab, line ends); "" for no element.

    Inline markup (``i b u sup sub``) leaves no trace, blocks are set off by a space, MathML gives its symbols without the white
    space of its layout.

    Raises:
        RecordError: the text uses an entity that neither XML nor HTML knows.
    """
    if element is None:
        return ""
    if len(element) == 0:
        return _fold_xml_space(element.text or "")
    pieces: list[str] = []
    _collect(element, pieces, in_math=False)
    return _fold_xml_space("".join(pieces))


def _fold_xml_space(text: str) -> str:
    # str.split() would also fold the no-break and thin spaces, which the cleaning stage decides on
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def _collect(element: etree._Element, pieces: list[str], *, in_math: bool) -> None:
    """Append the words of ``element``, its own tail not among them."""
    if element.tag in _MATH_SPACES and not (element.text or "").strip():
        pieces.append(" ")  # the only white space of a formula that is meant to be seen
    else:
        _add(element.text, pieces, in_math=in_math)
    for child in element:
        tag = child.tag
        if tag is etree.Entity:
            pieces.append(_entity(child.text or ""))
        elif isinstance(tag, str) and tag not in _ANNOTATIONS:
            block = tag in _BLOCKS
            if block:
                pieces.append(" ")
            _collect(child, pieces, in_math=in_math or tag.startswith(_MATHML))
            if block:
                pieces.append(" ")
        _add(child.tail, pieces, in_math=in_math)


def _add(text: str | None, pieces: list[str], *, in_math: bool) -> None:
    if text:
        pieces.append(text.strip(" \t\r\n") if in_math else text)


def _entity(reference: str) -> str:
    """Give the character of an HTML entity such as ``&alpha;``, which records of before 2001 and hand-made files use."""
    character = html.unescape(reference)
    if character == reference:
        raise RecordError(f"{UNREADABLE_TEXT}: the entity {reference} is unknown")
    return character


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
    core = printed[: _END_MARKS.search(printed).start()]  # type: ignore[union-attr]  # the pattern matches the empty string
    if not (core.startswith("[") and core.endswith("]") and _closes_at_end(core)):
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
