"""Learn from gold links what names of genes mean, and when they are those of another species' genes.

Three models follow each other: the words of an article tell whether it is about human genes (logistic regression); boosted trees
tell it for each mention; boosted trees rank the genes that a name may mean. What one model tells the next is learnt without the
article in question, and the memory that a feature comes from leaves out the article too: else the trees would trust them too much.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from genemine.link.gene_candidates import GeneNames
from genemine.link.gene_features import GENE_SPACE, HUMAN, NAME_SPACE, OTHER, SPECIES_SPACE, ArticleView
from genemine.link.gene_model import GeneModel, article_words, candidate_rows, species_rows, word_chance
from genemine.link.gene_species import BUCKETS, SpeciesView, species_view
from genemine.link.knowledge import Learnt
from genemine.link.lexicon import Lexicon
from genemine.link.memory import Memory
from genemine.link.trees import Trees
from genemine.link.variants import gene_key
from genemine.models.boosting import grow
from genemine.models.gold_links import GoldDocument
from genemine.records import GENE, Mention

_FOLDS = 4
_WORD_STRENGTH = 3.0  # of the logistic regression (C)


@dataclass(frozen=True)
class _Genes:
    """The gene mentions of one document; ``ids`` are those of genes in the lexicon, ``named`` whether a curator gave any."""

    pmid: str
    text: str
    short_forms: dict[str, str]
    mentions: tuple[Mention, ...]
    ids: tuple[tuple[frozenset[str], ...], ...]
    named: tuple[bool, ...]

    @property
    def fold(self) -> int:
        return zlib.crc32(self.pmid.encode()) % _FOLDS

    @property
    def spans(self) -> list[tuple[int, int]]:
        return [(mention.start, mention.end) for mention in self.mentions]

    def name(self, i: int) -> str:
        """The words of a mention as the article has them."""
        return self.text[self.mentions[i].start : self.mentions[i].end]


class _Seen:
    """What was seen in which article; tells it as a memory does, without one article."""

    def __init__(self, documents: Sequence[_Genes]) -> None:
        self._own: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
        for document in documents:
            self._own[document.pmid] |= set(_lessons(document))
        self._all: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for lessons in self._own.values():
            for space, form, curie in lessons:
                self._all[space, form][curie] += 1

    def memory(self) -> Memory:
        return Memory.of(lesson for lessons in self._own.values() for lesson in lessons)

    def without(self, pmid: str) -> _Without:
        return _Without(self._all, self._own[pmid])


class _Without:
    def __init__(self, counted: dict[tuple[str, str], Counter[str]], left_out: set[tuple[str, str, str]]) -> None:
        self._counted, self._left_out = counted, left_out

    def lookup(self, space: str, form: str) -> list[tuple[str, int]]:
        found = self._counted.get((space, form))
        if not found:
            return []
        counts = ((curie, n - ((space, form, curie) in self._left_out)) for curie, n in found.items())
        return sorted(((curie, n) for curie, n in counts if n), key=lambda item: (-item[1], item[0]))


def learn_genes(documents: Sequence[GoldDocument], lexicon: Lexicon) -> Learnt:
    """Learn from the gene mentions of documents that may be learnt from (:func:`gold_links.training_links`)."""
    names = GeneNames(lexicon.genes)
    genes = [d for document in documents if (d := _genes(document, names)).mentions]
    seen = _Seen(genes)
    if not any(any(ids) for d in genes for ids in d.ids):
        return Learnt(seen.memory())
    views = [species_view(d.text, [d.name(i) for i in range(len(d.mentions))]) for d in genes]
    words, chances = _learn_words(genes, views)
    species, human = _learn_species(genes, views, chances, seen)
    ranker = _learn_ranker(genes, human, names, seen)
    return Learnt(seen.memory(), tables=GeneModel(words, species, ranker).tables())


def _genes(document: GoldDocument, names: GeneNames) -> _Genes:
    kept = [i for i, m in enumerate(document.mentions) if m.type == GENE and document.text[m.start : m.end].strip()]
    ids = [
        tuple(known for one in document.ids[i] if (known := frozenset(c for c in one if names.names.row_of(c) is not None)))
        for i in kept
    ]
    mentions = tuple(document.mentions[i] for i in kept)
    return _Genes(
        document.pmid, document.text, document.short_forms, mentions, tuple(ids), tuple(bool(document.ids[i]) for i in kept)
    )


def _lessons(document: _Genes) -> list[tuple[str, str, str]]:
    """Give (space, form, what was seen) of one document."""
    out = []
    for i in range(len(document.mentions)):
        key, ids = gene_key(document.name(i)), document.ids[i]
        if document.named[i]:
            out.append((SPECIES_SPACE, key, HUMAN if ids else OTHER))
        if len(ids) == 1:
            for curie in sorted(ids[0]):
                out += [(NAME_SPACE, key, curie), (GENE_SPACE, curie, curie)]
    return out


def _learn_words(documents: Sequence[_Genes], views: Sequence[SpeciesView]) -> tuple[np.ndarray, list[float]]:
    """Learn the weights of words; give them and for each document its chance, learnt from the other folds."""
    share = []
    for d in documents:
        marks = [bool(ids) for ids, named in zip(d.ids, d.named, strict=True) if named]
        share.append(sum(marks) / len(marks) if marks else 0.5)
    folds = np.array([d.fold for d in documents])
    human = np.array(share)
    rows = _word_rows(views)
    chances = np.zeros(len(documents))
    for fold in range(_FOLDS):
        inside, outside = np.flatnonzero(folds == fold).tolist(), np.flatnonzero(folds != fold).tolist()
        weights = _word_weights(rows[outside], human[outside])
        chances[inside] = [word_chance(weights, views[i]) for i in inside]
    return _word_weights(rows, human), chances.tolist()


def _word_rows(views: Sequence[SpeciesView]) -> csr_matrix:
    lengths = [len(view.buckets) for view in views]
    values = np.concatenate([np.full(n, 1 / np.sqrt(max(1, n))) for n in lengths])
    columns = np.concatenate([np.array(view.buckets, np.int32) for view in views])
    return csr_matrix((values, columns, np.cumsum([0, *lengths])), shape=(len(views), BUCKETS))


def _word_weights(rows: csr_matrix, human: np.ndarray) -> np.ndarray:
    """Fit the share of human mentions: each article counts as human by its share and as another by the rest."""
    model = LogisticRegression(C=_WORD_STRENGTH, max_iter=300)
    both = np.concatenate([np.ones(len(human)), np.zeros(len(human))])
    model.fit(vstack([rows, rows]), both, sample_weight=np.concatenate([human, 1 - human]) + 1e-9)
    return np.concatenate([model.coef_[0], model.intercept_])


def _learn_species(
    documents: Sequence[_Genes], views: Sequence[SpeciesView], chances: Sequence[float], seen: _Seen
) -> tuple[Trees, list[np.ndarray]]:
    """Learn whether a mention means a human gene; give the trees and the chances of each document, learnt from the other folds."""
    rows = [
        species_rows(d.text, view, d.spans, chance, seen.without(d.pmid).lookup)
        for d, view, chance in zip(documents, views, chances, strict=True)
    ]
    named = [np.array(d.named) for d in documents]
    human = [np.array([bool(ids) for ids in d.ids]) for d in documents]
    out: list[np.ndarray] = [np.zeros(0)] * len(documents)

    def fit(kept: Sequence[int]) -> Trees:
        x = np.concatenate([rows[i][named[i]] for i in kept])
        y = np.concatenate([human[i][named[i]] for i in kept])
        return grow(x, y, np.ones(len(y)), n_trees=80, n_leaves=12, least=30)

    for fold in range(_FOLDS):
        trees = fit([i for i, d in enumerate(documents) if d.fold != fold])
        for i, d in enumerate(documents):
            if d.fold == fold:
                out[i] = trees.probabilities(rows[i])
    return fit(range(len(documents))), out


def _learn_ranker(documents: Sequence[_Genes], human: Sequence[np.ndarray], names: GeneNames, seen: _Seen) -> Trees:
    rows, right, weights = [], [], []
    for d, chances in zip(documents, human, strict=True):
        mentions = [d.name(i) for i in range(len(d.mentions))]
        view = ArticleView(names, seen.without(d.pmid).lookup, mentions, d.short_forms, article_words(d.text))
        golds: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        for i, name in enumerate(mentions):
            if len(d.ids[i]) < 2:
                golds[name].append((i, d.ids[i][0] if d.ids[i] else frozenset()))
        for name, marked in golds.items():
            ranked = view.ranked(name)
            if not ranked.rows:
                continue
            own = float(np.mean([chances[i] for i, name_ in enumerate(mentions) if name_ == name]))
            x = candidate_rows(ranked, own, float(chances.mean()))
            for gold, n in Counter(gold for _, gold in marked).items():
                rows.append(x)
                right.append([names.names.concepts[c.row].curie in gold for c in ranked.candidates])
                weights.append([float(min(n, 4))] * len(x))
    return grow(np.concatenate(rows), np.concatenate(right), np.concatenate(weights), n_trees=150, n_leaves=20, least=20)
