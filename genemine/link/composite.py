"""Mentions that name several things at once, taken apart: ``BRCA1/2``, ``SMAD2-4``, ``breast and ovarian cancer``.

The functions propose; the linker keeps a proposal only when the lexicon knows every part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# BRCA1/2, BRCA1 and 2, SMAD2-4, SMADs 2, 3 and 4
_SHARED_STEM = re.compile(
    r"^(?P<stem>[^\W\d][\w-]*?[^\W\d]|[^\W\d]+-)(?P<s>s?[ -]?)(?P<first>\d{1,2})(?P<rest>(?:\s*(?:/|,|&|-|–|and|or)\s*\d{1,2})+)$"
)
_PART = re.compile(r"(/|,|&|-|–|and|or)\s*(\d{1,2})")
_CONJUNCTION = re.compile(r"\s*(?:,\s*(?:and|or)\b|\band/or\b|\band\b|\bor\b|[,/&;])\s*")
_FUSION = re.compile(r"\s*(?:::|/|-|–)\s*")
_LONGEST_RANGE = 6  # "SMAD2-4" is a range; "IL1-19" is more likely something else


def gene_parts(text: str) -> Iterator[tuple[str, ...]]:
    """Propose what a gene mention may be composed of, likeliest first."""
    numbers = _SHARED_STEM.match(text)
    if numbers is not None:
        expanded = _expand(numbers)
        if expanded:
            yield expanded
    parts = _split(_CONJUNCTION, text)
    if parts:
        yield parts
    parts = _split(_FUSION, text)
    if len(parts) == 2 and all(part.isupper() or part[:1].isupper() for part in parts):
        yield parts  # gene fusions: BCR-ABL1, EWSR1::FLI1


def disease_parts(text: str) -> Iterator[tuple[str, ...]]:
    """Propose what a disease mention may be composed of: the parts as they stand, then with shared last or first words."""
    parts = _split(_CONJUNCTION, text)
    if not parts:
        return
    yield parts
    last = parts[-1].split()
    for shared in range(1, len(last)):
        head = " ".join(last[shared:])
        yield (*(f"{part} {head}" for part in parts[:-1]), parts[-1])
    first = parts[0].split()
    for shared in range(len(first) - 1, 0, -1):
        stem = " ".join(first[:shared])
        yield (parts[0], *(f"{stem} {part}" for part in parts[1:]))


def _split(separator: re.Pattern[str], text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in separator.split(text))
    return parts if len(parts) > 1 and all(parts) else ()


def _expand(match: re.Match[str]) -> tuple[str, ...]:
    stem = match["stem"] + ("-" if match["s"].endswith("-") else "")
    numbers = [int(match["first"])]
    for sign, digits in _PART.findall(match["rest"]):
        number = int(digits)
        if sign in "-–":
            if not 0 < number - numbers[-1] < _LONGEST_RANGE:
                return ()
            numbers.extend(range(numbers[-1] + 1, number))
        numbers.append(number)
    return tuple(f"{stem}{number}" for number in dict.fromkeys(numbers))
