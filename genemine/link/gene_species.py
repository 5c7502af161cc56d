"""What an article says of the species whose gene a mention means: features for the model of species.

People, patients and human cells stand on one side; mouse, rat and every other species on the other. Their words are counted in the
article and its title and looked for around the mention. Symbols written like Brca1 are counted as the sign of a rodent gene that
they are (MGI and RGD, Guidelines for Nomenclature), and every word of the article has a weight of its own (:func:`word_buckets`).
"""

from __future__ import annotations

import math
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_GROUPS = {
    "people": "patient patients people person persons families family child children infant infants women men woman man "
    "individual individuals proband probands kindred kindreds carrier carriers subject subjects participant "
    "participants cohort cohorts case-control population populations clinical boy boys girl girls year-old pedigree "
    "pedigrees sibling siblings volunteer volunteers adult adults polymorphism polymorphisms diagnosis diagnosed "
    "exome caucasian caucasians chinese japanese",
    "human": "human humans sapiens",
    "cells": "hela hek293 hek-293 hek293t 293t mcf-7 mcf7 hepg2 jurkat u2os a549 hct-116 hct116 k562 hl-60 hl60 u937 caco-2 "
    "lncap sh-sy5y thp-1 thp1 huvec huvecs fibroblast fibroblasts lymphoblastoid pbmc pbmcs biopsy biopsies "
    "postmortem tumor tumour tumors tumours carcinoma carcinomas line lines",
    "mouse": "mouse mice murine knockout knock-out knockin knock-in c57bl/6 c57bl/6j c57bl balb/c balb 129/sv 3t3 nih3t3 "
    "littermate littermates musculus mef mefs transgenic transgene null conditional pup pups embryonic",
    "rat": "rat rats sprague-dawley sprague wistar pc12 rattus rodent rodents intraperitoneal intraperitoneally i.p",
    "fish": "zebrafish danio xenopus frog frogs medaka fish morpholino morpholinos chick chicks chicken chickens avian",
    "mammal": "bovine cattle cow cows calf porcine pig pigs canine dog dogs sheep ovine rabbit rabbits monkey monkeys macaque "
    "macaques primate primates hamster hamsters cho guinea horse equine cats feline chimpanzee",
    "far": "drosophila fly flies elegans caenorhabditis nematode nematodes yeast yeasts saccharomyces cerevisiae pombe "
    "coli escherichia bacteria bacterial bacterium arabidopsis plant plants virus viral viruses hiv hiv-1 phage "
    "fungal fungi parasite plasmodium",
}
GROUPS = tuple(_GROUPS)
_GROUP_OF = {word: i for i, words in enumerate(_GROUPS.values()) for word in words.split()}
_HUMAN_GROUPS = 3  # the first groups are of people
_WORD = re.compile(r"[a-z0-9](?:[a-z0-9/.'-]*[a-z0-9])?")
_NULL_ALLELES = ("-/-", "−/−", "–/–", "+/-", "+/−")
_RODENT = re.compile(r"[A-Z][a-z]+[a-z-]*\d[a-z0-9]*$|[A-Z][a-z]{1,3}\d*[a-z]?\d*$")
_KNOCKED_OUT = re.compile(
    r"\s*\(?[-−–+]/[-−–]\)?|[- ](?:deficient|null|knock-?out|knockout|KO|cKO|transgenic|mutant mice)|\s?\(?fl(?:ox)?/fl(?:ox)?"
)
_SENTENCE = re.compile(r"[.!?]\s+(?=[A-Z(])|\n")
_FAR = 400.0  # characters; no species word nearer
_AHEAD = 25  # characters before a mention in which a species word is an adjective of it
_LONGEST_SYMBOL = 8
BUCKETS = 1 << 14

FEATURES = (
    *(f"n_{name}" for name in GROUPS),
    *(f"title_{name}" for name in GROUPS),
    *(f"before_{name}" for name in GROUPS),
    *(f"after_{name}" for name in GROUPS),
    *("null_alleles", "share_human", "near_human", "near_other", "sentence_human", "sentence_other", "ahead_human", "ahead_other"),
    *("rodent_style", "upper_style", "lower_style", "human_prefix", "rodent_prefix", "rodent_share", "knocked_out"),
    *("words", "memory_human", "memory_other"),
)


@dataclass(frozen=True)
class SpeciesView:
    """The species words of one article: their offsets by group, counts in text and title, and the buckets of all of its words."""

    offsets: tuple[tuple[int, ...], ...]
    title: tuple[int, ...]
    breaks: tuple[int, ...]
    null_alleles: int
    rodent_share: float
    buckets: tuple[int, ...]


def species_view(text: str, names: Sequence[str]) -> SpeciesView:
    """Look at an article's text and at the names of its gene mentions."""
    breaks = [match.start() for match in _SENTENCE.finditer(text)]
    title_end = breaks[0] if breaks else len(text)
    offsets: list[list[int]] = [[] for _ in GROUPS]
    words = set()
    for match in _WORD.finditer(text.lower()):
        word = match.group()
        words.add(word)
        group = _GROUP_OF.get(word)
        if group is None and "-" in word:
            group = _GROUP_OF.get(word.partition("-")[0])
        if group is not None:
            offsets[group].append(match.start())
    title = tuple(bisect_left(at, title_end) for at in offsets)
    buckets = tuple(sorted({_bucket(word) for word in words}))
    nulls = sum(text.count(sign) for sign in _NULL_ALLELES)
    return SpeciesView(tuple(map(tuple, offsets)), title, tuple(breaks), nulls, _rodent_share(names), buckets)


@lru_cache(maxsize=50_000)
def _bucket(word: str) -> int:
    return zlib.crc32(word.encode()) % BUCKETS


def _rodent_share(names: Sequence[str]) -> float:
    symbols = [n for n in names if len(n) <= _LONGEST_SYMBOL and n[:1].isalpha() and (n.isupper() or _RODENT.match(n))]
    return sum(not name.isupper() for name in symbols) / len(symbols) if symbols else 0.5


def species_features(view: SpeciesView, text: str, start: int, end: int) -> list[float]:
    """Give the values of :data:`FEATURES` for one mention but the last three, which are learnt."""
    name = text[start:end]
    before, after = [], []
    at = bisect_right(view.breaks, start)
    first = view.breaks[at - 1] if at else -1
    at = bisect_left(view.breaks, end)
    last = view.breaks[at] if at < len(view.breaks) else len(text)
    same = [0, 0]
    for group, offsets in enumerate(view.offsets):
        i, j = bisect_left(offsets, start), bisect_left(offsets, end)
        before.append(min(_FAR, start - offsets[i - 1]) if i else _FAR)
        after.append(min(_FAR, offsets[j] - end) if j < len(offsets) else _FAR)
        same[group >= _HUMAN_GROUPS] += bisect_left(offsets, last) - bisect_left(offsets, max(first, 0))
    counts = [len(offsets) for offsets in view.offsets]
    human, other = sum(counts[:_HUMAN_GROUPS]), sum(counts[_HUMAN_GROUPS:])
    human_before, other_before = min(before[:_HUMAN_GROUPS]), min(before[_HUMAN_GROUPS:])
    return [
        *(math.log1p(n) for n in counts),
        *(float(min(n, 2)) for n in view.title),
        *before,
        *after,
        math.log1p(view.null_alleles),
        (human + 1) / (human + other + 2),
        min(human_before, *after[:_HUMAN_GROUPS]),
        min(other_before, *after[_HUMAN_GROUPS:]),
        float(same[0]),
        float(same[1]),
        float(before[1] < _AHEAD),
        float(other_before < _AHEAD),
        float(_RODENT.match(name) is not None),
        float(name.isupper()),
        float(name.islower()),
        float(name[:1] == "h" and name[1:2].isupper()),
        float(name[:1] in "mrz" and name[1:2].isupper()),
        view.rodent_share,
        float(_KNOCKED_OUT.match(text, end) is not None),
    ]
