"""One article's gene names and the genes that each may mean, as rows of features for the ranker."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from genemine.link import gene_forms as forms
from genemine.link.gene_candidates import KNOWN_FEATURES, Candidate, GeneNames
from genemine.link.variants import gene_key

Lookup = Callable[[str, str], Sequence[tuple[str, int]]]  # what a memory tells of (space, form): identifiers with counts

NAME_SPACE = "gene name"  # of the memory: what a name meant
SPECIES_SPACE = "gene species"  # of the memory: whether a name was that of a human gene
GENE_SPACE = "gene"  # of the memory: how often a gene was meant
HUMAN, OTHER = "human", "other"
_NONE = float(len(forms.WAYS))  # the way of a gene that was not found so

FEATURES = (
    *("way", "other_way", "at", "shared", "words", "letters", "same_case", "order", "n_candidates", "n_as_sure", "best_way"),
    *("length", "digits", "n_words", "upper", "lower", "capitalised", "frequency", "is_short", "is_long"),
    *(f"gene_{name}" for name in KNOWN_FEATURES),
    *("memory_count", "memory_share", "memory_total", "memory_gene", "memory_other"),
    *("support", "support_best", "support_rivals", "word_overlap", "word_overlap_best", "family", "letters_best"),
    *("human", "human_article"),
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One distinct name of an article: the genes it may mean and their features, a row each but the species features."""

    name: str
    candidates: tuple[Candidate, ...]
    rows: tuple[list[float], ...]


class ArticleView:
    """The gene names of one article and what they say about each other."""

    def __init__(
        self, names: GeneNames, lookup: Lookup, mentions: Sequence[str], short_forms: Mapping[str, str], words: frozenset[str]
    ):
        self._names = names
        self._lookup = lookup
        self._short_forms = short_forms
        self._long_forms = {long.casefold(): short for short, long in short_forms.items()}
        self._words = words
        self._frequency = Counter(mentions)
        every = dict.fromkeys((*mentions, *short_forms.values()))
        self._support: dict[int, dict[str, float]] = defaultdict(dict)  # row -> key of a name that may mean it -> how likely
        self._families: Counter[str] = Counter()
        for name in every:
            self._note(name)

    def _note(self, name: str) -> None:
        found = self._names.find(name)
        key = gene_key(name)
        for candidate in found:
            if candidate.way <= forms.CORE_BAG:
                weight = 1 / candidate.shared if candidate.way < forms.BAG else 0.7 / candidate.shared
                mine = self._support[candidate.row]
                mine[key] = max(weight, mine.get(key, 0.0))
        if found and found[0].way < forms.BAG and found[0].shared == 1:
            self._families[self._names.known(found[0].row)[2]] += 1

    def ranked(self, name: str) -> Ranked:
        """Give the genes that a name of the article may mean, with their features."""
        own = {c.row: c for c in self._names.find(name)}
        partner = self._short_forms.get(name) or self._long_forms.get(name.casefold())
        other = {c.row: c for c in self._names.find(partner)} if partner else {}
        remembered = dict(self._lookup(NAME_SPACE, gene_key(name)))
        for curie in remembered:
            row = self._names.names.row_of(curie)
            if row is not None and row not in own:
                own[row] = self._names.remembered(name, row)
        rows = [*own, *(row for row in other if row not in own)]
        if not rows:
            return Ranked(name, (), ())
        best = [own.get(row) or other[row] for row in rows]
        static = self._of_name(name, len(rows), min(c.way for c in best))
        keys = {gene_key(name), gene_key(partner) if partner else ""}
        support = [self._supported(row, keys) for row in rows]
        overlap = [self._overlap(row, name) for row in rows]
        letters = max(c.letters for c in best)
        total = sum(remembered.values())
        others = sum(n for curie, n in self._lookup(SPECIES_SPACE, gene_key(name)) if curie == OTHER)
        made = []
        for i, candidate in enumerate(best):
            row = candidate.row
            curie = self._names.names.concepts[row].curie
            _, known, stem = self._names.known(row)
            count = remembered.get(curie, 0)
            popular = sum(n for _, n in self._lookup(GENE_SPACE, curie))
            made.append([
                float(own[row].way) if row in own else _NONE,
                float(other[row].way) if row in other else _NONE,
                float(min(candidate.at, 5)),
                float(candidate.shared),
                candidate.words,
                candidate.letters,
                float(candidate.matched == name),
                float(i),
                *static[:1],
                float(sum(c.way <= candidate.way for c in best)),
                *static[1:],
                *known,
                math.log1p(count),
                (count + 0.1) / (total + 0.5),
                math.log1p(total),
                math.log1p(popular),
                math.log1p(others),
                support[i],
                support[i] - max(support),
                float(sum(s > 0 for s in support)),
                overlap[i],
                overlap[i] - max(overlap),
                float(self._families[stem] - (candidate.way < forms.BAG and candidate.shared == 1)),
                candidate.letters - letters,
            ])  # fmt: skip
        return Ranked(name, tuple(best), tuple(made))

    def _of_name(self, name: str, n_candidates: int, best_way: int) -> list[float]:
        return [
            float(n_candidates),
            float(best_way),
            float(len(name)),
            float(sum(char.isdigit() for char in name)),
            float(len(name.split())),
            float(name.isupper()),
            float(name.islower()),
            float(name[:1].isupper() and name[1:].islower()),
            math.log1p(self._frequency[name]),
            float(name in self._short_forms),
            float(name.casefold() in self._long_forms),
        ]

    def _supported(self, row: int, keys: set[str]) -> float:
        return sum(weight for key, weight in self._support.get(row, {}).items() if key not in keys)

    def _overlap(self, row: int, name: str) -> float:
        """Weigh the words of a gene's names that the article has outside of the name itself."""
        own = {forms.stem(word) for word in forms.gene_tokens(name)}
        shared = (self._names.known(row)[0] & self._words) - own
        return math.fsum(self._names.words.weight_of(word) for word in shared)  # the same in any order of a set
