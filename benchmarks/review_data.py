"""A data folder with a run to review: made-up articles whose sentences each name a gene and a disease, and their tables."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from genemine.records import DISEASE, GENE, Article, ArticlePair, Link, Mention, Relation
from genemine.relate.associate import associate
from genemine.relate.known import tell_known
from genemine.storage.columns import to_table
from genemine.storage.layout import Layout
from genemine.storage.manifest import publish_run, start_run
from genemine.storage.query import duck
from genemine.tables.files import write_table
from genemine.tables.schema import ARTICLES, ASSOCIATIONS, EVIDENCE, RELATIONS
from genemine.tables.selects import SELECTS

THRESHOLD = 0.5
SENTENCES = 4  # an abstract
PATTERNS = (
    "Carriers of {gene} variants had {disease} {n} times as often as others.",
    "{gene} was typed in {n} patients with {disease}.",
    "In {n} families loss of {gene} went along with {disease}.",
    "We found no sign that {gene} matters in {disease} (n = {n}).",
)


def make_reviewable(data_dir: Path, n_cards: int, seed: int = 1, title: str = "A study of {gene} in {disease}") -> Path:
    """Write the tables that a review reads; gives the folder of the run, which is the newest.

    Args:
        data_dir: an empty folder.
        n_cards: sentences, each a card.
        seed: of names and scores.
        title: of the articles; ``{gene}`` and ``{disease}`` are filled in.
    """
    articles, relations = made_up(n_cards, np.random.default_rng(seed), title)
    layout = Layout(data_dir)
    layout.prepare()
    run = start_run(layout, f"{seed:08}", datetime(2026, 11, 29, tzinfo=UTC))
    with duck("made-up tables", data_dir) as connection:
        mentions = [link for relation in relations for link in (relation.gene, relation.disease)]
        for name, records, kind in (
            ("articles", articles, Article),
            ("mentions", mentions, Link),
            ("relations", relations, Relation),
            ("article_pairs", [], ArticlePair),
        ):
            table = to_table(records, kind).append_column("position", pa.array([0] * len(records), pa.int32()))
            connection.register(name, table.append_column("row", pa.array(range(len(records)), pa.int64())))
        associate(connection, THRESHOLD)
        known = {"gene_curie": ["ncbigene:1"], "disease_curie": ["mesh:D000001"], "source": ["made up"]}
        tell_known(connection, pa.table(known))
        for table in (ASSOCIATIONS, EVIDENCE, RELATIONS, ARTICLES):
            write_table(table, connection.sql(SELECTS[table.name]).to_arrow_reader(50_000), run.draft)
    return publish_run(layout, run, {"run_id": run.run_id, "models": {"relations": {"threshold": THRESHOLD}}, "counts": {}})


def made_up(n: int, draw: np.random.Generator, title: str) -> tuple[list[Article], list[Relation]]:
    """Make articles and the ``n`` scored pairs of their sentences."""
    articles: list[Article] = []
    relations: list[Relation] = []
    while len(relations) < n:
        pmid, gene, disease = str(90_000_000 + len(articles)), int(draw.integers(1, 400)), int(draw.integers(1, 200))
        names = {"gene": f"GEN{gene}", "disease": f"disease {disease}"}
        head = title.format(**names)
        lines = [
            pattern.format(**names, n=int(draw.integers(2, 900))) for pattern in PATTERNS[: min(SENTENCES, n - len(relations))]
        ]
        article = Article(pmid, head, " ".join(lines), journal="Made-up Letters", year=int(draw.integers(1995, 2027)))
        start = len(head) + 1
        for index, line in enumerate(lines, start=1):
            gene_link, disease_link = (
                Link(Mention(pmid, start + line.index(text), start + line.index(text) + len(text), text, kind), curie, name)
                for text, kind, curie, name in (
                    (names["gene"], GENE, f"ncbigene:{gene}", names["gene"]),
                    (names["disease"], DISEASE, f"mesh:D{disease:06}", names["disease"].capitalize()),
                )
            )
            score, negated = round(float(draw.beta(4, 1.5)), 4), "no sign" in line
            relations.append(
                Relation(pmid, index, start, start + len(line), line, gene_link, disease_link, score, negated, model="made-up 1")
            )
            start += len(line) + 1
        articles.append(article)
    return articles, relations
