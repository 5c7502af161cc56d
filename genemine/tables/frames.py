"""Records become DataFrames here and nowhere earlier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from genemine.records import GENE, Article, Association, Dropped, Duplicate, Evidence, Link, Relation
from genemine.tables import schema
from genemine.tables.schema import DTYPES, LIST_SEPARATOR, Table


def _frame(table: Table, rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """Rows in the order of the table's columns -> a frame with the schema's types, also when there is no row."""
    columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    series = {c.name: pd.Series(list(v), dtype=DTYPES[c.type]) for c, v in zip(table.columns, columns, strict=True)}
    return pd.DataFrame(series)


def _join(items: Sequence[str]) -> str:
    return LIST_SEPARATOR.join(items)


def from_articles(articles: Iterable[Article], links: Iterable[Link], relations: Iterable[Relation]) -> pd.DataFrame:
    """One row an article, by PMID, with what was found in it counted."""
    mentions = {(link.mention.pmid, link.mention.start, link.mention.end, link.mention.type) for link in links}
    genes = Counter(pmid for pmid, _, _, kind in mentions if kind == GENE)
    diseases = Counter(pmid for pmid, _, _, kind in mentions if kind != GENE)
    pairs = Counter(relation.pmid for relation in relations)
    rows = (
        (
            a.pmid,
            a.title,
            a.abstract,
            a.journal,
            a.year,
            a.pub_date,
            a.doi,
            _join(a.languages),
            _join(a.publication_types),
            _join(a.flags),
            genes[a.pmid],
            diseases[a.pmid],
            pairs[a.pmid],
            a.version,
            a.revised,
            a.source,
        )
        for a in sorted(articles, key=lambda a: int(a.pmid))
    )
    return _frame(schema.ARTICLES, rows)


def from_links(links: Iterable[Link]) -> pd.DataFrame:
    """One row a mention and identifier, in reading order."""
    ordered = sorted(links, key=lambda k: (int(k.mention.pmid), k.mention.start, k.mention.end, k.mention.type, k.curie))
    rows = (
        (
            k.mention.pmid,
            k.mention.start,
            k.mention.end,
            k.mention.text,
            k.mention.type,
            k.mention.score,
            k.mention.sentence_index,
            k.curie,
            k.name,
            k.matched,
            k.how,
            k.score,
            _join(k.xrefs),
            k.reason,
            k.mention.model,
        )
        for k in ordered
    )
    return _frame(schema.MENTIONS, rows)


def from_relations(relations: Iterable[tuple[str, Relation]]) -> pd.DataFrame:
    """One row a pair in a sentence, in reading order; each relation comes with its association id."""
    ordered = sorted(relations, key=lambda pair: _reading_order(pair[1]))
    rows = (
        (
            association_id,
            r.pmid,
            r.sentence_index,
            r.sentence_text,
            r.gene.curie,
            r.gene.name,
            r.gene.mention.text,
            r.gene.mention.start,
            r.gene.mention.end,
            r.disease.curie,
            r.disease.name,
            r.disease.mention.text,
            r.disease.mention.start,
            r.disease.mention.end,
            r.score,
            r.negated,
            r.speculative,
            r.cue,
            r.model,
        )
        for association_id, r in ordered
    )
    return _frame(schema.RELATIONS, rows)


def _reading_order(r: Relation) -> tuple[int, int, int, int, str, str]:
    return (int(r.pmid), r.sentence_index, r.gene.mention.start, r.disease.mention.start, r.gene.curie, r.disease.curie)


def from_associations(associations: Iterable[Association], best: Mapping[str, Evidence]) -> pd.DataFrame:
    """One row a pair in the order given; ``best`` maps an association id to its best supporting sentence."""
    rows = (
        (
            a.association_id,
            a.gene_curie,
            a.gene_name,
            a.disease_curie,
            a.disease_name,
            a.score,
            a.n_articles,
            a.n_sentences,
            a.n_denied,
            a.n_speculative,
            a.n_retracted,
            a.n_gene_articles,
            a.n_disease_articles,
            a.p_value,
            a.first_year,
            a.last_year,
            best[a.association_id].relation.pmid,
            best[a.association_id].relation.sentence_text,
            _join(a.pmids),
        )
        for a in associations
    )
    return _frame(schema.ASSOCIATIONS, rows)


def from_evidence(evidence: Iterable[Evidence], articles: Mapping[str, Article]) -> pd.DataFrame:
    """One row a sentence behind an association, in the order given."""
    rows = (
        (
            e.association_id,
            e.rank,
            e.stance,
            e.relation.pmid,
            articles[e.relation.pmid].year,
            articles[e.relation.pmid].title,
            e.relation.sentence_text,
            e.relation.gene.mention.text,
            e.relation.disease.mention.text,
            e.relation.score,
            e.relation.cue,
            _join(articles[e.relation.pmid].flags),
        )
        for e in evidence
    )
    return _frame(schema.EVIDENCE, rows)


def from_dropped(dropped: Iterable[Dropped]) -> pd.DataFrame:
    """One row a record that did not reach the tables."""
    ordered = sorted(dropped, key=lambda d: (d.stage, d.reason, d.pmid.zfill(12), d.source))
    return _frame(schema.DROPPED, ((d.pmid, d.stage, d.reason, d.detail, d.source) for d in ordered))


def from_duplicates(duplicates: Iterable[Duplicate]) -> pd.DataFrame:
    """One row an article left out as a copy, by PMID."""
    rows = ((d.pmid, d.kept_pmid, d.reason, d.similarity) for d in sorted(duplicates, key=lambda d: int(d.pmid)))
    return _frame(schema.DUPLICATES, rows)
