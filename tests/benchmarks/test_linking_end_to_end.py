"""Sets of identifiers of an abstract, from what the tagger found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from benchmarks.linking_end_to_end import Tagged, score
from genemine.link.lexicon import load_lexicon
from genemine.models.gold_links import GoldDocument
from genemine.records import DISEASE, GENE, Link, Mention

TEXT = "BRCA1, Brca1 and breast cancer"
BRCA1, MOUSE, CANCER = "ncbigene:672", "ncbigene:12189", "mesh:D001943"


class ByWords:
    """A linker that has learnt two names by heart."""

    def link(self, text: str, mentions: Sequence[Mention], short_forms: Mapping[str, str] | None = None) -> list[Link]:
        assert text == TEXT
        assert short_forms == {}
        return [Link(m, {"BRCA1": BRCA1, "cancer": "omim:114480"}.get(m.text, "")) for m in mentions]


def mention(words: str, type_: str) -> Mention:
    return Mention("1", TEXT.index(words), TEXT.index(words) + len(words), words, type_)


@pytest.mark.parametrize(
    ("type_", "human", "counts"),
    [
        (GENE, True, (1, 1, 1, 1)),  # found twice, but a set; the gene of the mouse is not asked for
        (GENE, False, (1, 1, 1, 2)),
        (DISEASE, False, (1, 1, 1, 1)),  # another span and another number of the same disease
    ],
)
def test_sets_are_compared_and_not_spans(type_: str, human: bool, counts: tuple[int, ...]):
    ids = ((frozenset({BRCA1}),), (frozenset({MOUSE}),), (frozenset({CANCER}),))
    gold = (mention("BRCA1", GENE), mention("Brca1", GENE), mention("breast cancer", DISEASE))
    found = (mention("BRCA1", GENE), mention("BRCA1", GENE), mention("Brca1", GENE), mention("cancer", DISEASE))
    document = Tagged(GoldDocument("toy", "1", TEXT, gold, ids, {}), found, {})
    scores = score(ByWords(), [document], type_, load_lexicon(), human=human)
    assert (scores.right, scores.found, scores.covered, scores.gold) == counts
