"""MathML on one line, in the order in which it is read: ``a/(b+c)``, ``√(x+1)``, ``3He``.

Superscripts and subscripts stand beside their base as in the rest of PubMed's text, where ``10<sup>-3</sup>`` is ``10-3``.
"""

from __future__ import annotations

import html
from collections.abc import Callable

from lxml import etree

from genemine.errors import RecordError

UNREADABLE_TEXT = "text cannot be read"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
_XML_SPACE = " \t\r\n"
# a second spelling of the same formula, usually TeX; it would say everything twice
_ANNOTATIONS = ("annotation", "annotation-xml")
_SPACES = ("mtext", "mspace")  # the only white space of a formula that is meant to be seen


def entity_character(reference: str) -> str:
    """Give the character of an HTML entity such as ``&alpha;``, which records of before 2001 and hand-made files use.

    Raises:
        RecordError: neither XML nor HTML knows it.
    """
    character = html.unescape(reference)
    if character == reference:
        raise RecordError(f"{UNREADABLE_TEXT}: the entity {reference} is unknown")
    return character


def formula(element: etree._Element) -> str:
    """Give the symbols of a MathML element without the white space of its layout.

    Raises:
        RecordError: an entity in it is unknown.
    """
    name = str(element.tag).removeprefix(MATHML)
    if name in _ANNOTATIONS:
        return ""
    own = (element.text or "").strip(_XML_SPACE)
    if name in _SPACES and not own and len(element) == 0:
        return " "
    layout = _LAYOUTS.get(name)
    return own + (layout(element) if layout else "".join(map(_with_tail, element)))


def _parts(element: etree._Element) -> list[etree._Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _with_tail(child: etree._Element) -> str:
    words = formula(child) if isinstance(child.tag, str) else entity_character(child.text or "")
    return words + (child.tail or "").strip(_XML_SPACE)


def _fraction(element: etree._Element) -> str:
    top, bottom = _first_and_rest(element)
    if element.get("linethickness", "").startswith("0"):
        return f"({top} {bottom})"  # no bar: a binomial coefficient
    return f"{_bracketed(top)}/{_bracketed(bottom)}" if bottom else top


def _root(element: etree._Element) -> str:
    inside, index = _first_and_rest(element)
    return f"{index}√{_bracketed(inside)}"


def _first_and_rest(element: etree._Element) -> tuple[str, str]:
    words = [formula(part) for part in _parts(element)]
    return "".join(words[:1]), "".join(words[1:])


def _square_root(element: etree._Element) -> str:
    return f"√{_bracketed(''.join(map(formula, _parts(element))))}"


def _fenced(element: etree._Element) -> str:
    return element.get("open", "(") + ",".join(map(formula, _parts(element))) + element.get("close", ")")


def _with_scripts(element: etree._Element) -> str:
    """Put the scripts that stand before the base before it: the 3 of helium-3."""
    parts = _parts(element)
    names = [str(part.tag).removeprefix(MATHML) for part in parts]
    middle = names.index("mprescripts") if "mprescripts" in names else len(parts)
    return "".join(map(formula, [*parts[middle + 1 :], *parts[:middle]]))


def _rows(element: etree._Element) -> str:
    return " ".join(map(formula, _parts(element)))


def _bracketed(words: str) -> str:
    """Put brackets round what is more than one number or name."""
    core = words.strip()
    return core if all(char.isalnum() or char in ".,′'" for char in core) else f"({core})"


_LAYOUTS: dict[str, Callable[[etree._Element], str]] = {
    "mfrac": _fraction,
    "mroot": _root,
    "msqrt": _square_root,
    "mfenced": _fenced,
    "mmultiscripts": _with_scripts,
    "mtable": _rows,
    "mtr": _rows,
    "mlabeledtr": _rows,
}
