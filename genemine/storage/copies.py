"""Which texts of the whole corpus may be alike, by a join of their keys out of core.

Two kinds of shards, one a batch each:

- ``signatures``: a row an article, in the order of the articles: a number for its words, what the rule about copies asks of it, and
  the keys that alike texts share (:data:`SIGNATURES`);
- ``copies``: the pairs of texts found alike when the batch was joined with all others (:class:`~genemine.records.AlikeTexts`). Such
  a pair is a fact about two texts, whatever becomes of their batches.

Of two texts at least one was new when the other was there, so joining each new batch with all there are finds every pair, as long
as the ``copies`` shard of a batch goes when the batch goes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from genemine.errors import StorageError
from genemine.records import AlikeTexts, Candidate
from genemine.storage.query import add_shards, duck

SIGNATURES = pa.schema(
    [
        ("pmid", pa.string()),
        ("text", pa.int64()),
        ("digested", pa.bool_()),
        ("doi", pa.string()),
        ("kind", pa.string()),
        ("retracted", pa.bool_()),
        ("preprint", pa.bool_()),
        ("keys", pa.list_(pa.field("item", pa.int64(), nullable=False))),
    ]
)
PAIRS = pa.schema(
    [
        *(("position_a", pa.int32()), ("row_a", pa.int64()), ("position_b", pa.int32()), ("row_b", pa.int64())),
        *(("text_a", pa.int64()), ("text_b", pa.int64())),
    ]
)
# A key (or a DOI) that more texts share is a template's; each of them is compared with the oldest so many only, not with all.
CROWD = 100
_KEYS_A_PASS = 4_000_000  # of the new texts; bounds what DuckDB has to hold at once


@dataclass(frozen=True)
class Proposed:
    """Pairs of texts to compare (see :data:`PAIRS`, an article that has each text), and how many keys were crowded."""

    pairs: pa.Table
    n_crowded: int


# A text that many articles share takes part once, under the place and number of the oldest of them.
_TEXTS = """
CREATE TEMP TABLE texts AS
SELECT text,
    min(CAST(pmid AS UBIGINT)) AS oldest, max(CAST(pmid AS UBIGINT)) AS youngest,
    arg_min(position, (CAST(pmid AS UBIGINT), position, row)) AS position,
    arg_min(row, (CAST(pmid AS UBIGINT), position, row)) AS row,
    bool_or(position IN (SELECT position FROM new_batches)) AS is_new,
    bool_or(digested) AS digested, bool_or(len(keys) > 0) AS keyed
FROM signatures GROUP BY text
"""
_SHARED = "CREATE TEMP TABLE shared (text_a BIGINT, text_b BIGINT, n INTEGER)"
_WANTED_KEYS = """
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT DISTINCT key FROM (
    SELECT unnest(keys) AS key FROM signatures WHERE position IN (SELECT position FROM new_batches)
) WHERE key & 1023 >= $first AND key & 1023 < $last
"""
_HITS = """
CREATE OR REPLACE TEMP TABLE hits AS
SELECT key, t.text, t.is_new,
    row_number() OVER (PARTITION BY key ORDER BY t.oldest, t.text) AS nth,
    count(*) OVER (PARTITION BY key) AS n
FROM (
    SELECT DISTINCT key, text FROM ({keyed}) SEMI JOIN wanted USING (key)
) JOIN texts t USING (text)
"""
_BY_KEY = "SELECT text, unnest(keys) AS key FROM signatures"
_BY_DOI = "SELECT text, doi AS key FROM signatures WHERE doi <> ''"
_WANTED_DOIS = """
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT DISTINCT doi AS key FROM signatures WHERE doi <> '' AND position IN (SELECT position FROM new_batches)
"""
_MEET = """
INSERT INTO shared
SELECT least(x.text, y.text), greatest(x.text, y.text), {weight}
FROM hits x JOIN hits y ON x.key = y.key AND x.nth < y.nth AND x.nth <= {crowd} AND (x.is_new OR y.is_new)
GROUP BY 1, 2
"""
# Equal words that are too short for a digest count as copies under one DOI; articles that never got a digest by their words.
_SELF = """
INSERT INTO shared
SELECT text, text, $enough FROM texts WHERE is_new AND NOT digested AND oldest < youngest AND (keyed OR text IN (
    SELECT text FROM signatures WHERE doi <> '' AND NOT digested GROUP BY text, doi HAVING min(pmid) < max(pmid)
))
"""
# Two texts of one and the same PMID are revisions of each other.
_PROPOSED = """
SELECT a.position AS position_a, a.row AS row_a, b.position AS position_b, b.row AS row_b, text_a, text_b
FROM (SELECT text_a, text_b FROM shared GROUP BY text_a, text_b HAVING sum(n) >= $enough) s
JOIN texts a ON a.text = text_a JOIN texts b ON b.text = text_b
WHERE least(a.oldest, b.oldest) < greatest(a.youngest, b.youngest)
"""


def propose(signature_shards: Sequence[Path], new: Collection[int], min_shared: int) -> Proposed:
    """Find the pairs of texts that share keys, or a DOI, where at least one of the two is new.

    Args:
        signature_shards: one a batch.
        new: which of them are new, as indices.
        min_shared: how many keys two texts have to share.

    Raises:
        StorageError: a shard is damaged.
    """
    with duck("signatures", signature_shards[0].parent) as connection:
        add_shards(connection, "signatures", [(path, position) for position, path in enumerate(signature_shards)])
        connection.register("new_batches", pa.table({"position": pa.array(sorted(new), pa.int32())}))
        connection.execute(_TEXTS)
        connection.execute(_SHARED)
        n_crowded = 0
        for first, last in _passes(connection):
            connection.execute(_WANTED_KEYS, {"first": first, "last": last})
            n_crowded += _meet(connection, _BY_KEY, 1)
        connection.execute(_WANTED_DOIS)
        n_crowded += _meet(connection, _BY_DOI, min_shared)
        connection.execute(_SELF, {"enough": min_shared})
        pairs = connection.sql(_PROPOSED, params={"enough": min_shared}).to_arrow_table()
    return Proposed(_family_by_family(pairs.cast(PAIRS)), n_crowded)


def _family_by_family(pairs: pa.Table) -> pa.Table:
    """Sort pairs so that texts that are alike, and those alike to them, come together: each text has to be read once."""
    texts, places = np.unique(np.concatenate([pairs.column(name).to_numpy() for name in ("text_a", "text_b")]), return_inverse=True)
    one, other = places.reshape(2, -1)
    _, family = connected_components(coo_array((np.ones(len(one), np.int8), (one, other)), shape=(len(texts), len(texts))))
    return pairs.take(pa.array(np.lexsort((other, one, family[one]))))


def _passes(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int]]:
    """Cut the keys into ranges of their lowest ten bits, so that each pass holds no more than it may."""
    query = "SELECT coalesce(sum(len(keys)), 0) FROM signatures WHERE position IN (SELECT position FROM new_batches)"
    (n_keys,) = connection.execute(query).fetchall()[0]
    n_passes = min(1024, max(1, -(-int(n_keys) // _KEYS_A_PASS)))
    cuts = [1024 * number // n_passes for number in range(n_passes + 1)]
    yield from pairwise(cuts)


def _meet(connection: duckdb.DuckDBPyConnection, keyed: str, weight: int) -> int:
    """Pair the texts that share a wanted key; gives the number of crowded keys."""
    connection.execute(_HITS.format(keyed=keyed))
    connection.execute(_MEET.format(weight=f"count(*) * {weight}", crowd=CROWD))
    (n_crowded,) = connection.execute("SELECT count(DISTINCT key) FROM hits WHERE n > $crowd", {"crowd": CROWD}).fetchall()[0]
    return int(n_crowded)


def split_by_batch(signature_shards: Sequence[Path], alike: pa.Table) -> list[pa.Table]:
    """Give each batch the pairs that one of its texts is part of.

    Args:
        signature_shards: one a batch.
        alike: columns text_a, text_b, similarity, near.

    Returns:
        A table of the same columns for each batch, sorted by the texts.

    Raises:
        StorageError: a shard is damaged.
    """
    with duck("signatures", signature_shards[0].parent) as connection:
        add_shards(connection, "signatures", [(path, position) for position, path in enumerate(signature_shards)])
        connection.register("alike", alike)
        rows = connection.sql(
            "SELECT position, alike.* FROM alike JOIN signatures s ON s.text = text_a "
            "UNION SELECT position, alike.* FROM alike JOIN signatures s ON s.text = text_b "
            "ORDER BY position, text_a, text_b"
        ).to_arrow_table()
    cuts = np.searchsorted(rows.column("position").to_numpy(), np.arange(len(signature_shards) + 1))
    columns = rows.select(["text_a", "text_b", "similarity", "near"])
    return [columns.slice(first, last - first) for first, last in pairwise(cuts)]


# An article can only be a copy where another one has its words, or words found alike.
_CANDIDATES = """
WITH current AS (
    SELECT s.* EXCLUDE (keys) FROM signatures s JOIN newest n ON s.position = n.position AND s.row = n.row AND s.pmid = n.pmid
), shared AS (
    SELECT text FROM current GROUP BY text HAVING count(*) > 1 AND bool_or(digested)
    UNION SELECT text_a FROM alike UNION SELECT text_b FROM alike
)
SELECT pmid, text, digested, doi, kind, retracted, preprint FROM current SEMI JOIN shared USING (text)
"""


def alike_articles(
    newest: pa.Table, signature_shards: Sequence[Path], copy_shards: Sequence[Path]
) -> tuple[list[Candidate], list[AlikeTexts]]:
    """Read what the rule about copies needs to choose: the articles that have a text like another's, and the pairs of texts.

    Args:
        newest: the newest record of each PMID: columns position (index of the shard), row, pmid.
        signature_shards: one a batch.
        copy_shards: one a batch.

    Raises:
        StorageError: a shard is damaged, or the signatures are not those of the articles.
    """
    with duck("signatures or copies", signature_shards[0].parent) as connection:
        for name, shards in (("signatures", signature_shards), ("pairs", copy_shards)):
            add_shards(connection, name, [(path, position) for position, path in enumerate(shards)])
        connection.register("newest", newest)
        (n_found,) = connection.execute(
            "SELECT count(*) FROM signatures s JOIN newest n ON s.position = n.position AND s.row = n.row AND s.pmid = n.pmid"
        ).fetchall()[0]
        if n_found != len(newest):
            raise StorageError(
                f"{signature_shards[0].parent}: signatures of {len(newest) - n_found} articles are missing or of other articles; "
                "run `genemine mine` again"
            )
        connection.execute("CREATE TEMP TABLE alike AS SELECT DISTINCT text_a, text_b, similarity, near FROM pairs")
        articles = [Candidate(*row) for row in connection.execute(_CANDIDATES).fetchall()]
        alike = [AlikeTexts(*row) for row in connection.execute("SELECT * FROM alike").fetchall()]
    return articles, alike
