"""The page of chances: intervals by hand, and a diagram that is the same for the same numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import calibration_page
from benchmarks.calibration_page import Called, Kind, interval, write_page


def test_the_interval_of_a_share_is_wilsons() -> None:
    """81 of 263, a worked example of Newcombe (1998), Statistics in Medicine 17:857-872: 0.2553 to 0.3662."""
    assert interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert interval(0, 20)[0] == pytest.approx(0, abs=1e-12)


def test_the_page_tells_errors_and_what_each_threshold_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration_page, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(calibration_page, "DIAGRAM", tmp_path / "diagram.svg")
    kinds = {name: Kind(name, np.array([0.9, 0.9, 0.1, 0.1]), np.array([1, 0, 0, 0])) for name in ("ece", "sentences_ece")}
    kinds["article_pairs_ece"] = kinds["ece"]
    pictures = []
    for _ in range(2):
        write_page(kinds, {}, [Called("balanced", 0.4, 10, 6, 8), Called("high_precision", 0.8, 4, 3, 8)])
        pictures.append((tmp_path / "diagram.svg").read_bytes())
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "| ece | five folds | 4 | 0.250 |" in page
    assert page.index("| 0.800 | 4 | 0.750 | 0.375 |") < page.index("| 0.400 | 10 | 0.600 | 0.750 |")
    assert pictures[0] == pictures[1]
