"""The cards of a run, read from its tables by DuckDB: what may be asked about, and the cards that are.

Every scored sentence of an article that is not retracted may be asked about, also below the threshold: else nobody could tell
whether the threshold lies right.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import dataset

from genemine.errors import StorageError
from genemine.relate.associate import WITHDRAWN
from genemine.review.cards import PREFIX, Card, place_of
from genemine.review.queue import SEED, SHARE, Candidate
from genemine.storage.query import duck
from genemine.tables.columns import LIST_SEPARATOR

TABLES = ("relations", "associations", "evidence", "articles")
# A pool of millions is cut before it is arranged: the nearest to the threshold, this many for each card wanted.
SPARE = 20

_CARDS = f"""
CREATE TEMP VIEW cards AS
SELECT '{PREFIX}' || left(sha1(concat_ws('|', r.gene_curie, r.disease_curie, r.pmid, r.sentence)), 16) AS card_id, r.*
FROM relations r
SEMI JOIN (FROM articles WHERE NOT list_has_any(string_split(flags, '{LIST_SEPARATOR}'), {list(WITHDRAWN)!r})) a USING (pmid)
QUALIFY row_number() OVER (PARTITION BY card_id ORDER BY sentence_index, gene_start, disease_start) = 1
"""  # noqa: S608 (SQL of our own)
_POOL = """
WITH drawn AS (
    SELECT card_id, association_id, gene_curie, disease_curie, pmid, sentence, score, negated,
        CAST('0x' || left(sha1($seed || ':' || card_id), 8) AS UBIGINT) / 4294967296 AS draw
    FROM cards
), chosen AS (
    (FROM drawn WHERE draw < $share ORDER BY draw, card_id LIMIT $size)
    UNION ALL
    (FROM drawn WHERE draw >= $share
     ORDER BY abs(ln(greatest(score, 1e-4) / greatest(1 - score, 1e-4)) - $wanted), card_id LIMIT $spare)
)
SELECT c.card_id, c.association_id, c.gene_curie, c.disease_curie, c.score, c.draw, coalesce(a.known_in = '', false),
    coalesce(e.is_repeat, false), c.negated
FROM chosen c LEFT JOIN associations a USING (association_id)
LEFT JOIN (
    SELECT association_id, pmid, sentence, bool_and(is_repeat) AS is_repeat FROM evidence GROUP BY ALL
) e ON e.association_id = c.association_id AND e.pmid = c.pmid AND e.sentence = c.sentence
ORDER BY ALL
"""
_READ = """
SELECT c.*, a.title, a.abstract, a.year, a.journal, s.score AS association_score, s.n_articles, s.known_in, e.attention
FROM cards c JOIN wanted USING (card_id) JOIN articles a USING (pmid) LEFT JOIN associations s USING (association_id)
LEFT JOIN (
    SELECT association_id, pmid, sentence, {attention} AS attention FROM evidence GROUP BY association_id, pmid, sentence
) e ON e.association_id = c.association_id AND e.pmid = c.pmid AND e.sentence = c.sentence
"""


def read_pool(folder: Path, threshold: float, size: int, *, share: float = SHARE, seed: int = SEED) -> list[Candidate]:
    """Read what of a run may be asked about, enough for a queue of ``size`` cards.

    Args:
        folder: of the run.
        threshold: the score from which a sentence supports its pair, in (0, 1).
        size: cards wanted.
        share: of the random slice.
        seed: of its draw.

    Raises:
        StorageError: the run has no such tables, or they are damaged.
    """
    inside = min(max(threshold, 1e-4), 1 - 1e-4)
    values = {"seed": str(seed), "share": share, "size": size, "spare": SPARE * size, "wanted": math.log(inside / (1 - inside))}
    with duck("tables of the run", folder) as connection:
        _open(connection, folder)
        return [Candidate(*row) for row in connection.execute(_POOL, values).fetchall()]


def read_cards(folder: Path, ids: Collection[str]) -> tuple[dict[str, Card], dict[str, str]]:
    """Read cards by their ids; those that the run does not have are left out.

    Returns:
        The cards by id, and the texts of their articles by PMID.

    Raises:
        StorageError: the run has no such tables, or they are damaged.
    """
    with duck("tables of the run", folder) as connection:
        _open(connection, folder)
        connection.register("wanted", pa.table({"card_id": pa.array(sorted(set(ids)), pa.string())}))
        has_attention = "attention" in pq.read_schema(folder / "evidence.parquet").names
        sql = _READ.format(attention="min(attention)" if has_attention else "''")
        found = connection.sql(sql).to_arrow_table().to_pylist()
    texts = {row["pmid"]: f"{row['title']}\n{row['abstract']}" if row["abstract"] else row["title"] for row in found}
    return {row["card_id"]: _card(row, texts[row["pmid"]]) for row in found}, texts


def _open(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for name in TABLES:
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise StorageError(f"{path}: no such table; the run is incomplete, mine again")
        connection.register(name, dataset.dataset(str(path)))
    connection.execute(_CARDS)


def _card(row: dict[str, Any], text: str) -> Card:
    sentence = row["sentence"]
    start = place_of(text, sentence, min(row["gene_start"], row["disease_start"]))
    spans = {
        f"{name}_{end}": max(0, min(len(sentence), row[f"{name}_{end}"] - start))
        for name in ("gene", "disease")
        for end in ("start", "end")
    }
    plain = ("card_id", "association_id", "gene_curie", "gene_name", "disease_curie", "disease_name", "pmid", "sentence",
             "gene_text", "disease_text", "score", "model", "title", "year", "negated", "speculative", "cue",
             "association_score")  # fmt: skip
    return Card(
        **{name: row[name] for name in plain},
        **spans,
        start=start,
        journal=row["journal"] or "",
        n_articles=row["n_articles"] or 0,
        known_in=row["known_in"] if row["known_in"] is not None else "",
        attention=_attention(row["attention"] or ""),
    )


def _attention(cell: str) -> tuple[tuple[int, int, int], ...]:
    """Read ``start-end:percent`` parts."""
    found = []
    for part in filter(None, cell.split(LIST_SEPARATOR)):
        span, _, percent = part.partition(":")
        start, _, end = span.partition("-")
        found.append((int(start), int(end), round(float(percent))))
    return tuple(found)
