"""How the links of a mention are judged."""

from __future__ import annotations

import pytest

from genemine.evaluate.linking import Tally, is_right
from genemine.records import DISEASE, Link, Mention

BREAST, OVARY = frozenset({"mesh:D001943"}), frozenset({"mesh:D010051", "omim:167000"})


@pytest.mark.parametrize(
    ("own", "strict", "lenient"),
    [
        ([BREAST, OVARY], 1, 1),
        ([BREAST, frozenset({"omim:167000"})], 1, 1),  # either identifier of a part will do
        ([BREAST], 0, 1),  # a part is missing
        ([BREAST, OVARY, frozenset({"mesh:D003920"})], 0, 1),  # one too many
        ([frozenset({"mesh:D003920"})], 0, 0),
        ([], 0, 0),
    ],
)
def test_strict_means_every_part_and_nothing_more(own: list[frozenset[str]], strict: int, lenient: int):
    gold = (BREAST, OVARY)
    mention, counts = Mention("1", 0, 25, "breast and ovarian cancer", DISEASE), Tally()
    counts.add([Link(mention, min(ids), xrefs=tuple(sorted(ids))) for ids in own] or [Link(mention)], gold)
    assert is_right(own, gold) == bool(strict)
    assert (counts.mentions, counts.strict, counts.lenient, counts.linked) == (1, strict, lenient, int(bool(own)))


def test_counts_add_up():
    assert Tally(4, 2, 3, 4) + Tally(1, 1, 1, 1) == Tally(5, 3, 4, 5)
    assert (Tally(4, 3).share(3), Tally().share(0)) == (0.75, 0.0)
