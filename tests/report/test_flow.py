"""The flow of counts loses nothing: the parts of each step sum to what came in."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from genemine.report.flow import LABEL, MAX_PARTS, Step, draw, steps


def flow(**changed: Any) -> list[Step]:
    counts = {
        "records": 12,
        "articles": 8,
        "mentions": 9,
        "linked": 6,
        "relations": 7,
        "dropped": {"clean: empty": 1, "dedup: copy": 2},
    }
    tables = {
        "stances": {"supporting": 4, "denied": 1},
        "directions": {"stated": 2, "denied": 1},
        "unlinked": {"another species": 2},
    }
    return steps(counts | changed, SimpleNamespace(**tables))


def test_what_the_reasons_do_not_explain_is_told() -> None:
    told = {step.label: [(part.n, part.label) for part in step.parts] for step in flow()}
    assert told == {
        "records read": [(8, "articles kept"), (2, "dedup: copy"), (1, "clean: empty"), (1, "left out otherwise")],
        "mentions of genes and diseases": [(6, "with identifier"), (2, "another species"), (1, "without identifier")],
        "gene-disease pairs in sentences": [
            (4, "sentences that state it"),
            (1, "sentences that deny it"),
            (2, "below the threshold"),
        ],
        "associations": [(2, "stated by an article"), (1, "only denied")],
    }


def test_many_reasons_become_one_and_still_sum_up() -> None:
    step = flow(records=100, dropped={f"clean: reason {n:02}": n for n in range(1, 12)})[0]
    assert len(step.parts) == MAX_PARTS + 1  # and what is not explained
    assert step.parts[MAX_PARTS - 1].label == "6 other reasons"
    assert sum(part.n for part in step.parts) == step.n == 100


def test_a_step_without_anything_is_not_drawn() -> None:
    assert [step.label for step in flow(relations=0, mentions=0)] == ["records read", "associations"]


def test_bands_touch_at_the_left_and_their_labels_never_touch() -> None:
    drawing = draw(flow()[0])
    lefts = [band.left for band in drawing.bands]
    assert [end for _, end in lefts[:-1]] == pytest.approx([start for start, _ in lefts[1:]])
    labels = [band.label_y for band in drawing.bands]
    assert all(below - above >= LABEL for above, below in pairwise(labels))
    assert max(labels) < drawing.height
