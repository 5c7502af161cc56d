"""How much a link is to be trusted: the share of right links of its kind, measured on gold mentions.

A link's score is the precision of the way it was found (``how``), counted on corpora whose mentions carry curated identifiers, with
the whole vocabularies. ``python -m benchmarks.link_accuracy`` prints the table below anew.
"""

from __future__ import annotations

from genemine.records import DISEASE, GENE

EXACT = "exact"  # the very name
FOLDED = "folded"  # case, dashes, spaces, Greek, plurals, spelling
REORDERED = "reordered"  # word order and small words; diseases only
STRIPPED = "stripped"  # without words such as gene, mutation, patients, or a bracket
BROADER = "broader"  # without leading words: "early-onset breast cancer"; diseases only
AMBIGUOUS = "ambiguous"  # several share the name and neither heading nor article decides
ABBREVIATION = "abbreviation"  # by the long form that the article gives
COMPOSITE = "composite"  # one of several things in one mention

PRECISION: dict[str, dict[str, float]] = {
    GENE: {EXACT: 0.9, FOLDED: 0.85, STRIPPED: 0.8, AMBIGUOUS: 0.4, ABBREVIATION: 0.85, COMPOSITE: 0.8},
    DISEASE: {
        EXACT: 0.95,
        FOLDED: 0.93,
        REORDERED: 0.9,
        STRIPPED: 0.8,
        BROADER: 0.6,
        AMBIGUOUS: 0.6,
        ABBREVIATION: 0.9,
        COMPOSITE: 0.7,
    },
}


def score(mention_type: str, how: str) -> float:
    """Return the measured precision of links of this type found this way, in [0, 1]."""
    return PRECISION[mention_type][how]
