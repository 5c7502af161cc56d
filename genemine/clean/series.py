"""Parts and years of a series: articles of nearly the same title, and often abstract, that are no copies of each other.

The marks of a title tell them apart: numbers wherever they stand ("BRCA1"), number words, Roman numerals, single letters and
months. "Part 2", "Part II" and "second part" have the same mark.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from genemine.text import fold

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENTHS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
_NUMBER_OF = {
    **{word: number for words in (_ONES, _ORDINALS) for number, word in enumerate(words.split(), start=1)},
    **{word: number * 10 for words in (_TENS, _TENTHS) for number, word in enumerate(words.split(), start=2)},
}
_MONTHS = frozenset(
    ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
)
_PARTS = frozenset(("part", "parts", "section", "chapter", "phase", "stage", "study", "series", "paper", "report", "volume"))
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")  # 1 to 39; what is longer is a word
_ROMAN_VALUE = {"i": 1, "v": 5, "x": 10}
_ARTICLES = frozenset(("a",))  # a letter that is a word, unless it is a label
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_APOSTROPHES = re.compile(r"['’`´](?=\w)")  # Crohn's and Crohns: no letter "s" stands by itself
_TOKEN = re.compile(r"[^\W\d_]+|\d+")


def other_member(one: str, other: str) -> bool:
    """True where two titles are those of two members of a series.

    That is where each has a mark that the other lacks (Part I and Part II, the 12th and the 13th meeting, 2018 and 2019, hepatitis
    B and hepatitis C), or where one has a label that the other lacks ("II", "part 2", "(2)"). A number or year that only one of
    them has ("...: 2006 update") makes no series.
    """
    # counted, not only named: "stages I and II, part I" and "stages I and II, part II" have the same words
    if not any(map(_may_be_mark, (_tokens(one) - _tokens(other)) + (_tokens(other) - _tokens(one)))):
        return False
    (marks_a, labels_a), (marks_b, labels_b) = _marks(one), _marks(other)
    only_a, only_b = marks_a - marks_b, marks_b - marks_a
    return bool((only_a and only_b) or labels_a & only_a.keys() or labels_b & only_b.keys())


@lru_cache(maxsize=1_000)
def _tokens(title: str) -> Counter[str]:
    return Counter(_TOKEN.findall(fold(title)))


@lru_cache(maxsize=1_000)
def _marks(title: str) -> tuple[Counter[str], set[str]]:
    """The marks of a title, and those of them that are labels of a part."""
    text = _THOUSANDS.sub("", _APOSTROPHES.sub("", fold(title)))
    marks: Counter[str] = Counter()
    labels: set[str] = set()
    word_before = ""
    for found in _TOKEN.finditer(text):
        token, before, after = found.group(), text[: found.start()].rstrip()[-1:], text[found.end() : found.end() + 1]
        stands_alone = before in ("", ".", ":", ";", "(", "[", "-") and after in ("", ".", ":", ")", "]")
        is_label = stands_alone or (before.isalnum() and word_before in _PARTS) or (len(token) > 1 and _roman(token) > 0)
        mark = _mark(token, is_label or after in ("", ".", ":", ")"))
        if mark:
            marks[mark] += 1
            if is_label:
                labels.add(mark)
        word_before = token
    return marks, labels


def _mark(token: str, is_label: bool) -> str:
    if token.isdecimal():
        return token.lstrip("0") or "0"
    number = _NUMBER_OF.get(token) or _roman(token)
    if number:
        return str(number)
    is_letter = len(token) == 1 and (is_label or token not in _ARTICLES)
    return token if is_letter or token in _MONTHS else ""


def _may_be_mark(token: str) -> bool:
    return len(token) == 1 or bool(_mark(token, is_label=True))


def _roman(token: str) -> int:
    """1 to 39 for i to xxxix, 0 for any other word."""
    if not _ROMAN.fullmatch(token):
        return 0
    values = [_ROMAN_VALUE[letter] for letter in token]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))
