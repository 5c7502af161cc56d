"""Learn from gold links what names of diseases mean, and to rank the answers for a mention.

The ranker must not trust the memory more than it deserves on articles it has not seen, so the features of each article are made
with a memory of other articles (by folds of PMIDs).
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from genemine.link.article import Article
from genemine.link.disease_answers import DiseaseAnswers, LexiconNames
from genemine.link.disease_learnt import ALIKE, BAG, KEY, PRIOR, WORD_BUCKETS, DiseaseLessons, article_words
from genemine.link.disease_ngrams import features
from genemine.link.disease_ranking import ArticleAnswers, expand, with_ranks
from genemine.link.disease_words import alike_bag
from genemine.link.knowledge import Learnt
from genemine.link.lexicon import Lexicon
from genemine.link.memory import Memory
from genemine.link.variants import disease_bag, disease_key, strip_disease_words
from genemine.models.boosting import grow
from genemine.models.gold_links import GoldDocument
from genemine.records import DISEASE

_FOLDS = 5
_TREES, _LEAVES, _LEAST = 150, 24, 20
_SMOOTH = 0.3  # added to the count of every word of every corpus


@dataclass(frozen=True, order=True)
class _Seen:
    """One form of a name in one article with the answer a curator gave it."""

    corpus: str
    pmid: str
    key: str
    answer: str


def learn_diseases(documents: Sequence[GoldDocument], lexicon: Lexicon) -> Learnt:
    """Learn from the disease mentions of documents that may be learnt from (:func:`gold_links.training_links`)."""
    documents = [d for d in documents if any(m.type == DISEASE and ids for m, ids in zip(d.mentions, d.ids, strict=True))]
    learnt = remember(documents, lexicon)
    if not documents:
        return learnt
    rows, right, weights = training_rows(documents, lexicon)
    trees = grow(rows, right, weights, n_trees=_TREES, n_leaves=_LEAVES, least=_LEAST)
    return Learnt(learnt.memory, None, {**learnt.tables, **trees.arrays("trees_")})


def training_rows(documents: Sequence[GoldDocument], lexicon: Lexicon) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the features of all answers for all names of documents, which of them are right, and how much each counts.

    A name counts by the root of how often its article has it.
    """
    names = LexiconNames(lexicon)
    rows, right, weights = [], [], []
    for fold in range(_FOLDS):
        held = [d for d in documents if _fold(d.pmid) == fold]
        answers = DiseaseAnswers(lexicon, DiseaseLessons(remember([d for d in documents if _fold(d.pmid) != fold], lexicon)), names)
        for document in held:
            article = Article(document.text, document.mentions, document.short_forms)
            found = ArticleAnswers(answers, article)
            for name, ids, n in _names(document):
                candidates = found.candidates(name)
                if candidates.answers:
                    rows.append(with_ranks(candidates.features).astype(np.float32))
                    right += [_is_right(answer, ids, lexicon) for answer in candidates.answers]
                    weights += [math.sqrt(n)] * len(candidates.answers)
    return np.concatenate(rows), np.array(right), np.array(weights)


def remember(documents: Sequence[GoldDocument], lexicon: Lexicon) -> Learnt:
    """Learn all but the ranker: what forms meant, and the words of each corpus."""
    seen = sorted(set(_seen(documents, lexicon)))
    corpora = tuple(sorted({document.corpus for document in documents})) or ("none",)
    number = {corpus: i for i, corpus in enumerate(corpora)}
    forms = sorted({one.key for one in seen})
    answers = sorted({one.answer for one in seen})
    form_at, answer_at = {f: i for i, f in enumerate(forms)}, {a: i for i, a in enumerate(answers)}
    counted = Counter((form_at[one.key], answer_at[one.answer], number[one.corpus]) for one in seen)
    found = [features(form) for form in forms]
    tables = {
        "corpora": np.array("\n".join(corpora)),
        "words": _word_chances(documents, corpora),
        "form_features": np.concatenate([np.zeros(0, np.int32), *found]),
        "form_starts": np.cumsum([0, *map(len, found)]).astype(np.int64),
        "form_answers": np.array(sorted(counted), np.int32).reshape(-1, 3),
        "form_counts": np.array([counted[place] for place in sorted(counted)], np.int32),
        "answers": np.array("\n".join(answers)),
    }
    return Learnt(Memory.of(_lessons(seen)), None, tables)


def _lessons(seen: Iterable[_Seen]) -> Iterator[tuple[str, str, str]]:
    for one in seen:
        yield f"{one.corpus} {KEY}", one.key, one.answer
        yield f"{one.corpus} {BAG}", disease_bag(one.key), one.answer
        yield f"{one.corpus} {ALIKE}", alike_bag(one.key), one.answer
        yield f"{one.corpus} {PRIOR}", one.answer, one.answer


def _seen(documents: Iterable[GoldDocument], lexicon: Lexicon) -> Iterator[_Seen]:
    for document in documents:
        for mention, ids in zip(document.mentions, document.ids, strict=True):
            if mention.type != DISEASE or not ids:
                continue
            words = " ".join(mention.text.split())
            wordings = {words, expand(words, document.short_forms)}
            keys = {disease_key(strip_disease_words(wording)) for wording in wordings} - {""}
            for answer in _answers(ids, lexicon):
                yield from (_Seen(document.corpus, document.pmid, key, answer) for key in keys)


def _answers(ids: Sequence[frozenset[str]], lexicon: Lexicon) -> set[str]:
    """Give the answers that are right for a mention, by the ids that the lexicon uses where it knows them."""
    parts = [sorted({_own(curie, lexicon) for curie in part}) for part in ids]
    return {"|".join(sorted(set(chosen))) for chosen in list(product(*parts))[:4]}


def _own(curie: str, lexicon: Lexicon) -> str:
    row = lexicon.diseases.row_of(curie)
    return curie if row is None else lexicon.diseases.concepts[row].curie


def _names(document: GoldDocument) -> Iterator[tuple[str, tuple[frozenset[str], ...], int]]:
    """Give each name of a document once for each set of ids, with how often it stands there."""
    counted: Counter[tuple[str, tuple[frozenset[str], ...]]] = Counter()
    for mention, ids in zip(document.mentions, document.ids, strict=True):
        if mention.type == DISEASE:
            counted[" ".join(mention.text.split()), ids] += 1
    for (name, ids), n in counted.items():
        yield name, ids, n


def _is_right(answer: Sequence[int], ids: Sequence[frozenset[str]], lexicon: Lexicon) -> bool:
    concepts = [lexicon.diseases.concepts[row] for row in answer]
    known = [{concept.curie, *concept.xrefs} for concept in concepts]
    covered = all(any(part & own for own in known) for part in ids)
    return bool(ids) and covered and all(any(part & own for part in ids) for own in known)


def _word_chances(documents: Sequence[GoldDocument], corpora: Sequence[str]) -> np.ndarray:
    """Give the log-chance of each word in an article of each corpus: float32 (n_corpora, WORD_BUCKETS)."""
    chances = np.zeros((len(corpora), WORD_BUCKETS))
    for i, corpus in enumerate(corpora):
        own = [article_words(document.text) for document in documents if document.corpus == corpus]
        counts = np.bincount(np.concatenate([np.zeros(0, np.int64), *own]), minlength=WORD_BUCKETS)
        chances[i] = np.log((counts + _SMOOTH) / (len(own) + 2 * _SMOOTH))
    return chances.astype(np.float32)


def _fold(pmid: str) -> int:
    return zlib.crc32(pmid.encode()) % _FOLDS
