"""A parsed query against the index: which records match, and what PubMed would say about the query beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from genemine.errors import QueryError
from genemine.sample.days import first_day, last_day, slashed
from genemine.sample.fields import BREAK, whole_number, words
from genemine.sample.index import Index
from genemine.sample.query import Chain, History, Node, Query, Range, Term
from genemine.sample.tags import ALL_FIELDS, SEARCH_FIELDS, STOPWORDS, UID, SearchField

MESH = next(f for f in SEARCH_FIELDS if f.code == "MESH")


@dataclass
class Notes:
    """What PubMed tells about a query beside its hits."""

    phrases_not_found: list[str] = field(default_factory=list)
    fields_not_found: list[str] = field(default_factory=list)
    phrases_ignored: list[str] = field(default_factory=list)
    quoted_phrases_not_found: list[str] = field(default_factory=list)
    output_messages: list[str] = field(default_factory=list)
    translations: list[tuple[str, str]] = field(default_factory=list)  # (what was written, what was searched)


@dataclass(frozen=True)
class Found:
    """Matching PMIDs and the query as it was searched; ``compound`` where that text has an operator at its top."""

    pmids: set[int]
    translation: str
    compound: bool = False

    @property
    def grouped(self) -> str:
        """The translation, in parentheses where it would not hold together."""
        return f"({self.translation})" if self.compound else self.translation


def search(index: Index, query: Query, notes: Notes, history: Callable[[int], Iterable[int]]) -> Found:
    """Find what matches.

    Args:
        history: gives the PMIDs of ``#key``.

    Raises:
        QueryError: ``#key`` names no search of this WebEnv.
    """
    notes.phrases_ignored.extend(query.ignored)
    whole = query.root.parts
    # numbers alone are PMIDs
    if len(whole) == 1 and isinstance(term := whole[0][1], Term) and _is_pmids(term):
        numbers = term.text.split()
        pmids = set().union(*(index.numbered(int(n), int(n)) for n in numbers))
        return Found(pmids, " OR ".join(f"{n}[UID]" for n in numbers), len(numbers) > 1)
    return _Searcher(index, notes, history).node(query.root) or Found(set(), "")


def _is_pmids(term: Term) -> bool:
    return term.field is None and not term.unknown_tag and not term.quoted and bool(re.fullmatch(r"\d{1,8}( \d{1,8})*", term.text))


@dataclass
class _Searcher:
    index: Index
    notes: Notes
    history: Callable[[int], Iterable[int]]

    def node(self, node: Node) -> Found | None:
        """The records of one node; None for words that are not searched for."""
        if isinstance(node, Chain):
            return self._chain(node)
        if isinstance(node, Range):
            return self._range(node)
        if isinstance(node, History):
            return Found(set(self.history(node.key)) & self.index.records.keys(), f"#{node.key}")
        return self._term(node)

    def _chain(self, chain: Chain) -> Found | None:
        pmids: set[int] = set()
        texts: list[str] = []
        last = ""
        for operator, node in chain.parts:
            right = self.node(node)
            if right is None:
                continue
            if not texts:
                pmids = set(self.index.records) - right.pmids if operator == "NOT" else set(right.pmids)
                texts = [f"NOT {right.grouped}" if operator == "NOT" else right.translation]
                last = "NOT" if operator == "NOT" else "whole" if right.compound else ""
                continue
            _combine(operator, pmids, right.pmids)
            if last and (last != operator or operator == "NOT"):
                texts = [f"({''.join(texts)})"]
            texts.append(f" {operator} {right.grouped}")
            last = operator
        return Found(pmids, "".join(texts), bool(last)) if texts else None

    def _term(self, term: Term) -> Found | None:
        if term.unknown_tag:
            self.notes.fields_not_found.append(term.unknown_tag)
        where = term.field or ALL_FIELDS
        if where.kind == "date":
            return self._range(Range(term.text, term.text, where))
        if where.kind == "uid":
            return self._range(Range(term.text, term.text, UID))
        if where.kind == "filter":
            return self._filter(term, where)
        if term.field is None and not term.quoted:
            return self._run(term)
        return self._phrase(term, where)

    def _run(self, term: Term) -> Found | None:
        """Untagged words: each in all fields, all of them needed; stopwords and words that no record holds are left out."""
        heard = [word for word in term.text.split() if word.lower() not in STOPWORDS]
        self.notes.phrases_ignored.extend(word for word in term.text.split() if word.lower() in STOPWORDS)
        heard = [word for word in heard if words(word)]
        if not heard:
            return None
        found = self._all_of(heard, ALL_FIELDS)
        return self._with_heading(heard, found) if self._pieces(MESH, words(" ".join(heard)), False) else found

    def _with_heading(self, parts: list[str], found: Found) -> Found:
        """Say what PubMed searches for words that name a MeSH heading; all fields hold the headings, so the hits stay the same."""
        name = " ".join(words(" ".join(parts)))
        split = f" OR ({found.translation})" if len(parts) > 1 else ""
        text = f'"{name}"[MeSH Terms]{split} OR "{name}"[All Fields]'
        self.notes.translations.append((" ".join(parts), text))
        return Found(found.pmids, text, True)

    def _phrase(self, term: Term, where: SearchField) -> Found:
        """A phrase in one field; where no record has it, its words one by one, as PubMed does."""
        found = self._lookup(where, term.text)
        if where.code == "JOUR" and found:
            return self._journal(term, where, found)
        if found:
            return Found(found, _written(term.text, where))
        parts = term.text.split()
        if len(parts) < 2:
            return self._nothing(term.text, where)
        if term.quoted:
            tag = f"[{term.tag}]" if term.tag else ""
            self.notes.quoted_phrases_not_found.append(f'"{term.text}"{tag}')
        return self._all_of(parts, where)

    def _journal(self, term: Term, where: SearchField, found: set[int]) -> Found:
        abbreviation, nlm_id = self.index.journals.get(" ".join(words(term.text)), ("", ""))
        if not abbreviation:
            return Found(found, _written(term.text, where))
        self.notes.translations.append((f"{term.text}[{term.tag}]", f'"{abbreviation}"[Journal:__jid{nlm_id}]'))
        return Found(found, f'"{" ".join(words(abbreviation))}"[Journal]')

    def _all_of(self, parts: list[str], where: SearchField) -> Found:
        hits = [(part, self._lookup(where, part)) for part in parts]
        known = [(part, pmids) for part, pmids in hits if pmids]
        self.notes.phrases_not_found.extend(part for part, pmids in hits if not pmids)
        if not known:
            text = " AND ".join(f"{part}[{where.full_name}]" for part in parts)
            return Found(set(), f"({text})")
        return Found(
            set.intersection(*(set(pmids) for _, pmids in known)),
            " AND ".join(_written(part, where) for part, _ in known),
            len(known) > 1,
        )

    def _nothing(self, text: str, where: SearchField) -> Found:
        self.notes.phrases_not_found.append(text)
        return Found(set(), f"({text}[{where.full_name}])")

    def _lookup(self, where: SearchField, text: str) -> set[int]:
        """PMIDs that hold the words side by side; a trailing ``*`` leaves the end of the last word open."""
        wanted = words(text)
        open_end = text.rstrip().endswith("*")
        if not wanted:
            return set()
        if where.kind in ("piece", "author"):
            return self._pieces(where, wanted, open_end or (where.kind == "author" and len(wanted) > 1))
        pattern = f" {' '.join(wanted)}" + ("" if open_end else " ")
        return self._matching(where, wanted, open_end, pattern)

    def _pieces(self, where: SearchField, wanted: list[str], open_end: bool) -> set[int]:
        start = f" {BREAK} {' '.join(wanted)}"
        whole = " " if where.kind == "author" else f" {BREAK} "
        return self._matching(where, wanted, open_end, start + ("" if open_end else whole))

    def _matching(self, where: SearchField, wanted: list[str], open_end: bool, pattern: str) -> set[int]:
        result: set[int] = set()
        for name in where.fields:
            closed = wanted[:-1] if open_end else wanted
            holders = [self.index.with_word(name, word) for word in closed]
            if open_end:
                holders.append(self.index.with_prefix(name, wanted[-1]))
            candidates = set.intersection(*holders)
            if where.kind == "text" and len(wanted) == 1:
                result |= candidates
            else:
                result |= {pmid for pmid in candidates if pattern in self.index.records[pmid].text[name]}
        return result

    def _filter(self, term: Term, where: SearchField) -> Found:
        name = " ".join(words(term.text))
        if name == "all":
            return Found(set(self.index.records), f"{name}[{where.full_name}]")
        if name in ("hasabstract", "hasabstract text"):
            return Found({p for p, r in self.index.records.items() if "ABST" in r.text}, f"hasabstract[{where.full_name}]")
        return self._nothing(term.text, where)

    def _range(self, wanted: Range) -> Found:
        if wanted.field.kind == "uid":
            low, high = whole_number(wanted.low), whole_number(wanted.high)
            if low is None or high is None:
                return self._nothing(_ends(wanted), wanted.field)
            return Found(self.index.numbered(low, high), f"{_ends(Range(str(low), str(high), UID))}[UID]")
        first, last = first_day(wanted.low), last_day(wanted.high)
        if first is None or last is None:
            return self._nothing(_ends(wanted), wanted.field)
        name = wanted.field.fields[0]
        return Found(self.index.between(name, first, last), f"{slashed(first)}:{slashed(last)}[{wanted.field.full_name}]")


def _ends(wanted: Range) -> str:
    return wanted.low if wanted.low == wanted.high else f"{wanted.low}:{wanted.high}"


def _combine(operator: str, left: set[int], right: set[int]) -> None:
    """Change the left set in place: a query may have thousands of parts."""
    if operator == "AND":
        left &= right
    elif operator == "OR":
        left |= right
    else:
        left -= right


def _written(text: str, where: SearchField) -> str:
    star = "*" if text.rstrip().endswith("*") else ""
    return f'"{" ".join(words(text))}{star}"[{where.full_name}]'


def limit_dates(index: Index, found: Found, datetype: str, mindate: str, maxdate: str) -> Found:
    """Keep what lies between two dates, as esearch does for datetype, mindate and maxdate.

    Raises:
        QueryError: the datetype is none of PubMed's date fields, or a date is none.
    """
    where = next(
        (f for f in SEARCH_FIELDS if f.kind == "date" and datetype.upper() in (f.code, *(t.upper() for t in f.tags))), None
    )
    if where is None:
        raise QueryError(f"datetype {datetype!r} is no date field of PubMed; use edat, mdat, pdat or crdt")
    first, last = first_day(mindate), last_day(maxdate)
    if first is None or last is None:
        raise QueryError(f"mindate {mindate!r} or maxdate {maxdate!r} is no date; write YYYY, YYYY/MM or YYYY/MM/DD")
    limit = f"{slashed(first)}:{slashed(last)}[{where.full_name}]"
    return Found(found.pmids & index.between(where.fields[0], first, last), f"{found.grouped} AND {limit}", True)
