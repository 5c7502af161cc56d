"""PubMed's query language: from a string to a tree.

AND, OR and NOT are read from left to right without precedence, parentheses group, words side by side are ANDed, a tag in brackets
belongs to the words before it back to the last operator (to the last word only where the field holds single tokens: dates, UIDs).
Source: PubMed User Guide, "Combining search terms with Boolean operators" and "Using search field tags".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from genemine.errors import QueryError
from genemine.sample.tags import SearchField, find_field

OPERATORS = ("AND", "OR", "NOT")
SINGLE_TOKEN = ("date", "uid", "filter")
MAX_DEPTH = 200  # nested parentheses; deeper is no query but an attack on the parser
MAX_LENGTH = 200_000  # characters; ten thousand PMIDs with their tags are 160,000
MAX_WILDCARDS = 256  # as PubMed refuses more


@dataclass(frozen=True)
class Term:
    """Words to look for in one field; ``field`` None means untagged; ``unknown_tag`` holds a tag that PubMed does not know."""

    text: str
    quoted: bool = False
    field: SearchField | None = None
    tag: str = ""
    unknown_tag: str = ""


@dataclass(frozen=True)
class Range:
    """``low:high`` in a date field or over UIDs."""

    low: str
    high: str
    field: SearchField


@dataclass(frozen=True)
class History:
    """``#3``: the result of an earlier search of the same WebEnv."""

    key: int


@dataclass(frozen=True)
class Chain:
    """Operands from left to right; the operator before the first is "AND", or "NOT" where the query begins so."""

    parts: tuple[tuple[str, Node], ...]


Node = Term | Range | History | Chain


@dataclass(frozen=True)
class Query:
    """A parsed query; ``ignored`` are words that had no place in it (an operator without operand, a tag without term)."""

    root: Chain
    ignored: tuple[str, ...] = ()


class _Token(NamedTuple):
    kind: str  # "(", ")", ":", "operator", "quoted", "word", "tag"
    text: str


_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<paren>[()])|(?P<colon>:)|"(?P<quoted>[^"]*)"|\[(?P<tag>[^\]]*)\]|(?P<word>[^\s()\[\]":]+)|(?P<stray>.)""",
    re.DOTALL,
)


def parse_query(text: str) -> Query:
    """Parse a PubMed query. Like PubMed it forgives what it can: unbalanced parentheses, a dangling operator, a lone quote.

    Raises:
        QueryError: no term at all, more than 200,000 characters or 256 wildcards, or parentheses nested deeper than 200.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(f"Search Backend failed: a query may have {MAX_LENGTH} characters, not {len(text)}")
    if text.count("*") > MAX_WILDCARDS:
        raise QueryError(f"Cannot search because the number of wildcards (*) exceeds {MAX_WILDCARDS}")
    parser = _Parser(_tokens(text))
    root = parser.chain(0)
    if not root.parts:
        raise QueryError("Empty term and query_key - nothing todo")
    return Query(root, tuple(parser.ignored))


def _tokens(text: str) -> list[_Token]:
    """Cut a query into tokens; a closing parenthesis that closes nothing is left out."""
    tokens: list[_Token] = []
    depth = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind in ("space", "stray"):
            continue
        value = match.group(kind)
        if kind in ("paren", "colon"):
            kind = value
            depth += (kind == "(") - (kind == ")")
            if depth < 0:
                depth = 0
                continue
        elif kind == "word" and value in OPERATORS:
            kind = "operator"
        if kind != "quoted" or value.strip():
            tokens.append(_Token(kind, value))
    return tokens


_END = _Token("end", "")


@dataclass
class _Parser:
    tokens: list[_Token]
    at: int = 0
    ignored: list[str] = field(default_factory=list)

    def _peek(self, ahead: int = 0) -> _Token:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else _END

    def _take(self) -> _Token:
        token = self._peek()
        self.at += 1
        return token

    def chain(self, depth: int) -> Chain:
        """Everything up to the next closing parenthesis."""
        if depth > MAX_DEPTH:
            raise QueryError(f"parentheses are nested deeper than {MAX_DEPTH}")
        parts: list[tuple[str, Node]] = []
        operator = ""
        while self._peek().kind not in (")", "end"):
            if self._peek().kind == "operator":
                if operator or (not parts and self._peek().text != "NOT"):
                    self.ignored.append(operator or self._peek().text)
                operator = self._take().text
                continue
            for node in self._operand(depth):
                parts.append((operator if operator and (parts or operator == "NOT") else "AND", node))
                operator = ""
        if operator:
            self.ignored.append(operator)
        return Chain(tuple(parts))

    def _operand(self, depth: int) -> list[Node]:
        """The next operand, as one node or as several to be ANDed."""
        token = self._peek()
        if token.kind == "(":
            self.at += 1
            inner = self.chain(depth + 1)
            if self._peek().kind == ")":
                self.at += 1
            if self._peek().kind == "tag":
                self.ignored.append(f"[{self._take().text}]")
            return [inner] if inner.parts else []
        if token.kind in ("tag", ":"):
            self.ignored.append(f"[{self._take().text}]" if token.kind == "tag" else self._take().text)
            return []
        if token.kind == "word" and re.fullmatch(r"#\d{1,9}", token.text):
            return [History(int(self._take().text[1:]))]
        return self._terms()

    def _terms(self) -> list[Node]:
        """A quoted phrase or a run of words, with its tag or as the lower end of a range."""
        quoted = self._peek().kind == "quoted"
        run = [self._take().text]
        while not quoted and self._peek().kind == "word" and not self._peek().text.startswith("#"):
            run.append(self._take().text)
        ranged = self._range(run[-1])
        if ranged:
            return [*_untagged(run[:-1]), ranged]
        if self._peek().kind != "tag":
            return [Term(run[0], quoted=True)] if quoted else _untagged(run)
        tag = self._take().text
        found = find_field(tag)
        if found and found.kind in SINGLE_TOKEN and not quoted:
            return [*_untagged(run[:-1]), Term(run[-1], False, found, tag)]
        return [Term(" ".join(run), quoted, found, tag, "" if found else tag)]

    def _range(self, low: str) -> Range | None:
        """Read ``[tag] : high [tag]``, the tag of the lower end being optional; None, and nothing taken, where it is no range."""
        ahead = 1 if self._peek().kind == "tag" else 0
        if self._peek(ahead).kind != ":" or self._peek(ahead + 1).kind not in ("word", "quoted"):
            return None
        closing = self._peek(ahead + 2)
        found = find_field(closing.text) if closing.kind == "tag" else None
        if found is None or found.kind not in ("date", "uid"):
            return None
        high = self._peek(ahead + 1).text
        self.at += ahead + 3
        return Range(low.strip(), high.strip(), found)


def _untagged(run: list[str]) -> list[Node]:
    return [Term(" ".join(run))] if run else []
