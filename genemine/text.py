"""Pure string help that every stage may use: whitespace, Unicode, folding for comparison, sections of an abstract.

``fold`` is what names are compared by: compatibility forms, accents, case, dashes and Greek letters no longer differ in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from genemine.records import Section

_GREEK = (
    ("α", "alpha"), ("β", "beta"), ("γ", "gamma"), ("δ", "delta"), ("ε", "epsilon"), ("ζ", "zeta"), ("η", "eta"), ("θ", "theta"),
    ("ι", "iota"), ("κ", "kappa"), ("λ", "lambda"), ("μ", "mu"), ("ν", "nu"), ("ξ", "xi"), ("ο", "omicron"), ("π", "pi"),
    ("ρ", "rho"), ("σ", "sigma"), ("τ", "tau"), ("υ", "upsilon"), ("φ", "phi"), ("χ", "chi"), ("ψ", "psi"), ("ω", "omega"),
)  # fmt: skip
GREEK_NAMES = dict(_GREEK)

# hyphens, dashes and minus signs that publishers use for one another; the soft hyphen is none of them, it is invisible
DASHES = frozenset("-‐‑‒–—―−﹘﹣-⁃")

# invisible characters that carry no meaning in prose: zero-width spaces and joiners, soft hyphen, byte-order mark, directions
_INVISIBLE_CATEGORIES = ("Cc", "Cf")

# A section that ends in one of these, brackets and quotes aside, has ended its last sentence.
_SENTENCE_END = tuple(".!?:;…。")
_CLOSERS = "\"'”’)]}"

# NLM's own word for "this paragraph has no label"; it is no word of the article.
_NO_LABEL = "UNLABELLED"


def fold_whitespace(text: str) -> str:
    """Put one space for every run of white space, none at the ends; every Unicode space counts."""
    return " ".join(text.split())


def is_invisible(char: str) -> bool:
    """True for control and format characters that are not white space."""
    return unicodedata.category(char) in _INVISIBLE_CATEGORIES and not char.isspace()


def strip_invisible(text: str) -> str:
    """Take out control characters, zero-width characters and soft hyphens; white space stays."""
    if text.isprintable():
        return text
    return "".join([char for char in text if char.isprintable() or not is_invisible(char)])


def tidy(text: str) -> str:
    """Give the text in NFC, without invisible characters, with single spaces."""
    return unicodedata.normalize("NFC", fold_whitespace(strip_invisible(text)))


def _fold_char(char: str) -> str:
    """Fold one character; the empty string for marks and invisible ones."""
    if char in DASHES:
        return "-"
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold()).casefold()
    out = []
    for part in folded:
        if unicodedata.category(part) == "Mn" or is_invisible(part):
            continue
        out.append(GREEK_NAMES.get(part) or ("-" if part in DASHES else part))
    return "".join(out)


class _FoldTable(dict[int, str]):
    """Folded form by code point, worked out when first asked for."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_char(chr(code))
        return folded


_FOLDED = _FoldTable()


def fold(text: str) -> str:
    """Give the form in which names are compared: unaccented lower case, plain dashes, Greek spelt out, single spaces."""
    return fold_whitespace(text.translate(_FOLDED))


def alnum_key(text: str) -> str:
    """Give the folded letters and digits alone, so that punctuation, spacing and dashes do not tell two texts apart."""
    return "".join(filter(str.isalnum, text.translate(_FOLDED)))


def join_sections(parts: Iterable[tuple[str, str]], title: str = "") -> tuple[str, tuple[Section, ...]]:
    """Make one abstract of its labelled parts: ``BACKGROUND: words. METHODS: words.``

    Parts are joined by one space, and by a full stop and a space where a part ends without a mark of its own, so that sentences of
    two parts never run together. Parts without words are left out. ``UNLABELLED`` is not printed.

    Args:
        parts: (label, words) in order; an empty label for none.
        title: the title of the article; the offsets of the sections count from its start.

    Returns:
        the abstract, and its sections as offsets into ``Article.text``, where ``text[start:end]`` is the words without the label.
        No sections for an abstract of one part without a label.
    """
    pieces: list[str] = []
    sections: list[Section] = []
    at = len(title) + 1
    last = ""
    for label, words in parts:
        if not words:
            continue
        lead = "" if not last else " " if last.rstrip(_CLOSERS).endswith(_SENTENCE_END) else ". "
        if label and label.upper() != _NO_LABEL:
            lead += f"{label} " if label.endswith(":") else f"{label}: "
        start = at + len(lead)
        at = start + len(words)
        pieces += (lead, words)
        sections.append(Section(label, start, at))
        last = words
    abstract = "".join(pieces)
    if len(sections) == 1 and not sections[0].label:
        return abstract, ()
    return abstract, tuple(sections)
