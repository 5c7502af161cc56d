"""The flow of counts as a picture: what came in at each step, what it became, and what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KEPT, LEFT, DENIED = "kept", "left", "denied"
# Sizes in the units of a picture, WIDTH wide: its bands, their thickness together, a line of text, and the head above.
WIDTH, BAND = 440, 150
HEIGHT, LABEL, TOP = 64, 20, 30
MAX_PARTS = 7


@dataclass(frozen=True)
class Part:
    """A share of a step: what it is, how many, and whether it goes on ("kept"), is left out or is a denial."""

    label: str
    n: int
    kind: str


@dataclass(frozen=True)
class Step:
    """One step: what comes in, and the parts that it becomes; they sum to ``n``."""

    label: str
    n: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Band:
    """A part as drawn: its edges at the left and at the right, and where its label stands."""

    part: Part
    left: tuple[float, float]
    right: tuple[float, float]
    label_y: float

    @property
    def path(self) -> str:
        """The outline for SVG: a band that bends from the left edge to the right one."""
        (a, b), (c, d), middle = self.left, self.right, BAND / 2
        return (
            f"M0 {a:.1f}C{middle:.0f} {a:.1f} {middle:.0f} {c:.1f} {BAND} {c:.1f}"
            f"V{d:.1f}C{middle:.0f} {d:.1f} {middle:.0f} {b:.1f} 0 {b:.1f}Z"
        )


@dataclass(frozen=True)
class Drawing:
    """A step as drawn: its height, head included, and its bands."""

    step: Step
    height: float
    bands: tuple[Band, ...]


def steps(counts: Mapping[str, Any], tables: Any) -> list[Step]:
    """The steps of a run that had anything; what the counts do not explain is told as such and never lost.

    Args:
        counts: ``counts`` of run.json.
        tables: :class:`~genemine.report.read.ReportTables`, for its counts by stance, direction and reason.
    """
    dropped = [Part(reason, n, LEFT) for reason, n in sorted(counts["dropped"].items(), key=lambda item: (-item[1], item[0]))]
    stances = tables.stances
    evidence = [
        Part("sentences that state it", stances.get("supporting", 0), KEPT),
        Part("sentences that suppose it", stances.get("speculative", 0), KEPT),
        Part("sentences that deny it", stances.get("denied", 0), DENIED),
        Part("in retracted articles", stances.get("retracted", 0), LEFT),
        Part("rejected by curators", counts.get("rejected", 0), LEFT),
    ]
    directions = tables.directions
    every = [
        _step("records read", counts["records"], [Part("articles kept", counts["articles"], KEPT), *dropped], "left out otherwise"),
        _step(
            "mentions of genes and diseases",
            counts["mentions"],
            [Part("with identifier", counts["linked"], KEPT), *(Part(why, n, LEFT) for why, n in tables.unlinked.items())],
            "without identifier",
        ),
        _step("gene-disease pairs in sentences", counts["relations"], evidence, "below the threshold"),
        _step(
            "associations",
            sum(directions.values()),
            [
                Part("stated by an article", directions.get("stated", 0), KEPT),
                Part("only supposed", directions.get("speculated", 0), KEPT),
                Part("implied by whole abstracts", directions.get("implied", 0), KEPT),
                Part("only denied", directions.get("denied", 0), DENIED),
            ],
            "otherwise",
        ),
    ]
    return [step for step in every if step.n > 0]


def _step(label: str, n: int, parts: Sequence[Part], rest: str) -> Step:
    """Leave out empty parts, sum up the smallest of many, and add what they do not explain."""
    some = [part for part in parts if part.n > 0]
    if len(some) > MAX_PARTS:
        some, more = some[: MAX_PARTS - 1], some[MAX_PARTS - 1 :]
        some.append(Part(f"{len(more)} other reasons", sum(part.n for part in more), LEFT))
    unexplained = n - sum(part.n for part in some)
    if unexplained > 0:
        some.append(Part(rest, unexplained, LEFT))
    return Step(label, n, tuple(some))


def draw(step: Step) -> Drawing:
    """Make bands as thick as their share, at least a hair, and at the right so far apart that labels do not touch."""
    total = sum(part.n for part in step.parts)
    thick = [max(HEIGHT * part.n / total, 1.5) for part in step.parts]
    slots = [max(one + 3, LABEL) for one in thick]  # and never without a seam
    left, right = TOP + (sum(slots) - sum(thick)) / 2, float(TOP)
    bands = []
    for part, one, slot in zip(step.parts, thick, slots, strict=True):
        middle = right + slot / 2
        bands.append(Band(part, (left, left + one), (middle - one / 2, middle + one / 2), middle))
        left += one
        right += slot
    return Drawing(step, right, tuple(bands))
