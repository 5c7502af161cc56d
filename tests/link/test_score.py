from __future__ import annotations

import pytest

from genemine.link.score import COUNTS, score
from genemine.records import DISEASE, GENE


@pytest.mark.parametrize(
    ("mention_type", "how", "expected"),
    [(GENE, "exact", 1761 / 2084), (DISEASE, "broader", 33 / 50), (DISEASE, "ambiguous", 2 / 3)],
)
def test_the_score_is_the_counted_precision(mention_type: str, how: str, expected: float) -> None:
    assert score(mention_type, how) == pytest.approx(expected)


def test_every_count_is_possible() -> None:
    assert all(0 <= right <= total for ways in COUNTS.values() for right, total in ways.values())
    assert set(COUNTS[DISEASE]) - set(COUNTS[GENE]) == {"reordered", "broader", "wider"}
