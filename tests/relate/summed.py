"""A small corpus as DuckDB sees it: records of articles, mentions and relations in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa

from genemine.records import DISEASE, GENE, Article, ArticlePair, Link, Mention, Relation
from genemine.relate.associate import associate
from genemine.relate.measures import AS_IT_IS, ArticleChance
from genemine.relate.verdicts import JUDGED, judge
from genemine.storage.columns import to_table

NAMES = {"A": ("ncbigene:1", "AAA"), "B": ("ncbigene:2", "BBB"), "x": ("mesh:D1", "Xitis"), "y": ("mesh:D2", "Yoma")}


def link(pmid: str, text: str) -> Link:
    return Link(Mention(pmid, 0, 1, text, GENE if text.isupper() else DISEASE), *NAMES[text])


def relation(pmid: str, score: float, gene: str = "A", disease: str = "x", index: int = 0, **changes: object) -> Relation:
    made = Relation(pmid, index, 0, 6, f"{pmid}-{index} {gene} {disease}", link(pmid, gene), link(pmid, disease), score)
    return replace(made, **changes)  # type: ignore[arg-type]


class Summed:
    """Relations summed to associations; articles and mentions that are not given are those of the relations.

    Of each kind, record k stands in row k // n_shards of shard k % n_shards.
    ``judged`` are (gene, disease, PMID, sentence, verdict).
    """

    def __init__(
        self,
        relations: Sequence[Relation],
        articles: Sequence[Article] = (),
        mentions: Sequence[Link] = (),
        threshold: float = 0.5,
        n_shards: int = 1,
        judged: Sequence[tuple[str, str, str, str, str]] = (),
        chance: ArticleChance = AS_IT_IS,
        article_pairs: Sequence[ArticlePair] = (),
    ) -> None:
        known = {article.pmid for article in articles}
        others = [Article(pmid, "", "") for pmid in sorted({r.pmid for r in relations} - known)]
        found = [*mentions, *(one for r in relations for one in (r.gene, r.disease))]
        self.connection = duckdb.connect()
        for name, records, kind in (
            ("articles", [*articles, *others], Article),
            ("mentions", found, Link),
            ("relations", list(relations), Relation),
            ("article_pairs", list(article_pairs), ArticlePair),
        ):
            table = to_table(records, kind)
            shards, rows = [k % n_shards for k in range(len(table))], [k // n_shards for k in range(len(table))]
            table = table.append_column("position", pa.array(shards, pa.int32()))
            self.connection.register(name, table.append_column("row", pa.array(rows, pa.int64())))
        given = [(NAMES[gene][0], NAMES[disease][0], pmid, text, said, said, 1) for gene, disease, pmid, text, said in judged]
        self.n_lapsed = judge(
            self.connection, pa.Table.from_pylist([dict(zip(JUDGED.names, row, strict=True)) for row in given], JUDGED)
        )
        associate(self.connection, threshold, chance)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.sql(sql).fetchall()

    def dicts(self, sql: str) -> list[dict[str, Any]]:
        found = self.connection.sql(sql)
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
