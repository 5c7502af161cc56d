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
        EXACT: (1724, 2035),
        FOLDED: (313, 431),
        STRIPPED: (16, 21),
        AMBIGUOUS: (72, 117),
        ABBREVIATION: (28, 32),
        COMPOSITE: (9, 15),
    },
    DISEASE: {
        EXACT: (748, 788),
        FOLDED: (2381, 2498),
        REORDERED: (31, 39),
        STRIPPED: (3, 3),
        BROADER: (33, 49),
        WIDER: (20, 36),
        AMBIGUOUS: (0, 0),
        ABBREVIATION: (189, 196),
        COMPOSITE: (25, 37),
    },
}


def score(mention_type: str, how: str) -> float:
    """Return the precision of links of this type found this way, in (0, 1).

    Source: Laplace's rule of succession, (right + 1) / (all + 2), so that a way seen three times is not called certain.
    """
    right, total = COUNTS[mention_type][how]
    return (right + 1) / (total + 2)
