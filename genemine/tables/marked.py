"""The articles of a run with their mentions and supporting pairs, read back from its Parquet files an article at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from genemine.records import DISEASE, GENE, Article, Link, Mention, Relation
from genemine.tables.schema import ARTICLES, LIST_SEPARATOR, MENTIONS, RELATIONS

ROWS_AT_ONCE = 10_000
Found = tuple[Article, tuple[Link, ...], tuple[Relation, ...]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles of a run, and what of them.

    ``names`` are identifiers, names or further identifiers (hgnc:1100) of genes and diseases, all of which an article has to name;
    ``pmids`` None takes every article. Mentions below ``min_score`` and pairs below ``min_pair_score`` are left out.
    """

    names: tuple[str, ...] = ()
    pmids: frozenset[str] | None = None
    min_score: float = 0.0
    min_pair_score: float = 0.5


_NAMED = f"""
CREATE OR REPLACE TABLE named AS SELECT DISTINCT pmid FROM {MENTIONS.name}
WHERE score >= $score
    AND (curie = $name OR lower(name) = lower($name) OR list_contains(string_split(xrefs, '{LIST_SEPARATOR}'), $name))
"""  # noqa: S608 (names of our own)
_ARTICLES = f"""
SELECT pmid, title, abstract, journal, year FROM {ARTICLES.name} SEMI JOIN chosen USING (pmid) ORDER BY CAST(pmid AS BIGINT)
"""  # noqa: S608 (names of our own)
_LINKS = f"""
SELECT pmid, start, "end", text, type, score, sentence_index, model, curie, name, matched, how, link_score, xrefs, reason
FROM {MENTIONS.name} SEMI JOIN chosen USING (pmid) WHERE score >= $score
ORDER BY CAST(pmid AS BIGINT), start, "end", type, curie
"""  # noqa: S608 (names of our own)
# What a retracted article says counts for no association.
_PAIRS = f"""
SELECT r.pmid, sentence_index, sentence, gene_curie, gene_name, gene_text, gene_start, gene_end, disease_curie, disease_name,
    disease_text, disease_start, disease_end, score, speculative, cue, model
FROM {RELATIONS.name} r SEMI JOIN chosen USING (pmid) JOIN {ARTICLES.name} a USING (pmid)
WHERE score >= $score AND NOT negated
    AND NOT list_has_any(string_split(coalesce(a.flags, ''), '{LIST_SEPARATOR}'), ['retracted', 'retraction_notice'])
ORDER BY CAST(r.pmid AS BIGINT), sentence_index, gene_start, disease_start, gene_curie, disease_curie
"""  # noqa: S608 (names of our own)


def open_run(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make views of the tables of a run that are read here."""
    for table in (ARTICLES, MENTIONS, RELATIONS):
        connection.read_parquet(str(folder / f"{table.name}.parquet")).create_view(table.name)


def choose(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> dict[str, int]:
    """Choose the articles to read.

    Returns:
        For each of the names how many articles name it; and how many articles are chosen, as "articles".
    """
    # no temporary table, for those are not seen by the other cursors; the database lies in memory
    connection.execute(f"CREATE OR REPLACE TABLE chosen AS SELECT pmid FROM {ARTICLES.name}")  # noqa: S608 (names of our own)
    if wanted.pmids is not None:
        connection.register("pmids", pa.table({"pmid": pa.array(sorted(wanted.pmids), pa.string())}))
        connection.execute("DELETE FROM chosen WHERE pmid NOT IN (SELECT pmid FROM pmids)")
    counts: dict[str, int] = {}
    for name in wanted.names:
        connection.execute(_NAMED, {"name": name, "score": wanted.min_score})
        counts[name] = _count(connection, "named")
        connection.execute("DELETE FROM chosen WHERE pmid NOT IN (SELECT pmid FROM named)")
    return counts | {"articles": _count(connection, "chosen")}


def read_marked(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> Iterator[Found]:
    """Read what was chosen, by PMID: each article with its links in reading order and the relations that support an association."""
    links = _Groups(_rows(connection, _LINKS, wanted.min_score))
    pairs = _Groups(_rows(connection, _PAIRS, wanted.min_pair_score))
    for pmid, title, abstract, journal, year in _rows(connection, _ARTICLES):
        article = Article(pmid, title or "", abstract or "", journal=journal or "", year=year)
        yield article, tuple(map(_link, links.of(pmid))), tuple(map(_relation, pairs.of(pmid)))


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    ((n,),) = connection.sql(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608 (names of our own)
    return int(n)


def _rows(connection: duckdb.DuckDBPyConnection, question: str, score: float | None = None) -> Iterator[tuple[Any, ...]]:
    # a cursor of its own, so that three answers are read side by side
    cursor = connection.cursor().execute(question, None if score is None else {"score": score})
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        yield from rows


class _Groups:
    """The rows of one article after the other, where articles are asked for in the order of the rows."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._groups = groupby(rows, key=lambda row: row[0])
        self._next = next(self._groups, None)

    def of(self, pmid: str) -> Sequence[tuple[Any, ...]]:
        """The rows of an article; none where it has none."""
        if self._next is None or self._next[0] != pmid:
            return ()
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows


def _link(row: tuple[Any, ...]) -> Link:
    pmid, start, end, text, type_, score, sentence, model, *rest = row
    curie, name, matched, how, link_score, xrefs, reason = rest
    mention = Mention(pmid, start, end, text, type_, score, sentence, model or "")
    others = tuple(xrefs.split(LIST_SEPARATOR)) if xrefs else ()
    return Link(mention, curie or "", name or "", matched or "", how or "", link_score or 0.0, others, reason or "")


def _relation(row: tuple[Any, ...]) -> Relation:
    pmid, at, sentence, *ends, score, speculative, cue, model = row
    gene_curie, gene_name, gene_text, gene_start, gene_end, curie, name, text, start, end = ends
    return Relation(
        pmid=pmid,
        sentence_index=at,
        sentence_start=0,
        sentence_end=0,
        sentence_text=sentence,
        gene=Link(Mention(pmid, gene_start, gene_end, gene_text, GENE, sentence_index=at), gene_curie, gene_name or ""),
        disease=Link(Mention(pmid, start, end, text, DISEASE, sentence_index=at), curie, name or ""),
        score=score,
        speculative=speculative,
        cue=cue or "",
        model=model or "",
    )
