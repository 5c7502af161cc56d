"""Sum relations over articles: one association for each gene-disease pair that a sentence supports, and the sentences behind it.

A sentence **supports** its pair when its score reaches the threshold, no cue denies it, and its article is not retracted.
Supporting sentences that only suppose the association count, and are counted apart.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import hypergeom

from genemine.records import Association, Evidence, Relation

SUPPORTING, SPECULATIVE, DENIED, RETRACTED = "supporting", "speculative", "denied", "retracted"
_ORDER = {SUPPORTING: 0, SPECULATIVE: 0, DENIED: 1, RETRACTED: 2}


@dataclass(frozen=True, slots=True)
class Corpus:
    """What the whole set of articles says beside the relations; retracted articles are left out of every count.

    ``n_articles`` is the number of articles, ``mentioning`` the number that mention a gene or disease at all, by CURIE, ``years``
    the year of an article by PMID, ``retracted`` the PMIDs of retracted articles.
    """

    n_articles: int
    mentioning: Mapping[str, int]
    years: Mapping[str, int | None] = field(default_factory=dict)
    retracted: Collection[str] = frozenset()


def association_id(gene_curie: str, disease_curie: str) -> str:
    """Return the stable id of a pair: the same in every run, ``GDA-`` and the first 12 hex digits of its SHA-1."""
    return "GDA-" + hashlib.sha1(f"{gene_curie}|{disease_curie}".encode(), usedforsecurity=False).hexdigest()[:12]


def stance_of(relation: Relation, threshold: float, retracted: Collection[str]) -> str:
    """Tell how a relation bears on its pair: one of the four stances, or "" when its score says that nothing is stated."""
    if relation.score < threshold and not relation.negated:
        return ""
    if relation.pmid in retracted:
        return RETRACTED
    if relation.negated:
        return DENIED
    return SPECULATIVE if relation.speculative else SUPPORTING


def associate(relations: Iterable[Relation], corpus: Corpus, threshold: float) -> list[Association]:
    """Sum relations to associations, best first (score, then articles, then id); the order of the relations does not matter.

    Args:
        relations: everything scored; one a sentence and pair.
        corpus: counts over all articles.
        threshold: the score from which a sentence supports its pair.
    """
    pairs: dict[tuple[str, str], list[Relation]] = {}
    for relation in relations:
        pairs.setdefault((relation.gene.curie, relation.disease.curie), []).append(relation)
    summed = [_sum(members, corpus, threshold) for members in pairs.values()]
    kept = [one for one in summed if one.supporting]
    p_values = fisher_p_values(
        [one.n_together for one in kept],
        [corpus.mentioning.get(one.any.gene.curie, 0) for one in kept],
        [corpus.mentioning.get(one.any.disease.curie, 0) for one in kept],
        corpus.n_articles,
    )
    found = [_association(one, corpus, p_value) for one, p_value in zip(kept, p_values, strict=True)]
    return sorted(found, key=lambda a: (-a.score, -a.n_articles, a.association_id))


def evidence(
    relations: Iterable[Relation], associations: Sequence[Association], threshold: float, retracted: Collection[str] = frozenset()
) -> list[Evidence]:
    """Give the sentences behind associations, in the order of the associations.

    Within one the supporting sentences come first, by score; then those that deny it, then those of retracted articles. So rank 1
    is always a supporting sentence with the highest score.
    """
    behind: dict[str, list[tuple[str, Relation]]] = {a.association_id: [] for a in associations}
    for relation in relations:
        rows = behind.get(association_id(relation.gene.curie, relation.disease.curie))
        stance = stance_of(relation, threshold, retracted)
        if rows is not None and stance:
            rows.append((stance, relation))
    out: list[Evidence] = []
    for name, rows in behind.items():
        rows.sort(
            key=lambda row: (_ORDER[row[0]], -row[1].score, _number(row[1].pmid), row[1].sentence_index, row[1].sentence_start)
        )
        out.extend(Evidence(name, rank, stance, relation) for rank, (stance, relation) in enumerate(rows, start=1))
    return out


def fisher_p_values(together: Sequence[int], first: Sequence[int], second: Sequence[int], n_articles: int) -> list[float]:
    """Test whether two things are named together more often than chance would have it.

    Args:
        together: articles with a sentence that names both, one number a pair.
        first: articles that mention the first of the pair.
        second: articles that mention the second.
        n_articles: all articles.

    Returns:
        one-sided p values in [0, 1]: the probability of as many articles or more, were the two named independently.

    Source: Fisher's exact test, the upper tail of the hypergeometric distribution.
    """
    if not together:
        return []
    both = np.asarray(together)
    one, other = np.maximum(first, both), np.maximum(second, both)
    total = np.maximum(n_articles, np.maximum(one, other))
    return [float(p) for p in np.clip(hypergeom.sf(both - 1, total, one, other), 0.0, 1.0)]


@dataclass(frozen=True, slots=True)
class _Sum:
    """The relations of one pair, sorted by what they say."""

    any: Relation
    supporting: tuple[Relation, ...]
    n_denied: int
    n_together: int  # articles that name both in one sentence and are not retracted
    n_retracted: int


def _sum(relations: Sequence[Relation], corpus: Corpus, threshold: float) -> _Sum:
    stances = [stance_of(relation, threshold, corpus.retracted) for relation in relations]
    supporting = [r for r, stance in zip(relations, stances, strict=True) if stance in (SUPPORTING, SPECULATIVE)]
    pmids = {relation.pmid for relation in relations}
    withdrawn = {pmid for pmid in pmids if pmid in corpus.retracted}
    return _Sum(relations[0], tuple(supporting), stances.count(DENIED), len(pmids - withdrawn), len(withdrawn))


def _association(summed: _Sum, corpus: Corpus, p_value: float) -> Association:
    gene, disease = summed.any.gene, summed.any.disease
    best: dict[str, float] = {}
    for relation in summed.supporting:
        best[relation.pmid] = max(relation.score, best.get(relation.pmid, 0.0))
    pmids = sorted(best, key=_number)
    years = [year for pmid in pmids if (year := corpus.years.get(pmid)) is not None]
    return Association(
        association_id=association_id(gene.curie, disease.curie),
        gene_curie=gene.curie,
        gene_name=gene.name,
        disease_curie=disease.curie,
        disease_name=disease.name,
        score=1.0 - math.prod(1.0 - best[pmid] for pmid in pmids),
        n_articles=len(pmids),
        n_sentences=len(summed.supporting),
        n_denied=summed.n_denied,
        n_speculative=sum(relation.speculative for relation in summed.supporting),
        n_retracted=summed.n_retracted,
        n_gene_articles=corpus.mentioning.get(gene.curie, 0),
        n_disease_articles=corpus.mentioning.get(disease.curie, 0),
        p_value=p_value,
        first_year=min(years, default=None),
        last_year=max(years, default=None),
        pmids=tuple(pmids),
    )


def _number(pmid: str) -> tuple[int, str]:
    """Sort key of PMIDs: 99 comes before 100."""
    return len(pmid), pmid
