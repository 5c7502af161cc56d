"""The words of the lexicon's gene names: which names have most of a long name's words in common with it."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from genemine.link.gene_forms import core_bag, gene_bag, gene_tokens, stem
from genemine.link.lexicon import Names

_COMMON = 4000  # names; a word in more of them is not looked up, though it counts when names are compared


class GeneWords:
    """Words and bags of words of all gene names of a lexicon."""

    def __init__(self, names: Names) -> None:
        self.bags: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.cores: dict[str, list[tuple[int, int]]] = defaultdict(list)
        ids: dict[str, int] = {}
        flat: list[int] = []
        starts = [0]
        self.places: list[tuple[int, int]] = []
        for row, concept in enumerate(names.concepts):
            for at, name in enumerate(concept.names):
                tokens = gene_tokens(name)
                if len(tokens) < 2:
                    continue
                bag = gene_bag(tokens)
                self.bags[bag].append((row, at))
                core = core_bag(tokens)
                if core:
                    self.cores[core].append((row, at))
                if " " not in name and "-" not in name:
                    continue
                flat.extend(ids.setdefault(word, len(ids)) for word in bag.split())
                starts.append(len(flat))
                self.places.append((row, at))
        self.ids = ids
        words = np.array(flat, np.int32)
        lengths = np.diff(starts)
        owner = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        order = np.argsort(words, kind="stable")
        self.posting = owner[order]
        counts = np.bincount(words, minlength=len(ids))
        self.offsets = np.concatenate([[0], np.cumsum(counts)])
        self.weight = np.log(1 + len(self.places) / (1 + counts))
        self.total = np.bincount(owner, self.weight[words], minlength=len(lengths))

    def near(self, tokens: tuple[str, ...], most: int = 8) -> list[tuple[float, int, int]]:
        """Give (similarity in 0-1, row, position) of the names that share most of these words, by weight; most similar first."""
        wanted = {stem(word) for word in tokens}
        known = [self.ids[word] for word in sorted(wanted) if word in self.ids]
        rarest = math.log(1 + len(self.places))
        own = sum(float(self.weight[i]) for i in known) + rarest * (len(wanted) - len(known))
        looked = [i for i in known if self.offsets[i + 1] - self.offsets[i] <= _COMMON]
        if not looked:
            return []
        found = np.concatenate([self.posting[self.offsets[i] : self.offsets[i + 1]] for i in looked])
        candidates = np.unique(found)
        shared = np.zeros(len(candidates))
        for i in known:
            posting = self.posting[self.offsets[i] : self.offsets[i + 1]]
            at = np.searchsorted(candidates, posting)
            at[at == len(candidates)] = 0
            hit = candidates[at] == posting
            shared[at[hit]] += self.weight[i]
        similarity = 2 * shared / (own + self.total[candidates])
        if len(wanted) == 1:  # "thrombin" in "coagulation factor II, thrombin": all of the name is there
            similarity = 0.5 + similarity / 2
        best = np.lexsort((candidates, -similarity))[:most]
        return [(float(similarity[i]), *self.places[int(candidates[i])]) for i in best]

    def weight_of(self, word: str) -> float:
        """Give the weight of one stem: the rarer among the names, the more."""
        at = self.ids.get(word)
        return float(self.weight[at]) if at is not None else 0.0
