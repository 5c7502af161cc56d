"""How much a link is to be trusted: the share of right links of its kind, measured on gold mentions.

A link's score is the precision of the way it was found (``how``), counted on corpora whose mentions carry curated identifiers, with
the whole vocabularies. ``python -m benchmarks.linking_accuracy --ways`` prints the table below anew.

Gold mentions have right borders, so they show only what ``wider`` costs (0.2 % of the mentions). With the mentions of the shipped
tagger it raises the F1 of the set of diseases of an abstract by 0.005 on NCBI-disease test and by 0.009 on BioRED dev.
"""

from __future__ import annotations

from genemine.records import DISEASE, GENE

EXACT = "exact"  # the very name
FOLDED = "folded"  # case, dashes, spaces, Greek, plurals, spelling
REORDERED = "reordered"  # word order and small words; diseases only
STRIPPED = "stripped"  # without words such as gene, mutation, patients, or a bracket
BROADER = "broader"  # without leading words: "early-onset breast cancer"; diseases only
WIDER = "wider"  # by a longer name around the mention: "diabetes" in "type 1 diabetes"; diseases only
AMBIGUOUS = "ambiguous"  # several share the name and neither heading nor article decides
ABBREVIATION = "abbreviation"  # by the long form that the article gives
COMPOSITE = "composite"  # one of several things in one mention
NEAREST = "nearest"  # by a name that is spelt nearly so; diseases only
LEARNT = "learnt"  # by what curators gave the name; the score is the ranker's, as for every way where gold links were learnt

# (right, all) links of gold mentions found this way with the whole vocabularies, in the development parts of NCBI-disease and
# BC5CDR and the training part of BioRED; the human gene given to a gene of another species counts as wrong
COUNTS: dict[str, dict[str, tuple[int, int]]] = {
    GENE: {
        EXACT: (1760, 2082),
        FOLDED: (303, 413),
        STRIPPED: (18, 22),
        AMBIGUOUS: (69, 106),
        ABBREVIATION: (28, 32),
        COMPOSITE: (9, 15),
    },
    DISEASE: {
        EXACT: (1159, 1212),
        FOLDED: (2010, 2120),
        REORDERED: (21, 29),
        STRIPPED: (3, 3),
        BROADER: (32, 48),
        WIDER: (23, 44),
        AMBIGUOUS: (1, 1),
        ABBREVIATION: (178, 185),
        COMPOSITE: (25, 37),
    },
}


def score(mention_type: str, how: str) -> float:
    """Return the precision of links of this type found this way, in (0, 1).

    Source: Laplace's rule of succession, (right + 1) / (all + 2), so that a way seen three times is not called certain.
    """
    right, total = COUNTS[mention_type][how]
    return (right + 1) / (total + 2)
