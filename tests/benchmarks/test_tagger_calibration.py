"""What the calibration figures are made of."""

from __future__ import annotations

import numpy as np

from benchmarks.tagger_calibration import Measured, figures_of, row, table


def measured(key: str, score: float, right: list[int], *, own: bool, serving: bool, taught: bool) -> Measured:
    return Measured(key, "output", np.full(len(right), score), np.array(right), own, serving, taught)


PARTS = [
    measured("bc2gm", 0.5, [1, 0], own=True, serving=False, taught=True),  # no error
    measured("bc2gm", 0.9, [0, 0], own=False, serving=True, taught=False),  # error 0.9
    measured("ncbi_disease", 1.0, [1, 0], own=True, serving=True, taught=True),  # error 0.5
    measured("jnlpba", 1.0, [], own=False, serving=True, taught=False),
]


def test_own_outputs_make_the_figure_and_production_is_told_apart():
    figures = figures_of(PARTS)
    assert (figures["ece"], figures["mentions"]) == (0.25, 4)
    assert (figures["production_ece"], figures["production_mentions"], figures["production_least_ece"]) == (0.5, 2, 0.0)
    assert (figures["everywhere_ece"], figures["everywhere_mentions"]) == (0.7, 4)
    assert (figures["bc2gm_ece"], figures["bc2gm_serving_ece"], figures["ncbi_disease_ece"]) == (0.0, 0.9, 0.5)
    assert (figures["jnlpba_serving_ece"], figures["jnlpba_serving_mentions"]) == (0.0, 0)
    assert "jnlpba_ece" not in figures


def test_the_corpus_whose_devel_is_no_fresh_text_is_left_out_beside():
    jnlpba = measured("jnlpba", 1.0, [0, 0, 0, 0], own=True, serving=False, taught=True)  # error 1.0
    figures = figures_of([*PARTS, jnlpba])
    assert (figures["ece"], figures["ece_without_jnlpba"], figures["jnlpba_ece"]) == (0.625, 0.25, 1.0)


def test_the_table_has_a_line_a_bin_and_an_empty_part_has_no_mean():
    assert table(np.array([0.5, 0.5, 0.99]), np.array([1, 0, 1]))[1:] == [
        "0.467 - 0.533            2      0.5000   0.5000  +0.0000",
        "0.933 - 1.000            1      0.9900   1.0000  -0.0100",
    ]
    assert row(PARTS[3]).split() == ["jnlpba", "0", "-", "-", "0.0000", "0.0000", "output", "(serving)"]
