from __future__ import annotations

import math

import pytest

from genemine.evaluate.drift import stability_index


def test_the_index_is_that_of_the_definition() -> None:
    assert stability_index((50, 50), (80, 20)) == pytest.approx(0.3 * math.log(1.6) - 0.3 * math.log(0.4))


def test_it_goes_by_shares_and_is_0_where_they_agree_or_nothing_is_there() -> None:
    assert stability_index((10, 20, 0), (100, 200, 0)) == pytest.approx(0)
    assert stability_index((0, 0), (5, 5)) == 0
    assert stability_index((0, 100), (100, 0)) > 5
