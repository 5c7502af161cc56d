"""What a query finds in a library of five records, and what PubMed would say beside it."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.errors import QueryError
from genemine.sample.index import Index
from genemine.sample.query import parse_query
from genemine.sample.search import Found, Notes, limit_dates, search

HISTORY = {1: (101, 103), 2: (102, 999)}


def ask(index: Index, text: str) -> tuple[list[int], str, dict[str, list]]:
    """PMIDs ascending, the translation, the notes that say anything."""
    notes = Notes()
    found = search(index, parse_query(text), notes, HISTORY.__getitem__)
    return sorted(found.pmids), found.translation, {name: value for name, value in asdict(notes).items() if value}


HITS = [
    # text fields
    ("brca1[ti]", [101]),
    ("BRCA1[tiab]", [101]),
    ("brca2[ti]", []),
    ("brca2[tiab]", [102]),
    ("humans[tiab]", []),
    ("humans[tw]", [101, 103]),
    ("humans", [101, 103]),
    ("hereditary breast[tiab]", [101]),
    ("tgf-β[tiab]", [102]),
    ("ubersicht[tiab]", [104]),
    ("Übersicht[tiab]", [104]),
    ("was[ti]", [105]),
    # phrases: side by side, or word by word where no record has them so
    ('"breast cancer"[tiab]', [101]),
    ('"cancer breast"[tiab]', [101, 102]),
    ("breast cancer", [101, 102]),
    ('"breast cancer"', [101]),
    # truncation
    ("melano*[ti]", [103, 104, 105]),
    ("mela*", [103, 104, 105]),
    ('"breast canc*"[tiab]', [101]),
    ("canc[tiab]", []),
    # whole pieces
    ("neoplasms[mh]", [102]),
    ("breast neoplasms[mh]", [101]),
    ("breast[mh]", []),
    ("review[pt]", [103]),
    ("ger[la]", [104]),
    ("german[la]", [104]),
    ("J Small Tests[ta]", [101, 102, 103, 104, 105]),
    ("Journal of Small Tests[journal]", [101, 102, 103, 104, 105]),
    ("small[ta]", []),
    ("97[vi]", [103]),
    # authors: surname whole, initials or forename from the left
    ("smith[au]", [101]),
    ("smith j[au]", [101]),
    ("smith ja[au]", [101]),
    ("smith john[au]", [101]),
    ("smithson j[au]", [102]),
    ("smith x[au]", [101]),  # "x" is no author and left out, as PubMed leaves it out
    # numbers
    ("103[uid]", [103]),
    ("103[pmid]", [103]),
    ("103 999 101", [101, 103]),
    ("102:104[uid]", [102, 103, 104]),
    ("104:102[uid]", []),
    # dates
    ("2024[edat]", [101, 102, 103, 105]),
    ("2024/03[edat]", [103, 105]),
    ("2023/12/31:2024/01/15[edat]", [101, 104]),
    ('"2024/02/10":"3000"[edat]', [102, 103, 105]),
    ("2024/03/09[crdt]", [105]),
    ("2024/05[mdat]", [102]),
    ("2024/05[lr]", [102]),
    ("2023[pdat]", [102, 104]),
    ("2023/11[dp]", [102]),
    ("2025:2026[pdat]", [103]),
    # filters
    ("all[sb]", [101, 102, 103, 104, 105]),
    ("hasabstract[filter]", [101, 102, 103, 104]),
    # operators, from left to right
    ("brca1[ti] OR brca2[tiab] AND mice", [102]),
    ("brca1[ti] OR (brca2[tiab] AND mice)", [101, 102]),
    ("melanoma NOT review[pt]", [105]),
    ("NOT melanoma", [101, 102, 104]),
    ("melanoma humans", [103]),
    ("melanoma AND the", [103, 105]),
    ("melanoma the of", [103, 105]),
    # history
    ("#1", [101, 103]),
    ("#1 OR #2", [101, 102, 103]),
    ("#1 AND melanoma", [103]),
]


@pytest.mark.parametrize(("text", "pmids"), HITS)
def test_a_query_finds(library: Index, text: str, pmids: list[int]) -> None:
    assert ask(library, text)[0] == pmids


BREAST_NEOPLASMS = (
    '"breast neoplasms"[MeSH Terms] OR ("breast"[All Fields] AND "neoplasms"[All Fields]) OR "breast neoplasms"[All Fields]'
)
SAYINGS = [
    ("biopython", "(biopython[All Fields])", {"phrases_not_found": ["biopython"]}),
    ("abcXYZ[tiab]", "(abcXYZ[Title/Abstract])", {"phrases_not_found": ["abcXYZ"]}),
    ("mutated abcXYZ", '"mutated"[All Fields]', {"phrases_not_found": ["abcXYZ"]}),
    ("mutated OR abcXYZ", '"mutated"[All Fields] OR (abcXYZ[All Fields])', {"phrases_not_found": ["abcXYZ"]}),
    ("brca1[xyz]", '"brca1"[All Fields]', {"fields_not_found": ["xyz"]}),
    (
        '"hereditary mice"[tiab]', '"hereditary"[Title/Abstract] AND "mice"[Title/Abstract]',
        {"quoted_phrases_not_found": ['"hereditary mice"[tiab]']},
    ),
    ("mutated AND the", '"mutated"[All Fields]', {"phrases_ignored": ["the"]}),
    ("mutated AND", '"mutated"[All Fields]', {"phrases_ignored": ["AND"]}),
    (
        "melanoma", '"melanoma"[MeSH Terms] OR "melanoma"[All Fields]',
        {"translations": [("melanoma", '"melanoma"[MeSH Terms] OR "melanoma"[All Fields]')]},
    ),
    (
        "breast neoplasms", BREAST_NEOPLASMS,
        {"translations": [("breast neoplasms", BREAST_NEOPLASMS)]},
    ),
    (
        "J Small Tests[ta] AND 97[vi]", '"j small tests"[Journal] AND "97"[Volume]',
        {"translations": [("J Small Tests[ta]", '"J Small Tests"[Journal:__jid9900001]')]},
    ),
    ("2024[edat]", "2024/01/01:2024/12/31[Date - Entry]", {}),
    ("2024/02:3000[pdat]", "2024/02/01:3000/12/31[Date - Publication]", {}),
    ("2024/13[edat]", "(2024/13[Date - Entry])", {"phrases_not_found": ["2024/13"]}),
    ("x1[uid]", "(x1[UID])", {"phrases_not_found": ["x1"]}),
    ("001:200[uid]", "1:200[UID]", {}),
    ("mice[ti] OR braf[tiab] AND eng[la]", '("mice"[Title] OR "braf"[Title/Abstract]) AND "eng"[Language]', {}),
    ("mice[ti] OR braf[tiab] OR eng[la]", '"mice"[Title] OR "braf"[Title/Abstract] OR "eng"[Language]', {}),
    ("melano*[ti]", '"melano*"[Title]', {}),
    ("oddfilter[sb]", "(oddfilter[Filter])", {"phrases_not_found": ["oddfilter"]}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "translation", "notes"), SAYINGS)
def test_a_query_is_explained(library: Index, text: str, translation: str, notes: dict[str, list]) -> None:
    assert ask(library, text)[1:] == (translation, notes)


def test_an_unknown_history_key_is_the_callers_error(library: Index) -> None:
    def unknown(key: int) -> tuple[int, ...]:
        raise QueryError(f"Unable to obtain query #{key}")

    with pytest.raises(QueryError, match="Unable to obtain query #7"):
        search(library, parse_query("#7"), Notes(), unknown)


def test_dates_limit_what_was_found(library: Index) -> None:
    everything = Found(set(library.records), "a OR b", True)
    limited = limit_dates(library, everything, "edat", "2024/02", "2024/03/01")
    assert (sorted(limited.pmids), limited.translation) == ([102, 103, 105], "(a OR b) AND 2024/02/01:2024/03/01[Date - Entry]")


@pytest.mark.parametrize(
    ("datetype", "mindate", "message"),
    [("xdat", "2024", "no date field"), ("pdat", "2024/02/30", "is no date"), ("pdat", "May 2024", "is no date")],
)
def test_a_limit_that_is_none_is_refused(library: Index, datetype: str, mindate: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        limit_dates(library, Found(set(), ""), datetype, mindate, "2025")


OPERANDS = [
    "brca1[ti]",
    "melanoma[tiab]",
    "humans[mh]",
    "mice[tiab]",
    "2024/03[edat]",
    "102:104[uid]",
    "all[sb]",
    "absent[ti]",
    "eng[la]",
]
trees = st.recursive(
    st.sampled_from(OPERANDS),
    lambda inner: st.lists(st.tuples(st.sampled_from(["AND", "OR", "NOT"]), inner), min_size=2, max_size=4),
    max_leaves=9,
)


@given(trees)
def test_operators_are_those_of_sets(library: Index, tree: object) -> None:
    """Any nesting of AND, OR and NOT finds what Python's sets give, read from left to right."""

    def text(node: object) -> str:
        if isinstance(node, str):
            return node
        head, *rest = node  # type: ignore[misc]
        return f"({text(head[1])}" + "".join(f" {operator} {text(part)}" for operator, part in rest) + ")"

    def pmids(node: object) -> set[int]:
        if isinstance(node, str):
            return set(ask(library, node)[0])
        head, *rest = node  # type: ignore[misc]
        result = pmids(head[1])
        for operator, part in rest:
            right = pmids(part)
            result = result & right if operator == "AND" else result | right if operator == "OR" else result - right
        return result

    assert set(ask(library, text(tree))[0]) == pmids(tree)


@given(st.integers(1, 6), st.sampled_from(["all[sb]", "2000:2030[edat]"]))
def test_bisecting_uids_covers_everything_once(library: Index, limit: int, term: str) -> None:
    """Halving lo:hi[UID] until a slice is small enough gives every PMID exactly once: the way round PubMed's window."""
    pages: list[list[int]] = []
    slices = [(1, 99_999_999)]
    while slices:
        low, high = slices.pop()
        found = ask(library, f"({term}) AND {low}:{high}[UID]")[0]
        if len(found) <= limit:
            pages.append(found)
        else:
            middle = (low + high) // 2
            slices += [(low, middle), (middle + 1, high)]
    assert sorted(pmid for page in pages for pmid in page) == ask(library, term)[0]
    assert all(len(page) <= limit for page in pages)


def test_a_query_of_ten_thousand_numbers_is_answered(real_index: Index) -> None:
    """As a client writes it that has no epost."""
    wanted = list(real_index.records)[:1000]
    text = " OR ".join(f"{pmid}[uid]" for pmid in [*wanted, *range(1, 9001)])
    assert set(ask(real_index, text)[0]) >= set(wanted)
